"""Reading results and measures as people look at them: the last of each, and all of one. Every function takes the actor
and the purpose, and leaves its line in the trail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property, partial
from typing import Final
from uuid import UUID

from carnet.consent.access import reading
from carnet.formats.clinical.model import Component, Kind, Observation
from carnet.formats.clinical.values import Concept, Quantity
from carnet.formats.entry import Coded
from carnet.formats.terminology import analytes, labels, measures, systems
from carnet.formats.terminology.analytes import Analyte
from carnet.formats.terminology.measures import Measure
from carnet.health import goals, queries, stored, trends
from carnet.health.columns import KINDS
from carnet.health.goals import Goal
from carnet.health.handing import for_anybody, without_own_secrets
from carnet.health.queries import Line
from carnet.health.trends import Given, Trend
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, hot, statements

__all__ = ["Found", "Series", "joined", "latest", "measured", "one", "quantity_in", "quantity_of"]

_SQL = statements("carnet.health")
_EACH: Final = 8


@dataclass(frozen=True)
class Found:
    """A line and what its resource says. `masked`: hidden from professionals, known where all of one series was asked
    for. `joined`: what two halves of a measure say together."""

    line: Line
    masked: bool = False
    joined: Observation | None = None

    @cached_property
    def entry(self) -> Observation | None:
        """None where the page does not need it, or where it cannot be read. Read when it is asked for: of hundreds of
        analyses a page tells some tens."""
        return self.joined or _entry(self.line.fhir)


@dataclass(frozen=True)
class Series:
    """`found` newest first, without what was corrected unless all of one was asked for. `goals` newest first."""

    key: str
    found: tuple[Found, ...]
    goals: tuple[Goal, ...] = ()

    @cached_property
    def analyte(self) -> Analyte | None:
        return analytes.by_key(self.key.removeprefix("analyte:")) if self.key.startswith("analyte:") else None

    @cached_property
    def measure(self) -> Measure | None:
        return measures.by_key(self.key.removeprefix("measure:")) if self.key.startswith("measure:") else None

    @cached_property
    def last(self) -> Found | None:
        """The newest that stands. Of several at one moment the one in the unit of the page: laboratories print HbA1c
        in two."""
        standing = [each for each in self.found if not each.line.struck]
        if not standing:
            return None
        first = standing[0]
        alike = [each for each in standing if each.line.since == first.line.since]
        if len(alike) == 1:
            return first
        return next((each for each in alike if each.line.ucum == self.unit and each.entry), first)

    @property
    def unit(self) -> str:
        known = self.analyte
        if known:
            return known.unit
        measure = self.measure
        return measure.shown if measure else ""

    @property
    def substance(self) -> str:
        known = self.analyte or self.measure
        return known.substance if known else ""

    @cached_property
    def trend(self) -> Trend:
        return trends.trend(map(_given, self.found), self.unit, self.substance)

    @property
    def parts(self) -> Mapping[str, Trend]:
        """Of a measure that is made of several, each by its key; empty for any other."""
        whole = self.measure
        if whole is None or not whole.components:
            return {}
        return {
            part.key: trends.trend((_given(each, part) for each in self.found), part.shown) for part in whole.components
        }


def latest(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    kind: Kind,
    *,
    each: int = _EACH,
    whole: int | None = None,
    for_others: bool = False,
) -> tuple[Series, ...]:
    """The last `each` of every series of a kind, or of the `whole` newest and one of each other; the series with the
    newest result first. `for_others`: without what is kept from anybody."""

    def read(permit: Permit) -> list[Line]:
        if not for_others:
            return _latest(permit, kind=kind, each=each, whole=whole)
        return _for_others(permit, kind=kind, each=each)

    lines = reading(actor, purpose, record_id, read, action="entries-list", target_kind="entries")
    return joined((line, False) for line in lines)


def _for_others(permit: Permit, *, kind: Kind, each: int) -> list[Line]:
    """Where the newest of a series is one's own secret, what stands before it takes its place."""
    told = _latest(for_anybody(permit), kind=kind, each=each)
    left = without_own_secrets(permit, told)
    facts = {line.fact for line in left}
    short = sorted({line.series for line in told if line.fact not in facts and line.series})
    if not short:
        return [*left]
    whole = [line for line, _ in _one(for_anybody(permit), kind=kind, wanted=short) if not line.struck]
    others = _first(without_own_secrets(permit, whole), each)
    found = [*(line for line in left if line.series not in short), *others]
    return sorted(found, key=lambda line: -line.since.timestamp() if line.since else 0.0)


def _first(lines: Iterable[Line], each: int) -> list[Line]:
    """As many of each series, of lines that are newest first."""
    many: Counter[str] = Counter()
    found = []
    for line in lines:
        many[line.series] += 1
        if many[line.series] <= each:
            found.append(line)
    return found


def _latest(permit: Permit, *, kind: Kind, each: int, whole: int | None = None) -> list[Line]:
    asked = ("entries-list", [KINDS.index(kind)], each, whole)
    return [*map(queries.line, hot(_SQL["results"], permit, asked))]


