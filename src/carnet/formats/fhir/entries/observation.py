"""Observations: results, measures, pregnancy, birth, function, social history."""

from __future__ import annotations

from typing import Any, Final

from carnet.formats.clinical.model import Component, Kind, Observation
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Organisation
from carnet.formats.fhir.entries import measures, parts, pieces
from carnet.formats.fhir.entries.draft import PERSONS, Draft
from carnet.formats.fhir.entries.kinds import CATEGORY, KIND, category_of, kind_of
from carnet.formats.fhir.entries.source import Source
from carnet.formats.fhir.node import Node
from carnet.formats.fhir.writing import pruned

__all__ = ["profiles", "read", "write"]

JSON = dict[str, Any]
_INSTANT_LENGTH: Final = len("2026-01-01T00:00:00Z")


def write(entry: Observation, draft: Draft) -> JSON:
    for each in entry.panels:
        draft.concept("panel", each)
    draft.concept("isolate", entry.isolate)
    draft.concept("about", entry.about)
    issued = entry.recorded if _is_instant(entry.recorded) else ""
    if entry.recorded and not issued:
        draft.add("recorded", "DateTime", entry.recorded)
    codes = [{"system": KIND, "code": entry.kind.value}]
    if known := category_of(entry.kind):
        codes.insert(0, {"system": CATEGORY, "code": known})
    return draft.status() | {
        "category": [{"coding": codes}],
        "code": parts.demanded(entry.code),
        "subject": draft.subject,
        **parts.timed("effective", entry.when, required=True),
        "issued": issued,
        "performer": list(filter(None, [draft.author(PERSONS), _laboratory(entry, draft)])),
        **parts.value_of(entry.value, entry.absent),
        "interpretation": parts.concepts(entry.interpretations),
        "note": draft.notes(),
        "bodySite": parts.concept(entry.body_site),
        "method": parts.concept(entry.method),
        "specimen": _specimen(entry, draft),
        "referenceRange": parts.references(entry.ranges),
        "component": [_component(each) for each in entry.components],
    }


def profiles(entry: Observation) -> tuple[str, ...]:
    profile = measures.profile(entry) if entry.kind is Kind.MEASURE else ""
    return (profile,) if profile else ()


def _is_instant(moment: str) -> bool:
    return len(moment) >= _INSTANT_LENGTH


def _laboratory(entry: Observation, draft: Draft) -> JSON:
    reference = draft.organisation(entry.laboratory)
    if reference and entry.kind is not Kind.RESULT:
        draft.add("laboratory", "Reference", reference)
        return {}
    return reference


def _specimen(entry: Observation, draft: Draft) -> JSON:
    collection = {"collectedDateTime": entry.sampled} if entry.sampled else {}
    content = pruned({"type": parts.concept(entry.specimen), "collection": collection})
    return dict(draft.people.add("Specimen", content)) if content else {}


def _component(found: Component) -> JSON:
    return pruned(
        {
            "code": parts.demanded(found.code),
            **parts.value_of(found.value, found.absent),
            "interpretation": parts.concepts(found.interpretations),
            "referenceRange": parts.references(found.ranges),
        }
    )


def read(source: Source) -> Observation | None:
    node = source.node
    code = source.concept("code")
    components = tuple(_read_component(each) for each in node.children("component"))
    kind = kind_of(node, code, source.section)
    performers = list(node.children("performer"))
    collection = _collection(source)
    return Observation(
        kind=kind,
        code=code,
        status=source.status(),
        when=_when(source),
        recorded=source.recorded("issued"),
        by=source.author(*(each for each in performers if not _is_organisation(source, each))),
        note=pieces.notes(node),
        value=pieces.value_of(node),
        absent=pieces.absent_reason(node),
        interpretations=source.concepts("interpretation"),
        ranges=pieces.ranges(node),
        method=source.concept("method"),
        body_site=source.concept("bodySite"),
        specimen=_specimen_type(source),
        sampled=pieces.moment(collection, "collectedDateTime"),
        laboratory=_read_laboratory(source, performers),
        panels=(*source.panels, *source.own_concepts("panel")),
        isolate=source.own_concept("isolate"),
        components=components,
        about=source.own_concept("about"),
    )


def _when(source: Source) -> Span:
    if source.node.has("effectiveInstant"):
        return Span(pieces.moment(source.node, "effectiveInstant"))
    return pieces.timed(source.node, "effective")


def _is_organisation(source: Source, reference: Node) -> bool:
    if source.resources.resolve(reference, "Organization"):
        return True
    return reference.text("type") == "Organization" or reference.text("reference").startswith("Organization/")


def _read_laboratory(source: Source, performers: list[Node]) -> Organisation | None:
    beside = source.own("laboratory")
    if beside:
        return source.organisation(beside.child("valueReference"))
    found = next((each for each in performers if _is_organisation(source, each)), None)
    return (source.organisation(found) if found else None) or source.laboratory


def _specimen_node(source: Source) -> Node:
    return source.leads_to(source.at("specimen"), "Specimen") or source.node.nothing()


def _specimen_type(source: Source) -> Concept:
    found = _specimen_node(source)
    if found.has("type"):
        return pieces.concept(found.child("type"))
    return Concept(source.at("specimen").text("display"))


def _collection(source: Source) -> Node:
    found = _specimen_node(source)
    return found.child("collection") if found.has("collection") else found.nothing()


def _read_component(node: Node) -> Component:
    return Component(
        code=pieces.concept(node.child("code", required=True)),
        value=pieces.value_of(node),
        absent=pieces.absent_reason(node),
        interpretations=pieces.concepts(node.children("interpretation")),
        ranges=pieces.ranges(node),
    )
