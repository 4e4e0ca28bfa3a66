"""Medicines: prescribed, taken, dispensed."""

from __future__ import annotations

from datetime import date

from lxml.etree import _Element

from carnet.formats.cda.build.clinical import Drug, Line
from carnet.formats.cda.build.codes import ACT_CODE
from carnet.formats.cda.build.elements import el, template
from carnet.formats.cda.build.entries.common import PRODUCT, completed
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.values import coded, day
from carnet.formats.entry import Coded

_DRUG = Coded("DRUG", ACT_CODE, "Médicament")
_BOX = "30009000"
_ADMINISTRATION = ("2.16.840.1.113883.10.20.1.24", "1.3.6.1.4.1.19376.1.5.3.1.4.7")
_NORMAL_DOSING = "1.3.6.1.4.1.19376.1.5.3.1.4.7.1"


def _product(scope: Scope, drug: Drug, mark: str) -> _Element:
    """A product without a code of its own is named by its substance."""
    inside = (el("originalText", scope.pointer(mark)), coded("translation", drug.substance))
    return el(
        "manufacturedProduct",
        *template(*PRODUCT),
        el(
            "manufacturedMaterial",
            coded("code", drug.product, *inside) if drug.product else el("code", *inside),
            el("name", drug.name),
            coded("pharm:formCode", drug.form),
            el(
                "pharm:asSpecializedKind",
                el(
                    "pharm:generalizedMedicineClass",
                    coded("pharm:code", drug.substance),
                    el("pharm:name", drug.substance.display),
                    classCode="MMAT",
                ),
                classCode="GRIC",
            ),
            classCode="MMAT",
            determinerCode="KIND",
        ),
        classCode="MANU",
    )


def _interval(start: date, end: date | None) -> _Element:
    return el(
        "effectiveTime",
        el("low", value=day(start)),
        el("high", value=day(end)) if end else el("high", nullFlavor="UNK"),
        xsi_type="IVL_TS",
    )


def prescribed(scope: Scope, line: Line, mark: str) -> _Element:
    supply = el(
        "supply",
        *template("1.3.6.1.4.1.19376.1.9.1.3.8", "1.2.250.1.213.1.1.3.86"),
        el("independentInd", value="false"),
        el("quantity", value=str(line.boxes), unit=_BOX),
        classCode="SPLY",
        moodCode="RQO",
    )
    return _administration(
        scope,
        line,
        mark,
        templates=("1.3.6.1.4.1.19376.1.9.1.3.2", "1.2.250.1.213.1.1.3.83"),
        mood="INT",
        repeats=el("repeatNumber", value=str(line.repeats)),
        supply=el("entryRelationship", supply, typeCode="COMP"),
    )


def taken(scope: Scope, line: Line, mark: str) -> _Element:
    return _administration(scope, line, mark, templates=("1.2.250.1.213.1.1.3.42",), mood="EVN")


def _administration(
    scope: Scope,
    line: Line,
    mark: str,
    *,
    templates: tuple[str, ...],
    mood: str,
    repeats: _Element | None = None,
    supply: _Element | None = None,
) -> _Element:
    statement = el(
        "substanceAdministration",
        *template(*_ADMINISTRATION, *templates, _NORMAL_DOSING),
        el("id", root=scope.id()),
        coded("code", _DRUG),
        el("text", scope.pointer(f"{mark}-posologie")),
        completed(),
        _interval(line.start, line.end),
        repeats,
        coded("routeCode", line.drug.route),
        el("consumable", _product(scope, line.drug, mark)),
        supply,
        classCode="SBADM",
        moodCode=mood,
    )
    return el("entry", statement)


def dispensed(scope: Scope, line: Line, mark: str) -> _Element:
    statement = el(
        "supply",
        *template(
            "2.16.840.1.113883.10.20.1.34",
            "1.3.6.1.4.1.19376.1.5.3.1.4.7.3",
            "1.3.6.1.4.1.19376.1.9.1.3.4",
            "1.2.250.1.213.1.1.3.204",
        ),
        el("id", root=scope.id()),
        el("text", scope.pointer(mark)),
        el("effectiveTime", value=day(line.start)),
        el("quantity", value=str(line.boxes), unit=_BOX),
        el("product", _product(scope, line.drug, mark)),
        classCode="SPLY",
        moodCode="EVN",
    )
    return el("entry", statement)
