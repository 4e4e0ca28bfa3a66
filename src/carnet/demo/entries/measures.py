"""Vital signs."""

from __future__ import annotations

from datetime import date

from lxml.etree import _Element

from carnet.demo.clinical import Measure
from carnet.demo.entries.common import completed, day, pointer
from carnet.demo.header import coded
from carnet.demo.model import Numbering
from carnet.demo.vocabulary import loinc
from carnet.demo.xml import el, template


def vital_signs(numbering: Numbering, at: date, measures: list[tuple[Measure, str]]) -> _Element:
    statement = el(
        "organizer",
        *template(
            "2.16.840.1.113883.10.20.1.32",
            "2.16.840.1.113883.10.20.1.35",
            "1.3.6.1.4.1.19376.1.5.3.1.4.13.1",
            "1.2.250.1.213.1.1.3.49",
        ),
        el("id", root=numbering.id()),
        coded("code", loinc("85353-1", "Signes vitaux")),
        completed(),
        el("effectiveTime", value=day(at)),
        *[el("component", _vital_sign(numbering, at, measure, mark), typeCode="COMP") for measure, mark in measures],
        classCode="CLUSTER",
        moodCode="EVN",
    )
    return el("entry", statement)


def _vital_sign(numbering: Numbering, at: date, measure: Measure, mark: str) -> _Element:
    return el(
        "observation",
        *template(
            "2.16.840.1.113883.10.20.1.31",
            "1.3.6.1.4.1.19376.1.5.3.1.4.13",
            "1.3.6.1.4.1.19376.1.5.3.1.4.13.2",
            "1.2.250.1.213.1.1.3.50",
        ),
        el("id", root=numbering.id()),
        coded("code", loinc(measure.code, measure.name)),
        el("text", pointer(mark)),
        completed(),
        el("effectiveTime", value=day(at)),
        el("value", xsi_type="PQ", value=measure.value, unit=measure.ucum),
        classCode="OBS",
        moodCode="EVN",
    )
