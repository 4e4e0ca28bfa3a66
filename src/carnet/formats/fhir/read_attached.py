"""The documents themselves in a bundle: a Binary or a FHIR document for each DocumentReference, and for one only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from carnet.formats.entry import Identifier
from carnet.formats.fhir import body, fhir_document, identifiers, read_content
from carnet.formats.fhir.fhir_document import Standing
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.read_bundle import BundleEntry, Entries
from carnet.formats.fhir.read_metadata import media_type

__all__ = ["Content", "Contents"]

# MHD: the document does not exist yet, and these are the size and the hash of nothing.
_DELAYED: Final = (0, "2jmj7l5rSw0yVb/vlWAYkK/YBwk=")


@dataclass(frozen=True, slots=True)
class Content:
    """`whole` when size and hash can be said of it: not of a FHIR document, nor of what is not there.

    `ins` is that of a FHIR document's own patient, `place` where it is said; `standing` is where the bytes are.
    """

    data: bytes = b""
    whole: bool = True
    ins: Identifier | None = None
    place: Node | None = None
    standing: Standing | None = None


@dataclass(slots=True)
class Contents:
    """The contents of a bundle, each given to the document that names it."""

    entries: Entries
    parsed: body.Body
    # Position of each content that was used, by the position of its document.
    _used: dict[int, int] = field(default_factory=dict)

    def of(self, document: BundleEntry, attachment: Node) -> Content:
        if _is_delayed(attachment):
            attachment.problem("not-supported", "size", "Assemblage différé.")
            return Content(whole=False)
        url = identifiers.full_url(attachment.text("url", required=True))
        entry = self.entries.by_url.get(url)
        if entry is None or entry.kind != "content":
            return self._missing(attachment) if url else Content()
        if entry.position in self._used.values():
            attachment.problem("content-shared", "url")
            return Content()
        self._used[document.position] = entry.position
        return self._content(entry.resource, attachment)

    def _missing(self, attachment: Node) -> Content:
        if attachment.has("size") or attachment.has("hash"):
            attachment.problem("content-missing", "url")
            return Content()
        # MHD: neither size nor hash, and no document: it would be made when it is asked for.
        attachment.problem("not-supported", "url", "Document à la demande.")
        return Content(whole=False)

    def position_of(self, document: int) -> int:
        return self._used.get(document, -1)

    def check_used(self) -> None:
        used = set(self._used.values())
        for entry in self.entries.of("content"):
            if entry.position not in used:
                entry.node.problem("content-unused", "resource")

    def _content(self, resource: Node, attachment: Node) -> Content:
        if resource.text("resourceType") == "Bundle":
            return self._document(resource, attachment)
        stated = media_type(attachment)
        if resource.has("contentType") and media_type(resource) != stated:
            resource.problem("media-type-differs", "contentType")
        data = read_content.decode(resource, self.parsed)
        if data is None:
            return Content()
        read_content.check(attachment, data)
        standing = Standing(resource.at("data"))
        if stated != fhir_document.MEDIA_TYPE:
            return Content(data, standing=standing)
        number = fhir_document.check_encoded(data, resource)
        return Content(data, ins=number, place=resource, standing=standing)

    def _document(self, bundle: Node, attachment: Node) -> Content:
        """A document that is a resource: its bytes are the JSON that is kept, whatever size the sender saw."""
        if attachment.has("contentType") and media_type(attachment) != fhir_document.MEDIA_TYPE:
            attachment.problem("fixed-value", "contentType", f"Attendu : {fhir_document.MEDIA_TYPE}.")
        for name in ("size", "hash"):
            if attachment.has(name):
                attachment.problem("element-not-kept", name)
        found = fhir_document.check(bundle)
        data = fhir_document.content(bundle, self.parsed)
        standing = Standing(bundle.path, encoded=False)
        return Content(data, whole=False, ins=found.ins, place=found.composition, standing=standing)


def _is_delayed(attachment: Node) -> bool:
    return (attachment.fields.get("size"), attachment.fields.get("hash")) == _DELAYED
