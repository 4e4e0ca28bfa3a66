"""Problems, allergies, what the family had."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element

from carnet.formats.cda.build.codes import ACT_CODE, GENDER, LOINC
from carnet.formats.cda.build.elements import el, null, template
from carnet.formats.cda.build.entries.common import completed
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.vsm import parts
from carnet.formats.cda.build.vsm.carried import DIAGNOSIS, KIND_OF_ALLERGY
from carnet.formats.cda.build.vsm.carried_values import hl7
from carnet.formats.clinical.model import Allergy, FamilyHistory, Problem, Reaction, RelativeCondition
from carnet.formats.clinical.values import Concept, Quantity
from carnet.formats.entry import Coded

__all__ = ["allergy", "problem", "relative"]

_PROBLEM: Final = ("2.16.840.1.113883.10.20.1.28", "1.3.6.1.4.1.19376.1.5.3.1.4.5")
_FR_PROBLEM: Final = "1.2.250.1.213.1.1.3.37"
_ALLERGY: Final = (
    "2.16.840.1.113883.10.20.1.18",
    *_PROBLEM,
    "1.3.6.1.4.1.19376.1.5.3.1.4.6",
    "1.2.250.1.213.1.1.3.41",
)
_STATUS: Final = (
    "2.16.840.1.113883.10.20.1.50",
    "2.16.840.1.113883.10.20.1.57",
    "1.3.6.1.4.1.19376.1.5.3.1.4.1.1",
    "1.2.250.1.213.1.1.3.30",
)
_SEVERITY: Final = ("2.16.840.1.113883.10.20.1.55", "1.3.6.1.4.1.19376.1.5.3.1.4.1", "1.2.250.1.213.1.1.3.29")
_CERTAINTY: Final = ("1.2.250.1.213.1.1.3.162",)
_OF_FHIR: Final = "2.16.840.1.113883.4.642.4.1373"
_CRITICAL: Final = "2.16.840.1.113883.4.642.4.130"
_SURE: Final = "2.16.840.1.113883.4.642.4.1371"
_FOLLOWED: Final = frozenset({"active", "recurrence", "relapse"})
_GRAVITY: Final = {
    "mild": Coded("255604002", "2.16.840.1.113883.6.96", "léger"),
    "moderate": Coded("6736007", "2.16.840.1.113883.6.96", "modéré"),
    "severe": Coded("24484000", "2.16.840.1.113883.6.96", "grave"),
}
_CLINICAL: Final = {
    "active": "Actif",
    "recurrence": "Récidive",
    "relapse": "Rechute",
    "inactive": "Inactif",
    "remission": "Rémission",
    "resolved": "Résolu",
}
_SEXES: Final = {"male": ("M", "Masculin"), "female": ("F", "Féminin"), "other": ("UN", "Indifférencié")}


def problem(scope: Scope, entry: Problem, mark: str) -> _Element:
    pointer = scope.pointer(mark)
    sites = filter(None, (entry.body_site, *entry.other_sites))
    observation = el(
        "observation",
        *template(*_PROBLEM, _FR_PROBLEM),
        *parts.numbers(scope, entry.identifiers),
        parts.concept("code", entry.category or DIAGNOSIS),
        el("text", scope.pointer(mark)),
        completed(),
        parts.interval(entry.when),
        parts.concept("value", entry.code, pointer, xsi_type="CD"),
        *[parts.concept("targetSiteCode", each) for each in sites],
        parts.author(scope, entry.by, entry.recorded),
        _severity(entry.severity) if entry.severity else None,
        *_states(entry.clinical, entry.verification),
        parts.comment(scope, entry, mark),
        classCode="OBS",
        moodCode="EVN",
        negationInd="true" if entry.verification == "refuted" else "false",
    )
    return _concern(scope, entry, observation, "1.3.6.1.4.1.19376.1.5.3.1.4.5.2", "39")


def allergy(scope: Scope, entry: Allergy, mark: str) -> _Element:
    pointer = scope.pointer(mark)
    kind = KIND_OF_ALLERGY.get((entry.type, next(iter(entry.categories), "")))
    nothing = el("value", null("originalText", "NI"), xsi_type="CD", nullFlavor="NI")
    observation = el(
        "observation",
        *template(*_ALLERGY),
        *parts.numbers(scope, entry.identifiers),
        parts.coded("code", kind) if kind else null("code"),
        el("text", scope.pointer(mark)),
        completed(),
        parts.interval(entry.when),
        parts.concept("value", entry.code, pointer, xsi_type="CD") if entry.absence else nothing,
        parts.author(scope, entry.by, entry.recorded),
        None if entry.absence else _agent(entry.code, pointer),
        *[_reaction(scope, each) for each in entry.reactions if each.manifestations],
        *[_severity(Concept("", (_GRAVITY[each.severity],))) for each in entry.reactions if not each.manifestations],
        *_states(entry.clinical, entry.verification),
        _critical(entry.criticality) if entry.criticality else None,
        parts.comment(scope, entry, mark),
        classCode="OBS",
        moodCode="EVN",
        negationInd="true" if entry.verification == "refuted" else "false",
    )
    return _concern(scope, entry, observation, "1.3.6.1.4.1.19376.1.5.3.1.4.5.3", "40")


def _agent(code: Concept, pointer: _Element) -> _Element:
    entity = el(
        "playingEntity",
        parts.concept("code", code, pointer),
        el("name", code.text) if code.text else null("name", "NA"),
        classCode="MMAT",
    )
    return el("participant", el("participantRole", entity, classCode="MANU"), typeCode="CSM")


def _concern(scope: Scope, entry: Problem | Allergy, observation: _Element, pcc: str, ci_sis: str) -> _Element:
    # Who denies it follows nothing; the reader takes the denial from the observation.
    ended = bool(entry.clinical) and entry.clinical not in _FOLLOWED
    act = el(
        "act",
        *template(
            "2.16.840.1.113883.10.20.1.27", "1.3.6.1.4.1.19376.1.5.3.1.4.5.1", pcc, f"1.2.250.1.213.1.1.3.{ci_sis}"
        ),
        el("id", root=scope.id()),
        null("code", "NA"),
        el("statusCode", code="completed" if ended else "active"),
        parts.interval(entry.when),
        parts.beneath(observation, "SUBJ", inversion="false"),
        classCode="ACT",
        moodCode="EVN",
    )
    return el("entry", act)


def _states(clinical: str, verification: str) -> Iterator[_Element]:
    """The concern tells already whether it is followed; FHIR's other states are stated."""
    if clinical:
        found = parts.coded("value", Coded(clinical, _OF_FHIR, _CLINICAL[clinical]), xsi_type="CE")
        yield parts.beneath(
            parts.observation(Coded("33999-4", LOINC, "Statut"), found, *_STATUS), "REFR", inversion="false"
        )
    if verification and verification != "refuted":
        found = parts.coded("value", Coded(verification, _SURE), xsi_type="CE")
        yield parts.beneath(
            parts.observation(Coded("66455-7", LOINC, "Certitude"), found, *_CERTAINTY), "SUBJ", inversion="true"
        )


