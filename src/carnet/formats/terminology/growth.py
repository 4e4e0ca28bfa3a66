"""How children of one country grew, from `data/growth.json`: for each measure, sex and age the parameters L, M and S
of Cole's method, by which a centile is a value. A reference, of other children: it says nothing of one's health."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp, log
from statistics import NormalDist
from typing import Final

from carnet.formats.terminology.table import Row, Table, read

__all__ = ["CENTILES", "MEASURES", "Lms", "Reference", "centile", "parse", "reference", "value", "version"]

_FILE: Final = "growth.json"
CENTILES: Final = (3, 25, 50, 75, 97)
MEASURES: Final = ("weight", "height", "head_circumference", "bmi")
_NORMAL: Final = NormalDist()
_LOG: Final = 1e-9
"""So near to nought, the power of a power is a logarithm."""


@dataclass(frozen=True, slots=True)
class Lms:
    l: float  # noqa: E741 - the name that the method has
    m: float
    s: float


@dataclass(frozen=True, slots=True)
class Reference:
    """Of one measure and sex: `rows` at `months` of age, in kg, cm or kg/m²."""

    measure: str
    sex: str
    months: tuple[float, ...]
    rows: tuple[Lms, ...]

    def at(self, months: float) -> Lms | None:
        """Each parameter on the straight line between its neighbours; None outside of the ages that there are."""
        if not self.months[0] <= months <= self.months[-1]:
            return None
        after = min(bisect_right(self.months, months), len(self.months) - 1)
        before, a, b = after - 1, self.rows[after - 1], self.rows[after]
        share = (months - self.months[before]) / (self.months[after] - self.months[before])
        return Lms(*(x + (y - x) * share for x, y in ((a.l, b.l), (a.m, b.m), (a.s, b.s))))


def value(of: Lms, percent: float) -> float:
    """That below which this share of children is, of this age and sex."""
    z = _NORMAL.inv_cdf(percent / 100)
    return of.m * (exp(of.s * z) if abs(of.l) < _LOG else (1 + of.l * of.s * z) ** (1 / of.l))


def centile(of: Lms, measured: float) -> float:
    """In per cent; of a value above nought."""
    z = log(measured / of.m) / of.s if abs(of.l) < _LOG else ((measured / of.m) ** of.l - 1) / (of.l * of.s)
    return _NORMAL.cdf(z) * 100


@cache
def _all() -> tuple[str, tuple[Reference, ...]]:
    table = read(_FILE)
    return table.version, parse(table)


def version() -> str:
    return _all()[0]


def reference(measure: str, sex: str) -> tuple[Reference, ...]:
    """By age, where one follows another: children are measured lying, then standing. None where no sex is told."""
    return tuple(each for each in _all()[1] if (each.measure, each.sex) == (measure, sex))


def parse(table: Table) -> tuple[Reference, ...]:
    found = [_reference(row) for row in table.rows("curves")]
    for each, following in pairwise(found):
        if (each.measure, each.sex) == (following.measure, following.sex) and each.months[-1] > following.months[0]:
            message = f"{_FILE}: {each.measure} of {each.sex} overlap"
            raise ValueError(message)
    return tuple(found)


def _reference(row: Row) -> Reference:
    months, *rest = (_numbers(row, name) for name in ("months", "l", "m", "s"))
    if {len(each) for each in rest} != {len(months)} or len(months) < 2:  # noqa: PLR2004 - a line has two ends
        raise row.error("not as many values as ages")
    if any(a >= b for a, b in pairwise(months)):
        raise row.error("ages do not rise")
    rows = tuple(Lms(*each) for each in zip(*rest, strict=True))
    if any(each.m <= 0 or not 0 < each.s < 1 for each in rows):
        raise row.error("a median or a spread that cannot be")
    measure, sex = row.required("measure"), row.required("sex")
    if measure not in MEASURES or sex not in {"F", "M"}:
        raise row.error(f"no growth of {measure!r} for {sex!r}")
    return Reference(measure, sex, months, rows)


def _numbers(row: Row, name: str) -> tuple[float, ...]:
    written: Sequence[object] = row.fields.get(name) or ()
    try:
        return tuple(float(str(each)) for each in written)
    except ValueError:
        raise row.error(f"{name!r} has what is no number") from None
