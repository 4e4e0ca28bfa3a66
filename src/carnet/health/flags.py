"""What a laboratory itself says of its result beside its range, or where it prints none. Pure; its word is told as its
own, and nothing is concluded from it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import IntEnum
from typing import Final

from carnet.formats.clinical.model import Observation
from carnet.formats.clinical.values import Quantity
from carnet.health import trends
from carnet.health.trends import Place

__all__ = ["CODES", "Flag", "of_code", "of_entry", "stands"]


class Flag(IntEnum):
    """In the order of their weight."""

    ABNORMAL = 1
    LOW = 2
    HIGH = 3
    VERY_LOW = 4
    VERY_HIGH = 5
    CRITICAL = 6


# Of HL7's ObservationInterpretation.
_BY_CODE: Final = {
    "A": Flag.ABNORMAL,
    "L": Flag.LOW,
    "H": Flag.HIGH,
    **dict.fromkeys(("LL", "LU", "LX"), Flag.VERY_LOW),
    **dict.fromkeys(("HH", "HU", "HX"), Flag.VERY_HIGH),
    "AA": Flag.CRITICAL,
}
CODES: Final = tuple(_BY_CODE)
# What says on which side of its laboratory's own values a result lies; « abnormal » and « critical » do not.
_PLACES: Final = {
    "N": Place.INSIDE,
    **dict.fromkeys(("L", "LL", "LU", "LX"), Place.BELOW),
    **dict.fromkeys(("H", "HH", "HU", "HX"), Place.ABOVE),
}


def of_code(code: str) -> Flag | None:
    return _BY_CODE.get(code)


def stands(code: str, number: Quantity | None, low: Decimal | None, high: Decimal | None) -> Place | None:
    """Where a result lies among the values of its laboratory, for every page that tells it: as the laboratory says
    itself (`code`, of HL7), else by the range that it printed. `number` is in the unit of the range."""
    if code in _PLACES:
        return _PLACES[code]
    return trends.place(number, low, high) if number else None


def of_entry(entry: Observation | None) -> Flag | None:
    """The heaviest of what it says."""
    said = entry.interpretations if entry else ()
    return _heaviest(code.code for each in said for code in each.codings)


def _heaviest(codes: Iterable[str]) -> Flag | None:
    return max((found for found in map(of_code, codes) if found), default=None)
