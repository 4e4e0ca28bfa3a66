"""The choices of the list of documents: read from its address, and written as links with counts. Pure.

Each choice is a link that keeps the others; the chosen one leads back to the list without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID
from zlib import crc32

from carnet.documents.shelf_list import Counts, Sort, View, Wanted
from carnet.formats.terminology import document_types
from carnet.web.i18n import gettext
from carnet.web.words import author as author_words
from carnet.web.words import category as category_words
from carnet.web.words import marked

LIST = "/documents"
MORE = "f-more-"
_VIEWS = {"anciens": View.OLD, "archives": View.ARCHIVED, "autrui": View.NOT_MINE}
_SORTS = {"anciens": Sort.OLDEST, "depot": Sort.DEPOSITED}
_FLAGS = {"nouveaux": "fresh", "epingles": "pinned", "masques": "hidden", "ajoutes": "mine"}
_FLAG_WORDS = {
    "fresh": (marked("Nouveaux"), ""),
    "pinned": (marked("Épinglés"), "pin"),
    "hidden": (marked("Masqués"), "eye-off"),
    "mine": (marked("Ajoutés par vous"), "user"),
}
_VIEW_WORDS = {
    View.OLD: (marked("Anciennes versions"), "files"),
    View.ARCHIVED: (marked("Archivés"), "archive"),
    View.NOT_MINE: (marked("Pas à moi"), "flag"),
}
_SORT_WORDS = {
    Sort.NEWEST: marked("Du plus récent au plus ancien"),
    Sort.OLDEST: marked("Du plus ancien au plus récent"),
    Sort.DEPOSITED: marked("Par date de dépôt"),
}
_LONGEST = 200
_IN_SIGHT = 4
_NOTHING = Wanted()
_CHOSEN = True
_FIRST = frozenset({"fresh", "pinned", "category"})

T = TypeVar("T")
_YEARS = range(1800, 2200)


@dataclass(frozen=True, slots=True)
class Choice:
    """`id` stays the same whatever else is chosen, so that the keyboard's place survives a swap of the list."""

    id: str
    text: str
    href: str
    count: int | None
    chosen: bool
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """`first` stand in sight, `more` behind « Trier ou filtrer »; `chosen` are those of `more` that hold now."""

    first: tuple[Choice, ...]
    more: tuple[Group, ...]
    chosen: tuple[Choice, ...]


def read(query: Mapping[str, str]) -> Wanted:
    """What an address asks; what it asks in vain is not asked."""
    category = query.get("categorie", "")
    return Wanted(
        view=_VIEWS.get(query.get("vue", ""), View.CURRENT),
        category=category if category in document_types.categories() else None,
        year=_year(query.get("annee", "")),
        author=_text(query.get("auteur", "")),
        folder=_uuid(query.get("classeur", "")),
        tag=_text(query.get("etiquette", "")),
        sort=_SORTS.get(query.get("tri", ""), Sort.NEWEST),
        **{name: query.get(word) == "1" for word, name in _FLAGS.items()},
    )


