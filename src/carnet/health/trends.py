"""What is plotted of one analyte or measure and what is not, where a value lies in the laboratory's own range, which
way it went, whether a target is met. Pure; it compares numbers, and says nothing about health."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from carnet.formats.clinical.values import Quantity, Range
from carnet.formats.terminology import units

__all__ = [
    "Conversion",
    "Given",
    "Left",
    "Place",
    "Point",
    "Trend",
    "Way",
    "Why",
    "conversion",
    "met",
    "place",
    "trend",
    "way",
]

_NOUGHT: Final = Decimal(0)
_ONE: Final = Decimal(1)


class Place(StrEnum):
    """Where a value lies in the range that its own laboratory printed beside it."""

    INSIDE = "inside"
    ABOVE = "above"
    BELOW = "below"


class Way(StrEnum):
    UP = "up"
    DOWN = "down"
    SAME = "same"


class Why(StrEnum):
    """What keeps a result off the curve: the first reason that holds, in this order."""

    STRUCK = "struck"
    NO_NUMBER = "no-number"
    NO_DATE = "no-date"
    COMPARATOR = "comparator"
    NO_UNIT = "no-unit"
    OTHER_UNIT = "other-unit"


@dataclass(frozen=True, slots=True)
class Given:
    """A result as its source states it; `low` and `high` are in its unit."""

    fact: UUID
    at: datetime | None
    quantity: Quantity | None
    low: Decimal | None = None
    high: Decimal | None = None
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A value in the unit of the curve; `source` is the UCUM unit in which it was stated. Points are joined within one
    `strand`: one kind of amount (mass, amount of substance), in which a conversion is arithmetic alone."""

    fact: UUID
    at: datetime
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    source: str
    strand: str
    converted: bool


@dataclass(frozen=True, slots=True)
class Left:
    fact: UUID
    why: Why


@dataclass(frozen=True, slots=True)
class Trend:
    """`points` oldest first; every result that was given is one of them, or `left` out for one reason."""

    unit: str
    points: tuple[Point, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class Conversion:
    """converted = slope × stated + offset."""

    slope: Decimal
    offset: Decimal


def place(quantity: Quantity, low: Decimal | None, high: Decimal | None) -> Place | None:
    """None where there is no range, or where "less than 5" leaves it open. An amount that is less than something is
    never less than nothing: a range from 0 is open below for it."""
    value, than = quantity.value, quantity.comparator
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        return None
    from_below, from_above = than.startswith("<"), than.startswith(">")
    open_below = low is None or (from_below and low == _NOUGHT)
    if low is not None and not open_below and not from_above and (value < low or (than == "<" and value == low)):
        return Place.BELOW
    if high is not None and not from_below and (value > high or (than == ">" and value == high)):
        return Place.ABOVE
    above_low = open_below or (low is not None and value >= low and not from_below)
    below_high = high is None or (value <= high and not from_above)
    return Place.INSIDE if above_low and below_high else None


def outside(value: Decimal | None, comparator: str, low: Decimal | None, high: Decimal | None) -> bool:
    """Of a number and a range in one unit."""
    if value is None:
        return False
    return place(Quantity(value, "", "", comparator), low, high) in {Place.ABOVE, Place.BELOW}


def trend(results: Iterable[Given], unit: str = "", substance: str = "") -> Trend:
    """Without a unit of its own the curve is in that of its newest result that has one."""
    every = tuple(results)
    unit = unit or _newest_unit(every)
    points, left = list[Point](), list[Left]()
    for each in every:
        found = _point(each, unit, substance)
        if isinstance(found, Point):
            points.append(found)
        else:
            left.append(Left(each.fact, found))
    return Trend(unit, tuple(sorted(points, key=lambda point: (point.at, point.fact))), tuple(left))


def _newest_unit(every: Sequence[Given]) -> str:
    dated = [
        (each.at, named)
        for each in every
        if each.at and each.quantity and not each.struck and not each.quantity.comparator
        if (named := units.unit_of(each.quantity))
    ]
    return max(dated)[1] if dated else ""


def _point(given: Given, unit: str, substance: str) -> Point | Why:
    quantity, at = given.quantity, given.at
    if given.struck:
        return Why.STRUCK
    if quantity is None:
        return Why.NO_NUMBER
    if at is None:
        return Why.NO_DATE
    if quantity.comparator:
        return Why.COMPARATOR
    source = units.unit_of(quantity)
    if not source:
        return Why.NO_UNIT
    there = units.convert(quantity, unit, substance)
    if there is None:
        return Why.OTHER_UNIT
    low, high = (_bound(each, source, unit, substance) for each in (given.low, given.high))
    strand = str(units.canonical(source))
    return Point(given.fact, at, there.value, low, high, source, strand, converted=source != unit)


def _bound(value: Decimal | None, source: str, unit: str, substance: str) -> Decimal | None:
    there = units.convert(Quantity(value, "", source), unit, substance) if value is not None else None
    return there.value if there else None


def way(before: Point | None, after: Point | None) -> Way | None:
    if before is None or after is None:
        return None
    if after.value == before.value:
        return Way.SAME
    return Way.UP if after.value > before.value else Way.DOWN


def conversion(source: str, unit: str, substance: str = "") -> Conversion | None:
    """None where nothing is converted, or cannot be."""
    at_nought = units.convert(Quantity(_NOUGHT, "", source), unit, substance)
    at_one = units.convert(Quantity(_ONE, "", source), unit, substance)
    if source == unit or at_nought is None or at_one is None:
        return None
    return Conversion(at_one.value - at_nought.value, at_nought.value)


def met(target: Quantity | Range, stated: Quantity, substance: str = "") -> bool | None:
    """Whether a value is where somebody wishes it; None where that cannot be told."""
    if isinstance(target, Range):
        each = [_beyond(stated, target.low, ">=", substance), _beyond(stated, target.high, "<=", substance)]
        known = [found for found in each if found is not None]
        return all(known) if len(known) == sum(side is not None for side in (target.low, target.high)) else None
    return _beyond(stated, target, target.comparator, substance)


def _beyond(stated: Quantity, bound: Quantity | None, than: str, substance: str) -> bool | None:
    if bound is None or stated.comparator:
        return None
    there = units.convert(stated, units.unit_of(bound), substance)
    if there is None:
        return None
    return {
        "<": there.value < bound.value,
        "<=": there.value <= bound.value,
        ">": there.value > bound.value,
        ">=": there.value >= bound.value,
    }.get(than)
