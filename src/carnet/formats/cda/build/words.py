"""Days, numbers and people as French documents print them."""

from __future__ import annotations

from datetime import date
from typing import Final

from carnet.formats.entry import Author

__all__ = ["number", "person", "printed"]

_CIVILITIES: Final = {"DR": "Dr", "PR": "Pr", "M": "M.", "MME": "Mme"}


def printed(day: date) -> str:
    return f"{day:%d/%m}/{day.year:04d}"


def number(value: str) -> str:
    return value.replace(".", ",")


def person(who: Author) -> str:
    """Title or civility, given name, family name: "Dr Linh NGUYEN"."""
    title = who.suffix or who.prefix
    return " ".join(filter(None, (_CIVILITIES.get(title, title), who.given, who.family)))
