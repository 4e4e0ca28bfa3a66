"""Lengths of time as the schedule writes them (`56d`, `24w`, `11m`, `65y`), counted on the calendar."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

__all__ = ["Length", "length"]

_WRITTEN: Final = re.compile(r"(\d{1,4})([dwmy])")
_DAYS: Final = {"d": 1, "w": 7}
_MONTHS: Final = {"m": 1, "y": 12}


@dataclass(frozen=True, slots=True)
class Length:
    """Months are those of the calendar: a month after 31 January is the last of February."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The last day there is, where the sum lies beyond every calendar."""
        month = day.month - 1 + self.months
        year, month = day.year + month // 12, month % 12 + 1
        if year > date.max.year:
            return date.max
        moved = day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))
        return moved + min(timedelta(days=self.days), date.max - moved)


def length(written: str) -> Length:
    """Raises ValueError for what is none."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(f"{written!r} is no length of time such as 56d, 24w, 11m, 65y")
    number, unit = int(found[1]), found[2]
    return Length(months=number * _MONTHS[unit]) if unit in _MONTHS else Length(days=number * _DAYS[unit])
