"""Where what was measured of a child lies among the children of a reference. Numbers and ages, no word on health."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from carnet.consent.access import reading
from carnet.formats.clinical.model import Kind, Observation
from carnet.formats.clinical.values import Quantity
from carnet.formats.terminology import growth, units
from carnet.formats.terminology.growth import CENTILES
from carnet.formats.terminology.systems import LOINC
from carnet.health.queries import Line, read_lines
from carnet.health.standing import Standing, standing_of
from carnet.health.treatments import entry_of
from carnet.health.trends import Point
from carnet.health.vaccinations import holder
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit
from carnet.records.rules import majority

__all__ = ["UNITS", "Child", "Placed", "ages", "child", "drawn", "where"]

_PARIS: Final = ZoneInfo("Europe/Paris")
_WHOLE_DAY: Final = len("2018-05-14")
_MONTH: Final = 365.25 / 12
_TERM: Final = 40
_EARLY: Final = 37
_LEAST: Final = 22
_CORRECTED: Final = 24
"""Months up to which the age of who was born early is told as if born at term."""
# LOINC: gestational age at birth, of the newborn, by the clinic, by its last estimate.
_BIRTH: Final = frozenset({"49051-6", "76516-4", "11884-4", "11885-1", "18185-9"})
# What is no condition of birth may be a pregnancy of her own: these codes alone say whose it is.
_GESTATION: Final = ("http://loinc.org|49051-6", "http://loinc.org|76516-4")
_STATED: Final = (Kind.MEASURE, Kind.RESULT, Kind.BIRTH)
_WEEKS: Final = frozenset({"wk", "{weeks}"})
UNITS: Final = {"weight": "kg", "height": "cm", "head_circumference": "cm", "bmi": "kg/m2"}


@dataclass(frozen=True, slots=True)
class Child:
    """`weeks` of pregnancy at birth, where a document states fewer than 37."""

    born: date
    sex: str
    weeks: int | None = None

    def months(self, at: datetime) -> float:
        """Of age; of who was born early as if born at term, until two years."""
        lived = (at.astimezone(_PARIS).date() - self.born).days / _MONTH
        if self.weeks is None or lived >= _CORRECTED:
            return lived
        return lived - (_TERM - self.weeks) * 7 / _MONTH


@dataclass(frozen=True, slots=True)
class Placed:
    """A point at an age in months, its value in the unit of the reference. `low` and `high` are centiles of the
    reference between which it lies, None beyond the last; both None where it has nothing for that age."""

    point: Point
    months: float
    value: float
    low: int | None
    high: int | None


def child(actor: Actor, purpose: Purpose, record_id: UUID, today: date) -> Child | None:
    """None for who is of age, or whose birth date is not whole."""
    return reading(
        actor, purpose, record_id, lambda permit: _child(permit, today), action="entries-list", target_kind="entries"
    )


def _child(permit: Permit, today: date) -> Child | None:
    found = holder(permit)
    if len(found.birth_date) < _WHOLE_DAY:
        return None
    born = date.fromisoformat(found.birth_date)
    if today >= majority(born):
        return None
    # Facts of a birth have no series.
    stated = read_lines(permit, kinds=_STATED, series=(*_GESTATION, ""))
    return Child(born, found.sex, early(filter(_is_gestation, stated)))


def _is_gestation(line: Line) -> bool:
    if line.kind is not Kind.BIRTH:
        return line.series in _GESTATION
    entry = entry_of(line)
    return entry is not None and entry.code.code_of(LOINC) in _BIRTH


def early(lines: Iterable[Line]) -> int | None:
    """The weeks of pregnancy that are stated, where all sources say the same and it is before term."""
    stated = {weeks for line in lines if not line.struck and not line.absence and (weeks := _weeks(line)) is not None}
    if len(stated) != 1:
        return None
    (weeks,) = stated
    return weeks if _LEAST <= weeks < _EARLY else None


def _weeks(line: Line) -> int | None:
    """Whole weeks, as a quantity or as the number that certificates of birth state."""
    entry = entry_of(line)
    value = entry.value if isinstance(entry, Observation) else None
    if entry is None or standing_of(entry) is not Standing.HOLDS:
        return None
    if isinstance(value, bool) or not isinstance(value, Quantity | int):
        return None
    if isinstance(value, int):
        return value
    return int(value.value) if value.ucum in _WEEKS and not value.comparator else None


def ages(who: Child, points: Sequence[Point], measure: str, unit: str) -> tuple[Placed, ...]:
    """Each point at its age. Points are in `unit`."""
    found = []
    for point in points:
        months = who.months(point.at)
        measured = _in_the_unit(measure, point.value, unit)
        if measured is not None:
            found.append(Placed(point, months, measured, *where(who.sex, measure, months, measured)))
    return tuple(found)


def _in_the_unit(measure: str, value: Decimal, unit: str) -> float | None:
    there = units.convert(Quantity(value, "", unit), UNITS[measure]) if measure in UNITS else None
    return float(there.value) if there else None


def where(sex: str, measure: str, months: float, measured: float) -> tuple[int | None, int | None]:
    """The neighbours among the centiles that are drawn."""
    lms = next((at for each in growth.reference(measure, sex) if (at := each.at(months)) is not None), None)
    if lms is None or measured <= 0:
        return None, None
    bounds = [(centile, growth.value(lms, centile)) for centile in CENTILES]
    low = [centile for centile, bound in bounds if bound <= measured]
    high = [centile for centile, bound in bounds if bound > measured]
    return (low[-1] if low else None), (high[0] if high else None)


def drawn(sex: str, measure: str, first: float, last: float) -> dict[int, list[list[tuple[float, float]]]]:
    """The curves of the reference between two ages in months: of each centile its pieces, as age and value."""
    curves: dict[int, list[list[tuple[float, float]]]] = {}
    for each in growth.reference(measure, sex):
        inside = [months for months in each.months if first < months < last]
        ends = [months for months in (first, last) if each.months[0] <= months <= each.months[-1]]
        at = sorted({*inside, *ends})
        if len(at) < 2:  # noqa: PLR2004 - a line has two ends
            continue
        for centile in CENTILES:
            piece = [(months, growth.value(lms, centile)) for months in at if (lms := each.at(months)) is not None]
            curves.setdefault(centile, []).append(piece)
    return curves
