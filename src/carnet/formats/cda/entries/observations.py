"""What all observations share: code, value, time, ranges, who."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.entries.frames import Frame, own_specimen
from carnet.formats.cda.entries.places import Place
from carnet.formats.cda.entries.ranges import ranges
from carnet.formats.cda.entries.survey import survey
from carnet.formats.cda.entries.values import absent, author, concept, identifiers, note, organisation, span, value
from carnet.formats.cda.nodes import attribute, child, children
from carnet.formats.clinical.model import Component, Kind, Observation
from carnet.formats.clinical.values import Concept

__all__ = ["observations"]

# HL7's states of an act as FHIR's of an observation.
_STATUS: Final = {
    "completed": "final",
    "normal": "final",
    "active": "preliminary",
    "new": "registered",
    "held": "registered",
    "suspended": "registered",
    "aborted": "cancelled",
    "cancelled": "cancelled",
    "obsolete": "cancelled",
    "nullified": "entered-in-error",
}
_PARTS: Final = frozenset({"COMP", "SPRT"})
_MOST: Final = 200


def observations(body: etree._Element, kind: Kind, context: Context) -> Iterator[Observation]:
    """Those of one kind, in document order."""
    found = survey(body, context)
    claimed = {place.element for place in found.claimed}
    for place in found.by_kind.get(kind, ()):
        code = concept(child(place.element, "code"))
        if code:
            yield _read(place, kind, code, found.frames[place], claimed, context)
        else:
            context.fault("no-code", place.element)


def _read(
    place: Place, kind: Kind, code: Concept, frame: Frame, claimed: set[etree._Element], context: Context
) -> Observation:
    element = place.element
    stated = list(children(element, "value"))
    first = stated[0] if stated else None
    found = value(first)
    specimen, organism = own_specimen(element)
    return Observation(
        kind=kind,
        code=code,
        status=_STATUS.get(attribute(child(element, "statusCode"), "code"), ""),
        when=span(child(element, "effectiveTime")) or frame.when,
        by=author(element) or frame.by,
        identifiers=identifiers(element),
        note=note(element),
        absence=element.get("negationInd") == "true",
        path=context.path(element),
        value=found,
        absent=absent(first) if found is None else "",
        interpretations=_interpretations(element),
        ranges=ranges(element),
        method=concept(child(element, "methodCode")),
        body_site=concept(child(element, "targetSiteCode")),
        specimen=specimen or frame.specimen,
        sampled=frame.sampled,
        laboratory=organisation(element) or frame.laboratory,
        panels=frame.panels,
        isolate=organism or frame.isolate,
        components=(*_more_values(code, stated[1:]), *_parts(element, claimed)),
        about=frame.about,
    )


def _interpretations(element: etree._Element) -> tuple[Concept, ...]:
    found = (concept(each) for each in children(element, "interpretationCode"))
    return tuple(each for each in found if each)[:_MOST]


def _more_values(code: Concept, stated: list[etree._Element]) -> Iterator[Component]:
    for each in stated[:_MOST]:
        found = value(each)
        if found is not None:
            yield Component(code=code, value=found)


def _parts(element: etree._Element, claimed: set[etree._Element]) -> Iterator[Component]:
    """Observations beneath that are parts of this one: the items of a score, the variants of a gene."""
    beneath = [
        each
        for link in children(element, "entryRelationship")
        if link.get("typeCode") in _PARTS
        for each in children(link, "observation")
        if each not in claimed
    ]
    for each in beneath[:_MOST]:
        code = concept(child(each, "code"))
        stated = child(each, "value")
        found = value(stated)
        if code and (found is not None or absent(stated)):
            yield Component(
                code=code,
                value=found,
                absent=absent(stated) if found is None else "",
                interpretations=_interpretations(each),
                ranges=ranges(each),
            )
