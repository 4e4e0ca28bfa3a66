"""What the address of the history asks, and the choices that its page gives with their counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from carnet.health.history import Counts, Position, Sort, Wanted
from carnet.web.i18n import gettext
from carnet.web.words import marked

HOME: Final = "/histoire"
_LONGEST: Final = 400
_YEARS: Final = range(1800, 2200)
_UNDATED: Final = "sans-date"
_NEW: Final = "1"

_SLUGS: Final = {
    "consultations": Sort.VISIT,
    "hopital": Sort.STAY,
    "analyses": Sort.RESULT,
    "imagerie": Sort.IMAGING,
    "vaccins": Sort.VACCINE,
    "pharmacie": Sort.PHARMACY,
    "actes": Sort.PROCEDURE,
    "problemes": Sort.PROBLEM,
    "documents": Sort.DOCUMENT,
}
_SLUG_OF: Final = {sort: slug for slug, sort in _SLUGS.items()}

WORDS: Final = {
    Sort.VISIT: (marked("Consultations"), "stethoscope"),
    Sort.STAY: (marked("Hôpital"), "building-hospital"),
    Sort.RESULT: (marked("Analyses"), "test-pipe"),
    Sort.IMAGING: (marked("Radio, scanner, échographie"), "photo-scan"),
    Sort.VACCINE: (marked("Vaccins"), "vaccine"),
    Sort.PHARMACY: (marked("Pharmacie"), "pill"),
    Sort.PROCEDURE: (marked("Actes et opérations"), "report-medical"),
    Sort.PROBLEM: (marked("Problèmes de santé"), "heart-rate-monitor"),
    Sort.DOCUMENT: (marked("Autres documents"), "file-text"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """`id` stays the same whatever else is chosen, so that the keyboard's place survives a swap of the list."""

    id: str
    text: str
    href: str
    count: int
    chosen: bool
    icon: str = ""


def read(query: Mapping[str, str]) -> Wanted:
    """What an address asks; what it asks in vain is not asked."""
    year = query.get("annee", "")
    return Wanted(
        sort=_SLUGS.get(query.get("type", "")),
        year=_year(year),
        undated=year == _UNDATED,
        fresh=query.get("nouveau") == _NEW,
        text=" ".join(query.get("q", "")[:_LONGEST].replace("\x00", "").split()),
    )


def _year(text: str) -> int | None:
    return (
        int(text) if text.isdecimal() and text.isascii() and len(text) == len("2026") and int(text) in _YEARS else None
    )


def after(query: Mapping[str, str]) -> Position | None:
    """What `href` wrote; anything else is the beginning."""
    day, _, key = query.get("apres", "").partition("_")
    try:
        return Position(None if day == _UNDATED else int(day[:9]), UUID(key))
    except ValueError:
        return None


def href(wanted: Wanted, after: Position | None = None) -> str:
    """The address that asks this: what `read` makes of it is `wanted`."""
    place = f"{_UNDATED if after.first is None else after.first}_{after.key}" if after else None
    asked: dict[str, Any] = {**fields(wanted), "q": wanted.text or None, "apres": place}
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    return f"{HOME}?{query}" if query else HOME


def fields(wanted: Wanted) -> dict[str, str]:
    """What the search of the page keeps of the other choices."""
    year = _UNDATED if wanted.undated else str(wanted.year) if wanted.year is not None else None
    asked = {
        "type": _SLUG_OF[wanted.sort] if wanted.sort else None,
        "annee": year,
        "nouveau": _NEW if wanted.fresh else None,
    }
    return {name: value for name, value in asked.items() if value is not None}


def sorts(wanted: Wanted, counts: Counts) -> tuple[Choice, ...]:
    everything = Choice(
        "h-tout",
        gettext("Tout"),
        href(replace(wanted, sort=None, fresh=False)),
        counts.every_sort,
        chosen=wanted.sort is None and not wanted.fresh,
    )
    return (everything, *_new(wanted, counts), *_sorts(wanted, counts))


def _new(wanted: Wanted, counts: Counts) -> Iterable[Choice]:
    if counts.fresh or wanted.fresh:
        asked = replace(wanted, fresh=not wanted.fresh)
        yield Choice("h-nouveau", gettext("Nouveau"), href(asked), counts.fresh, chosen=wanted.fresh)


def _sorts(wanted: Wanted, counts: Counts) -> Iterable[Choice]:
    for sort, (text, icon) in WORDS.items():
        chosen = wanted.sort is sort
        if counts.sorts.get(sort) or chosen:
            asked = replace(wanted, sort=None if chosen else sort)
            yield Choice(f"h-{sort.value}", gettext(text), href(asked), counts.sorts.get(sort, 0), chosen, icon)


def years(wanted: Wanted, counts: Counts) -> tuple[Choice, ...]:
    """Newest first, what has no date last; none when there is nothing to choose between."""
    found = list(_years(wanted, counts))
    if len(found) <= 1 and wanted.year is None and not wanted.undated:
        return ()
    chosen = wanted.year is None and not wanted.undated
    asked = replace(wanted, year=None, undated=False)
    return (Choice("h-annees", gettext("Toutes"), href(asked), counts.every_year, chosen), *found)


def _years(wanted: Wanted, counts: Counts) -> Iterable[Choice]:
    known = set(counts.years) | ({wanted.year} if wanted.year is not None else set())
    for year in sorted(known, reverse=True):
        asked = href(replace(wanted, year=year, undated=False))
        yield Choice(f"h-{year}", str(year), asked, counts.years.get(year, 0), chosen=wanted.year == year)
    if counts.undated or wanted.undated:
        asked = href(replace(wanted, year=None, undated=True))
        yield Choice("h-sans-date", gettext("Sans date"), asked, counts.undated, chosen=wanted.undated)
