"""On which grounds a representation arises, ends or comes back: data with their articles (`data/grounds.json`). What an
operator chooses stands there, or is not to be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

import orjson


@dataclass(frozen=True, slots=True)
class Ground:
    """`court`: a decision has a reference, which the operator writes down. `longest_years`: of a measure."""

    code: str
    article: str
    court: bool = False
    longest_years: int = 0


Grounds = Mapping[str, Ground]


def _of(found: Any) -> Grounds:
    read = {each["code"]: Ground(**each) for each in found}
    if not read or not all(each.article for each in read.values()):
        raise ValueError("Every ground has its article.")
    return read


_DATA: Final = orjson.loads(resources.files("carnet.rights").joinpath("data/grounds.json").read_bytes())
WITHDRAWAL: Final = _of(_DATA["withdrawal"])
GUARDIANSHIP_END: Final = _of(_DATA["guardianship_end"])
RETURN: Final = _of(_DATA["return"])
MEASURES: Final = _of(_DATA["measures"])
REFUSAL: Final = _of(_DATA["refusal"])
