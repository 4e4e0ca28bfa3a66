"""Names of files inside an export: readable everywhere, and each but once. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

_FRANCE: Final = ZoneInfo("Europe/Paris")
_FORBIDDEN: Final = frozenset('/\\:*?"<>|')
_LONGEST: Final = 80
_SUFFIXES: Final = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tiff",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "application/rtf": ".rtf",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/xslt+xml": ".xml",
    "application/fhir+json": ".json",
}


class Names:
    """Gives each document « 2025-03-12 Ordonnance.pdf », and « 2025-03-12 Ordonnance (2).pdf » to the next one."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def of(self, title: str, at: datetime, media_type: str) -> str:
        stem = f"{at.astimezone(_FRANCE):%Y-%m-%d} {_plain(title)}"
        suffix = _SUFFIXES.get(media_type, ".bin")
        name, number = f"{stem}{suffix}", 1
        # Two systems in three take capitals for small letters.
        while self._given[name.casefold()]:
            number += 1
            name = f"{stem} ({number}){suffix}"
        self._given[name.casefold()] += 1
        return name


def _plain(title: str) -> str:
    kept = "".join(" " if char in _FORBIDDEN or not char.isprintable() else char for char in title)
    return " ".join(kept.split())[:_LONGEST].strip(". ") or "document"
