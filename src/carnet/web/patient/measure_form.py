"""A measure as a person writes it down: read, and every fault of it told at its field. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from carnet.formats.clinical.model import Component, Kind, Observation
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology import units
from carnet.formats.terminology.measures import Measure
from carnet.health.goals import Parts, Target
from carnet.health.results import Found, quantity_of
from carnet.web.i18n import PARIS, gettext, language
from carnet.web.patient import figures
from carnet.web.patient.adding_form import as_day

VISIBLE, MASKED = "visible", "masque"
LEAST, MOST = "moins", "plus"
_NUMBER: Final = re.compile(r"\s*(\d{1,6})(?:[.,](\d{1,3}))?\s*", re.ASCII)
_HOUR: Final = re.compile(r"\s*(\d{1,2})\s*(?:h|:|\s)\s*(\d{2})?\s*(?:min)?\s*", re.ASCII | re.IGNORECASE)
_EARLIEST: Final = 1900
_SOON: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Fields:
    """As they stand in the form; `values` by the name of their field."""

    values: Mapping[str, str]
    day: str
    hour: str
    who: str = VISIBLE
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """One number to write: the whole measure, or a part of it."""

    name: str
    label: str
    measure: Measure

    @property
    def unit(self) -> str:
        return figures.unit_of(Quantity(Decimal(0), "", self.measure.shown))


Faults = list[tuple[str, str]]


def boxes(measure: Measure) -> tuple[Box, ...]:
    parts = measure.components or (measure,)
    return tuple(Box("valeur" if part is measure else part.key, named(part), part) for part in parts)


def named(measure: Measure) -> str:
    return measure.label if language() == "fr" else measure.english


def empty(measure: Measure, now: datetime) -> Fields:
    local = now.astimezone(PARIS)
    return Fields({box.name: "" for box in boxes(measure)}, f"{local:%d/%m/%Y}", f"{local:%H:%M}")


def of(measure: Measure, found: Found) -> Fields:
    """As it was written."""
    local = found.line.since.astimezone(PARIS) if found.line.since else None
    return Fields(
        {box.name: _written(box, found, measure) for box in boxes(measure)},
        f"{local:%d/%m/%Y}" if local else "",
        f"{local:%H:%M}" if local else "",
        MASKED if found.masked else VISIBLE,
    )


def _written(box: Box, found: Found, measure: Measure) -> str:
    stated = quantity_of(found, box.measure if measure.components else None)
    there = units.convert(stated, box.measure.shown, measure.substance) if stated else None
    return figures.number(figures.trim(there.value)) if there else ""


def given(measure: Measure, form: Mapping[str, str]) -> Fields:
    values = {box.name: form.get(box.name, "").strip() for box in boxes(measure)}
    return Fields(
        values, form.get("jour", "").strip(), form.get("heure", "").strip(), form.get("qui", ""), form.get("secret", "")
    )


def read(measure: Measure, fields: Fields, now: datetime) -> tuple[Observation | None, Faults]:
    """What is said, or None with pairs of a field's id and what to mend there."""
    found = {box.name: value(box, fields.values[box.name]) for box in boxes(measure)}
    faults = [(name, fault) for name, (_, fault) in found.items() if fault]
    if not faults:
        faults += _pair(measure, {name: number for name, (number, _) in found.items()})
    at, when = moment(fields, now)
    faults += when
    if fields.who not in {VISIBLE, MASKED}:
        faults.append(("qui", gettext("Choisissez qui verra cette mesure")))
    if faults or at is None:
        return None, faults
    return _observation(measure, {name: number for name, (number, _) in found.items() if number}, at), []


