"""A professional notes a measure, or sets a target for a measure or an analysis."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.http import HttpRequest, HttpResponse

from carnet.formats.clinical.model import Entry, Kind, Observation
from carnet.formats.clinical.values import Quantity
from carnet.formats.terminology import analytes, units
from carnet.formats.terminology import measures as table
from carnet.formats.terminology.measures import Measure
from carnet.health import goals
from carnet.health.goals import Parts, Target
from carnet.health.results import quantity_in
from carnet.kernel import clock
from carnet.web.i18n import PARIS, gettext, language, today
from carnet.web.patient import figures, measure_form
from carnet.web.patient.measure_form import LEAST, MOST, Faults, Fields
from carnet.web.patient.moments import as_moment, written
from carnet.web.pro import restrictions
from carnet.web.pro.note_at import At, labels

__all__ = ["measure", "target"]

# What is measured most in a consultation, first.
_USUAL: Final = ("blood_pressure", "weight", "height", "heart_rate", "oxygen_saturation", "body_temperature")
_NUMBER: Final = re.compile(r"(\d{1,6})(?:[.,](\d{1,3}))?", re.ASCII)
_MEASURE, _ANALYTE = "measure:", "analyte:"


def measure(request: HttpRequest, at: At) -> HttpResponse:
    """Which one is said by the address; of what was noted before, by what it is."""
    known = table.of(at.kept.code) if at.kept else table.by_key(request.GET.get("quoi", ""))
    if known is None:
        return at.page(request, "pro/note_measures.html", {"usual": _usual(), "rest": _rest()})
    if request.method != "POST":
        kept = _written(known, at.kept) if isinstance(at.kept, Observation) else measure_form.empty(known, clock.now())
        return _measure_page(request, at, known, kept, at.restricted)
    asked = labels(request)
    fields = measure_form.given(known, {**request.POST.dict(), "qui": measure_form.VISIBLE})
    entry, faults = measure_form.read(known, fields, clock.now())
    faults += _restricted(at, asked)
    if entry is None or faults:
        return _measure_page(request, at, known, fields, asked, faults)
    return at.keep(request, entry, asked)


def _restricted(at: At, asked: frozenset[str]) -> Faults:
    fault = restrictions.secret_fault(asked, represented=at.secrecy is not None)
    return [("etiquettes", fault)] if fault else []


def _usual() -> list[Measure]:
    return [each for key in _USUAL if (each := table.by_key(key))]


def _rest() -> list[Measure]:
    return [each for each in table.every() if each.key not in _USUAL]


def _written(known: Measure, kept: Observation) -> Fields:
    at = datetime.fromisoformat(kept.when.start).astimezone(PARIS)
    values = {}
    for box in measure_form.boxes(known):
        stated = quantity_in(kept, box.measure if known.components else None)
        there = units.convert(stated, box.measure.shown, known.substance) if stated else None
        values[box.name] = figures.number(figures.trim(there.value)) if there else ""
    return Fields(values, f"{at:%d/%m/%Y}", f"{at:%H:%M}")


def _measure_page(
    request: HttpRequest,
    at: At,
    known: Measure,
    fields: Fields,
    asked: frozenset[str],
    errors: Faults | None = None,
) -> HttpResponse:
    context = {
        "measure": known,
        "name": measure_form.named(known),
        "boxes": measure_form.boxes(known),
        "fields": fields,
        "asked": asked,
        "action": at.address if at.statement_id else f"{at.address}?quoi={known.key}",
    }
    return at.page(request, "pro/note_measure.html", context, errors)


@dataclass(frozen=True, slots=True)
class Aim:
    """What a target may be set for; `unit` as it is printed, `ucum` its code. `measure`: of one that is made of
    several, which takes a number for each."""

    series: str
    label: str
    name: str
    kind: Kind
    unit: str
    ucum: str
    measure: Measure | None = None


def target(request: HttpRequest, at: At) -> HttpResponse:
    groups = _groups()
    known = {each.series: each for _, aims in groups for each in aims}
    kept = _fields_of(at.kept) if at.kept else {"serie": request.GET.get("quoi", ""), "sens": MOST}
    if request.method != "POST":
        return _target_page(request, at, groups, {"jour": written(today().isoformat()), **kept}, at.restricted)
    asked = labels(request)
    fields = {name: request.POST.get(name, "").strip() for name in ("serie", "sens", "valeur", "jour")}
    entry, faults = _aimed(fields, known)
    faults += _restricted(at, asked)
    if entry is None or faults:
        return _target_page(request, at, groups, fields, asked, faults)
    return at.keep(request, entry, asked)


def _groups() -> list[tuple[str, list[Aim]]]:
    aims = [
        Aim(
            f"{_MEASURE}{each.key}",
            each.label,
            measure_form.named(each),
            Kind.MEASURE,
            each.shown,
            each.shown,
            each if each.components else None,
        )
        for each in table.every()
    ]
    found = [(gettext("Mesures"), [_printed(each) for each in aims])]
    french = language() == "fr"
    for chapter in analytes.chapters():
        of = [
            _printed(
                Aim(
                    f"{_ANALYTE}{each.key}",
                    each.label,
                    each.label if french else each.english,
                    Kind.RESULT,
                    each.unit,
                    each.unit,
                )
            )
            for each in analytes.every()
            if each.chapter == chapter.key and each.unit
        ]
        found.append((chapter.label if french else chapter.english, of))
    return [(label, aims) for label, aims in found if aims]


def _printed(aim: Aim) -> Aim:
    unit = figures.unit_of(Quantity(Decimal(0), "", aim.ucum))
    return replace(aim, unit=unit)


def _aimed(fields: Mapping[str, str], known: Mapping[str, Aim]) -> tuple[Entry | None, Faults]:
    aim = known.get(fields["serie"])
    wanted, fault = _wanted(aim, fields["valeur"], fields["sens"])
    day = as_moment(fields["jour"], today())
    faults: Faults = []
    if aim is None:
        faults.append(("serie", gettext("Choisissez l'analyse ou la mesure")))
    if fields["sens"] not in {LEAST, MOST}:
        faults.append(("sens", gettext("Choisissez « au plus » ou « au moins »")))
    if fault:
        faults.append(("valeur", fault))
    if not day:
        faults.append(("jour", gettext("Écrivez la date comme ceci : 12 3 2025")))
    if faults or aim is None or wanted is None or not day:
        return None, faults
    return goals.stated(aim.series, aim.kind, aim.label, wanted, day), []


def _wanted(aim: Aim | None, text: str, sense: str) -> tuple[Target | None, str]:
    if aim and aim.measure:
        return _of_each(aim.measure, text, sense)
    number = _NUMBER.fullmatch(text)
    if number is None:
        return None, gettext("Écrivez un nombre, par exemple 72 ou 72,5")
    value = Decimal(f"{number[1]}.{number[2]}" if number[2] else number[1])
    ucum = aim.ucum if aim else ""
    return Quantity(value, units.printed(ucum), ucum, "<=" if sense == MOST else ">="), ""


def _of_each(measure: Measure, text: str, sense: str) -> tuple[Target | None, str]:
    """« 135/85 »: as they are said, in one field."""
    boxes, numbers = measure_form.boxes(measure), text.split("/")
    if len(numbers) != len(boxes):
        return None, gettext("Écrivez les deux nombres, par exemple 135/85")
    given = {box.name: number for box, number in zip(boxes, numbers, strict=True)}
    wanted, faults = measure_form.target(measure, {**given, "sens": sense or MOST})
    return wanted, next((fault for name, fault in faults if name != "sens"), "")


def _fields_of(kept: Entry) -> dict[str, str]:
    target = goals.target_of(kept)
    wanted = target.quantities if isinstance(target, Parts) else (target,) if isinstance(target, Quantity) else ()
    return {
        "serie": kept.code.code_of(goals.SYSTEM),
        "sens": LEAST if wanted and wanted[0].comparator.startswith(">") else MOST,
        "valeur": "/".join(figures.number(figures.trim(each.value)) for each in wanted),
        "jour": written(kept.when.start),
    }


def _target_page(
    request: HttpRequest,
    at: At,
    groups: list[tuple[str, list[Aim]]],
    fields: Mapping[str, str],
    asked: frozenset[str],
    errors: Faults | None = None,
) -> HttpResponse:
    context = {
        "groups": groups,
        "fields": {"serie": "", "sens": "", "valeur": "", "jour": "", **fields},
        "asked": asked,
    }
    return at.page(request, "pro/note_target.html", context, errors)
