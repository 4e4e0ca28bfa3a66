"""What is one line of the history. Pure; days are counted from 1970, in Paris.

- A **visit** or stay is what is stated of one place on days that meet: two documents that tell of the same stay, and a
  day in the emergency ward before it, are one. Without a place, what one document states.
- A **document** is told with the visit that holds its first day, when it comes from that place; or with the visit that
  it states itself, up to a month after its end. Otherwise it is a line of its own.
- A **fact** is told with the nearest of its documents in sight, when its day is within that document's days, at most a
  week before them or a day after. A corrected fact is told with its correction, by the same rule.
- What a document states of **another day** stands on that day, with whatever else it states of it; or with the visit
  that holds that day, when that document is of the visit's place or states the visit.
- What has **no date** stands apart, by document.

Nothing joins two lines but these: there is no chain by which a line grows."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from carnet.formats.clinical.model import Kind
from carnet.formats.folding import fold

__all__ = ["Episode", "Id", "Paper", "Told", "Visit", "group", "visits_of"]

Id = str
"""A UUID as PostgreSQL writes it: thousands are compared, and some tens are shown."""

BEFORE: Final = 7
AFTER: Final = 1
WRITTEN_LATER: Final = 31


class Paper(NamedTuple):
    """A document in force. `first` and `last`: the days of the act; `hit`: has the words that are asked for."""

    id: Id
    type_ordinal: int
    first: int
    last: int
    place: str = ""
    fresh: bool = False
    hit: bool = True


class Told(NamedTuple):
    """Facts of one kind, one day and the same sources; a visit alone. `later`: the documents by which they are struck.
    `hits`: how many of the `number` have the words that are asked for."""

    kind: Kind
    first: int | None
    last: int | None
    sources: tuple[Id, ...]
    later: tuple[Id, ...] = ()
    struck: bool = False
    own: bool = False
    fresh: bool = False
    number: int = 1
    hits: int = 1
    fact: Id = ""
    place: str = ""
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """`place` is folded."""

    first: int
    last: int
    place: str
    told: tuple[Told, ...]
    key: Id

    @property
    def sources(self) -> frozenset[Id]:
        return frozenset(source for each in self.told for source in (*each.sources, *each.later))


@dataclass(slots=True)
class Episode:
    """One line. `first` is the day that it stands on, None without a date; with `key` it is its place in the list."""

    key: Id
    first: int | None
    last: int | None
    visit: Visit | None = None
    papers: list[Paper] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def group(papers: Iterable[Paper], told: Iterable[Told]) -> list[Episode]:
    """Newest first, what has no date last."""
    by_id = {paper.id: paper for paper in papers}
    facts = tuple(told)
    visits = visits_of(facts)
    stays = _Visits(visits)
    found: dict[tuple[int | None, Id], Episode] = {}
    at_paper: dict[Id, Episode] = {}

    def line(first: int | None, last: int | None, key: Id, visit: Visit | None = None) -> Episode:
        known = found.get((first, key))
        if known is None:
            known = found[first, key] = Episode(key, first, last, visit)
        return known

    for visit in visits:
        line(visit.first, visit.last, visit.key, visit).told.extend(visit.told)
    for paper in by_id.values():
        held = stays.of_paper(paper)
        episode = line(held.first, held.last, held.key, held) if held else line(paper.first, paper.last, paper.id)
        episode.papers.append(paper)
        at_paper[paper.id] = episode
    for each in facts:
        if each.first is None:
            line(None, None, _first_source(each)).told.append(each)
            continue
        if each.kind is Kind.ENCOUNTER:
            continue
        home = nearest(each, by_id)
        if home and home.first - BEFORE <= each.first <= home.last + AFTER:
            at_paper[home.id].told.append(each)
            continue
        held = stays.of_fact(each, home)
        where = held.key if held else home.id if home else _first_source(each)
        episode = line(held.first, held.last, where, held) if held else line(each.first, each.last, where)
        episode.told.append(each)
    return sorted(found.values(), key=lambda one: (one.first is None, -(one.first or 0), one.key))


def nearest(told: Told, papers: Mapping[Id, Paper]) -> Paper | None:
    """Of those in sight; of two as near, the earlier, then the smaller id."""
    if len(told.sources) == 1 and not told.later:
        return papers.get(told.sources[0])
    day = told.first or 0
    here = [papers[each] for each in (*told.sources, *told.later) if each in papers]
    return min(here, key=lambda paper: (_distance(day, paper), paper.first, paper.id), default=None)


def _distance(day: int, paper: Paper) -> int:
    return max(paper.first - day, day - paper.last, 0)


def _first_source(told: Told) -> Id:
    return told.sources[0] if len(told.sources) == 1 else min(told.sources)


def visits_of(told: Iterable[Told]) -> tuple[Visit, ...]:
    """Of each place, those whose days meet, as one."""
    by_place: defaultdict[str, list[Told]] = defaultdict(list)
    for each in told:
        if each.kind is Kind.ENCOUNTER and each.first is not None:
            by_place[_place(each.place) or str(_first_source(each))].append(each)
    return tuple(visit for each in by_place.values() for visit in _joined(each))


def _joined(told: Sequence[Told]) -> Iterator[Visit]:
    run: list[Told] = []
    first = last = 0
    for each in sorted(told, key=lambda one: (one.first or 0, one.last or 0, one.fact)):
        begins = each.first or 0
        ends = max(begins, each.last if each.last is not None else begins)
        if run and begins > last:
            yield _visit(first, last, run)
            run = []
        first, last = (first, max(last, ends)) if run else (begins, ends)
        run.append(each)
    yield _visit(first, last, run)


def _visit(first: int, last: int, run: Sequence[Told]) -> Visit:
    key = run[0].fact if len(run) == 1 else min(each.fact for each in run)
    return Visit(first, last, _place(run[0].place), tuple(run), key)


class _Visits:
    """Visits by their places and by the documents that state them."""

    def __init__(self, visits: Iterable[Visit]) -> None:
        self._at: defaultdict[str, list[Visit]] = defaultdict(list)
        self._of: defaultdict[Id, list[Visit]] = defaultdict(list)
        for visit in visits:
            if visit.place:
                self._at[visit.place].append(visit)
            for source in visit.sources:
                self._of[source].append(visit)

    def of_paper(self, paper: Paper) -> Visit | None:
        day = paper.first
        stating = [each for each in self._of.get(paper.id, ()) if each.first <= day <= each.last + WRITTEN_LATER]
        return _chosen([*self._there(paper.place, day), *stating])

    def of_fact(self, told: Told, home: Paper | None) -> Visit | None:
        day = told.first or 0
        stating = [
            visit for source in told.sources for visit in self._of.get(source, ()) if visit.first <= day <= visit.last
        ]
        return _chosen([*self._there(home.place if home else "", day), *stating])

    def _there(self, place: str, day: int) -> Sequence[Visit]:
        """Those of one place stand apart, in their order."""
        visits = self._at.get(_place(place), ())
        before = bisect_right(visits, day, key=lambda visit: visit.first)
        return visits[before - 1 : before] if before and visits[before - 1].last >= day else ()


def _chosen(visits: Sequence[Visit]) -> Visit | None:
    """The one that began last, then the shorter, then the one of the smaller key."""
    if len(visits) <= 1:
        return visits[0] if visits else None
    return min(visits, key=lambda one: (-one.first, one.last, one.key))


@lru_cache(maxsize=4096)
def _place(name: str) -> str:
    return " ".join(fold(name).split())
