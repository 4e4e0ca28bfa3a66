"""What an observation inherits from the statements and the section around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from carnet.formats.cda.entries.claims import is_remark
from carnet.formats.cda.entries.concepts import concept
from carnet.formats.cda.entries.places import Place
from carnet.formats.cda.entries.values import author, organisation, span
from carnet.formats.cda.nodes import attribute, child, children
from carnet.formats.clinical.values import NEVER, NOTHING, Concept, Moment, Span
from carnet.formats.entry import Author, Organisation

__all__ = ["Frame", "above", "framed", "own_specimen"]

_SAMPLING: Final = "1.3.6.1.4.1.19376.1.3.1.2"
_ISOLATE: Final = "1.3.6.1.4.1.19376.1.3.1.5"
_MOST_PANELS: Final = 10


@dataclass(frozen=True, slots=True)
class Frame:
    panels: tuple[Concept, ...] = ()
    isolate: Concept = NOTHING
    specimen: Concept = NOTHING
    sampled: Moment = ""
    laboratory: Organisation | None = None
    by: Author | None = None
    when: Span = NEVER
    about: Concept = NOTHING


_NONE: Final = Frame()
# Only a part inherits: the reason of an act, or what it made manifest, was seen at another time by another person.
_PARTS: Final = frozenset({"", "COMP"})


def framed(found: Iterable[Place], claimed: frozenset[Place]) -> dict[Place, Frame]:
    """The frame of each claimed place: that of what is above it, which comes before it in `found`."""
    needed = above(claimed)
    inner: dict[Place | None, Frame] = {None: _NONE}
    frames: dict[Place, Frame] = {}
    for place in found:
        if place not in claimed and place not in needed:
            continue
        outer = inner[place.above] if place.link in _PARTS or is_remark(place) else _NONE
        if place in claimed:
            frames[place] = replace(outer, about=concept(child(place.subject, "code")))
        if place in needed:
            inner[place] = _within(outer, place)
    return frames


def above(places: Iterable[Place]) -> set[Place]:
    """All that stands above one of them."""
    found: set[Place] = set()
    for place in places:
        upper = place.above
        while upper is not None and upper not in found:
            found.add(upper)
            upper = upper.above
    return found


def _within(outer: Frame, place: Place) -> Frame:
    """What holds for all that stands in an organizer or an act."""
    element = place.element
    specimen, sampled = _sampling(element)
    own, organism = own_specimen(element, isolates=_ISOLATE in place.templates)
    when = span(child(element, "effectiveTime")) if place.name == "organizer" else NEVER
    return Frame(
        panels=_panels(outer, place),
        isolate=organism or outer.isolate,
        specimen=own or specimen or outer.specimen,
        sampled=sampled or outer.sampled,
        laboratory=organisation(element) or outer.laboratory,
        by=author(element) or outer.by,
        when=when or outer.when,
    )


def _panels(outer: Frame, place: Place) -> tuple[Concept, ...]:
    named = concept(child(place.element, "code")) if place.name in {"act", "organizer"} else NOTHING
    return (*outer.panels, named) if named and len(outer.panels) < _MOST_PANELS else outer.panels


def own_specimen(element: etree._Element, *, isolates: bool = False) -> tuple[Concept, Concept]:
    """The specimen that it names itself, and the organism: an isolate is a specimen too."""
    for role in children(element, "specimen/specimenRole"):
        entity = child(role, "specimenPlayingEntity")
        found = concept(child(entity, "code"))
        if found:
            organism = isolates or (entity is not None and entity.get("classCode") == "MIC")
            return (NOTHING, found) if organism else (found, NOTHING)
    return NOTHING, NOTHING


def _sampling(element: etree._Element) -> tuple[Concept, Moment]:
    """Of the one sampling beneath an act or a battery; with several, none tells which result comes from which."""
    done = [
        each
        for path in ("entryRelationship/procedure", "component/procedure")
        for each in children(element, path)
        if any(attribute(template, "root") == _SAMPLING for template in children(each, "templateId"))
    ]
    if len(done) != 1:
        return NOTHING, ""
    taken = span(child(done[0], "effectiveTime"))
    kinds = (
        concept(child(role, "playingEntity/code"))
        for role in children(done[0], "participant/participantRole")
        if role.get("classCode") == "SPEC"
    )
    return next(filter(None, kinds), NOTHING), taken.start or taken.end
