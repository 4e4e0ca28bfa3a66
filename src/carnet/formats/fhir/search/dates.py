"""Dates: a prefix and a value of any precision, as intervals of instants.

Without a zone a value is told in Paris, as everywhere here (`times`). Rules: FHIR R4, search, date.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from carnet.formats.fhir.times import YEARS

__all__ = ["Interval", "PeriodTest", "instants", "periods"]

_PARIS: Final = ZoneInfo("Europe/Paris")
_DECEMBER: Final = 12
_SHARE_OF_DISTANCE: Final = 10
_VALUE = re.compile(
    r"(?P<prefix>eq|ne|gt|ge|lt|le|sa|eb|ap)?"
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,9}))?)?"
    # A "+" that was not escaped in the address arrives as a blank.
    r"(?P<zone>Z|[+\- ][0-9]{2}:[0-9]{2})?)?)?)?"
)


class Interval(NamedTuple):
    """From `lo` on, to before `hi`; None: without bound on that side."""

    lo: datetime | None
    hi: datetime | None


class PeriodTest(NamedTuple):
    """Whether a period, whose missing ends reach to infinity, must overlap the interval or must not.

    Overlaps: it starts before `hi` and does not end before `lo`.
    """

    interval: Interval
    overlaps: bool


def instants(text: str, now: datetime) -> tuple[Interval, ...] | None:
    """Where an instant must lie, in any of the intervals; None when the text is no date."""
    parsed = _parse(text)
    if parsed is None:
        return None
    prefix, lo, hi = parsed
    match prefix:
        case "ne":
            return Interval(None, lo), Interval(hi, None)
        case "sa":
            return (Interval(hi, None),)
        case "eb":
            return (Interval(None, lo),)
        case _:
            return (_interval(prefix, lo, hi, now),)


def periods(text: str, now: datetime) -> PeriodTest | None:
    """What a period must do; None when the text is no date. Equality is overlap, as XDS searches times of service."""
    parsed = _parse(text)
    if parsed is None:
        return None
    prefix, lo, hi = parsed
    match prefix:
        case "ne":
            return PeriodTest(Interval(lo, hi), overlaps=False)
        case "sa":
            return PeriodTest(Interval(None, hi), overlaps=False)
        case "eb":
            return PeriodTest(Interval(lo, None), overlaps=False)
        case _:
            return PeriodTest(_interval(prefix, lo, hi, now), overlaps=True)


def _interval(prefix: str, lo: datetime, hi: datetime, now: datetime) -> Interval:
    """What the prefixes mean that mean the same for instants and for periods."""
    match prefix:
        case "gt":
            return Interval(hi, None)
        case "ge":
            return Interval(lo, None)
        case "lt":
            return Interval(None, lo)
        case "le":
            return Interval(None, hi)
        case "ap":
            return _widened(lo, hi, now)
        case _:
            return Interval(lo, hi)


def _widened(lo: datetime, hi: datetime, now: datetime) -> Interval:
    """By a tenth of the distance to now, and no less than the precision of the value."""
    by = max(abs(now - lo) / _SHARE_OF_DISTANCE, hi - lo)
    try:
        return Interval(lo - by, hi + by)
    except OverflowError:
        return Interval(lo - by, None)


def _parse(text: str) -> tuple[str, datetime, datetime] | None:
    """Prefix, start, and end of what the value covers, in UTC."""
    found = _VALUE.fullmatch(text)
    if found is None:
        return None
    try:
        lo, hi = _covered(found)
        lo, hi = lo.astimezone(UTC), hi.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return (found["prefix"] or "eq", lo, hi) if int(found["year"]) in YEARS else None


def _covered(found: re.Match[str]) -> tuple[datetime, datetime]:
    year, month, day = (int(found[part] or 1) for part in ("year", "month", "day"))
    if found["month"] is None:
        return datetime(year, 1, 1, tzinfo=_PARIS), datetime(year + 1, 1, 1, tzinfo=_PARIS)
    if found["day"] is None:
        last = month == _DECEMBER
        after = datetime(year + last, 1 if last else month + 1, 1, tzinfo=_PARIS)
        return datetime(year, month, 1, tzinfo=_PARIS), after
    midnight = datetime(year, month, day, tzinfo=_PARIS)
    if found["hour"] is None:
        # Days in local time: on two days of the year they have 23 and 25 hours.
        return midnight, midnight + timedelta(days=1)
    fraction = (found["fraction"] or "")[:6]
    lo = datetime(
        year,
        month,
        day,
        int(found["hour"]),
        int(found["minute"]),
        int(found["second"] or 0),
        int(fraction.ljust(6, "0")),
        tzinfo=_zone(found["zone"]),
    ).astimezone(UTC)
    if found["second"] is None:
        return lo, lo + timedelta(minutes=1)
    return lo, lo + timedelta(microseconds=10 ** (6 - len(fraction)))


def _zone(text: str | None) -> ZoneInfo | timezone:
    if text is None:
        return _PARIS
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
