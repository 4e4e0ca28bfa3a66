"""Doses of vaccines."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.clinical import Dose
from carnet.formats.cda.build.codes import ACT_CODE, loinc
from carnet.formats.cda.build.elements import el, template
from carnet.formats.cda.build.entries.common import PRODUCT, completed
from carnet.formats.cda.build.people import assigned
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.values import coded, day
from carnet.formats.entry import Author, Coded

_IMMUNIZATIONS = {
    "INITIMMUNIZ": "Première série vaccinale",
    "BOOSTER": "Rappel vaccinal",
    "IMMUNIZ": "Vaccination",
}


def vaccinated(scope: Scope, dose: Dose, mark: str, by: Author) -> _Element:
    vaccine = dose.vaccine
    rank = el(
        "observation",
        *template("1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.2.250.1.213.1.1.3.48"),
        el("id", root=scope.id()),
        coded("code", loinc("30973-2", "Rang de la vaccination")),
        completed(),
        el("effectiveTime", value=day(dose.at)),
        el("value", xsi_type="INT", value=str(dose.rank)),
        classCode="OBS",
        moodCode="EVN",
    )
    material = el(
        "manufacturedMaterial",
        el("code", el("originalText", scope.pointer(mark)), coded("translation", vaccine.atc)),
        el("name", vaccine.name),
        el("lotNumberText", dose.lot),
    )
    statement = el(
        "substanceAdministration",
        *template("2.16.840.1.113883.10.20.1.24", "1.3.6.1.4.1.19376.1.5.3.1.4.12", "1.2.250.1.213.1.1.3.45"),
        el("id", root=scope.id()),
        coded("code", Coded(dose.kind, ACT_CODE, _IMMUNIZATIONS[dose.kind])),
        el("text", scope.pointer(mark)),
        completed(),
        el("effectiveTime", value=day(dose.at)),
        coded("routeCode", vaccine.route),
        el("consumable", el("manufacturedProduct", *template(*PRODUCT), material), typeCode="CSM"),
        el("performer", el("assignedEntity", *assigned(by, scope.details), classCode="ASSIGNED"), typeCode="PRF"),
        el("entryRelationship", rank, typeCode="SUBJ"),
        classCode="SBADM",
        moodCode="EVN",
        negationInd="false",
    )
    return el("entry", statement)
