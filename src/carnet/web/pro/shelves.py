"""The list of documents as a professional asks for it: read from its address, filtered, put in the order of their
profession, a page of it, and who stands before and after one of them. Pure.

What is said of the list is counted on what the reader may see, and on nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from carnet.documents.queries import DocumentLine
from carnet.formats import folding
from carnet.formats.terminology import document_types
from carnet.formats.terminology.document_types import DocumentType
from carnet.web.i18n import PARIS
from carnet.web.pro.screen import views
from carnet.web.pro.screen.views import View

PAGE: Final = 50
ALL: Final = "tout"
SPANS: Final = (12, 24, 60)
"""Months that may be asked for, beside those of the first view."""
_LONGEST: Final = 200
_MOST_MONTHS: Final = 600
_YEARS: Final = range(1900, 2200)
_MOST_DIGITS: Final = 5
_MONTH: Final = timedelta(days=30.44)


class Part(StrEnum):
    FIRST = "first"
    OTHERS = "others"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`period` is "" for that of the profession's first view, `ALL`, a number of months or a year; `folded`: with what
    is set aside. `after` and `offset` say where the page begins: behind that document, or there when it is gone."""

    category: str = ""
    kind: str = ""
    period: str = ""
    author: str = ""
    fresh: bool = False
    folded: bool = False
    after: UUID | None = None
    offset: int = 0

    def query(self) -> str:
        """What `read` makes of it is the same."""
        asked: dict[str, Any] = {
            "categorie": self.category,
            "genre": self.kind,
            "periode": self.period,
            "auteur": self.author,
            "nouveaux": "1" if self.fresh else "",
            "replies": "1" if self.folded else "",
            "depuis": self.offset or "",
            "apres": self.after or "",
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def whole(self) -> Wanted:
        """The same list, from its beginning."""
        return replace(self, after=None, offset=0)


@dataclass(frozen=True, slots=True)
class Placed:
    line: DocumentLine
    part: Part


@dataclass(frozen=True, slots=True)
class Shelf:
    """`lines`: the whole list as it was asked for, in its order. The counts are of what each choice would leave: of
    what the period hides, `older`; of duplicates and papers, `duplicates` and `papers`."""

    wanted: Wanted
    months: int
    lines: tuple[Placed, ...]
    begins: int
    total: int
    categories: Mapping[str, int]
    kinds: Mapping[str, int]
    authors: Mapping[str, int]
    years: Mapping[int, int]
    fresh: int
    older: int
    duplicates: int
    papers: int

    @property
    def page(self) -> tuple[Placed, ...]:
        return self.lines[self.begins : self.begins + PAGE]

    @property
    def more(self) -> Wanted | None:
        """The next page."""
        end = self.begins + PAGE
        return replace(self.wanted, after=self.lines[end - 1].line.id, offset=end) if end < len(self.lines) else None


@dataclass(frozen=True, slots=True)
class Around:
    """Where a document stands in a list: its number from 1, and its neighbours."""

    number: int
    count: int
    before: UUID | None
    after: UUID | None


def read(query: Mapping[str, str]) -> Wanted:
    """What an address asks; what it asks in vain is not asked."""
    category, kind = query.get("categorie", ""), query.get("genre", "")
    author, offset = query.get("auteur", ""), query.get("depuis", "")
    return Wanted(
        category=category if category in document_types.categories() else "",
        kind=kind if kind and document_types.by_code(kind) else "",
        period=_period(query.get("periode", "")),
        author=author if author.isprintable() and len(author) <= _LONGEST else "",
        fresh=query.get("nouveaux") == "1",
        folded=query.get("replies") == "1",
        after=as_id(query.get("apres", "")),
        offset=int(offset) if offset.isdecimal() and len(offset) <= _MOST_DIGITS else 0,
    )


def _period(text: str) -> str:
    if text == ALL:
        return text
    if not (text.isascii() and text.isdecimal() and len(text) <= len("2026")):
        return ""
    return text if 0 < int(text) <= _MOST_MONTHS or int(text) in _YEARS else ""


def as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def of(lines: Sequence[DocumentLine], wanted: Wanted, view: View, now: datetime, since: datetime | None) -> Shelf:
    """`since`: when this reader was last here; None for who never was, to whom nothing is new."""
    repeated = _repeated(lines)
    chosen = [line for line in lines if _fits(line, wanted, since)]
    within = [line for line in chosen if _in_period(line, wanted, view, now)]
    parts = {line.id: _part(line, wanted, view, repeated) for line in within}
    shown = [line for line in within if parts[line.id] is not Part.FOLDED or wanted.folded]
    order = list(Part)
    placed = sorted((Placed(line, parts[line.id]) for line in shown), key=lambda each: order.index(each.part))
    # Each choice tells what it would leave beside the others that hold.
    beside = [line for line in lines if _in_period(line, wanted, view, now)]
    aside = [line for line in within if parts[line.id] is Part.FOLDED]
    return Shelf(
        wanted=wanted,
        months=_months(wanted, view),
        lines=tuple(placed),
        begins=_begins(placed, wanted),
        total=len(within),
        categories=_counted(beside, replace(wanted, category="", kind=""), since, _category_of),
        kinds=_counted(beside, replace(wanted, kind=""), since, _code_of),
        authors=_counted(beside, replace(wanted, author=""), since, author_of),
        years=Counter(_year(line) for line in lines if _fits(line, wanted, since)),
        fresh=sum(_fits(line, replace(wanted, fresh=True), since) for line in lines) if since else 0,
        older=len(chosen) - len(within),
        duplicates=sum(line.id in repeated for line in aside),
        papers=sum(line.id not in repeated for line in aside),
    )


def around(shelf: Shelf, document_id: UUID) -> Around | None:
    """None for what is not in that list."""
    ids = [each.line.id for each in shelf.lines]
    if document_id not in ids:
        return None
    at = ids.index(document_id)
    return Around(
        number=at + 1,
        count=len(ids),
        before=ids[at - 1] if at else None,
        after=ids[at + 1] if at + 1 < len(ids) else None,
    )


def at_page_of(shelf: Shelf, index: int) -> Wanted:
    """The page on which that line of the list stands."""
    if shelf.begins <= index < shelf.begins + PAGE:
        return shelf.wanted
    begins = max(index, 0) // PAGE * PAGE
    behind = shelf.lines[begins - 1].line.id if begins else None
    return replace(shelf.wanted, after=behind, offset=begins)


def kind_of(line: DocumentLine) -> DocumentType | None:
    return _by_label().get((line.type_label, line.category_label))


def author_of(line: DocumentLine) -> str:
    """By whom a list may be narrowed: the house where one is named, as several people write for it."""
    return line.organisation_label or line.author_label


def dated(line: DocumentLine) -> datetime:
    return line.service_start or line.created_at


@cache
def _by_label() -> Mapping[tuple[str, str], DocumentType]:
    return {(kind.display, kind.category_label): kind for kind in reversed(document_types.all_types())}


def is_new(line: DocumentLine, since: datetime) -> bool:
    """One's own is news to nobody."""
    return line.deposited_at > since and not line.mine


def _fits(line: DocumentLine, wanted: Wanted, since: datetime | None) -> bool:
    """But for the period."""
    if wanted.fresh and since and not is_new(line, since):
        return False
    if wanted.author and author_of(line) != wanted.author:
        return False
    return (not wanted.category or _category_of(line) == wanted.category) and (
        not wanted.kind or _code_of(line) == wanted.kind
    )


def _in_period(line: DocumentLine, wanted: Wanted, view: View, now: datetime) -> bool:
    if wanted.period == ALL or (wanted.fresh and not wanted.period):
        return True
    if (year := _wanted_year(wanted)) is not None:
        return _year(line) == year
    return dated(line) >= now - _months(wanted, view) * _MONTH


def _wanted_year(wanted: Wanted) -> int | None:
    return int(wanted.period) if wanted.period.isdecimal() and int(wanted.period) in _YEARS else None


def _months(wanted: Wanted, view: View) -> int:
    """0 where no number of months holds."""
    if wanted.period == ALL or (wanted.fresh and not wanted.period) or _wanted_year(wanted) is not None:
        return 0
    return int(wanted.period or view.months)


def _part(line: DocumentLine, wanted: Wanted, view: View, repeated: frozenset[UUID]) -> Part:
    """Who asks for papers of administration by their name gets them unfolded."""
    kind = kind_of(line)
    if line.id in repeated or (views.every().folds(kind) and not (wanted.category or wanted.kind)):
        return Part.FOLDED
    return Part.FIRST if view.puts_first(kind) else Part.OTHERS


def _repeated(lines: Iterable[DocumentLine]) -> frozenset[UUID]:
    """What says again in everything that a list tells, to the byte of its size, what was deposited before: the oldest
    stays. Two results of one day are none."""
    seen: set[tuple[object, ...]] = set()
    found: set[UUID] = set()
    for line in sorted(lines, key=lambda each: (each.deposited_at, each.id)):
        told = (
            *(line.type_label, folding.fold(line.title), line.created_at, line.service_start, line.author_label),
            *(line.organisation_label, line.media_type, line.size),
        )
        if told in seen:
            found.add(line.id)
        seen.add(told)
    return frozenset(found)


def _counted(lines: Iterable[DocumentLine], wanted: Wanted, since: datetime | None, of: Any) -> Mapping[str, int]:
    counts = Counter(of(line) for line in lines if _fits(line, wanted, since))
    counts.pop("", None)
    return counts


def _category_of(line: DocumentLine) -> str:
    kind = kind_of(line)
    return kind.category if kind else ""


def _code_of(line: DocumentLine) -> str:
    kind = kind_of(line)
    return kind.code if kind else ""


def _year(line: DocumentLine) -> int:
    return dated(line).astimezone(PARIS).year


def _begins(placed: Sequence[Placed], wanted: Wanted) -> int:
    """Behind the last of the page before, wherever that stands by now."""
    if wanted.after:
        for at, each in enumerate(placed):
            if each.line.id == wanted.after:
                return at + 1 if at + 1 < len(placed) else 0
    return wanted.offset if wanted.offset < len(placed) else 0
