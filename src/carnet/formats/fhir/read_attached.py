"""The documents themselves in a bundle: a Binary or a FHIR document for each DocumentReference, and for one only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from carnet.formats.fhir import body, fhir_document, identifiers, read_content
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.read_bundle import BundleEntry, Entries
from carnet.formats.fhir.read_metadata import media_type

__all__ = ["Content", "Contents"]

# MHD: the document does not exist yet, and these are the size and the hash of nothing.
_DELAYED: Final = (0, "2jmj7l5rSw0yVb/vlWAYkK/YBwk=")


@dataclass(frozen=True, slots=True)
class Content:
    """`whole` when size and hash can be said of it: not of a FHIR document, nor of what is not there."""

    data: bytes = b""
    whole: bool = True


@dataclass(slots=True)
class Contents:
    entries: Entries
    parsed: body.Body
    # Position of each content that was used, by the position of its document.
    _used: dict[int, int] = field(default_factory=dict)

    def of(self, document: BundleEntry, attachment: Node) -> Content:
        if attachment.has("data"):
            attachment.problem("forbidden-element", "data", "Le document se donne dans un Binary du lot.")
        if _is_delayed(attachment):
            attachment.problem("not-supported", "size", "Assemblage différé.")
            return Content(whole=False)
        url = identifiers.full_url(attachment.text("url", required=True))
        entry = self.entries.by_url.get(url)
        if entry is None or entry.kind != "content":
            if url:
                attachment.problem("content-missing", "url")
            return Content()
        if entry.position in self._used.values():
            attachment.problem("content-shared", "url")
            return Content()
        self._used[document.position] = entry.position
        return self._content(entry.resource, attachment)

    def position_of(self, document: int) -> int:
        return self._used.get(document, -1)

    def check_used(self) -> None:
        used = set(self._used.values())
        for entry in self.entries.of("content"):
            if entry.position not in used:
                entry.node.problem("content-unused", "resource")

    def _content(self, resource: Node, attachment: Node) -> Content:
        if resource.text("resourceType") == "Bundle":
            return Content(fhir_document.content(resource, self.parsed), whole=False)
        if resource.has("contentType") and media_type(resource) != media_type(attachment):
            resource.problem("media-type-differs", "contentType")
        data = read_content.decode(resource, self.parsed)
        if data is None:
            return Content()
        read_content.check(attachment, data)
        return Content(data)


def _is_delayed(attachment: Node) -> bool:
    return (attachment.fields.get("size"), attachment.fields.get("hash")) == _DELAYED
