"""HL7 v3 timestamps: YYYY[MM[DD[HH[MM[SS[.ffff]]]]]][±ZZZZ]."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

__all__ = ["TimeError", "to_datetime", "to_fhir_date"]

_PARIS = ZoneInfo("Europe/Paris")
_TS = re.compile(
    r"(?P<year>\d{4})(?:(?P<month>\d\d)(?:(?P<day>\d\d)(?:(?P<hour>\d\d)(?:(?P<minute>\d\d)"
    r"(?:(?P<second>\d\d)(?:\.(?P<fraction>\d{1,12}))?)?)?)?)?)?"
    r"(?P<zone>[+-]\d\d(?:\d\d)?)?",
    re.ASCII,
)
_MAX_OFFSET = timedelta(hours=14)


class TimeError(ValueError):
    """The text is no HL7 timestamp, or names no instant. It is not repeated in the message."""


def to_datetime(text: str) -> datetime:
    """The instant stated, always aware, with the offset as stated (Europe/Paris when none is).

    A partial timestamp is the start of its period: `2021` is 1 January 2021 at 00:00. Digits beyond the
    microsecond are dropped.
    """
    parts = _match(text)
    fraction = (parts["fraction"] or "")[:6].ljust(6, "0")
    try:
        return datetime(
            int(parts["year"]),
            int(parts["month"] or 1),
            int(parts["day"] or 1),
            int(parts["hour"] or 0),
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            int(fraction),
            tzinfo=_zone(parts["zone"]),
        )
    except ValueError:
        raise TimeError("no such date or time") from None


def to_fhir_date(text: str) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD, as precise as stated; time of day and zone are left out."""
    to_datetime(text)
    parts = _match(text)
    return "-".join(parts[name] for name in ("year", "month", "day") if parts[name])


def _match(text: str) -> re.Match[str]:
    found = _TS.fullmatch(text.strip())
    if found is None:
        raise TimeError("not an HL7 timestamp")
    return found


def _zone(text: str | None) -> timezone | ZoneInfo:
    if text is None:
        return _PARIS
    minutes = int(text[3:5] or 0)
    offset = timedelta(hours=int(text[1:3]), minutes=minutes)
    if offset > _MAX_OFFSET or minutes > 59:  # noqa: PLR2004 — an hour has sixty minutes
        raise ValueError("offset")
    return timezone(-offset if text[0] == "-" else offset)