def _year(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == len("2026") and int(text) in _YEARS else None


def _text(text: str) -> str | None:
    return text if 0 < len(text) <= _LONGEST and text.isprintable() else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def href(wanted: Wanted, offset: int = 0) -> str:
    """The address that asks this: what `read` makes of it is `wanted`."""
    views = {view: word for word, view in _VIEWS.items()}
    sorts = {sort: word for word, sort in _SORTS.items()}
    asked: dict[str, Any] = {
        "vue": views.get(wanted.view),
        "categorie": wanted.category,
        "annee": wanted.year,
        "auteur": wanted.author,
        "classeur": wanted.folder,
        "etiquette": wanted.tag,
        **{word: 1 if getattr(wanted, name) else None for word, name in _FLAGS.items()},
        "tri": sorts.get(wanted.sort),
        "depuis": offset or None,
    }
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    return f"{LIST}?{query}" if query else LIST


def filters(wanted: Wanted, counts: Counts) -> Filters:
    common, others = _categories(wanted, counts)
    more = tuple(group for group in _more(wanted, counts, others) if group.choices)
    chosen = tuple(choice for group in more for choice in group.choices if choice.chosen and choice.count is not None)
    first = (_all(wanted, counts), *_flags(wanted, counts, ("fresh", "pinned")), *common)
    return Filters(first, more, chosen)


def _all(wanted: Wanted, counts: Counts) -> Choice:
    """Whatever stands, with its number where that is known."""
    none = Wanted(sort=wanted.sort)
    known = wanted == replace(none, category=wanted.category)
    return Choice(
        "f-tous", gettext("Tous"), href(none), sum(counts.categories.values()) if known else None, chosen=wanted == none
    )


def _more(wanted: Wanted, counts: Counts, categories: tuple[Choice, ...]) -> Iterable[Group]:
    folders = (_choice(wanted, "folder", each.id, each.name, each.count) for each in counts.folders)
    tags = sorted(_kept(counts.tags, wanted.tag), key=lambda pair: pair[0].casefold())
    years = sorted(_kept(counts.years, wanted.year), reverse=True)
    authors = sorted(_kept(counts.authors, wanted.author), key=lambda pair: (-pair[1], pair[0]))
    yield Group(gettext("Vos classeurs"), tuple(folders))
    yield Group(gettext("Vos étiquettes"), tuple(_choice(wanted, "tag", tag, tag, count) for tag, count in tags))
    yield Group(gettext("Autres types"), categories)
    yield Group(gettext("Année"), tuple(_choice(wanted, "year", year, str(year), count) for year, count in years))
    yield Group(
        gettext("Auteur"), tuple(_choice(wanted, "author", name, author_words(name), count) for name, count in authors)
    )
    yield Group(gettext("À part"), (*_flags(wanted, counts, ("hidden", "mine")), *_views(wanted, counts)))
    yield Group(gettext("Ordre"), tuple(_sorts(wanted)))


def _kept(counts: Mapping[T, int], chosen: T | None) -> list[tuple[T, int]]:
    """The choices with their counts; one that holds and leaves nothing is still there to be taken back."""
    none = [(chosen, 0)] if chosen is not None and chosen not in counts else []
    return [*none, *counts.items()]


def _categories(wanted: Wanted, counts: Counts) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Those with most documents, and the others; each in the order of the screens."""
    order = {code: number for number, code in enumerate(document_types.categories())}
    known = sorted(_kept(counts.categories, wanted.category), key=lambda pair: (-pair[1], order[pair[0]]))
    common = {code for code, _ in known[:_IN_SIGHT]}
    labels = document_types.categories()
    choices = [
        (code in common, _choice(wanted, "category", code, category_words(labels[code]), count))
        for code, count in sorted(known, key=lambda pair: order[pair[0]])
    ]
    return tuple(one for first, one in choices if first), tuple(one for first, one in choices if not first)


def _flags(wanted: Wanted, counts: Counts, names: Iterable[str]) -> Iterable[Choice]:
    for name in names:
        text, icon = _FLAG_WORDS[name]
        if counts.flags[name] or getattr(wanted, name):
            yield _choice(wanted, name, _CHOSEN, gettext(text), counts.flags[name], icon)


def _views(wanted: Wanted, counts: Counts) -> Iterable[Choice]:
    for view, (text, icon) in _VIEW_WORDS.items():
        if counts.views.get(view.value) or wanted.view is view:
            yield _choice(wanted, "view", view, gettext(text), counts.views.get(view.value, 0), icon)


def _sorts(wanted: Wanted) -> Iterable[Choice]:
    for sort, text in _SORT_WORDS.items():
        chosen = wanted.sort is sort
        yield Choice(f"{MORE}sort-{sort.value}", gettext(text), href(replace(wanted, sort=sort)), None, chosen)


def _choice(wanted: Wanted, name: str, value: Any, text: str, count: int, icon: str = "") -> Choice:
    """One value of a field of `wanted`: the link sets it, or takes it back."""
    chosen = getattr(wanted, name) == value
    asked = replace(wanted, **{name: getattr(_NOTHING, name) if chosen else value})
    prefix = "f-" if name in _FIRST else MORE
    return Choice(f"{prefix}{name}-{crc32(str(value).encode()):x}", text, href(asked), count, chosen, icon)
