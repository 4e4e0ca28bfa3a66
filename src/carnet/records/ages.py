"""At which age a child is asked, may sign in beside the parents, and is alone in charge: versioned data with a source
(`data/ages.json`), validated when loaded. Pure but for that."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

import orjson

_OLDEST: Final = 25


class BadAges(ValueError):
    """The data do not say what they must."""


@dataclass(frozen=True, slots=True)
class Ages:
    """`parents_told`: whether the parents learn that the child signs in. The last two are the days in which it is told
    before and after that the child is alone in charge."""

    version: str
    asked: int
    own_access: int
    alone: int
    parents_told: bool
    days_before: int
    days_after: int


def read(data: Any) -> Ages:
    """Raises `BadAges`."""
    try:
        ages, handover = data["ages"], data["handover"]
        if not all(each["source"] for each in (*ages.values(), handover)):
            raise BadAges("Every age has a source.")
        found = Ages(
            version=str(data["version"]),
            asked=int(ages["asked"]["years"]),
            own_access=int(ages["own_access"]["years"]),
            alone=int(ages["alone"]["years"]),
            parents_told=bool(ages["own_access"]["parents_told"]),
            days_before=int(handover["days_before"]),
            days_after=int(handover["days_after"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BadAges(f"Something is missing: {error}") from error
    if not 0 < found.asked <= found.own_access <= found.alone <= _OLDEST:
        raise BadAges("A child is asked first, signs in then, and is alone in charge last.")
    if min(found.days_before, found.days_after) < 1:
        raise BadAges("The hand-over takes some days before and after.")
    return found


AGES: Final = read(orjson.loads(resources.files("carnet.records").joinpath("data/ages.json").read_bytes()))