def one(actor: Actor, purpose: Purpose, record_id: UUID, kind: Kind, series: str) -> Series | None:
    """All that is told of one series, with what was corrected; None where there is nothing of it."""
    halves = [half for half, (whole, _) in _halves().items() if whole == series]
    read = partial(_one, kind=kind, wanted=[series, goals.series_of(series), *halves])
    found = reading(actor, purpose, record_id, read, action="entries-list", target_kind="entries")
    return next((each for each in joined(found) if each.key == series), None)


def _one(permit: Permit, *, kind: Kind, wanted: list[str]) -> list[tuple[Line, bool]]:
    asked = ("entries-list", [KINDS.index(kind)], wanted, labels.MASQUE_PS)
    return [
        (queries.line(row), masked) for row in hot(_SQL["series"], permit, asked) for masked in (row.pop("masked"),)
    ]


def joined(lines: Iterable[tuple[Line, bool]]) -> tuple[Series, ...]:
    """What has no series is alone under the id of its fact."""
    groups: dict[str, list[Found]] = {}
    aims: dict[str, list[Goal]] = {}
    for found in _paired([Found(line, masked) for line, masked in lines]):
        line = found.line
        about = goals.about(line.series)
        if not about:
            groups.setdefault(line.series or str(line.fact), []).append(found)
        elif (goal := goals.goal_of(line, found.entry)) and not line.struck:
            aims.setdefault(about, []).append(goal)
    keys = [*groups, *(each for each in aims if each not in groups)]
    return tuple(Series(key, tuple(groups.get(key, ())), tuple(aims.get(key, ()))) for key in keys)


@cache
def _halves() -> Mapping[str, tuple[str, Measure]]:
    """The series of what is a part of a measure and may stand alone: to which measure it belongs, and which part."""
    return {
        f"{systems.to_uri(part.system)}|{part.code}": (f"measure:{whole.key}", part)
        for whole in measures.every()
        for part in whole.components
    }


def _paired(every: Sequence[Found]) -> Iterable[Found]:
    """Documents write a systolic and a diastolic pressure as two lines: those of one source and one moment are one
    measure, in the place of the first. A half without its other half stays what it is."""
    sides: dict[tuple[object, ...], dict[str, Found]] = {}
    for each in every:
        if each.line.series in _halves():
            sides.setdefault(_moment_of(each), {}).setdefault(each.line.series, each)
    for each in every:
        pair = sides.get(_moment_of(each), {}) if each.line.series in _halves() else {}
        if each not in pair.values() or len(pair) < len(_siblings(each.line.series)):
            yield each
        elif each is next(iter(pair.values())):
            yield _pair(each, pair)


def _moment_of(found: Found) -> tuple[object, ...]:
    line = found.line
    return line.since, line.said_by, line.sources[:1], line.struck, found.masked


def _siblings(series: str) -> list[str]:
    whole = _halves()[series][0]
    return [each for each, (of, _) in _halves().items() if of == whole]


def _pair(first: Found, pair: Mapping[str, Found]) -> Found:
    key = _halves()[first.line.series][0]
    parts = tuple(
        Component(code=Concept(part.label, (Coded(part.code, part.system, part.label),)), value=quantity_of(pair[half]))
        for half, (whole, part) in _halves().items()
        if whole == key
    )
    known = first.entry or Observation(kind=first.line.kind, code=Concept())
    line = replace(first.line, series=key, value=None, ucum="", low=None, high=None)
    return Found(line, first.masked, replace(known, value=None, ranges=(), components=parts))


def _entry(text: str) -> Observation | None:
    entry = stored.entry_of(text)
    return entry if isinstance(entry, Observation) else None


def quantity_of(found: Found, part: Measure | None = None) -> Quantity | None:
    """Its number: as its source wrote it where the resource is at hand."""
    if found.entry is not None or part is not None:
        return quantity_in(found.entry, part) if found.entry else None
    line = found.line
    return Quantity(line.value, "", line.ucum, line.comparator) if line.value is not None else None


def measured(found: Found) -> Quantity | None:
    """Its number in the unit of its code, for a curve or a range: without reading its resource where the line tells
    both."""
    line = found.line
    if line.value is not None and line.ucum:
        return Quantity(line.value, "", line.ucum, line.comparator)
    return quantity_of(found)


def quantity_in(entry: Observation, part: Measure | None = None) -> Quantity | None:
    if part is None:
        return entry.value if isinstance(entry.value, Quantity) else None
    codes: Sequence[Quantity] = [
        each.value
        for each in entry.components
        if isinstance(each.value, Quantity) and each.code.code_of(part.system) == part.code
    ]
    return codes[0] if len(codes) == 1 else None


def _given(found: Found, part: Measure | None = None) -> Given:
    line = found.line
    quantity = measured(found) if part is None else quantity_of(found, part)
    low, high = (line.low, line.high) if part is None else (None, None)
    at: datetime | None = line.since
    return Given(line.fact, at, quantity, low, high, struck=line.struck)
