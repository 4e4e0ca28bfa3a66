"""The history of a record: what happened, line by line, in pages. Every line, number, year and kind is of what the
reader may see, and of nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache, partial
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from carnet.consent.access import reading
from carnet.documents.queries import DocumentLine, plain
from carnet.documents.searching import clauses
from carnet.formats import folding
from carnet.formats.clinical.model import Kind
from carnet.formats.folding import Term
from carnet.formats.terminology import document_types
from carnet.health import episodes, queries
from carnet.health.columns import KINDS
from carnet.health.episodes import Episode, Id, Paper, Told
from carnet.health.vaccinations import holder
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, hot, statements

_SQL = statements("carnet.health", "told.sql")
_ACTION: Final = "entries-list"
_HAPPENED: Final = (
    *(Kind.ENCOUNTER, Kind.RESULT, Kind.VACCINATION, Kind.DISPENSATION, Kind.PROCEDURE, Kind.REIMBURSED, Kind.PROBLEM),
)
_LASTING: Final = (Kind.PROBLEM, Kind.PREGNANCY)
_RANKS: Final = [KINDS.index(each) for each in _HAPPENED]
_HAPPENED_RANKS: Final = frozenset(_RANKS)
_EPOCH: Final = date(1970, 1, 1).toordinal()

PAGE: Final = 25


class Sort(StrEnum):
    """What a line is found under; one line can be several."""

    VISIT = "visit"
    STAY = "stay"
    RESULT = "result"
    IMAGING = "imaging"
    VACCINE = "vaccine"
    PHARMACY = "pharmacy"
    PROCEDURE = "procedure"
    PROBLEM = "problem"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Wanted:
    """All criteria hold together. `undated` asks for what has no date; `text` for lines with every word of it."""

    sort: Sort | None = None
    year: int | None = None
    undated: bool = False
    fresh: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ends; the next one is what comes after it, whatever has come before it since."""

    first: int | None
    key: UUID


@dataclass(frozen=True, slots=True)
class Fact:
    """As the newest of its sources in sight states it; `source` is the document to open, None for what no document
    says. `hit`: it has the words that were asked for."""

    id: UUID
    kind: Kind
    label: str
    since: datetime | None
    until: datetime | None
    struck: bool
    hit: bool
    source: UUID | None
    said_by: str
    value: Decimal | None
    comparator: str
    low: Decimal | None
    high: Decimal | None
    interpretation: str
    fhir: str


