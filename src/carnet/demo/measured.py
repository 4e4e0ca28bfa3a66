"""What Dominique measures at home, and the targets that her doctor and she set: said, not deposited."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from carnet.demo.cast import record_id
from carnet.demo.entrance import actor_of
from carnet.demo.words import moment
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
    *((540, "71.2"), (495, "71.0"), (450, "70.8"), (410, "71.1"), (365, "70.9"), (330, "70.6")),
    *((295, "70.4"), (260, "70.5"), (220, "70.3"), (180, "70.1"), (140, "69.6"), (100, "69.3")),
    *((65, "68.9"), (30, "68.4"), (6, "68.1")),
)
# Days ago, systolic, diastolic.
PRESSURES: Final = (
    *((92, "132", "82"), (85, "129", "80"), (78, "131", "81"), (64, "127", "79"), (50, "130", "80")),
    *((36, "125", "78"), (22, "126", "77"), (8, "124", "78")),
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
    pressure = _known("blood_pressure")
    at_home = goals.Parts(
        tuple(
            (part, Quantity(Decimal(most), "mmHg", "mm[Hg]", "<"))
            for part, most in zip(pressure.components, ("135", "85"), strict=True)
        )
    )
    return [
        goals.stated("measure:blood_pressure", Kind.MEASURE, pressure.label, at_home, day),
        goals.stated("analyte:hba1c", Kind.RESULT, "Hémoglobine glyquée", hba1c, day),
        goals.stated("analyte:cholesterol_ldl", Kind.RESULT, "Cholestérol LDL", ldl, day),
    ]


def _own(now: datetime) -> list[Entry]:
    weight, pressure = _known("weight"), _known("blood_pressure")
    kilograms = Quantity(Decimal(67), "kg", "kg", "<=")
    aim = goals.stated("measure:weight", Kind.MEASURE, weight.label, kilograms, f"{now - timedelta(days=220):%Y-%m-%d}")
    return [
        aim,
        *(_observed(weight, _at(now, days), Quantity(Decimal(value), "kg", "kg")) for days, value in WEIGHTS),
        *(_pressure(pressure, _at(now, days), high, low) for days, high, low in PRESSURES),
    ]


def _known(key: str) -> Measure:
    found = measures.by_key(key)
    if found is None:
        raise LookupError(key)
    return found


def _at(now: datetime, days: int) -> str:
    return moment(f"{now - timedelta(days=days):%Y-%m-%d}", "07:40").isoformat(timespec="seconds")


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
