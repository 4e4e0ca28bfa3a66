"""An entry as the columns that questions need: its rank, its moment as bounds, its value. Pure."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from carnet.formats.clinical.model import (
    Allergy,
    Dispensation,
    Entry,
    Kind,
    Observation,
    Prescription,
    Problem,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import Concept, Moment, Quantity, Range

KINDS: Final = tuple(Kind)
"""Ranks are stored: a new kind comes at the end."""

_PARIS: Final = ZoneInfo("Europe/Paris")
_MOMENT: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[+-]\d\d:\d\d)?)?)?)?")
_LARGEST: Final = Decimal(10) ** 18
_PLACES: Final = 12


def of(entry: Entry) -> dict[str, Any]:
    since, until = bounds(entry.when.start or _sampled(entry), entry.when.end)
    return {
        "kind": KINDS.index(entry.kind),
        "label": entry.code.label or product(entry).label,
        "since": since,
        "until": until,
        "state": _state(entry),
        "absence": entry.absence,
        "path": entry.path,
        **_measured(entry),
    }


def _state(entry: Entry) -> str:
    """The status by which FHIR finds it: of a problem or an allergy, how sure it is."""
    return entry.verification if isinstance(entry, Problem | Allergy) else entry.status


def _sampled(entry: Entry) -> Moment:
    return entry.sampled if isinstance(entry, Observation) else ""


def product(entry: Entry) -> Concept:
    """The medicine that it is about."""
    if isinstance(entry, Treatment | Prescription | Dispensation):
        return entry.product.code
    if isinstance(entry, Vaccination) and entry.product:
        return entry.product.code
    return Concept()


def _measured(entry: Entry) -> dict[str, Any]:
    value = entry.value if isinstance(entry, Observation) else None
    measured = value if isinstance(value, Quantity) and _fits(value) else None
    ranges = entry.ranges if isinstance(entry, Observation) and measured else ()
    low, high = _one_range(ranges, measured.ucum) if measured else (None, None)
    found = entry.interpretations if isinstance(entry, Observation) else ()
    return {
        "value": str(measured.value) if measured else None,
        "ucum": measured.ucum if measured else "",
        "comparator": measured.comparator if measured else "",
        "low": low,
        "high": high,
        "interpretation": next((each.code for concept in found for each in concept.codings), ""),
    }


def _fits(quantity: Quantity) -> bool:
    """A number that no column holds is told by the resource alone."""
    number = quantity.value
    if not number.is_finite() or abs(number) >= _LARGEST:
        return False
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_PLACES


def _one_range(ranges: tuple[Range, ...], ucum: str) -> tuple[str | None, str | None]:
    """The laboratory's only range for everybody, in the unit of the value; with several nobody chooses."""
    plain = [each for each in ranges if not each.applies_to and (each.low or each.high)]
    if len(plain) != 1:
        return None, None
    return _bound(plain[0].low, ucum), _bound(plain[0].high, ucum)


def _bound(quantity: Quantity | None, ucum: str) -> str | None:
    if quantity is None or (quantity.ucum or ucum) != ucum or not _fits(quantity):
        return None
    return str(quantity.value)


def bounds(start: Moment, end: Moment = "") -> tuple[datetime | None, datetime | None]:
    """The first instant of what is stated and the first after it. A day, a month, a year are those of Paris. What has
    one end, or ends before it begins, is a moment."""
    first, last = bound(start), bound(end)
    if first is None and last is None:
        return None, None
    if first is None or last is None or last[1] <= first[0]:
        return first or last or (None, None)
    return first[0], last[1]


def bound(moment: Moment) -> tuple[datetime, datetime] | None:
    """None for what is no moment."""
    found = _MOMENT.fullmatch(moment)
    if found is None:
        return None
    year, month, day, clock, fraction, zone = found.groups()
    try:
        if clock:
            return _instant(f"{year}-{month}-{day}T{clock}", fraction, zone, len(clock))
        first = datetime(int(year), int(month or 1), int(day or 1), tzinfo=_PARIS)
        return first, _after(first, month, day)
    except (ValueError, OverflowError):
        return None


def _instant(text: str, fraction: str | None, zone: str | None, clock: int) -> tuple[datetime, datetime]:
    at = datetime.fromisoformat(text)
    at = at.replace(tzinfo=datetime.fromisoformat(f"{text}{zone.replace('Z', '+00:00')}").tzinfo if zone else _PARIS)
    if fraction:
        at += timedelta(microseconds=int(fraction[1:7].ljust(6, "0")))
        return at, at + timedelta(microseconds=1)
    return at, at + (timedelta(minutes=1) if clock == len("08:00") else timedelta(seconds=1))


def _after(first: datetime, month: str | None, day: str | None) -> datetime:
    if day:
        return first + timedelta(days=1)
    if month:
        return first + timedelta(days=calendar.monthrange(first.year, first.month)[1])
    return first.replace(year=first.year + 1)
