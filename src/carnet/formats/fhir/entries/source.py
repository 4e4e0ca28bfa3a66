"""A resource being read, and what its references lead to: contained in it, or in the document that it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from carnet.formats.clinical.values import Concept, Moment, Span
from carnet.formats.entry import Author, Identifier, Organisation
from carnet.formats.fhir import times
from carnet.formats.fhir.entries import pieces
from carnet.formats.fhir.entries.extensions import each, own
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.read_people import Contained

__all__ = ["Lookup", "Resolve", "Source", "nowhere"]

Resolve = Callable[[str], Mapping[str, Any] | None]
"""The resource that a reference leads to, as it is written there; None when it leads out of the document."""
Lookup = Callable[[str], Node | None]
"""The same, with its place."""


def nowhere(_reference: str) -> None:
    return None


class _Reachable(Mapping[str, Node]):
    """What `Contained` looks references up in."""

    def __init__(self, root: Node, lookup: Lookup) -> None:
        self._own = Contained.of(root).resources if root.has("contained") else {}
        self._lookup = lookup

    def __getitem__(self, reference: str) -> Node:
        found = self._own.get(reference) or (self._lookup(reference) if reference else None)
        if not found:
            raise KeyError(reference)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)


@dataclass(slots=True)
class Source:
    """`section`: the LOINC code of the section of a document that it stands in. `panels`: of what it is a part."""

    node: Node
    resources: Contained
    section: str = ""
    panels: tuple[Concept, ...] = ()
    laboratory: Organisation | None = None

    @classmethod
    def of(cls, node: Node, lookup: Lookup) -> Source:
        return cls(node, Contained(_Reachable(node, lookup)))

    @property
    def kind(self) -> str:
        return self.node.text("resourceType")

    def at(self, name: str) -> Node:
        """A child that is not there leads to nothing, without a look."""
        return self.node.child(name) if self.node.has(name) else self.node.nothing()

    def concept(self, name: str) -> Concept:
        return pieces.concept(self.at(name))

    def concepts(self, name: str) -> tuple[Concept, ...]:
        return pieces.concepts(self.node.children(name))

    def own(self, name: str) -> Node:
        return own(self.node, name)

    def own_concept(self, name: str) -> Concept:
        found = self.own(name)
        return pieces.concept(found.child("valueCodeableConcept")) if found else Concept()

    def own_concepts(self, name: str) -> tuple[Concept, ...]:
        return pieces.concepts(found.child("valueCodeableConcept") for found in each(self.node, name))

    def when(self) -> Span:
        found = self.own("when")
        return pieces.timed(found, "value") if found else Span()

    def recorded(self, name: str = "") -> Moment:
        found = self.own("recorded")
        return pieces.moment(found, "valueDateTime") if found else (pieces.moment(self.node, name) if name else "")

    def status(self) -> str:
        return pieces.status(self.node, self.kind)

    def identifiers(self) -> tuple[Identifier, ...]:
        found = map(pieces.number, self.node.children("identifier"))
        return tuple(number for number in found if number.value)

    def author(self, *references: Node) -> Author | None:
        """The first that says who it is; else the one beside."""
        beside = self.own("author")
        for reference in (*references, *([beside.child("valueReference")] if beside else [])):
            if found := self._author(reference):
                return found
        return None

    def _author(self, reference: Node) -> Author | None:
        if not reference:
            return None
        # An author that leads nowhere is no broken piece (a warning): it is left out.
        found = self.resources.author(reference)
        at = own(reference, "at").text("valueDateTime")
        return replace(found, at=times.parse(at)) if found and at else found

    def organisation(self, reference: Node) -> Organisation | None:
        return self.resources.organisation(reference) if reference else None

    def leads_to(self, reference: Node, *types: str) -> Node | None:
        """The resource that it leads to, told of under the place of the reference."""
        found = self.resources.resolve(reference, *types) if reference else None
        return Node(found.fields, found.path, self.node.problems) if found else None

    def display(self, reference: Node, *types: str) -> str:
        """The name of a place or a maker."""
        found = self.leads_to(reference, *types)
        return (found.text("name") if found else "") or reference.text("display")
