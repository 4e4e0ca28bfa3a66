"""A target that somebody set for one analyte or measure: words of theirs, apart from every result.

It is an observation under a code of our own, whose text is the series that it is about: it shares no code with a
result, so that nobody's search for a result finds a wish; nor do its parts, of a measure that has several. What is kept
is the target alone, never whether it is met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from carnet.formats.clinical.model import Component, Entry, Kind, Observation
from carnet.formats.clinical.values import Concept, Quantity, Range, Span
from carnet.formats.entry import Author, Coded
from carnet.formats.terminology import measures
from carnet.formats.terminology.measures import Measure
from carnet.health.queries import Line

__all__ = ["SYSTEM", "Goal", "Parts", "Target", "about", "goal_of", "series_of", "stated", "target_of"]

SYSTEM: Final = "urn:carnet:fhir:goal"
_PREFIX: Final = f"{SYSTEM}|"
_CHAPTER: Final = Concept("Objectif", (Coded("goal", SYSTEM, "Objectif"),))
_MEASURE: Final = "measure:"


@dataclass(frozen=True, slots=True)
class Parts:
    """Of a measure that is made of several, what is aimed at for each of them, in their order: 135 and 85."""

    each: tuple[tuple[Measure, Quantity], ...]

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(wanted for _, wanted in self.each)


Target = Quantity | Range | Parts


@dataclass(frozen=True, slots=True)
class Goal:
    """`by` is who signed it, None for who wrote in somebody's name; `said_by` and `mine` as of its line."""

    line: Line
    target: Target
    at: datetime | None
    by: Author | None

    @property
    def of_professional(self) -> bool:
        return self.line.said_by == "professional"


def series_of(series: str) -> str:
    """Of the goals about a series."""
    return f"{_PREFIX}{series}"


def about(series: str) -> str:
    """The series that a goal is about; "" for what is no goal."""
    return series.removeprefix(_PREFIX) if series.startswith(_PREFIX) else ""


def stated(series: str, kind: Kind, label: str, target: Target, day: str) -> Observation:
    """What `stating.state` keeps. `kind` is that of the series: who reads its values reads what is wished of them."""
    whole = None if isinstance(target, Parts) else target
    parts = target.each if isinstance(target, Parts) else ()
    return Observation(
        kind=kind,
        code=_code(series, label),
        status="final",
        when=Span(day),
        value=whole,
        components=tuple(Component(code=_code(_part(series, each), each.label), value=aimed) for each, aimed in parts),
        panels=(_CHAPTER,),
    )


def _code(of: str, label: str) -> Concept:
    return Concept(f"Objectif : {label}", (Coded(of, SYSTEM, f"Objectif : {label}"),))


def _part(series: str, part: Measure) -> str:
    return f"{series}/{part.key}"


def target_of(entry: Entry | None) -> Target | None:
    """None for what is no target, or not the whole of one."""
    if not isinstance(entry, Observation) or not (series := entry.code.code_of(SYSTEM)):
        return None
    if isinstance(entry.value, Quantity | Range):
        return entry.value
    measure = measures.by_key(series.removeprefix(_MEASURE)) if series.startswith(_MEASURE) else None
    parts = measure.components if measure else ()
    wanted = {each.code.code_of(SYSTEM): each.value for each in entry.components}
    found = [(part, aimed) for part in parts if isinstance(aimed := wanted.get(_part(series, part)), Quantity)]
    return Parts(tuple(found)) if found and len(found) == len(parts) else None


def goal_of(line: Line, entry: Entry | None) -> Goal | None:
    target = target_of(entry)
    by = entry.by if entry else None
    return Goal(line, target, line.since, by) if target else None
