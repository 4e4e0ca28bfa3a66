"""Vital signs."""

from __future__ import annotations

from datetime import date

from lxml.etree import _Element

from carnet.formats.cda.build.clinical import Measure
from carnet.formats.cda.build.codes import loinc
from carnet.formats.cda.build.elements import el, template
from carnet.formats.cda.build.entries.common import completed
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.values import coded, day


def vital_signs(scope: Scope, at: date, measures: list[tuple[Measure, str]]) -> _Element:
    statement = el(
        "organizer",
        *template(
            "2.16.840.1.113883.10.20.1.32",
            "2.16.840.1.113883.10.20.1.35",
            "1.3.6.1.4.1.19376.1.5.3.1.4.13.1",
            "1.2.250.1.213.1.1.3.49",
        ),
        el("id", root=scope.id()),
        coded("code", loinc("85353-1", "Signes vitaux")),
        completed(),
        el("effectiveTime", value=day(at)),
        *[el("component", _vital_sign(scope, at, measure, mark), typeCode="COMP") for measure, mark in measures],
        classCode="CLUSTER",
        moodCode="EVN",
    )
    return el("entry", statement)


def _vital_sign(scope: Scope, at: date, measure: Measure, mark: str) -> _Element:
    return el(
        "observation",
        *template(
            "2.16.840.1.113883.10.20.1.31",
            "1.3.6.1.4.1.19376.1.5.3.1.4.13",
            "1.3.6.1.4.1.19376.1.5.3.1.4.13.2",
            "1.2.250.1.213.1.1.3.50",
        ),
        el("id", root=scope.id()),
        coded("code", loinc(measure.code, measure.name)),
        el("text", scope.pointer(mark)),
        completed(),
        el("effectiveTime", value=day(at)),
        el("value", xsi_type="PQ", value=measure.value, unit=measure.ucum),
        classCode="OBS",
        moodCode="EVN",
    )
