"""The choices of a professional's list of documents as links, each with what it would leave. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from carnet.formats.terminology import document_types
from carnet.web import words
from carnet.web.i18n import gettext
from carnet.web.pro import shelves
from carnet.web.pro.shelves import Shelf, Wanted
from carnet.web.words import marked

_MOST_AUTHORS: Final = 12
_SPANS: Final = {
    12: marked("12 derniers mois"),
    24: marked("24 derniers mois"),
    60: marked("5 dernières années"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """`count` is None where none is said."""

    text: str
    href: str
    count: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """`first` stand in sight; `held` are those that hold now, each link taking one back; `more` by their headings."""

    first: tuple[Choice, ...]
    held: tuple[Choice, ...]
    more: tuple[tuple[str, tuple[Choice, ...]], ...]


def of(shelf: Shelf, home: str) -> Choices:
    def href(wanted: Wanted) -> str:
        return at(home, wanted.whole())

    wanted = shelf.wanted
    groups = (
        (gettext("Période"), tuple(_periods(shelf, home))),
        (gettext("Type"), tuple(_kinds(shelf, home))),
        (gettext("Auteur ou établissement"), tuple(_authors(shelf, home))),
    )
    everything = Choice(
        gettext("Tous"),
        href(replace(wanted, category="", kind="", fresh=False)),
        None,
        chosen=not (wanted.category or wanted.kind or wanted.fresh),
    )
    first = (everything, *_fresh(shelf, home), *_categories(shelf, home))
    return Choices(first, tuple(_held(shelf, home)), tuple(group for group in groups if len(group[1]) > 1))


def at(home: str, wanted: Wanted) -> str:
    query = wanted.query()
    return f"{home}?{query}" if query else home


def everything(shelf: Shelf, home: str) -> str:
    """The same list, of all times."""
    return at(home, replace(shelf.wanted.whole(), period=shelves.ALL))


def unfolded(shelf: Shelf, home: str) -> str:
    """With what is set aside, or without it again."""
    return at(home, replace(shelf.wanted.whole(), folded=not shelf.wanted.folded))


def period(shelf: Shelf) -> str:
    """The period that holds, in words; "" when none does."""
    if shelf.months:
        return _span(shelf.months)
    return shelf.wanted.period if shelf.wanted.period not in {"", shelves.ALL} else ""


def _span(months: int) -> str:
    known = _SPANS.get(months)
    return gettext(known) if known else gettext("%(count)s derniers mois") % {"count": months}


def _fresh(shelf: Shelf, home: str) -> Iterable[Choice]:
    wanted = shelf.wanted
    if shelf.fresh or wanted.fresh:
        asked = replace(wanted.whole(), fresh=not wanted.fresh, period="")
        yield Choice(gettext("Nouveaux depuis ma visite"), at(home, asked), shelf.fresh, wanted.fresh)


def _categories(shelf: Shelf, home: str) -> Iterable[Choice]:
    wanted, labels = shelf.wanted, document_types.categories()
    for code in _known(shelf.categories, wanted.category, list(labels)):
        chosen = wanted.category == code
        asked = replace(wanted.whole(), category="" if chosen else code, kind="")
        yield Choice(words.category(labels[code]), at(home, asked), shelf.categories.get(code, 0), chosen)


def _kinds(shelf: Shelf, home: str) -> Iterable[Choice]:
    wanted = shelf.wanted
    for kind in document_types.all_types():
        if kind.code in shelf.kinds or kind.code == wanted.kind:
            chosen = wanted.kind == kind.code
            asked = replace(wanted.whole(), kind="" if chosen else kind.code)
            yield Choice(words.document_type(kind.display), at(home, asked), shelf.kinds.get(kind.code, 0), chosen)


def _authors(shelf: Shelf, home: str) -> Iterable[Choice]:
    wanted = shelf.wanted
    names = sorted(shelf.authors, key=lambda name: (-shelf.authors[name], name))[:_MOST_AUTHORS]
    for name in dict.fromkeys([*names, *([wanted.author] if wanted.author else [])]):
        chosen = wanted.author == name
        asked = replace(wanted.whole(), author="" if chosen else name)
        yield Choice(name, at(home, asked), shelf.authors.get(name, 0), chosen)


def _periods(shelf: Shelf, home: str) -> Iterable[Choice]:
    wanted = shelf.wanted.whole()
    for months in sorted({*shelves.SPANS, *([shelf.months] if shelf.months else [])}):
        yield Choice(_span(months), at(home, replace(wanted, period=str(months))), None, shelf.months == months)
    for year in sorted(shelf.years, reverse=True):
        chosen = wanted.period == str(year)
        yield Choice(str(year), at(home, replace(wanted, period=str(year))), shelf.years[year], chosen)
    whole = at(home, replace(wanted, period=shelves.ALL))
    yield Choice(gettext("Tout le carnet"), whole, sum(shelf.years.values()), wanted.period == shelves.ALL)


def _held(shelf: Shelf, home: str) -> Iterable[Choice]:
    """What narrows the list now, but for the categories, which stand in sight."""
    wanted = shelf.wanted.whole()
    if said := period(shelf):
        yield Choice(said, at(home, replace(wanted, period=shelves.ALL)), None, chosen=True)
    if wanted.kind and (kind := document_types.by_code(wanted.kind)):
        yield Choice(words.document_type(kind.display), at(home, replace(wanted, kind="")), None, chosen=True)
    if wanted.author:
        yield Choice(wanted.author, at(home, replace(wanted, author="")), None, chosen=True)


def _known(counts: Mapping[str, int], chosen: str, order: list[str]) -> list[str]:
    """In the order of the screens; one that holds and leaves nothing is still there to be taken back."""
    return [code for code in order if code in counts or code == chosen]
