"""The statements of a structured body, each with the place where it stands. One walk, without recursion."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from carnet.formats.cda.nodes import attribute, child, children
from carnet.formats.cda.xml import HL7

__all__ = ["Area", "Place", "direct", "places"]

_NAMES: Final = ("observation", "organizer", "act", "procedure", "substanceAdministration", "supply", "encounter")
_STATEMENTS: Final = frozenset(HL7 + name for name in _NAMES)
_LINKS: Final = frozenset({HL7 + "entryRelationship", HL7 + "component"})
_HAPPENED: Final = frozenset({"EVN", ""})


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A section: `codes` and `templates` are its own; `within` the section around it; `subject` as for a place."""

    element: etree._Element
    codes: frozenset[str]
    templates: frozenset[str]
    within: Area | None = None
    subject: etree._Element | None = None

    def inside(self, *codes: str) -> bool:
        """Whether it or a section around it has one of these codes."""
        area: Area | None = self
        while area is not None:
            if not area.codes.isdisjoint(codes):
                return True
            area = area.within
        return False


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A statement: `link` is the type of its relation to `above`; `earlier` tells that it is beneath a reference to
    something known already; `subject` is the relative whom it is about, as the nearest that names another than the
    patient says."""

    element: etree._Element
    name: str
    area: Area
    above: Place | None = None
    link: str = ""
    earlier: bool = False
    templates: frozenset[str] = field(default_factory=frozenset)
    subject: etree._Element | None = None

    @property
    def happened(self) -> bool:
        """Neither planned nor a goal."""
        return (self.element.get("moodCode") or "") in _HAPPENED


def places(body: etree._Element) -> list[Place]:
    """In document order, what is above before what is beneath."""
    found: list[Place] = []
    for area in _areas(body):
        found += _down([_top(area, each) for each in _entries(area.element)])
    return found


def direct(place: Place) -> list[tuple[str, etree._Element]]:
    """The statements right beneath, each with the type of its relation."""
    return [
        (attribute(link, "typeCode"), each)
        for link in place.element.iterchildren(*_LINKS)
        for each in link.iterchildren(*_STATEMENTS)
    ]


def _areas(body: etree._Element) -> list[Area]:
    found: list[Area] = []
    waiting = [_area(each, None) for each in children(body, "component/section")][::-1]
    while waiting:
        area = waiting.pop()
        found.append(area)
        waiting += [_area(each, area) for each in children(area.element, "component/section")][::-1]
    return found


def _area(section: etree._Element, within: Area | None) -> Area:
    code = attribute(child(section, "code"), "code")
    subject = _subject(section, None if within is None else within.subject)
    return Area(section, frozenset({code} if code else ()), _templates(section), within, subject)


def _entries(section: etree._Element) -> list[etree._Element]:
    return [each for entry in children(section, "entry") for each in entry.iterchildren(*_STATEMENTS)]


def _top(area: Area, element: etree._Element) -> Place:
    subject = _subject(element, area.subject)
    return Place(element, _name(element), area, templates=_templates(element), subject=subject)


def _down(tops: list[Place]) -> list[Place]:
    found: list[Place] = []
    waiting = tops[::-1]
    while waiting:
        place = waiting.pop()
        found.append(place)
        waiting += [_beneath(place, link, each) for link, each in direct(place)][::-1]
    return found


def _beneath(place: Place, link: str, element: etree._Element) -> Place:
    earlier = place.earlier or link == "REFR"
    subject = _subject(element, place.subject)
    return Place(element, _name(element), place.area, place, link, earlier, _templates(element), subject)


def _subject(element: etree._Element, around: etree._Element | None) -> etree._Element | None:
    own = child(element, "subject/relatedSubject")
    return around if own is None else own


def _templates(element: etree._Element) -> frozenset[str]:
    return frozenset(attribute(each, "root") for each in children(element, "templateId"))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname
