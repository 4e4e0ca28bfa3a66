"""The entries of a FHIR document: a patient summary, a prescription, any bundle of clinical facts.

A broken piece never costs more than itself: it is told, and the rest is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from carnet.formats.clinical.model import Entry
from carnet.formats.clinical.reading import Fault, Read
from carnet.formats.entry import Author
from carnet.formats.fhir import identifiers
from carnet.formats.fhir.entries import conditions, groups, pieces, sections
from carnet.formats.fhir.entries.resources import TYPES, faults_of, read_source
from carnet.formats.fhir.entries.source import Source
from carnet.formats.fhir.entries.text import NotJSON, load
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import FhirError

__all__ = ["read_document"]

_ENTRY_LIMIT: Final = 5_000
_SIZE_LIMIT: Final = 8_000_000
_VISITS: Final = 400_000
_ERROR: Final = "entered-in-error"


def read_document(data: bytes) -> Read:
    """The entries that its resources state; what was entered in error is no fact. It raises nothing."""
    if len(data) > _SIZE_LIMIT:
        return Read((), (Fault("too-large", "Bundle"),))
    try:
        root = load(data)
    except NotJSON:
        return Read((), (Fault("not-json", ""),))
    if not isinstance(root, dict) or not isinstance(root.get("resourceType"), str):
        return Read((), (Fault("not-a-resource", ""),))
    return _Reader(root).read()


class _Reader:
    def __init__(self, root: dict[str, Any]) -> None:
        self.problems = Problems(_VISITS)
        # What authors and makers lack is no fault of the facts that name them.
        self.people = Problems(_VISITS)
        self.root = root
        self.found: list[Entry] = []
        self.author: Author | None = None
        self.faults: list[Fault] = []

    def read(self) -> Read:
        try:
            self._read()
        except FhirError as refused:
            # Made to be looked at for ever.
            self.faults += [Fault(each.details_code, each.expression or self._name) for each in refused.issues]
        return Read(tuple(self.found), (*faults_of(self.problems), *self.faults), self.author)

    @property
    def _name(self) -> str:
        return str(self.root["resourceType"])

    def _read(self) -> None:
        bundle = Node(self.root, self._name, self.problems)
        resources = [bundle] if self._name != "Bundle" else list(_resources(bundle))
        book = _Book.of(bundle, resources)
        placed = sections.of(resources, book.find)
        parts = groups.of(resources, book.find)
        told = conditions.of(resources, book.find)
        for node in resources:
            if node.fields["resourceType"] == "Composition" and self.author is None:
                self.author = Source.of(node, _Quiet(book, self.people)).author(*node.children("author"))
            if node.fields["resourceType"] not in TYPES or _is_error(node) or id(node.fields) in parts.heads:
                continue
            part = parts.members.get(id(node.fields), groups.ALONE)
            lookup = _Quiet(book, self.people)
            source = Source.of(node, lookup)
            source.section = placed.get(id(node.fields), "")
            source.panels, source.laboratory = part.panels, part.laboratory
            if entry := read_source(source):
                words = told.get(id(node.fields), "")
                self.found.append(replace(entry, note="\n".join(filter(None, (words, entry.note)))))
        self.found += sections.empty(resources)


def _resources(bundle: Node) -> Iterator[Node]:
    for entry in bundle.children("entry", limit=_ENTRY_LIMIT):
        if entry.has("resource"):
            resource = entry.child("resource")
            if isinstance(resource.fields.get("resourceType"), str):
                yield resource
            elif resource:
                resource.problem("resource-type", "resourceType")


def _is_error(node: Node) -> bool:
    if node.fields.get("status") == _ERROR:
        return True
    return node.has("verificationStatus") and pieces.state(node.child("verificationStatus")) == _ERROR


@dataclass(slots=True)
class _Book:
    """The resources of a document by every address that its writers use for them."""

    addresses: dict[str, Node] = field(default_factory=dict)

    @classmethod
    def of(cls, bundle: Node, resources: list[Node]) -> _Book:
        book = cls()
        entries = bundle.fields.get("entry")
        urls = _full_urls(entries if isinstance(entries, list) else [])
        for node in resources:
            name, kind = node.fields.get("id"), node.fields["resourceType"]
            if isinstance(name, str):
                # The French prescriptions point with # at what stands beside, not inside.
                for address in (f"{kind}/{name}", f"#{name}", f"#{kind}/{name}"):
                    book.addresses.setdefault(address, node)
            if url := urls.get(id(node.fields)):
                book.addresses.setdefault(url, node)
        return book

    def find(self, reference: str) -> Node | None:
        found = self.addresses.get(identifiers.full_url(reference))
        if found is None and "://" in reference:
            found = self.addresses.get("/".join(reference.split("/")[-2:]))
        return found


def _full_urls(entries: list[Any]) -> Mapping[int, str]:
    found = {}
    for each in entries:
        if isinstance(each, dict) and isinstance(each.get("fullUrl"), str):
            found[id(each.get("resource"))] = identifiers.full_url(each["fullUrl"])
    return found


@dataclass(frozen=True, slots=True)
class _Quiet:
    """A book whose resources tell their problems to nobody: who reads one as a fact tells them."""

    book: _Book
    problems: Problems

    def __call__(self, reference: str) -> Node | None:
        found = self.book.find(reference)
        return Node(found.fields, found.path, self.problems) if found else None
