"""Which visits are stays: those of a night, those that go on, those of whose end nothing is said; and which are to
come. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from carnet.formats.clinical.model import Encounter, Entry
from carnet.health.standing import Standing, standing_of

__all__ = ["SETTINGS", "URGENT", "has_nights", "is_called_off", "is_open", "is_to_come", "is_under_way", "is_within"]

URGENT: Final = "EMER"
_INSIDE: Final = ("IMP", "ACUTE", "NONAC", "SS", "OBSENC")
SETTINGS: Final = (*_INSIDE, URGENT)
"""Classes of HL7's ActCode in which somebody stays."""

_HERE: Final = frozenset({"arrived", "triaged", "in-progress", "onleave"})
_NOT_BEGUN: Final = frozenset({"planned", "cancelled", "entered-in-error"})
_PARIS: Final = ZoneInfo("Europe/Paris")
_DAY: Final = 10
_INSTANT: Final = timedelta(microseconds=1)


def has_nights(since: datetime | None, until: datetime | None) -> bool:
    """From an evening to the next morning is a night, however few hours it has. `until` is after the last instant."""
    if since is None or until is None:
        return False
    return (until - _INSTANT).astimezone(_PARIS).date() > since.astimezone(_PARIS).date()


def is_within(at: datetime | None, since: datetime | None, until: datetime | None) -> bool:
    """On one of the days of a stay, of which both ends are told. `until` is after the last instant."""
    if at is None or since is None or until is None:
        return False
    first, last = (each.astimezone(_PARIS).date() for each in (since, until - _INSTANT))
    return first <= at.astimezone(_PARIS).date() <= last


def is_under_way(entry: Entry | None) -> bool:
    """Its source says that the person is there, which was so when the source said it."""
    return isinstance(entry, Encounter) and entry.status in _HERE and not entry.when.end


def is_open(entry: Entry | None) -> bool:
    """It goes on, or its source has only the day on which somebody came in."""
    if not isinstance(entry, Encounter) or entry.when.end or entry.status in _NOT_BEGUN:
        return False
    named = entry.encounter_class.code if entry.encounter_class else ""
    return is_under_way(entry) or named in _INSIDE


def is_called_off(entry: Encounter) -> bool:
    return standing_of(entry) is Standing.NOT_DONE


def is_to_come(entry: Encounter, today: str) -> bool:
    """Announced for `today` (as 2026-11-26) or later, or for no day that is told. One that was called off is told too,
    until its day has passed: whoever was going to go must know."""
    day = entry.when.start[:_DAY]
    if is_called_off(entry):
        return bool(day) and day >= today[: len(day)]
    return standing_of(entry, today) is Standing.PLANNED and (not day or day >= today[: len(day)])
