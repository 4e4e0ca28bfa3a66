"""A moment as people write it, as precise as they know it: « 2010 », « mars 2010 », « 12 3 1981 ». Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from carnet.formats.folding.fold import fold
from carnet.web.i18n import birth

__all__ = ["as_moment", "shown", "written"]

_MONTHS: Final = (
    ("janv", "jan"),
    ("fev", "feb"),
    ("mars", "march"),
    ("avr", "apr"),
    ("mai", "may"),
    ("juin", "june"),
    ("juil", "july"),
    ("aou", "aug"),
    ("sep", "sep"),
    ("oct", "oct"),
    ("nov", "nov"),
    ("dec", "dec"),
)
_PARTS: Final = re.compile(r"[^\s./-]+")
_EARLIEST: Final = 1900
_LONGEST: Final = 60
_FIGURES: Final = 4


def as_moment(text: str, today: date) -> str | None:
    """ "" for nothing; None for what is no moment, or is not past."""
    if len(text) > _LONGEST:
        return None
    parts = _PARTS.findall(fold(text))
    if not parts:
        return ""
    numbers = [_number(part) for part in parts]
    if len(numbers) > 3 or None in numbers:  # noqa: PLR2004
        return None
    year, month, of_month = ([*reversed(numbers), None, None])[:3]
    try:
        first = date(year or 0, month or 1, of_month or 1)
    except ValueError:
        return None
    if first.year < _EARLIEST or first > today:
        return None
    return f"{first:%Y-%m-%d}"[: (4, 7, 10)[len(numbers) - 1]]


def _number(part: str) -> int | None:
    """Of what nobody writes of a date there is none: no year has more than four figures."""
    if part.isascii() and part.isdigit():
        return int(part) if len(part) <= _FIGURES else None
    return _month(part)


def _month(word: str) -> int | None:
    found = [place for place, starts in enumerate(_MONTHS, 1) if word.startswith(starts)]
    return found[0] if len(found) == 1 else None


def written(moment: str) -> str:
    """As it stands in a field."""
    return " ".join(reversed(moment[:10].split("-"))) if moment else ""


def shown(moment: str) -> str:
    return birth(moment[:10])
