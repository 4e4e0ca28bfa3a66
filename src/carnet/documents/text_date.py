"""The day of a document as the first lines of its text tell it: a proposal, where they tell one alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Final

from carnet.formats.folding import fold

__all__ = ["text_date"]

_TOP: Final = 600
_EARLIEST: Final = 1900
_MONTHS: Final = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
# As `fold` writes them: 12/03/2024, 12 mars 2024, 1er mars 2024, 2024-03-12.
_DATES: Final = (
    re.compile(r"(?<![\d/.-])(?P<day>\d\d?)(?P<s>[/.-])(?P<month>\d\d?)(?P=s)(?P<year>\d{4})(?!\d)", re.ASCII),
    re.compile(rf"(?<!\d)(?P<day>\d\d?)(?:er)?\s+(?P<month>{'|'.join(_MONTHS)})\s+(?P<year>\d{{4}})(?!\d)", re.ASCII),
    re.compile(r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])", re.ASCII),
)
_OF_BIRTH: Final = re.compile(r"(?:\bnee?(?:\(e\))?|naissance|\bddn)\W*(?:le)?\W*$")
_BEFORE: Final = 30


def text_date(text: str, today: date, born: str = "") -> date | None:
    """None without a day, and where several stand there: it is not for us to choose. What is yet to come, and a birth
    (`born`, or any that says it is one), is not the day of a document."""
    told = {day for day in _days(fold(text[:_TOP])) if day.year >= _EARLIEST and day <= today}
    told -= {day for day in told if day.isoformat() == born}
    return told.pop() if len(told) == 1 else None


def _days(folded: str) -> Iterator[date]:
    for pattern in _DATES:
        for found in pattern.finditer(folded):
            month = found["month"]
            number = int(month) if month.isdecimal() else _MONTHS.index(month) + 1
            before = folded[max(found.start() - _BEFORE, 0) : found.start()]
            if not _OF_BIRTH.search(before):
                with suppress(ValueError):
                    yield date(int(found["year"]), number, int(found["day"]))
