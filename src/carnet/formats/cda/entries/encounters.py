"""Visits and stays: those that a body tells, and the one that the document comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from carnet.formats.cda.entries import values
from carnet.formats.cda.entries.absence import is_absence
from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.entries.reader import (
    PCC,
    concept,
    located,
    mood,
    read_each,
    reasons,
    recorded,
    said,
    status,
    templates,
    when,
    who,
)
from carnet.formats.cda.nodes import child, children, coded, identifier, organisation, text_of
from carnet.formats.cda.xml import HL7
from carnet.formats.clinical.model import Encounter, Entry, Kind
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Author, Coded, Organisation

__all__ = ["entries", "of_header"]

_ENCOUNTER: Final = f"{PCC}14"
# HL7's ActCode, and the French codes that stand beside it.
_CLASSES: Final = frozenset({"2.16.840.1.113883.5.4", "1.2.250.1.213.1.1.4.2.291"})
_HAPPENED: Final = {"completed": "finished", "active": "in-progress", "suspended": "onleave"}
_CALLED_OFF: Final = frozenset({"cancelled", "aborted"})


def entries(body: etree._Element, context: Context) -> Iterator[Entry]:
    yield from read_each(context, body.iter(HL7 + "encounter"), "encounter", _encounter)


def of_header(root: etree._Element, context: Context) -> Iterator[Entry]:
    """The visit or stay, unless the header says nothing of it but in what kind of place."""
    found = root.iterfind(f"{HL7}componentOf/{HL7}encompassingEncounter")
    yield from read_each(context, found, "encounter", _encompassing)


def _encounter(element: etree._Element, context: Context) -> Iterator[Entry]:
    if _ENCOUNTER not in templates(element):
        return
    kind = child(element, "code")
    code = _type(kind) or said(element)
    if not code:
        context.fault("no-encounter", element)
        return
    held = when(element)
    # "None" is said by an encounter that is null.
    absent = is_absence(code) or bool(element.get("nullFlavor"))
    yield Encounter(
        kind=Kind.ENCOUNTER,
        code=code,
        status="unknown" if absent else _status(element, held),
        when=held,
        recorded=recorded(element),
        by=who(context, element),
        identifiers=values.identifiers(element),
        note=values.note(element),
        absence=absent,
        path=context.path(element),
        encounter_class=_class(kind),
        reasons=reasons(element),
        provider=_performer(element),
        location=located(element),
    )


def _class(element: etree._Element | None) -> Coded | None:
    found = coded(element)
    return found if found is not None and found.system in _CLASSES else None


def _type(element: etree._Element | None) -> Concept:
    """What qualifies a class (the reason for an orientation, the group of a stay) is the type of the visit."""
    return concept(element, "qualifier/value") or concept(element)


def _status(element: etree._Element, when: Span) -> str:
    stated = status(element)
    if stated in _CALLED_OFF:
        return "cancelled"
    if mood(element) != "EVN":
        return "planned"
    return _HAPPENED.get(stated, "finished" if when.end else "unknown")


def _encompassing(element: etree._Element, context: Context) -> Iterator[Entry]:
    held = when(element)
    identifiers = values.identifiers(element)
    code = concept(element, "code")
    if not (held or identifiers or code):
        return
    place = child(element, "location/healthCareFacility")
    yield Encounter(
        kind=Kind.ENCOUNTER,
        code=code,
        status="finished" if held.end else "unknown",
        when=held,
        by=_responsible(element),
        identifiers=identifiers,
        path=context.path(element),
        encounter_class=_class(child(element, "code")),
        provider=_provider(place),
        location=text_of(child(place, "location/name")),
        discharged_to=concept(element, "dischargeDispositionCode"),
    )


def _responsible(element: etree._Element) -> Author | None:
    party = child(element, "responsibleParty/assignedEntity")
    return None if party is None else values.author(party)


def _performer(element: etree._Element) -> Organisation | None:
    houses = children(element, "performer/assignedEntity/representedOrganization")
    return next(filter(None, map(organisation, houses)), None)


def _provider(place: etree._Element | None) -> Organisation | None:
    """The organisation that runs the place, else the place itself by its number."""
    found = organisation(child(place, "serviceProviderOrganization"))
    number = identifier(child(place, "id"))
    name = text_of(child(place, "location/name"))
    return found or (Organisation(name, number) if name or number else None)