def _severity(found: Concept) -> _Element:
    code = Coded("SEV", ACT_CODE, "Sévérité")
    small = parts.observation(code, parts.concept("value", found, xsi_type="CD"), *_SEVERITY)
    return parts.beneath(small, "SUBJ", inversion="true")


def _critical(found: str) -> _Element:
    small = parts.observation(
        Coded("82606-5", LOINC, "Criticité"), parts.coded("value", Coded(found, _CRITICAL), xsi_type="CE")
    )
    return parts.beneath(small, "SUBJ", inversion="true")


def _reaction(scope: Scope, found: Reaction) -> _Element:
    observation = el(
        "observation",
        *template(*_PROBLEM, _FR_PROBLEM),
        el("id", root=scope.id()),
        parts.concept("code", DIAGNOSIS),
        completed(),
        parts.instant("effectiveTime", found.onset),
        parts.concept("value", found.manifestations[0], xsi_type="CD"),
        _severity(Concept("", (_GRAVITY[found.severity],))) if found.severity else None,
        parts.words(found.note),
        classCode="OBS",
        moodCode="EVN",
        negationInd="false",
    )
    return parts.beneath(observation, "MFST", inversion="true")


def relative(scope: Scope, entry: FamilyHistory, mark: str) -> _Element:
    sex = _SEXES.get(entry.sex)
    person = [
        el("name", entry.name) if entry.name else None,
        parts.coded("administrativeGenderCode", Coded(sex[0], GENDER, sex[1])) if sex else None,
        parts.instant("birthTime", entry.born) if entry.born else None,
        *_death(entry),
    ]
    known = [each for each in person if each is not None]
    related = el(
        "relatedSubject",
        parts.concept("code", entry.code, scope.pointer(mark)),
        el("subject", *known) if known else None,
        classCode="PRS",
    )
    organizer = el(
        "organizer",
        *template("2.16.840.1.113883.10.20.1.23", "1.3.6.1.4.1.19376.1.5.3.1.4.15", "1.2.250.1.213.1.1.3.59"),
        *parts.numbers(scope, entry.identifiers),
        el("statusCode", code="active" if entry.status == "partial" else "completed"),
        el(
            "subject",
            *template("1.3.6.1.4.1.19376.1.5.3.1.4.15.2", "1.2.250.1.213.1.1.3.60"),
            related,
            typeCode="SBJ",
        ),
        parts.author(scope, entry.by, entry.recorded),
        *[el("component", _condition(scope, each), typeCode="COMP") for each in entry.conditions],
        classCode="CLUSTER",
        moodCode="EVN",
    )
    return el("entry", organizer)


def _death(entry: FamilyHistory) -> Iterator[_Element]:
    if isinstance(entry.deceased, str):
        yield parts.sdtc("deceasedTime", hl7(entry.deceased))
    elif isinstance(entry.deceased, bool):
        yield parts.sdtc("deceasedInd", "true" if entry.deceased else "false")


def _condition(scope: Scope, found: RelativeCondition) -> _Element:
    onset = found.onset
    age = Coded("30525-0", LOINC, "Âge")
    return el(
        "observation",
        *template(
            "2.16.840.1.113883.10.20.1.22",
            "1.3.6.1.4.1.19376.1.5.3.1.4.13",
            "1.3.6.1.4.1.19376.1.5.3.1.4.13.3",
            "1.2.250.1.213.1.1.3.51",
        ),
        el("id", root=scope.id()),
        parts.concept("code", DIAGNOSIS),
        completed(),
        parts.instant("effectiveTime", "" if isinstance(onset, Quantity) else onset),
        parts.concept("value", found.code, xsi_type="CD"),
        parts.beneath(parts.observation(age, parts.quantity("value", onset, xsi_type="PQ")), "SUBJ", inversion="true")
        if isinstance(onset, Quantity)
        else None,
        parts.words(found.note),
        classCode="OBS",
        moodCode="EVN",
    )
