"""What a record's state allows. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MAJORITY = 18


class RecordState(StrEnum):
    UNOPENED = "unopened"
    ACTIVE = "active"
    OPPOSED = "opposed"
    CLOSED = "closed"

    @property
    def exists(self) -> bool:
        """An opposition is not a closure: nothing was created (dmp_rules 1.4)."""
        return self is not RecordState.OPPOSED

    @property
    def open(self) -> bool:
        """A record waits for its holder, feeds and serves care before its first activation too."""
        return self in {RecordState.UNOPENED, RecordState.ACTIVE}


@dataclass(frozen=True, slots=True)
class Identity:
    """Strict traits and INS of a holder; `birth_date` may be partial."""

    ins_oid: str
    ins: str
    birth_family: str
    birth_given: str
    birth_givens: str = ""
    used_family: str = ""
    used_given: str = ""
    sex: str = "U"
    birth_date: str = ""
    birth_place: str = ""
    identity_status: str = "QUAL"


def strict(name: str) -> str:
    """A name as identities are compared: capitals without accents, hyphens and apostrophes as blanks (RNIV, annex)."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in bare.upper()).split())


@dataclass(frozen=True, slots=True)
class Traits:
    """Strict traits by which a person is looked for. What is "" is not known; the first three always are."""

    birth_family: str
    birth_given: str
    birth_date: str
    sex: str = ""
    birth_place: str = ""

    @property
    def key(self) -> str:
        return "|".join((strict(self.birth_family), strict(self.birth_given), self.birth_date))

    def match(self, who: Identity) -> bool:
        """Exactly, or not at all."""
        own = Traits(who.birth_family, who.birth_given, who.birth_date)
        same_sex = not self.sex or who.sex in {self.sex, "U"}
        return self.key == own.key and same_sex and self.birth_place.upper() in {"", who.birth_place.upper()}


def earliest_birth(text: str) -> date:
    """The first day that a partial date may mean: the reader who turns 18 earliest is the closed choice."""
    year, month, day = (*text.split("-"), "01", "01")[:3]
    return date(int(year), max(int(month), 1), max(int(day), 1))


def majority(birth: date) -> date:
    """The 18th birthday; who is born on 29 February comes of age on 1 March."""
    try:
        return birth.replace(year=birth.year + MAJORITY)
    except ValueError:
        return date(birth.year + MAJORITY, 3, 1)
