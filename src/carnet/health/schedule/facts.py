"""What is known of a person and of their vaccines: the facts that the schedule is asked with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

__all__ = ["Dose", "NotDone", "Person", "Situation", "Why", "Withheld"]

Situation = tuple[str, ...]
"""Facts of which all hold, by the edition's names."""


@dataclass(frozen=True, slots=True)
class Person:
    """`yes` and `no`: what somebody told of their situation, by the edition's facts; what is in neither is not known.
    `pregnant_since`: the first day of the pregnancy, as weeks are counted."""

    born: date
    sex: str = ""
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    pregnant_since: date | None = None

    def has(self, fact: str) -> bool | None:
        return True if fact in self.yes else False if fact in self.no else None


@dataclass(frozen=True, slots=True)
class Dose:
    """A vaccine that was given, between two days as precisely as the source states it: both are None where it states
    no date. `key`: what the caller knows it by."""

    diseases: frozenset[str]
    first: date | None = None
    last: date | None = None
    tags: frozenset[str] = frozenset()
    key: str = ""

    @property
    def dated(self) -> bool:
        return self.first is not None

    @property
    def exact(self) -> bool:
        return self.first == self.last

    def days(self) -> tuple[date, date]:
        if self.first is None or self.last is None:
            raise ValueError("A dose without a date has no place in time")
        return self.first, self.last

    def not_before(self, born: date) -> Dose:
        """A date such as the year of birth begins at birth."""
        if self.first is None or self.last is None or not self.first < born <= self.last:
            return self
        return replace(self, first=born)


class Withheld(StrEnum):
    """Why a vaccine was not given, as far as it says something of the next."""

    CONTRAINDICATED = "contraindicated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class NotDone:
    diseases: frozenset[str]
    reason: Withheld
    day: date | None = None
    key: str = ""


class Why(StrEnum):
    """Why a dose does not count."""

    BEFORE_BIRTH = "before-birth"
    FUTURE = "future"
    TOO_YOUNG = "too-young"
    TOO_SOON = "too-soon"
    SAME_DAY = "same-day"
