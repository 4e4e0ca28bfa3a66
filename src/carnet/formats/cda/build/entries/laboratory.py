"""Results of analyses: number, unit, range of the laboratory, interpretation."""

from __future__ import annotations

from datetime import datetime

from lxml.etree import _Element

from carnet.formats.cda.build.clinical import Finding, Result
from carnet.formats.cda.build.codes import INTERPRETATION, loinc
from carnet.formats.cda.build.elements import el, template
from carnet.formats.cda.build.entries.common import completed
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.values import coded, stamp
from carnet.formats.entry import Coded

_INTERPRETATIONS = {"N": "Normal", "L": "Bas", "H": "Élevé"}


def laboratory_act(
    scope: Scope, chapter: Coded, sampled: datetime, results: list[tuple[Result | Finding, str]]
) -> _Element:
    """One act for a chapter of results; `results` come with the mark of their line in the narrative."""
    act = el(
        "act",
        coded("code", chapter),
        completed(),
        *[
            el(
                "entryRelationship",
                _laboratory_observation(scope, result, mark, sampled),
                typeCode="COMP",
            )
            for result, mark in results
        ],
        classCode="ACT",
        moodCode="EVN",
    )
    conformance = template("1.3.6.1.4.1.19376.1.3.1", "1.2.250.1.213.1.1.3.21")
    return el("entry", *conformance, act, typeCode="DRIV")


def _laboratory_observation(scope: Scope, result: Result | Finding, mark: str, sampled: datetime) -> _Element:
    code = (
        loinc(result.analyte.code, result.analyte.name)
        if isinstance(result, Result)
        else loinc(result.code, result.name)
    )
    return el(
        "observation",
        *template("1.3.6.1.4.1.19376.1.3.1.6", "1.2.250.1.213.1.1.3.80"),
        el("id", root=scope.id()),
        coded("code", code, el("originalText", scope.pointer(mark))),
        completed(),
        el("effectiveTime", value=stamp(sampled)),
        *(_measured(result) if isinstance(result, Result) else _found(result)),
        classCode="OBS",
        moodCode="EVN",
    )


def _measured(result: Result) -> list[_Element]:
    analyte = result.analyte
    elements = [
        el("value", xsi_type="PQ", value=result.value, unit=analyte.ucum),
        _interpretation(result.interpretation),
    ]
    if analyte.low is not None or analyte.high is not None:
        elements.append(
            el(
                "referenceRange",
                el(
                    "observationRange",
                    el(
                        "value",
                        _quantity("low", analyte.low, analyte.ucum),
                        _quantity("high", analyte.high, analyte.ucum),
                        xsi_type="IVL_PQ",
                    ),
                    _interpretation("N"),
                    classCode="OBS",
                    moodCode="EVN.CRT",
                ),
                typeCode="REFV",
            )
        )
    return elements


def _interpretation(code: str) -> _Element:
    return coded("interpretationCode", Coded(code, INTERPRETATION, _INTERPRETATIONS[code]))


def _found(finding: Finding) -> list[_Element]:
    return [coded("value", finding.value, xsi_type="CD")]


def _quantity(name: str, value: str | None, unit: str) -> _Element | None:
    return None if value is None else el(name, value=value, unit=unit)
