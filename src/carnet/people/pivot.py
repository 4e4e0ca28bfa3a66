"""The traits by which a sign-in provider tells who somebody is in the civil register. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
        return bool(names and self.sex in {"F", "M"} and self.birth_place and _day(self.birth_date))


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
