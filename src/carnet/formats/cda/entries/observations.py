"""What all observations share: code, value, time, ranges, who."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from carnet.formats.cda.entries.context import UNFORESEEN, Context
from carnet.formats.cda.entries.frames import own_specimen
from carnet.formats.cda.entries.places import Place
from carnet.formats.cda.entries.ranges import ranges
from carnet.formats.cda.entries.reader import is_withdrawn
from carnet.formats.cda.entries.survey import Survey, survey
from carnet.formats.cda.entries.values import (
    absent,
    author,
    concept,
    identifiers,
    note,
    organisation,
    span,
    value,
    words,
)
from carnet.formats.cda.nodes import attribute, child, children
from carnet.formats.clinical.model import Component, Kind, Observation
from carnet.formats.clinical.values import Concept, Quantity, Value
from carnet.formats.entry import Author

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
}
_PARTS: Final = frozenset({"COMP", "SPRT"})
_MOST: Final = 200


def observations(body: etree._Element, kind: Kind, context: Context) -> Iterator[Observation]:
    """Those of one kind, in document order."""
    found = survey(body, context)
    withdrawn: dict[int, bool] = {}
    for place in found.by_kind.get(kind, ()):
        if _is_withdrawn(place, withdrawn):
            continue
        try:
            entry = _read(place, kind, found, context)
        except UNFORESEEN:
            context.fault("unreadable", place.element)
            continue
        if entry is not None:
            yield entry


def _is_withdrawn(place: Place, known: dict[int, bool]) -> bool:
    """Or the battery or chapter that it stands in. What is found is kept: statements may stand deep in one another."""
    chain: list[Place] = []
    at: Place | None = place
    while at is not None and id(at) not in known:
        chain.append(at)
        at = at.above
    found = at is not None and known[id(at)]
    for each in reversed(chain):
        found = known[id(each)] = found or is_withdrawn(each.element)
    return found


def _read(place: Place, kind: Kind, seen: Survey, context: Context) -> Observation | None:
    element, frame = place.element, seen.frames[place]
    code = concept(child(element, "code"))
    if not code:
        context.fault("no-code", element)
        return None
    stated = list(children(element, "value"))
    first = stated[0] if stated else None
    found: Value | None = words(child(element, "text")) if place.name == "act" else value(first)
    if place.name == "act" and not found:
        return None
    specimen, organism = own_specimen(element)
    return Observation(
        kind=kind,
        code=_named(code, found),
        status=_STATUS.get(attribute(child(element, "statusCode"), "code"), ""),
        when=span(child(element, "effectiveTime")) or frame.when,
        by=_other(author(element) or frame.by, context.author),
        identifiers=identifiers(element),
        note=note(element),
        absence=element.get("negationInd") in {"true", "1"},
        path=context.path(element),
        value=found,
        absent=absent(first) if found is None else "",
        interpretations=_interpretations(element),
        ranges=ranges(element),
        method=concept(child(element, "methodCode")),
        body_site=concept(child(element, "targetSiteCode")),
        specimen=specimen or frame.specimen,
        sampled=frame.sampled,
        laboratory=(organisation(element) or frame.laboratory) if kind is Kind.RESULT else None,
        panels=frame.panels,
        isolate=organism or frame.isolate,
        components=(*_more_values(code, stated[1:]), *_parts(element, seen.claimed)),
        about=frame.about,
    )


def _named(code: Concept, found: Value | None) -> Concept:
    """Producers let the words of the code point to those of the value: these name nothing."""
    if isinstance(found, Concept):
        said = found.label
    else:
        said = str(found.value) if isinstance(found, Quantity) else str(found)
    return Concept("", code.codings) if code.codings and code.text == said else code


def _other(found: Author | None, author: Author | None) -> Author | None:
    """Who it is, when not the author of the document, whenever they wrote."""
    if found is None or author is None:
        return found
    return None if replace(found, at=author.at, role=author.role) == author else found


def _interpretations(element: etree._Element) -> tuple[Concept, ...]:
    found = (concept(each) for each in children(element, "interpretationCode"))
    return tuple(each for each in found if each)[:_MOST]


def _more_values(code: Concept, stated: list[etree._Element]) -> Iterator[Component]:
    for each in stated[:_MOST]:
        found = value(each)
        if found is not None:
            yield Component(code=code, value=found)


def _parts(element: etree._Element, claimed: frozenset[etree._Element]) -> Iterator[Component]:
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
