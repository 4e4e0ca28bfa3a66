"""What is said of a disease: by one line of the schedule, read in one way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import product
from typing import Final

from carnet.health.schedule.edition import Line
from carnet.health.schedule.facts import Dose, Situation, Why

__all__ = ["CLOSED", "Said", "State", "Taken", "Way", "ways"]


class State(StrEnum):
    """`up-to-date`: done so far, more comes. `upcoming`: nothing done, nothing asked yet. `offered`: may be given, is
    not asked. `ask`: asked of some people only, and nothing tells whether of this one. `unknown`: the sources, or what
    is known of the doses, allow more than one answer."""

    COMPLETE = "complete"
    UP_TO_DATE = "up-to-date"
    UPCOMING = "upcoming"
    DUE = "due"
    LATE = "late"
    OFFERED = "offered"
    ASK = "ask"
    CONTRAINDICATED = "contraindicated"
    REFUSED = "refused"
    NOT_CONCERNED = "not-concerned"
    UNKNOWN = "unknown"


CLOSED: Final = State.NOT_CONCERNED
"""The line asks nothing of this person any more, or never did."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of reading the same facts. `strict`: of two sources the one that asks more of a dose. `latest`: what is
    known to a month or a year was done on the last of its days. `undated`: doses without a date count."""

    strict: bool = True
    latest: bool = False
    undated: bool = False

    def day(self, dose: Dose) -> date:
        return dose.days()[1 if self.latest else 0]

    def reached(self, dose: Dose, limit: date) -> bool:
        """Whether it was given on that day or after: certainly, where the reading is strict, else possibly."""
        first, last = dose.days()
        return (first if self.strict else last) >= limit


def ways(doses: tuple[Dose, ...]) -> tuple[Way, ...]:
    """Every way that can matter for these doses; the first is the one whose days are told."""
    latest = (False, True) if any(each.dated and not each.exact for each in doses) else (False,)
    undated = (False, True) if any(not each.dated for each in doses) else (False,)
    return tuple(Way(*each) for each in product((True, False), latest, undated))


@dataclass(frozen=True, slots=True)
class Taken:
    """A dose, and why it does not count; None where it does."""

    dose: Dose
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """`since`: from when it is due, or late. `soonest` and `until`: when the next dose is planned, and from when it is
    late. `number` of `of`: the rank of the next dose, where doses are counted. `doubts`: where ways of reading part."""

    state: State
    line: Line | None = None
    since: date | None = None
    soonest: date | None = None
    until: date | None = None
    number: int = 0
    of: int = 0
    taken: tuple[Taken, ...] = ()
    doubts: frozenset[str] = frozenset()
    asks: frozenset[Situation] = frozenset()

    @property
    def counted(self) -> tuple[Dose, ...]:
        return tuple(each.dose for each in self.taken if each.why is None)

    def doubting(self, *doubts: str) -> Said:
        return replace(self, doubts=self.doubts | {*doubts})
