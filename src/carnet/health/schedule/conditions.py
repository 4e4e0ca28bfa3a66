"""Whom a line is for: by birth and age, by sex, by facts that somebody has to tell. What is not known is asked, never
guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from carnet.health.schedule.edition import Atom, Cohort, Line
from carnet.health.schedule.facts import Person, Situation

__all__ = ["Concern", "concern", "is_compulsory"]

_SEXES = frozenset({"female", "male"})


@dataclass(frozen=True, slots=True)
class Concern:
    """`holds` is None where it depends on what is not known: then `asks` names the situations in which it holds.
    `later`: the day from which age alone makes it hold; `since`: from which it does, None where that is not known."""

    holds: bool | None
    asks: frozenset[Situation] = frozenset()
    later: date | None = None
    since: date | None = None


def concern(line: Line, person: Person, today: date) -> Concern:
    if not _born_for(line.born, line.before, person):
        return Concern(holds=False)
    if not line.condition:
        return Concern(holds=True)
    found = [_atom(each, person, today) for each in line.condition]
    if any(each.holds for each in found):
        return Concern(holds=True, since=min((each.since for each in found if each.since), default=None))
    asks = frozenset(ask for each in found for ask in each.asks)
    later = min((each.later for each in found if each.later), default=None)
    return Concern(holds=None if asks else False, asks=asks, later=later)


def _atom(atom: Atom, person: Person, today: date) -> Concern:
    since = atom.since.after(person.born) if atom.since else date.min
    until = atom.until.after(person.born) if atom.until else date.max
    if atom.sex and person.sex in _SEXES and person.sex != atom.sex:
        return Concern(holds=False)
    if today < since:
        return Concern(holds=False, later=None if atom.facts else since)
    if today >= until:
        return Concern(holds=False)
    told = {fact: person.has(fact) for fact in atom.facts}
    if False in told.values():
        return Concern(holds=False)
    unknown = tuple(fact for fact, known in told.items() if known is None)
    if unknown:
        return Concern(holds=None, asks=frozenset({unknown}))
    return Concern(holds=True, since=None if atom.facts else since)


def is_compulsory(line: Line, disease: str, person: Person, today: date) -> bool | None:
    """None where the sources differ on it."""
    one = any(_in(each, disease, person, today) for each in line.mandatory)
    if not line.mandatory_or:
        return one
    other = any(_in(each, disease, person, today) for each in line.mandatory_or)
    return one if one == other else None


def _in(cohort: Cohort, disease: str, person: Person, today: date) -> bool:
    return (
        disease in cohort.diseases
        and _born_for(cohort.born, cohort.before, person)
        and (cohort.on is None or today >= cohort.on)
        and (cohort.under is None or today < cohort.under.after(person.born))
        and all(person.has(each) for each in cohort.facts)
    )


def _born_for(born: date | None, before: date | None, person: Person) -> bool:
    return (born is None or person.born >= born) and (before is None or person.born < before)
