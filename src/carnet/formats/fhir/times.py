"""FHIR dates: partial ones are the start of their period, or its end where an interval ends with them; without an
offset they are told in Paris."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

__all__ = ["YEARS", "instant", "last", "parse", "written"]

YEARS: Final = range(1000, 9999)
_PARIS = ZoneInfo("Europe/Paris")
_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_FULL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?")


def parse(text: str) -> datetime | None:
    """An aware datetime, or None when this is no FHIR date; below the microsecond is cut off."""
    partial = _PARTIAL.fullmatch(text)
    if not partial and not _FULL.fullmatch(text):
        return None
    try:
        if partial:
            year, month, day = (int(part or 1) for part in partial.groups())
            return _in_range(datetime(year, month, day, tzinfo=_PARIS))
        found = datetime.fromisoformat(text)
        return _in_range(found if found.tzinfo else found.replace(tzinfo=_PARIS))
    except (ValueError, OverflowError):
        return None


def last(text: str) -> datetime | None:
    """The last instant of what a FHIR date tells, as `instant` can write it: the end of a Period is inclusive, so that
    `2024-03` ends with the 31st. None when this is no FHIR date."""
    found, partial = parse(text), _PARTIAL.fullmatch(text)
    if found is None or partial is None:
        return found
    _, month, day = partial.groups()
    if day:
        # The clock of Paris, where a day has 23 to 25 hours: added to local time.
        following = found + timedelta(days=1)
    elif month:
        following = found.replace(year=found.year + found.month // 12, month=found.month % 12 + 1)
    else:
        following = found.replace(year=found.year + 1)
    return (following.astimezone(UTC) - timedelta(milliseconds=1)).astimezone(_PARIS)


def _in_range(found: datetime) -> datetime:
    # The first and the last day that exist cannot be told in every time zone: refuse them here, not later.
    found.astimezone(UTC)
    if found.year not in YEARS:
        raise ValueError("year")
    return found


def instant(moment: datetime) -> str:
    """A FHIR instant: seconds and offset always there; a datetime without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    offset = aware.utcoffset()
    if offset is not None and (offset.seconds % 60 or offset.microseconds):
        # Local mean times of the 19th century have seconds in their offset, which FHIR cannot write.
        aware = aware.astimezone(UTC)
    return aware.isoformat(timespec="seconds" if not aware.microsecond else "milliseconds")


def written(moment: datetime) -> datetime:
    """The moment as `instant` tells it: cut off below the millisecond."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.replace(microsecond=aware.microsecond // 1000 * 1000)
