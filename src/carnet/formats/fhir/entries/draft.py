"""A resource being written: what is contained in it, and the extensions that it needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from carnet.formats.clinical.model import Entry
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Author, Organisation
from carnet.formats.fhir import times
from carnet.formats.fhir.entries import parts
from carnet.formats.fhir.entries.extensions import extension, url
from carnet.formats.fhir.write_people import ContainedWriter
from carnet.formats.fhir.writing import pruned

__all__ = ["ANYONE", "PERSONS", "STAFF", "Draft", "Written"]

JSON = dict[str, Any]
STAFF: Final = frozenset({"Practitioner", "PractitionerRole"})
PERSONS: Final = STAFF | {"Patient"}
ANYONE: Final = PERSONS | {"Device"}


@dataclass(frozen=True, slots=True)
class Written:
    """`id`: the logical id, "" for none. `subject`: a reference, as `Patient/…`. `language`: of the narrative, which
    is left out when it is ""."""

    id: str
    subject: str
    last_updated: datetime | None = None
    language: str = ""
    profiles: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    entry: Entry
    ids: Written
    people: ContainedWriter = field(default_factory=ContainedWriter)
    extensions: list[JSON] = field(default_factory=list)

    @property
    def subject(self) -> JSON:
        return {"reference": self.ids.subject}

    def add(self, name: str, value_type: str, value: Any) -> None:
        """An extension of ours, if there is a value."""
        if value not in (None, "", {}, []):
            self.extensions.append(extension(name, value_type, value))

    def concept(self, name: str, value: Concept) -> None:
        self.add(name, "CodeableConcept", parts.concept(value))

    def when(self, span: Span) -> None:
        """When it held, for a resource that has no place for that."""
        for name, value in parts.timed("value", span).items():
            self.extensions.append({"url": url("when"), name: value})

    def status(self, otherwise: str = "unknown") -> JSON:
        """FHIR demands a state: where the source has none, the one that says least, marked as not stated."""
        if self.entry.status:
            return {"status": self.entry.status}
        return {"status": otherwise, "_status": {"extension": [extension("not-stated", "Boolean", value=True)]}}

    def author(self, allowed: Collection[str]) -> JSON:
        """A reference to who states it, {} for nobody; kept beside where this element cannot hold such an author."""
        if self.entry.by is None:
            return {}
        reference = self.person(self.entry.by)
        kind = next(
            each["resourceType"] for each in self.people.resources if reference["reference"] == f"#{each['id']}"
        )
        if kind in allowed:
            return reference
        self.add("author", "Reference", reference)
        return {}

    def person(self, author: Author) -> JSON:
        reference: JSON = dict(self.people.author(author))
        if author.at:
            reference["extension"] = [extension("at", "DateTime", times.instant(author.at))]
        return reference

    def organisation(self, organisation: Organisation | None) -> JSON:
        return dict(self.people.organisation(organisation)) if organisation else {}

    def notes(self) -> list[JSON]:
        return [{"text": self.entry.note}] if self.entry.note else []

    def finish(self, kind: str, elements: JSON) -> JSON:
        """The whole resource; of an entry, its identifiers and what its type does not tell."""
        if self.entry.absence:
            self.add("absence", "Boolean", value=True)
        updated = times.instant(self.ids.last_updated) if self.ids.last_updated else ""
        head = {
            "id": self.ids.id,
            "meta": pruned({"lastUpdated": updated, "profile": list(self.ids.profiles)}),
            "contained": self.people.resources,
            "extension": self.extensions,
            "identifier": [parts.number(each) for each in self.entry.identifiers],
        }
        return {"resourceType": kind} | pruned(head) | pruned(elements)
