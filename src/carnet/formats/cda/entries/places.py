"""The statements of a structured body, each with the place where it stands. One walk, without recursion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from carnet.formats.cda.nodes import attribute, child, children
from carnet.formats.cda.xml import HL7

__all__ = ["Area", "Place", "direct", "places", "subjects"]

_NAMES: Final = ("observation", "organizer", "act", "procedure", "substanceAdministration", "supply", "encounter")
_STATEMENTS: Final = frozenset(HL7 + name for name in _NAMES)
_LINKS: Final = frozenset({HL7 + "entryRelationship", HL7 + "component"})
_HAPPENED: Final = frozenset({"EVN", ""})


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A section: `codes` and `templates` are its own; `within` the section around it."""

    element: etree._Element
    codes: frozenset[str]
    templates: frozenset[str]
    within: Area | None = None

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
    something known already."""

    element: etree._Element
    name: str
    area: Area
    above: Place | None = None
    link: str = ""
    earlier: bool = False
    templates: frozenset[str] = field(default_factory=frozenset)

    @property
    def happened(self) -> bool:
        """Neither planned nor a goal."""
        return (self.element.get("moodCode") or "") in _HAPPENED


def places(body: etree._Element) -> list[Place]:
    """In document order, what is above before what is beneath."""
    found: list[Place] = []
    for area in _areas(body):
        tops = [Place(each, _name(each), area, templates=_templates(each)) for each in _entries(area.element)]
        found += _down(tops)
    return found


def direct(place: Place) -> list[tuple[str, etree._Element]]:
    """The statements right beneath, each with the type of its relation."""
    return [
        (attribute(link, "typeCode"), each)
        for link in place.element.iterchildren(*_LINKS)
        for each in link.iterchildren(*_STATEMENTS)
    ]


def subjects(place: Place) -> Iterator[etree._Element]:
    """The relation of whom it is about, where the statement, one above it or a section around it names another than
    the patient; the nearest first."""
    for element in _around(place):
        code = child(element, "subject/relatedSubject/code")
        if code is not None:
            yield code


def _around(place: Place) -> Iterator[etree._Element]:
    above: Place | None = place
    while above is not None:
        yield above.element
        above = above.above
    area: Area | None = place.area
    while area is not None:
        yield area.element
        area = area.within


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
    return Area(section, frozenset({code} if code else ()), _templates(section), within)


def _entries(section: etree._Element) -> list[etree._Element]:
    return [each for entry in children(section, "entry") for each in entry.iterchildren(*_STATEMENTS)]


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
    return Place(element, _name(element), place.area, place, link, earlier, _templates(element))


def _templates(element: etree._Element) -> frozenset[str]:
    return frozenset(attribute(each, "root") for each in children(element, "templateId"))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname
