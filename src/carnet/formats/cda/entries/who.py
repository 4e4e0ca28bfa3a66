"""Who stated or did a piece, and the numbers that it bears."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from lxml import etree

from carnet.formats.cda.entries.context import fault
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.nodes import child, children, identifier, timestamp
from carnet.formats.cda.nodes import organisation as house
from carnet.formats.cda.people import read_entity
from carnet.formats.entry import Author, Identifier, Organisation

__all__ = ["author", "identifiers", "organisation"]

_MOST: Final = 20
_ENTITIES: Final = (
    ("author", "assignedAuthor"),
    ("performer", "assignedEntity"),
)


def identifiers(element: etree._Element) -> tuple[Identifier, ...]:
    found = dict.fromkeys(each for each in map(identifier, children(element, "id")) if each)
    return tuple(found)[:_MOST]


def author(element: etree._Element) -> Author | None:
    """The author of the piece, else who performed it; None where the piece does not say. Also for an
    `assignedAuthor` or `assignedEntity` itself."""
    if etree.QName(element).localname.startswith("assigned"):
        return read_entity(element, at=_time(element.getparent()))
    found = (read_entity(each, at=_time(each.getparent())) for each in _entities(element))
    return next((each for each in found if each is not None), None)


def organisation(element: etree._Element) -> Organisation | None:
    """The house of who performed or wrote the piece; or of an organisation's own element."""
    if child(element, "name") is not None:
        return house(element)
    for role in ("performer", "author"):
        for each in children(element, f"{role}/{dict(_ENTITIES)[role]}"):
            found = house(child(each, "representedOrganization"))
            if found is not None:
                return found
    return None


def _entities(element: etree._Element) -> Iterator[etree._Element]:
    for role, name in _ENTITIES:
        yield from children(element, f"{role}/{name}")


def _time(participation: etree._Element | None) -> datetime | None:
    time = child(participation, "time")
    for each in (time, child(time, "low"), child(time, "high")):
        try:
            found = timestamp(each)
        except CdaError:
            if each is not None:
                fault("bad-time", each)
            continue
        if found is not None:
            return found
    return None