@dataclass(frozen=True, slots=True)
class Line:
    """One episode, known by `first` and `key` together. `first` and `last` are its days, None without a date.
    `urgent`, `place`: of a visit or stay. `papers` are told with it; `stated_in` are others, that state its facts."""

    key: UUID
    first: date | None
    last: date | None
    sorts: frozenset[Sort]
    fresh: bool
    visit: bool
    urgent: bool
    place: str
    papers: tuple[DocumentLine, ...]
    stated_in: tuple[DocumentLine, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many lines each choice would leave, the other choices kept. `total`: those of the present choices."""

    total: int = 0
    sorts: Mapping[Sort, int] = field(default_factory=dict)
    years: Mapping[int, int] = field(default_factory=dict)
    undated: int = 0
    every_year: int = 0
    every_sort: int = 0
    fresh: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """`problems`: the lines of health problems, and `born` the birth date of the holder, where they were asked for."""

    terms: tuple[Term, ...] = ()
    lines: tuple[Line, ...] = ()
    counts: Counts = field(default_factory=Counts)
    next: Position | None = None
    problems: tuple[queries.Line, ...] = ()
    born: str = ""


def history(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    wanted: Wanted | None = None,
    *,
    since: datetime | None = None,
    after: Position | None = None,
    limit: int = PAGE,
    problems: bool = False,
) -> History:
    """One page, newest first, what has no date last. `since` is when the last visit was, for what is fresh."""

    def read(permit: Permit) -> History:
        found = _history(permit, wanted=wanted or Wanted(), since=since, after=after, limit=limit)
        if not problems:
            return found
        lines = queries.read_lines(permit, kinds=_LASTING, beside=True)
        return replace(found, problems=lines, born=holder(permit).birth_date)

    return reading(actor, purpose, record_id, read, action=_ACTION, target_kind="entries")


def _history(permit: Permit, *, wanted: Wanted, since: datetime | None, after: Position | None, limit: int) -> History:
    terms = folding.query(wanted.text)
    asked = clauses(terms) if terms else (None, None)
    visit = KINDS.index(Kind.ENCOUNTER)
    (row,) = hot(_SQL["history"], permit, (_ACTION, _RANKS, visit, since, *asked))
    counts, left = _chosen(_grouped(**row), wanted)
    rest = [each for each in left if after is None or _place(each) > _place_of(after)]
    page = rest[:limit]
    last = page[-1] if len(rest) > limit else None
    return History(
        terms=terms,
        lines=_lines(permit, page, asked),
        counts=counts,
        next=Position(last.first, UUID(last.key)) if last else None,
    )


@lru_cache(maxsize=16)
def _grouped(papers: str, gathered: str | None, told: str) -> tuple[_Judged, ...]:
    """Newest first. A visit looks at several pages of one history: what is grouped is remembered by all that the
    database told this reader, which is asked each time, so nothing is found again that is not told again."""
    found = episodes.group(
        [_paper(*each) for each in _rows(papers)],
        _joined(list(_gathered(gathered or "[]")), [_told(*each) for each in _rows(told)]),
    )
    return tuple(map(_judged, found))


def _rows(columns: str) -> Iterable[tuple[Any, ...]]:
    """Of nothing there are no columns but nulls."""
    return zip(*(each or () for each in orjson.loads(columns)), strict=True)


def _gathered(documents: str) -> Iterator[Told]:
    """What single documents state, as `record.entries_gather` counted it."""
    for document, counted in orjson.loads(documents):
        source = (document,)
        for kind, first, last, number, fact, place, setting in counted:
            if kind in _HAPPENED_RANKS:
                yield Told(
                    KINDS[kind],
                    first,
                    last,
                    source,
                    number=number,
                    hits=number,
                    fact=fact or "",
                    place=place,
                    setting=setting,
                )


def _joined(gathered: list[Told], told: list[Told]) -> Iterable[Told]:
    """Where another source of a fact is out of this reader's sight, its document states it alone, beside what is
    counted of that day already."""
    if not told:
        return gathered
    found = {_key_of_told(each): each for each in gathered}
    for each in told:
        key = _key_of_told(each)
        known = found.get(key)
        found[key] = _both(known, each) if known else each
    return found.values()


def _both(one: Told, other: Told) -> Told:
    last = max((each for each in (one.last, other.last) if each is not None), default=None)
    number, hits = one.number + other.number, one.hits + other.hits
    return one._replace(last=last, number=number, hits=hits, own=one.own or other.own, fresh=one.fresh or other.fresh)


def _paper(identifier: Id, type_ordinal: int, first: int, last: int, *rest: Any) -> Paper:
    return Paper(identifier, type_ordinal, first, max(first, last), *rest)


def _told(
    kind: int,
    first: int | None,
    last: int | None,
    alone: Id | None,
    sources: Sequence[Id] | None,
    later: Sequence[Id],
    *rest: Any,
) -> Told:
    return Told(KINDS[kind], first, last, (alone,) if alone else tuple(sources or ()), tuple(later), *rest)


class _Judged(NamedTuple):
    episode: Episode
    first: int | None
    key: Id
    year: int | None
    sorts: frozenset[Sort]
    fresh: bool
    hit: bool


def _judged(episode: Episode) -> _Judged:
    papers, told = episode.papers, episode.told
    return _Judged(
        episode,
        episode.first,
        episode.key,
        _day(episode.first).year if episode.first is not None else None,
        sorts_of(episode),
        True in [each.fresh for each in papers] or True in [each.fresh for each in told],
        True in [each.hit for each in papers] or max([each.hits for each in told], default=0) > 0,
    )


@lru_cache(maxsize=65_536)
def _day(number: int) -> date:
    return date.fromordinal(max(1, min(_EPOCH + number, date.max.toordinal())))


def _place(one: _Judged) -> tuple[bool, int, Id]:
    return one.first is None, -(one.first or 0), one.key


def _place_of(position: Position) -> tuple[bool, int, Id]:
    return position.first is None, -(position.first or 0), str(position.key)


def _chosen(judged: Iterable[_Judged], wanted: Wanted) -> tuple[Counts, list[_Judged]]:
    """Those that meet every choice, and how many would meet it were one of them another."""
    left: list[_Judged] = []
    sorts, years, undated, fresh, in_years, in_sorts = Counter[Sort](), Counter[int](), 0, 0, 0, 0
    for each in judged:
        if not each.hit:
            continue
        sorted_so = wanted.sort is None or wanted.sort in each.sorts
        then = _is_of(each, wanted)
        new = each.fresh or not wanted.fresh
        if sorted_so and then and new:
            left.append(each)
        if then and new:
            in_sorts += 1
            sorts.update(each.sorts)
        if sorted_so and new:
            in_years += 1
            if each.year is None:
                undated += 1
            else:
                years[each.year] += 1
        if sorted_so and then and each.fresh:
            fresh += 1
    return Counts(len(left), sorts, years, undated, in_years, in_sorts, fresh), left


def _is_of(each: _Judged, wanted: Wanted) -> bool:
    if wanted.undated:
        return each.year is None
    return wanted.year is None or each.year == wanted.year


# What an episode is

_OF_KIND: Final = {
    Kind.RESULT: Sort.RESULT,
    Kind.VACCINATION: Sort.VACCINE,
    Kind.DISPENSATION: Sort.PHARMACY,
    Kind.PROCEDURE: Sort.PROCEDURE,
    Kind.REIMBURSED: Sort.PROCEDURE,
    Kind.PROBLEM: Sort.PROBLEM,
}
_STAYS: Final = frozenset({"34112-3", "11490-0", "15507-7", "15508-5", "67851-6", "60280-5"})
_VISITS: Final = frozenset(
    {"11488-4", "34749-2", "78513-9", "85208-7", "28617-9", "59283-2", "89233-1", "78601-2", "93024-8", "11506-3"}
)
_EMERGENCIES: Final = frozenset({"15507-7", "60280-5"})
_ACTS: Final = frozenset({"11505-5", "34874-8", "70004-7", "75482-0", "75492-9", "77436-4"})
_GIVEN: Final = frozenset({"60593-1", "DISP_AUT"})
_OF_CATEGORY: Final = {"BIOLOGIE": Sort.RESULT, "RADIO_SC": Sort.IMAGING, "CAR_VAC": Sort.VACCINE}
# What is written in a consultation, and says by itself that there was one.
_WRITTEN_THERE: Final = frozenset({"ORD_SOIN", "CERT_MED"})
_IN_HOSPITAL: Final = frozenset({"IMP", "ACUTE", "NONAC", "SS", "OBSENC"})
_URGENT: Final = "EMER"
_OUTSIDE: Final = frozenset({"AMB", "VR", "HH", "FLD", "EXTERNE"})


def sorts_of(episode: Episode) -> frozenset[Sort]:
    """Every kind of what is in it. A visit that a report's header names is one only where something was written that
    one writes in a visit: not for a blood sample."""
    return _sorts(
        frozenset([paper.type_ordinal for paper in episode.papers]),
        frozenset([each.kind for each in episode.told]),
        episode.visit is not None,
        _is_stay(episode),
    )


@lru_cache(maxsize=4_096)
def _sorts(papers: frozenset[int], kinds: frozenset[Kind], visits: bool, stays: bool, /) -> frozenset[Sort]:  # noqa: FBT001
    """Of thousands of lines there are some tens of kinds, looked up by position: names are slow to compare."""
    found = {_of_paper(each) for each in papers} | {_OF_KIND[each] for each in kinds - {Kind.ENCOUNTER}}
    if stays:
        found.add(Sort.STAY)
    elif visits and (not papers or any(_tells_of_a_visit(each) for each in papers)):
        found.add(Sort.VISIT)
    if len(found) > 1:
        found.discard(Sort.DOCUMENT)
    return frozenset(found)


def _is_stay(episode: Episode) -> bool:
    """A night, or an emergency; a single day in a hospital where a stay's own document says so, or nothing else does: a
    scan is not a stay because a hospital made it."""
    if episode.visit is None:
        return False
    if True in [_stayed(each) for each in episode.visit.told]:
        return True
    inside = True in [each.setting in _IN_HOSPITAL for each in episode.visit.told]
    of_papers = {_of_paper(paper.type_ordinal) for paper in episode.papers}
    return inside and (not of_papers or Sort.STAY in of_papers)


def _is_urgent(episode: Episode) -> bool:
    """No more than an emergency: nothing of it is from a stay that followed."""
    told = episode.visit.told if episode.visit else ()
    kinds = (document_types.by_ordinal(paper.type_ordinal) for paper in episode.papers)
    stays = {kind.code for kind in kinds if kind and kind.code in _STAYS}
    if stays:
        return stays <= _EMERGENCIES
    return bool(told) and all(each.setting == _URGENT for each in told)


def _stayed(told: Told) -> bool:
    nights = told.first is not None and (told.last or told.first) > told.first
    return told.setting == _URGENT or (nights and told.setting not in _OUTSIDE)


def _tells_of_a_visit(type_ordinal: int) -> bool:
    kind = document_types.by_ordinal(type_ordinal)
    written = kind is not None and kind.category in _WRITTEN_THERE and kind.code not in _GIVEN
    return written or _of_paper(type_ordinal) is Sort.VISIT


@cache
def _of_paper(type_ordinal: int) -> Sort:
    kind = document_types.by_ordinal(type_ordinal)
    if kind is None:
        return Sort.DOCUMENT
    for codes, sort in ((_STAYS, Sort.STAY), (_VISITS, Sort.VISIT), (_ACTS, Sort.PROCEDURE), (_GIVEN, Sort.PHARMACY)):
        if kind.code in codes:
            return sort
    return _OF_CATEGORY.get(kind.category, Sort.DOCUMENT)


# What a page says of it

_Key = tuple[Kind, int | None, tuple[Id, ...], tuple[Id, ...], bool, Id | None]


def _lines(permit: Permit, page: Sequence[_Judged], asked: tuple[Any, Any]) -> tuple[Line, ...]:
    sources = {source for each in page for told in each.episode.told for source in told.sources}
    ids = sources | {paper.id for each in page for paper in each.episode.papers}
    found = hot(_SQL["facts"], permit, (_RANKS, list(sources), *asked)) if sources else []
    papers = (
        {str(row["id"]): DocumentLine(**plain(row)) for row in hot(_SQL["papers"], permit, (list(ids),))} if ids else {}
    )
    facts: dict[_Key, list[Mapping[str, Any]]] = {}
    for row in found:
        facts.setdefault(_key_of(row), []).append(row)
    return tuple(_line(each, papers, facts) for each in page)


def _key_of(row: Mapping[str, Any]) -> _Key:
    kind = KINDS[row["kind"]]
    sources, later = tuple(map(str, row["sources"])), tuple(map(str, row["later"]))
    return kind, row["day"], sources, later, row["struck"], str(row["fact"]) if kind is Kind.ENCOUNTER else None


def _line(
    judged: _Judged, papers: Mapping[Id, DocumentLine], facts: Mapping[_Key, Sequence[Mapping[str, Any]]]
) -> Line:
    episode = judged.episode
    told = tuple(
        _fact(row, each, episode)
        for each in sorted(episode.told, key=_told_place)
        for row in facts.get(_key_of_told(each), ())
    )
    stays = episode.visit.told if episode.visit else ()
    return Line(
        key=UUID(judged.key),
        first=_day(episode.first) if episode.first is not None else None,
        last=_day(episode.last) if episode.last is not None else None,
        sorts=judged.sorts,
        fresh=judged.fresh,
        visit=episode.visit is not None,
        urgent=_is_urgent(episode),
        place=next((each.place for each in stays if each.place), ""),
        papers=tuple(papers[each.id] for each in _in_order(episode.papers) if each.id in papers),
        stated_in=_stated_in(told, episode, papers),
        facts=told,
    )


def _stated_in(told: Iterable[Fact], episode: Episode, papers: Mapping[Id, DocumentLine]) -> tuple[DocumentLine, ...]:
    here = {paper.id for paper in episode.papers}
    elsewhere = dict.fromkeys(str(each.source) for each in told if each.source and str(each.source) not in here)
    return tuple(papers[each] for each in elsewhere if each in papers)


def _in_order(papers: Iterable[Paper]) -> list[Paper]:
    return sorted(papers, key=lambda paper: (paper.first, paper.id))


def _told_place(told: Told) -> tuple[int, int, tuple[Id, ...], Id]:
    return KINDS.index(told.kind), told.first or 0, told.sources, told.fact or ""


def _key_of_told(told: Told) -> _Key:
    alone = told.fact if told.kind is Kind.ENCOUNTER else None
    return told.kind, told.first, told.sources, told.later, told.struck, alone


def _fact(row: Mapping[str, Any], told: Told, episode: Episode) -> Fact:
    here = [paper.id for paper in episode.papers if paper.id in told.sources]
    return Fact(
        id=row["fact"],
        kind=told.kind,
        label=row["label"],
        since=row["since"],
        until=row["until"],
        struck=row["struck"],
        hit=row["hit"],
        source=None if told.own else UUID(here[0] if here else told.sources[0]),
        said_by=row["said_by"],
        value=row["value"],
        comparator=row["comparator"],
        low=row["low"],
        high=row["high"],
        interpretation=row["interpretation"],
        fhir=row["fhir"],
    )


@dataclass(frozen=True, slots=True)
class Latest:
    """For the home: the newest line with results, the first lines that are new, how many those are, and of which year
    the first fact is."""

    results: Line | None = None
    fresh: tuple[Line, ...] = ()
    fresh_count: int = 0
    since: int | None = None


def latest(actor: Actor, purpose: Purpose, record_id: UUID, *, since: datetime | None, most: int = 3) -> Latest:
    read: Callable[[Permit], Latest] = partial(read_latest, since=since, most=most)
    return reading(actor, purpose, record_id, read, action=_ACTION, target_kind="entries")


def read_latest(permit: Permit, *, since: datetime | None, most: int) -> Latest:
    visit, result = KINDS.index(Kind.ENCOUNTER), KINDS.index(Kind.RESULT)
    (row,) = hot(_SQL["latest"], permit, (_ACTION, _RANKS, visit, result, since))
    found = _grouped(row["papers"], row["gathered"], row["told"])
    new = [each for each in found if each.fresh]
    newest = next((each for each in found if _has_results(each.episode)), None)
    lines = _lines(permit, [*new[:most], *([newest] if newest else [])], (None, None))
    return Latest(
        results=lines[-1] if newest else None,
        fresh=lines[: len(new[:most])],
        fresh_count=len(new),
        since=row["oldest"],
    )


def _has_results(episode: Episode) -> bool:
    return episode.first is not None and any(each.kind is Kind.RESULT and not each.struck for each in episode.told)
