"""What Dominique measures at home, and the targets that her doctor and she set: said, not deposited."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from carnet.demo.cast import record_id
from carnet.demo.entrance import actor_of
from carnet.formats.clinical.model import Component, Entry, Kind, Observation
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology import measures
from carnet.formats.terminology.measures import Measure
from carnet.health import goals, queries, stating
from carnet.kernel.actor import Purpose

WHO: Final = "dominique"
DOCTOR: Final = "dr-martin"
# Days ago, kilograms.
WEIGHTS: Final = (
    *((540, "68.5"), (495, "69.2"), (450, "70.1"), (410, "70.4"), (365, "70.0"), (330, "69.6")),
    *((295, "69.8"), (260, "69.1"), (220, "68.7"), (180, "68.9"), (140, "68.2"), (100, "67.9")),
    *((65, "67.4"), (30, "67.0"), (6, "66.8")),
)
# Days ago, systolic, diastolic.
PRESSURES: Final = (
    *((92, "138", "86"), (85, "134", "84"), (78, "136", "83"), (64, "131", "82"), (50, "133", "80")),
    *((36, "129", "81"), (22, "127", "78"), (8, "128", "79")),
)


def state_measures(now: datetime) -> None:
    """Once: who has said something already is left alone."""
    holder, record = actor_of(WHO), record_id(WHO)
    if any(line.said_by == "person" for line in queries.lines(holder, Purpose.SELF, record, [Kind.MEASURE])):
        return
    doctor = actor_of(DOCTOR)
    for entry in _targets(now):
        stating.state(doctor, Purpose.CARE, record_id=record, entry=entry)
    for entry in _own(now):
        stating.state(holder, Purpose.SELF, record_id=record, entry=entry)


def _targets(now: datetime) -> list[Entry]:
    day = f"{now - timedelta(days=190):%Y-%m-%d}"
    hba1c = Quantity(Decimal("6.5"), "%", "%", "<")
    ldl = Quantity(Decimal("1.30"), "g/L", "g/L", "<")
    return [
        goals.stated("analyte:hba1c", Kind.RESULT, "Hémoglobine glyquée", hba1c, day),
        goals.stated("analyte:cholesterol_ldl", Kind.RESULT, "Cholestérol LDL", ldl, day),
    ]


def _own(now: datetime) -> list[Entry]:
    weight, pressure = (measures.by_key(key) for key in ("weight", "blood_pressure"))
    if weight is None or pressure is None:
        raise LookupError("measures")
    kilograms = Quantity(Decimal(65), "kg", "kg", "<=")
    aim = goals.stated("measure:weight", Kind.MEASURE, weight.label, kilograms, f"{now - timedelta(days=220):%Y-%m-%d}")
    return [
        aim,
        *(_observed(weight, _at(now, days), Quantity(Decimal(value), "kg", "kg")) for days, value in WEIGHTS),
        *(_pressure(pressure, _at(now, days), high, low) for days, high, low in PRESSURES),
    ]


def _at(now: datetime, days: int) -> str:
    return (now - timedelta(days=days)).replace(hour=6, minute=40, second=0, microsecond=0).isoformat()


def _observed(measure: Measure, at: str, value: Quantity) -> Observation:
    return Observation(kind=Kind.MEASURE, code=_code(measure), status="final", when=Span(at), value=value)


def _pressure(measure: Measure, at: str, high: str, low: str) -> Observation:
    values = (Quantity(Decimal(each), "mmHg", "mm[Hg]") for each in (high, low))
    parts = zip(measure.components, values, strict=True)
    return Observation(
        kind=Kind.MEASURE,
        code=_code(measure),
        status="final",
        when=Span(at),
        components=tuple(Component(code=_code(part), value=value) for part, value in parts),
    )


def _code(measure: Measure) -> Concept:
    return Concept(measure.label, (Coded(measure.code, measure.system, measure.label),))
