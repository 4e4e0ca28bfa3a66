"""The traits by which a sign-in provider tells who somebody is in the civil register. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from carnet.records.ages import AGES
from carnet.records.rules import Identity, birthday, strict

_QUALIFIED = "QUAL"


@dataclass(frozen=True, slots=True)
class Pivot:
    """As the civil register has them: `givens` all of them in their order, `sex` F or M, `birth_place` the INSEE code
    of a municipality or, for who was born abroad, of a country. A day or month that is presumed is 01."""

    family: str
    givens: str
    birth_date: str
    sex: str
    birth_place: str

    @property
    def whole(self) -> bool:
        names = strict(self.family) and strict(self.givens)
        return bool(names and self.sex in {"F", "M"} and self.birth_place and self.dated)

    @property
    def dated(self) -> bool:
        return _day(self.birth_date) is not None


def proves(pivot: Pivot, who: Identity) -> bool:
    """Every trait is known and the same."""
    return (
        who.identity_status == _QUALIFIED
        and strict(who.birth_family) == strict(pivot.family)
        and strict(who.birth_givens) == strict(pivot.givens)
        and who.birth_date in written(pivot.birth_date)
        and who.sex == pivot.sex
        and who.birth_place.upper() == pivot.birth_place.upper()
    )


class Trait(StrEnum):
    FAMILY = "family"
    GIVENS = "givens"
    BIRTH = "birth"
    SEX = "sex"
    PLACE = "place"


class Match(StrEnum):
    """`UNKNOWN`: one of the two does not say."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


def compared(pivot: Pivot, who: Identity) -> dict[Trait, Match]:
    """Trait by trait, for the eyes of whoever decides."""
    sexes = (pivot.sex, who.sex.replace("U", ""))
    return {
        Trait.FAMILY: _match(strict(pivot.family), strict(who.birth_family)),
        Trait.GIVENS: _givens(strict(pivot.givens), who),
        Trait.BIRTH: Match.SAME if who.birth_date in written(pivot.birth_date) else Match.OTHER,
        Trait.SEX: _match(*sexes),
        Trait.PLACE: _match(pivot.birth_place.upper(), who.birth_place.upper()),
    }


def somebody_else(pivot: Pivot, who: Identity) -> bool:
    """Whether a reader of both would take them for two people: another sex, birth name or first name. What one of them
    does not say is no difference, but for the names, which everybody has."""
    found = compared(pivot, who)
    named = strict(pivot.family) == strict(who.birth_family) and _leads(strict(pivot.givens), who)
    return not named or found[Trait.SEX] is Match.OTHER


def _match(theirs: str, ours: str) -> Match:
    if not theirs or not ours:
        return Match.UNKNOWN
    return Match.SAME if theirs == ours else Match.OTHER


def _givens(theirs: str, who: Identity) -> Match:
    """Where we know the first one alone, what follows it is not known."""
    if who.birth_givens or not theirs:
        return _match(theirs, strict(who.birth_givens))
    if theirs == strict(who.birth_given):
        return Match.SAME
    return Match.UNKNOWN if _leads(theirs, who) else Match.OTHER


def _leads(theirs: str, who: Identity) -> bool:
    first = strict(who.birth_given)
    return theirs == first or theirs.startswith(f"{first} ")


def firsts(givens: str) -> list[str]:
    """What may be the first given name: it can have a blank within, and the provider does not say where it ends."""
    parts = givens.split()
    return [" ".join(parts[:length]) for length in range(1, len(parts) + 1)][:4]


def written(birth_date: str) -> list[str]:
    """The ways in which we may have written that date: the provider tells an unknown day or month as 01."""
    year, month, day = (*birth_date.split("-"), "", "")[:3]
    found = [birth_date]
    if day == "01":
        found += [f"{year}-{month}", f"{year}-{month}-00"]
    if (month, day) == ("01", "01"):
        found += [year, f"{year}-00-00"]
    return found


def meant(birth_date: str) -> list[str]:
    """The dates of ours that could be theirs: those, and every one of which the day or the month is not known."""
    year, month = (*birth_date.split("-"), "")[:2]
    return list(dict.fromkeys([*written(birth_date), f"{year}-{month}", year]))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


def too_young(pivot: Pivot, today: date) -> bool:
    """A child's record is their parents' affair until the age of an own access (`records.ages`)."""
    return birthday(date.fromisoformat(pivot.birth_date), AGES.own_access) > today
