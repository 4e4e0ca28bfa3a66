"""What somebody says of their situation because the vaccination schedule asks for it: said, never inferred from a
disease or a treatment.

Each is an observation under a code of our own, by the schedule's name of the fact, so that nobody's search for a habit
finds it by another's code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from carnet.formats.clinical.model import Entry, Kind, Observation
from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Coded
from carnet.health.queries import Line
from carnet.health.schedule import Edition
from carnet.health.schedule.edition import Words
from carnet.health.stored import entry_of

__all__ = ["KIND", "LABEL", "SYSTEM", "fact_of", "said", "sayable", "stated"]

KIND: Final = Kind.SOCIAL
SYSTEM: Final = "urn:carnet:fhir:vaccination-situation"
LABEL: Final = "Situation pour les vaccins"


def stated(fact: str, words: Words) -> Observation:
    """That it holds."""
    code = Concept(LABEL, (Coded(fact, SYSTEM, LABEL),))
    return Observation(kind=KIND, code=code, status="final", value=words.fr)


def fact_of(entry: Entry | None) -> str:
    """The schedule's name of it, "" for what says nothing of the kind."""
    return entry.code.code_of(SYSTEM) if isinstance(entry, Observation) and entry.kind is KIND else ""


def said(lines: Iterable[Line]) -> dict[str, Line]:
    """Of these lines those that say so, by the fact."""
    found = {}
    for line in lines:
        if line.kind is KIND and not (line.struck or line.absence or line.state == "entered-in-error"):
            fact = fact_of(entry_of(line.fhir)) if SYSTEM in line.fhir else ""
            if fact:
                found[fact] = line
    return found


def sayable(edition: Edition, asked: Iterable[str]) -> dict[str, Words]:
    """Of the facts asked those that a person can say of themselves, in the order of the edition."""
    wanted = set(asked)
    return {fact: words for fact, words in edition.sayable.items() if fact in wanted}
