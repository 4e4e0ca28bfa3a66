"""Medicines: prescribed, taken, dispensed."""

from __future__ import annotations

from datetime import date

from lxml.etree import _Element

from carnet.demo.clinical import Drug, Line
from carnet.demo.entries.common import PRODUCT, completed, day, pointer
from carnet.demo.header import coded
from carnet.demo.model import Numbering
from carnet.demo.vocabulary import ACT_CODE, EDQM
from carnet.demo.xml import el, template
from carnet.formats.entry import Coded

_DRUG = Coded("DRUG", ACT_CODE, "Médicament")
_ORAL = Coded("20053000", EDQM, "Voie orale")
_BOX = "30009000"


def _product(drug: Drug, mark: str) -> _Element:
    """Named by its substance: the demonstration does not pretend to be a real box of a real brand."""
    return el(
        "manufacturedProduct",
        *template(*PRODUCT),
        el(
            "manufacturedMaterial",
            el("code", el("originalText", pointer(mark)), coded("translation", drug.substance)),
            el("name", drug.name),
            coded("pharm_formCode", drug.form),
            el(
                "pharm_asSpecializedKind",
                el(
                    "pharm_generalizedMedicineClass",
                    coded("pharm_code", drug.substance),
                    el("pharm_name", drug.substance.display),
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


def prescribed(numbering: Numbering, line: Line, mark: str) -> _Element:
    supply = el(
        "supply",
        *template("1.3.6.1.4.1.19376.1.9.1.3.8", "1.2.250.1.213.1.1.3.86"),
        el("independentInd", value="false"),
        el("quantity", value=str(line.boxes), unit=_BOX),
        classCode="SPLY",
        moodCode="RQO",
    )
    statement = el(
        "substanceAdministration",
        *template(
            "2.16.840.1.113883.10.20.1.24",
            "1.3.6.1.4.1.19376.1.5.3.1.4.7",
            "1.3.6.1.4.1.19376.1.9.1.3.2",
            "1.2.250.1.213.1.1.3.83",
            "1.3.6.1.4.1.19376.1.5.3.1.4.7.1",
        ),
        el("id", root=numbering.id()),
        coded("code", _DRUG),
        el("text", pointer(f"{mark}-posologie")),
        completed(),
        _interval(line.start, line.end),
        el("repeatNumber", value=str(line.repeats)),
        coded("routeCode", _ORAL),
        el("consumable", _product(line.drug, mark)),
        el("entryRelationship", supply, typeCode="COMP"),
        classCode="SBADM",
        moodCode="INT",
    )
    return el("entry", statement)


def taken(numbering: Numbering, line: Line, mark: str) -> _Element:
    statement = el(
        "substanceAdministration",
        *template(
            "2.16.840.1.113883.10.20.1.24",
            "1.3.6.1.4.1.19376.1.5.3.1.4.7",
            "1.2.250.1.213.1.1.3.42",
            "1.3.6.1.4.1.19376.1.5.3.1.4.7.1",
        ),
        el("id", root=numbering.id()),
        coded("code", _DRUG),
        el("text", pointer(f"{mark}-posologie")),
        completed(),
        _interval(line.start, line.end),
        coded("routeCode", _ORAL),
        el("consumable", _product(line.drug, mark)),
        classCode="SBADM",
        moodCode="EVN",
    )
    return el("entry", statement)


def dispensed(numbering: Numbering, line: Line, mark: str) -> _Element:
    statement = el(
        "supply",
        *template(
            "2.16.840.1.113883.10.20.1.34",
            "1.3.6.1.4.1.19376.1.5.3.1.4.7.3",
            "1.3.6.1.4.1.19376.1.9.1.3.4",
            "1.2.250.1.213.1.1.3.204",
        ),
        el("id", root=numbering.id()),
        el("text", pointer(mark)),
        el("effectiveTime", value=day(line.start)),
        el("quantity", value=str(line.boxes), unit=_BOX),
        el("product", _product(line.drug, mark)),
        classCode="SPLY",
        moodCode="EVN",
    )
    return el("entry", statement)
