"""A medical summary: its chapters, and what each says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carnet.formats.clinical.model import Entry, Kind, Problem

__all__ = ["Chapter", "Nothing", "Part", "Synthesis", "part_of"]

_ENDED: Final = frozenset({"inactive", "resolved", "remission"})


class Part(StrEnum):
    """Its values are parts of addresses, and of the marks in the narrative."""

    ALLERGIES = "allergies"
    PROBLEMS = "problemes"
    HISTORY = "antecedents"
    PROCEDURES = "operations"
    FAMILY = "famille"
    TREATMENTS = "traitements"
    LIFE = "mode-de-vie"
    RISKS = "risques-professionnels"
    WATCH = "vigilance"
    RESULTS = "resultats"
    MEASURES = "mesures"
    VACCINATIONS = "vaccinations"
    PREGNANCIES = "grossesses"
    FUNCTION = "autonomie"
    DEVICES = "dispositifs"
    PLAN = "plan"


class Nothing(StrEnum):
    """What is said where there is no line: that there is none known, or that it is not known."""

    NONE = "aucun"
    UNKNOWN = "inconnu"


@dataclass(frozen=True, slots=True)
class Chapter:
    """`nothing` where there is no entry and somebody said which of the two it is; "" says nothing."""

    part: Part
    entries: tuple[Entry, ...] = ()
    nothing: Nothing | None = None
    remark: str = ""

    def __bool__(self) -> bool:
        return bool(self.entries or self.nothing or self.remark)


@dataclass(frozen=True, slots=True)
class Synthesis:
    chapters: tuple[Chapter, ...] = ()

    def of(self, part: Part) -> Chapter:
        return next((each for each in self.chapters if each.part is part), Chapter(part))

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for part in Part for entry in self.of(part).entries)


_PARTS: Final = {
    Kind.ALLERGY: Part.ALLERGIES,
    Kind.PROCEDURE: Part.PROCEDURES,
    Kind.FAMILY: Part.FAMILY,
    Kind.TREATMENT: Part.TREATMENTS,
    Kind.SOCIAL: Part.LIFE,
    Kind.RESULT: Part.RESULTS,
    Kind.MEASURE: Part.MEASURES,
    Kind.VACCINATION: Part.VACCINATIONS,
    Kind.PREGNANCY: Part.PREGNANCIES,
    Kind.FUNCTION: Part.FUNCTION,
    Kind.DEVICE: Part.DEVICES,
}


def part_of(entry: Entry) -> Part | None:
    """None for what a summary does not tell. A problem that is over is history."""
    if isinstance(entry, Problem):
        over = entry.clinical in _ENDED or bool(entry.when.end)
        return Part.HISTORY if over and not entry.absence else Part.PROBLEMS
    return _PARTS.get(entry.kind)
