"""Doses of vaccines."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.demo.clinical import Dose
from carnet.demo.entries.common import PRODUCT, completed, day, pointer
from carnet.demo.header import assigned, coded
from carnet.demo.model import Numbering, Professional
from carnet.demo.vocabulary import ACT_CODE, EDQM, loinc
from carnet.demo.xml import el, template
from carnet.formats.entry import Coded

_IMMUNIZATIONS = {
    "INITIMMUNIZ": "Première série vaccinale",
    "BOOSTER": "Rappel vaccinal",
    "IMMUNIZ": "Vaccination",
}
_INTRAMUSCULAR = Coded("20035000", EDQM, "Voie intramusculaire")


def vaccinated(numbering: Numbering, dose: Dose, mark: str, by: Professional) -> _Element:
    vaccine = dose.vaccine
    rank = el(
        "observation",
        *template("1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.2.250.1.213.1.1.3.48"),
        el("id", root=numbering.id()),
        coded("code", loinc("30973-2", "Rang de la vaccination")),
        completed(),
        el("effectiveTime", value=day(dose.at)),
        el("value", xsi_type="INT", value=str(dose.rank)),
        classCode="OBS",
        moodCode="EVN",
    )
    material = el(
        "manufacturedMaterial",
        el("code", el("originalText", pointer(mark)), coded("translation", vaccine.atc)),
        el("name", vaccine.name),
        el("lotNumberText", dose.lot),
    )
    statement = el(
        "substanceAdministration",
        *template("2.16.840.1.113883.10.20.1.24", "1.3.6.1.4.1.19376.1.5.3.1.4.12", "1.2.250.1.213.1.1.3.45"),
        el("id", root=numbering.id()),
        coded("code", Coded(dose.kind, ACT_CODE, _IMMUNIZATIONS[dose.kind])),
        el("text", pointer(mark)),
        completed(),
        el("effectiveTime", value=day(dose.at)),
        coded("routeCode", _INTRAMUSCULAR),
        el("consumable", el("manufacturedProduct", *template(*PRODUCT), material), typeCode="CSM"),
        el("performer", el("assignedEntity", *assigned(by), classCode="ASSIGNED"), typeCode="PRF"),
        el("entryRelationship", rank, typeCode="SUBJ"),
        classCode="SBADM",
        moodCode="EVN",
        negationInd="false",
    )
    return el("entry", statement)
