"""Strict traits: what can stand in a civil register, and what one identity adds to another of the same person. Pure."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from carnet.records.rules import Identity, strict

_QUALIFIED: Final = "QUAL"
_PLACE: Final = re.compile(r"\d[0-9AB]\d{3}", re.ASCII)
_LONGEST: Final = 200


class Odd(StrEnum):
    """What cannot be right in the traits of a civil register."""

    GIVENS = "givens"
    PLACE = "place"


def odd(who: Identity) -> Odd | None:
    """`birth_givens` are all of them, the first one at their head; `birth_place` is a code of INSEE."""
    if who.birth_givens and not _begins(who.birth_givens, who.birth_given):
        return Odd.GIVENS
    if who.birth_place and not _PLACE.fullmatch(who.birth_place.upper()):
        return Odd.PLACE
    return None


def known_whole(who: Identity) -> bool:
    """All that a provider's word is compared with."""
    return bool(who.birth_givens and who.birth_place and who.sex != "U")


def fills(known: Identity, told: Identity) -> dict[str, str]:
    """The traits that `told` adds, by their names. Pure."""
    same = (
        known.identity_status == told.identity_status == _QUALIFIED
        and _number(known) == _number(told)
        and strict(known.birth_family) == strict(told.birth_family)
        and strict(known.birth_given) == strict(told.birth_given)
        and known.birth_date == told.birth_date
        and known.sex in {told.sex, "U"}
        and strict(known.birth_givens) in {strict(told.birth_givens), ""}
        and known.birth_place.upper() in {told.birth_place.upper(), ""}
        and odd(told) is None
        and len(told.birth_givens) <= _LONGEST
    )
    if not same:
        return {}
    new = {
        "birth_givens": "" if known.birth_givens else told.birth_givens,
        "birth_place": "" if known.birth_place else told.birth_place.upper(),
        "sex": told.sex if known.sex == "U" and told.sex in {"F", "M"} else "",
    }
    return {name: value for name, value in new.items() if value}


def _number(who: Identity) -> tuple[str, str]:
    """Without the key, which is a check and no identity."""
    return who.ins_oid, who.ins[:13]


def _begins(givens: str, given: str) -> bool:
    whole, first = strict(givens), strict(given)
    return whole == first or whole.startswith(f"{first} ")
