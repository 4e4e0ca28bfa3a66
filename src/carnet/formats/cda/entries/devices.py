"""Devices worn, implanted, delivered or prescribed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from carnet.formats.cda.entries import values
from carnet.formats.cda.entries.absence import is_absence
from carnet.formats.cda.entries.context import Context
from carnet.formats.cda.entries.reader import (
    HR,
    SITE,
    answer,
    concept,
    mood,
    quantity,
    read_each,
    reasons,
    recorded,
    said,
    status,
    templates,
    when,
    who,
)
from carnet.formats.cda.nodes import child, children
from carnet.formats.cda.xml import HL7
from carnet.formats.clinical.model import Device, Entry, Kind
from carnet.formats.clinical.values import NOTHING, Concept, Span
from carnet.formats.entry import Identifier

__all__ = ["entries"]

_DEVICE: Final = f"{HR}20"
_USED: Final = {"active": "active", "suspended": "on-hold", "aborted": "stopped"}


def entries(body: etree._Element, context: Context) -> Iterator[Entry]:
    yield from read_each(context, body.iter(HL7 + "supply"), "device", _device)


def _device(element: etree._Element, context: Context) -> Iterator[Entry]:
    if _DEVICE not in templates(element):
        return
    code = _code(element) or said(element)
    if not code:
        context.fault("no-device", element)
        return
    absent = is_absence(code)
    yield Device(
        kind=Kind.DEVICE,
        code=code,
        status="" if absent else _status(element),
        when=_when(element),
        recorded=recorded(element),
        by=who(context, element),
        identifiers=values.identifiers(element),
        note=values.note(element),
        absence=absent,
        path=context.path(element),
        unique=tuple(_unique(element)),
        body_site=answer(element, SITE),
        reasons=reasons(element),
        quantity=quantity(element, "quantity"),
    )


def _roles(element: etree._Element) -> Iterator[etree._Element]:
    for each in children(element, "participant"):
        role = child(each, "participantRole")
        if each.get("typeCode") == "DEV" and role is not None:
            yield role


def _code(element: etree._Element) -> Concept:
    found = (concept(each, "playingDevice/code") for each in _roles(element))
    return next(filter(None, found), NOTHING)


def _unique(element: etree._Element) -> Iterator[Identifier]:
    for each in _roles(element):
        yield from values.identifiers(each)


def _status(element: etree._Element) -> str:
    """What is worn is not said to be worn still."""
    return _USED.get(status(element), "") if mood(element) == "EVN" else "intended"


def _when(element: etree._Element) -> Span:
    """How long it is used; where that is not known, the day on which it was delivered."""
    return when(element) or Span(values.moment(child(element, "performer/time")))
