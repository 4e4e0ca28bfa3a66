"""A target that somebody set for one analyte or measure: words of theirs, apart from every result.

It is an observation under a code of our own, whose text is the series that it is about: it shares no code with a
result, so that nobody's search for a result finds a wish. What is kept is the target alone, never whether it is met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from carnet.formats.clinical.model import Entry, Kind, Observation
from carnet.formats.clinical.values import Concept, Quantity, Range, Span
from carnet.formats.entry import Author, Coded
from carnet.health.queries import Line

__all__ = ["SYSTEM", "Goal", "about", "goal_of", "series_of", "stated"]

SYSTEM: Final = "urn:carnet:fhir:goal"
_PREFIX: Final = f"{SYSTEM}|"
_CHAPTER: Final = Concept("Objectif", (Coded("goal", SYSTEM, "Objectif"),))


@dataclass(frozen=True, slots=True)
class Goal:
    """`by` is who signed it, None for who wrote in somebody's name; `said_by` and `mine` as of its line."""

    line: Line
    target: Quantity | Range
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


def stated(series: str, kind: Kind, label: str, target: Quantity | Range, day: str) -> Observation:
    """What `stating.state` keeps. `kind` is that of the series: who reads its values reads what is wished of them."""
    return Observation(
        kind=kind,
        code=Concept(f"Objectif : {label}", (Coded(series, SYSTEM, f"Objectif : {label}"),)),
        status="final",
        when=Span(day),
        value=target,
        panels=(_CHAPTER,),
    )


def goal_of(line: Line, entry: Entry | None) -> Goal | None:
    if not isinstance(entry, Observation) or not isinstance(entry.value, Quantity | Range):
        return None
    return Goal(line, entry.value, line.since, entry.by)