def value(box: Box, text: str) -> tuple[Quantity | None, str]:
    """In the unit that is kept."""
    measure = box.measure
    written = _NUMBER.fullmatch(text)
    if not text:
        return None, gettext("Saisissez une valeur : %(what)s") % {"what": box.label.casefold()}
    if written is None:
        return None, gettext("Écrivez un nombre, par exemple 72 ou 72,5")
    if measure.integer and written[2]:
        return None, gettext("Écrivez un nombre entier, sans virgule")
    number = Decimal(f"{written[1]}.{written[2]}" if written[2] else written[1])
    kept = units.convert(Quantity(number, "", measure.shown), measure.ucum, measure.substance)
    if kept is None or not _within(measure, kept.value):
        low, high = (_shown(measure, bound) for bound in (measure.low, measure.high))
        about = {"low": low, "high": high, "unit": box.unit}
        return None, (gettext("Écrivez une valeur entre %(low)s et %(high)s %(unit)s") % about).strip()
    return Quantity(kept.value, measure.unit if measure.unit != "1" else "", measure.ucum), ""


def _within(measure: Measure, kept: Decimal) -> bool:
    return (measure.low is None or kept >= measure.low) and (measure.high is None or kept <= measure.high)


def _shown(measure: Measure, bound: Decimal | None) -> str:
    there = (
        units.convert(Quantity(bound, "", measure.ucum), measure.shown, measure.substance)
        if bound is not None
        else None
    )
    return figures.number(figures.trim(there.value)) if there else ""


def _pair(measure: Measure, found: Mapping[str, Quantity | None]) -> Faults:
    high, low = found.get("systolic"), found.get("diastolic")
    if measure.key == "blood_pressure" and high and low and low.value >= high.value:
        return [("diastolic", gettext("La seconde valeur est plus petite que la première : vérifiez les deux"))]
    return []


def moment(fields: Fields, now: datetime) -> tuple[datetime | None, Faults]:
    day, clock = as_day(fields.day), _HOUR.fullmatch(fields.hour)
    faults: Faults = []
    if day is None or day.year < _EARLIEST:
        faults.append(("jour", gettext("Écrivez la date comme ceci : 12 3 2025")))
    hour, minute = (int(clock[1]), int(clock[2] or 0)) if clock else (24, 0)
    if not (0 <= hour < 24 and 0 <= minute < 60):  # noqa: PLR2004 - a clock
        faults.append(("heure", gettext("Écrivez l'heure comme ceci : 8 h 30")))
    if faults or day is None:
        return None, faults
    at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS)
    if at > now + _SOON:
        return None, [("jour", gettext("Écrivez une date passée : celle-ci n'est pas encore venue"))]
    return at, []


def _observation(measure: Measure, found: Mapping[str, Quantity], at: datetime) -> Observation:
    whole = found.get("valeur")
    return Observation(
        kind=Kind.MEASURE,
        code=_code(measure),
        status="final",
        when=Span(at.isoformat(timespec="seconds")),
        value=whole,
        components=tuple(Component(code=_code(part), value=found[part.key]) for part in measure.components),
    )


def _code(measure: Measure) -> Concept:
    return Concept(measure.label, (Coded(measure.code, measure.system, measure.label),))


def target(measure: Measure, form: Mapping[str, str]) -> tuple[Target | None, Faults]:
    """A goal: at most, or at least, a value of the measure, or of each of its parts."""
    sense = form.get("sens", "")
    read = {box: value(box, form.get(box.name, "").strip()) for box in boxes(measure)}
    faults = [(box.name, fault) for box, (_, fault) in read.items() if fault]
    if not faults:
        faults = _pair(measure, {box.name: number for box, (number, _) in read.items()})
    if sense not in {LEAST, MOST}:
        faults.insert(0, ("sens", gettext("Choisissez « au plus » ou « au moins »")))
    if faults:
        return None, faults
    wanted = tuple((box.measure, _aimed(box.measure, number, sense)) for box, (number, _) in read.items() if number)
    return Parts(wanted) if measure.components else wanted[0][1], []


def _aimed(part: Measure, number: Quantity, sense: str) -> Quantity:
    shown = units.convert(number, part.shown, part.substance) or number
    return Quantity(shown.value, shown.unit, shown.ucum, "<=" if sense == MOST else ">=")
