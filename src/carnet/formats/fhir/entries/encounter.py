"""Visits and stays: Encounter."""

from __future__ import annotations

from typing import Any, Final

from carnet.formats.clinical.model import Encounter, Kind
from carnet.formats.clinical.values import NOTHING, Concept, Span
from carnet.formats.entry import Coded
from carnet.formats.fhir.entries import parts, pieces
from carnet.formats.fhir.entries.draft import STAFF, Draft
from carnet.formats.fhir.entries.extensions import extension, unknown
from carnet.formats.fhir.entries.source import Source
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.writing import coding, pruned

__all__ = ["read", "write"]

JSON = dict[str, Any]
_HERE: Final = frozenset({"arrived", "triaged", "in-progress", "onleave"})


def write(entry: Encounter, draft: Draft) -> JSON:
    draft.add("note", "String", entry.note)
    draft.add("recorded", "DateTime", entry.recorded)
    individual = draft.author(STAFF)
    stay = {
        "admitSource": parts.concept(entry.admitted_by),
        "dischargeDisposition": parts.concept(entry.discharged_to),
    }
    return draft.status() | {
        "class": dict(coding(entry.encounter_class)) if entry.encounter_class else unknown(),
        "type": parts.concepts([entry.code]),
        "subject": draft.subject,
        "participant": [{"individual": individual}] if individual else [],
        "period": _period(entry.when),
        "reasonCode": parts.concepts(entry.reasons),
        "hospitalization": pruned(stay),
        "location": [{"location": {"display": entry.location}}] if entry.location else [],
        "serviceProvider": draft.organisation(entry.provider),
    }


def _period(span: Span) -> JSON:
    """Whether it goes on is always said: readers judge an end that is missing by the status."""
    written: JSON = pruned({"start": span.start, "end": span.end})
    if span.start and not span.end:
        written["extension"] = [extension("ongoing", "Boolean", span.open_end)]
    return written


def read(source: Source) -> Encounter | None:
    node = source.node
    status = source.status()
    stay = source.at("hospitalization")
    place = next(iter(node.children("location")), node.nothing())
    return Encounter(
        kind=Kind.ENCOUNTER,
        code=pieces.first(node, "type"),
        status=status,
        when=pieces.period(source.at("period"), open_ends=status in _HERE),
        recorded=source.recorded(),
        by=source.author(*(_child(each, "individual") for each in node.children("participant"))),
        note=source.own("note").text("valueString", limit=pieces.LONG),
        encounter_class=_class(source.at("class")),
        reasons=source.concepts("reasonCode"),
        provider=source.organisation(source.at("serviceProvider")),
        location=source.display(_child(place, "location"), "Location"),
        admitted_by=_concept(stay, "admitSource"),
        discharged_to=_concept(stay, "dischargeDisposition"),
    )


def _class(node: Node) -> Coded | None:
    found = pieces.coding(node)
    return found if found.code or found.display else None


def _child(node: Node, name: str) -> Node:
    return node.child(name) if node.has(name) else node.nothing()


def _concept(node: Node, name: str) -> Concept:
    return pieces.concept(node.child(name)) if node.has(name) else NOTHING
