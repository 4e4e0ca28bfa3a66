"""Medicines taken, doses of vaccines, acts, devices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element

from carnet.formats.cda.build.codes import ACT_CODE, LOINC
from carnet.formats.cda.build.elements import el, null, template
from carnet.formats.cda.build.entries.common import PRODUCT, completed
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.values import identified
from carnet.formats.cda.build.vsm import parts
from carnet.formats.cda.build.vsm.carried import IMMUNIZATION
from carnet.formats.cda.build.vsm.carried_treatment import EVENTS
from carnet.formats.cda.build.vsm.carried_values import hl7
from carnet.formats.clinical.model import Device, Dosage, Procedure, Product, Timing, Treatment, Vaccination
from carnet.formats.clinical.values import NOTHING, Concept
from carnet.formats.entry import Coded

__all__ = ["device", "procedure", "treatment", "vaccination"]

_DRUG: Final = Coded("DRUG", ACT_CODE, "Médicament")
_GIVEN: Final = "2.16.840.1.113883.10.20.1.24"
_TAKEN: Final = (
    _GIVEN,
    "1.3.6.1.4.1.19376.1.5.3.1.4.7",
    "1.2.250.1.213.1.1.3.42",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7.1",
)
_VACCINATED: Final = (_GIVEN, "1.3.6.1.4.1.19376.1.5.3.1.4.12", "1.2.250.1.213.1.1.3.45")
_PROCEDURE: Final = ("1.3.6.1.4.1.19376.1.5.3.1.4.19", "2.16.840.1.113883.10.20.1.29", "1.2.250.1.213.1.1.3.62")
_DEVICE: Final = ("2.16.840.1.113883.10.20.1.34", "1.2.250.1.213.1.1.3.20")
_INSTRUCTIONS: Final = ("2.16.840.1.113883.10.20.1.49", "1.3.6.1.4.1.19376.1.5.3.1.4.3", "1.2.250.1.213.1.1.3.33")
_RANK: Final = Coded("30973-2", LOINC, "Rang de la vaccination")
_SITE: Final = Coded("39111-0", LOINC, "Localisation anatomique")
_DONE: Final = {"completed": "completed", "in-progress": "active", "on-hold": "suspended", "stopped": "aborted"}
_USED: Final = {"active": "active", "on-hold": "suspended", "stopped": "aborted"}
_NO_DOSE: Final = Dosage()


def treatment(scope: Scope, entry: Treatment, mark: str) -> _Element:
    dose = entry.dosages[0] if entry.dosages else _NO_DOSE
    pointer = scope.pointer(f"{mark}-posologie" if dose.text else mark)
    statement = el(
        "substanceAdministration",
        *template(*_TAKEN),
        *parts.numbers(scope, entry.identifiers),
        parts.concept("code", entry.code, scope.pointer(mark)) if entry.absence else parts.coded("code", _DRUG),
        el("text", pointer),
        completed(),
        parts.interval(entry.when, xsi_type="IVL_TS"),
        *(_rhythm(dose.timing) if dose.timing else ()),
        parts.concept("routeCode", dose.route) if dose.route else None,
        parts.concept("approachSiteCode", dose.site) if dose.site else None,
        parts.amount("doseQuantity", dose.dose),
        parts.amount("rateQuantity", None if dose.rate is None else dose.rate),  # type: ignore[arg-type]
        _most(dose),
        el("consumable", _nothing() if entry.absence else _product(scope, entry.product, mark)),
        parts.author(scope, entry.by, entry.recorded),
        *[parts.reason(scope, each) for each in entry.reasons],
        parts.comment(scope, entry, mark),
        _instructions(dose.instructions) if dose.instructions else None,
        el("precondition", el("criterion", el("text", dose.as_needed.text)))
        if isinstance(dose.as_needed, Concept)
        else None,
        classCode="SBADM",
        moodCode="EVN",
        negationInd="true" if entry.status == "not-taken" else None,
        nullFlavor="UNK" if entry.absence else None,
    )
    return el("entry", statement, typeCode="DRIV")


def _rhythm(timing: Timing) -> Iterator[_Element]:
    if timing.period:
        yield el("effectiveTime", parts.quantity("period", timing.period), xsi_type="PIVL_TS", operator="A")
    for each in timing.when:
        if each in EVENTS:
            yield el("effectiveTime", el("event", code=each), xsi_type="EIVL_TS", operator="A")


def _most(dose: Dosage) -> _Element | None:
    if dose.most is None:
        return None
    over, under = dose.most.numerator, dose.most.denominator
    return el("maxDoseQuantity", parts.quantity("numerator", over), parts.quantity("denominator", under))


def _instructions(text: str) -> _Element:
    act = el(
        "act",
        *template(*_INSTRUCTIONS),
        parts.coded("code", Coded("PINSTRUCT", "1.3.6.1.4.1.19376.1.5.3.2", "Instructions au patient")),
        el("text", text),
        completed(),
        classCode="ACT",
        moodCode="INT",
    )
    return parts.beneath(act, "SUBJ", inversion="true")


def _product(scope: Scope, found: Product, mark: str, expires: str = "") -> _Element:
    code = found.code
    stuff = el(
        "manufacturedMaterial",
        parts.concept("code", code, scope.pointer(mark)),
        el("name", code.text) if code.text else null("name", "NA"),
        el("lotNumberText", found.lot) if found.lot else None,
        parts.concept("pharm:formCode", found.form) if found.form else None,
        el("pharm:expirationTime", value=hl7(expires)) if expires else None,
        classCode="MMAT",
        determinerCode="KIND",
    )
    maker = el("manufacturerOrganization", el("name", found.manufacturer)) if found.manufacturer else None
    return el("manufacturedProduct", *template(*PRODUCT), stuff, maker, classCode="MANU")


def _nothing() -> _Element:
    stuff = el("manufacturedMaterial", null("code", "NA"), null("name", "NA"), nullFlavor="UNK")
    return el("manufacturedProduct", *template(*PRODUCT), stuff, nullFlavor="UNK")


def vaccination(scope: Scope, entry: Vaccination, mark: str) -> _Element:
    what = entry.product or Product(NOTHING)
    statement = el(
        "substanceAdministration",
        *template(*_VACCINATED),
        *parts.numbers(scope, entry.identifiers),
        parts.concept("code", entry.code, scope.pointer(mark))
        if entry.absence
        else parts.concept("code", entry.series or IMMUNIZATION),
        el("text", scope.pointer(mark)),
        completed(),
        parts.when(entry.when),
        parts.concept("routeCode", entry.route) if entry.route else None,
        parts.concept("approachSiteCode", entry.site) if entry.site else None,
        parts.amount("doseQuantity", entry.dose),
        el("consumable", _nothing() if entry.absence else _product(scope, what, mark, entry.expires)),
        parts.author(scope, entry.by, entry.recorded),
        _rank(entry.dose_number) if entry.dose_number else None,
        parts.reason(scope, entry.reason) if entry.reason else None,
        *[_effect(scope, each) for each in entry.reactions],
        parts.comment(scope, entry, mark),
        classCode="SBADM",
        moodCode="EVN",
        negationInd="true" if entry.status == "not-done" and not entry.absence else "false",
        nullFlavor="UNK" if entry.absence else None,
    )
    return el("entry", statement, typeCode="DRIV")


def _rank(found: str) -> _Element:
    is_number = found.isascii() and found.isdigit()
    value = el("value", xsi_type="INT", value=found) if is_number else el("value", found, xsi_type="ST")
    return parts.beneath(parts.observation(_RANK, value), "SUBJ")


def _effect(scope: Scope, found: Concept) -> _Element:
    observation = el(
        "observation",
        *template("2.16.840.1.113883.10.20.1.28", "1.3.6.1.4.1.19376.1.5.3.1.4.5", "1.2.250.1.213.1.1.3.37"),
        el("id", root=scope.id()),
        null("code", "NA"),
        completed(),
        parts.concept("value", found, xsi_type="CD"),
        classCode="OBS",
        moodCode="EVN",
    )
    return parts.beneath(observation, "CAUS", inversion="false")


def procedure(scope: Scope, entry: Procedure, mark: str) -> _Element:
    planned, denied = entry.status == "preparation", entry.status == "not-done"
    state = "active" if planned else "completed" if denied else _DONE.get(entry.status, "")
    statement = el(
        "procedure",
        *template(*_PROCEDURE),
        *parts.numbers(scope, entry.identifiers),
        parts.concept("code", entry.code, scope.pointer(mark)),
        el("text", scope.pointer(mark)),
        el("statusCode", code=state) if state else null("statusCode"),
        parts.when(entry.when),
        *[parts.concept("targetSiteCode", each) for each in entry.body_sites],
        parts.author(scope, entry.by, entry.recorded),
        _place(entry.location) if entry.location else None,
        *[parts.reason(scope, each) for each in entry.reasons],
        parts.comment(scope, entry, mark),
        classCode="PROC",
        moodCode="INT" if planned else "EVN",
        negationInd="true" if denied or entry.absence else None,
    )
    return el("entry", statement)


def _place(name: str) -> _Element:
    entity = el("playingEntity", el("name", name), classCode="PLC", determinerCode="INSTANCE")
    return el("participant", el("participantRole", entity, classCode="SDLOC"), typeCode="LOC")


def device(scope: Scope, entry: Device, mark: str) -> _Element:
    role = el(
        "participantRole",
        *([identified("id", each) for each in entry.unique] or [null("id")]),
        el(
            "playingDevice",
            parts.concept("code", entry.code, scope.pointer(mark)),
            classCode="DEV",
            determinerCode="INSTANCE",
        ),
        classCode="MANU",
    )
    statement = el(
        "supply",
        *template(*_DEVICE),
        *parts.numbers(scope, entry.identifiers),
        el("text", scope.pointer(mark)),
        el("statusCode", code=_USED.get(entry.status, "completed")),
        parts.interval(entry.when, xsi_type="IVL_TS"),
        parts.quantity("quantity", entry.quantity) if entry.quantity else None,
        parts.author(scope, entry.by, entry.recorded),
        el("participant", role, typeCode="DEV"),
        _site(entry.body_site) if entry.body_site else None,
        *[parts.reason(scope, each) for each in entry.reasons],
        parts.comment(scope, entry, mark),
        classCode="SPLY",
        moodCode="RQO" if entry.status == "intended" else "EVN",
    )
    return el("entry", statement)


def _site(found: Concept) -> _Element:
    return parts.beneath(parts.observation(_SITE, parts.concept("value", found, xsi_type="CD")), "COMP")
