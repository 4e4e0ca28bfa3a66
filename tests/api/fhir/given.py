"""Entries of every type, as documents state them, and how a program asks for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from carnet.documents.actions import Deposited
from carnet.formats.clinical.model import (
    Allergy,
    Component,
    Device,
    Dispensation,
    Encounter,
    Entry,
    FamilyHistory,
    Kind,
    Observation,
    Prescription,
    Problem,
    Procedure,
    Product,
    RelativeCondition,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Coded
from carnet.formats.terminology.systems import LOINC
from tests import people
from tests.health.stated import result, stating
from tests.people import Resident

SNOMED: Final = "2.16.840.1.113883.6.96"
ATC: Final = "2.16.840.1.113883.6.73"


def coded(code: str, display: str, system: str = SNOMED) -> Concept:
    return Concept(display, (Coded(code, system, display),))


def a_medicine(code: str = "C09AA05", name: str = "Ramipril") -> Product:
    return Product(coded(code, name, ATC))


PRESSURE: Final = Observation(
    kind=Kind.MEASURE,
    code=coded("85354-9", "Pression artérielle", LOINC),
    status="final",
    when=Span("2024-05-02"),
    components=(Component(code=coded("8480-6", "Systolique", LOINC)),),
)
_EVERY: Final[dict[str, Entry]] = {
    "Observation": result(),
    "Condition": Problem(
        kind=Kind.PROBLEM,
        code=coded("38341003", "Hypertension"),
        when=Span("2019"),
        clinical="active",
        verification="confirmed",
    ),
    "AllergyIntolerance": Allergy(
        kind=Kind.ALLERGY,
        code=coded("91936005", "Pénicilline"),
        categories=("medication",),
        clinical="active",
        verification="unconfirmed",
    ),
    "MedicationStatement": Treatment(
        kind=Kind.TREATMENT, code=Concept(), status="active", when=Span("2020-01-01"), product=a_medicine()
    ),
    "MedicationRequest": Prescription(
        kind=Kind.PRESCRIPTION, code=Concept(), status="active", when=Span("2024-03-01"), product=a_medicine()
    ),
    "MedicationDispense": Dispensation(
        kind=Kind.DISPENSATION, code=Concept(), status="completed", when=Span("2024-03-02"), product=a_medicine()
    ),
    "Immunization": Vaccination(
        kind=Kind.VACCINATION, code=coded("J07AM51", "DTP", ATC), status="completed", when=Span("2018-06-01")
    ),
    "Procedure": Procedure(
        kind=Kind.PROCEDURE, code=coded("80146002", "Appendicectomie"), status="completed", when=Span("2001-07-04")
    ),
    "Encounter": Encounter(
        kind=Kind.ENCOUNTER,
        code=coded("11429006", "Consultation"),
        status="finished",
        when=Span("2024-03-01"),
        encounter_class=Coded("IMP", "2.16.840.1.113883.5.4", "Hospitalisation"),
    ),
    "FamilyMemberHistory": FamilyHistory(
        kind=Kind.FAMILY,
        code=coded("MTH", "Mère", "2.16.840.1.113883.5.111"),
        status="completed",
        when=Span("2024-03-01"),
        conditions=(RelativeCondition(code=coded("73211009", "Diabète")),),
    ),
    "DeviceUseStatement": Device(
        kind=Kind.DEVICE, code=coded("14106009", "Stimulateur cardiaque"), status="active", when=Span("2015-02-03")
    ),
}
# What no date or code joins with another is known by its place in its document.
EVERY: Final = {kind: replace(entry, path=f"/{kind}") for kind, entry in _EVERY.items()}
CODES: Final = {
    "Observation": "3016-3",
    "Condition": "38341003",
    "AllergyIntolerance": "91936005",
    "MedicationStatement": "C09AA05",
    "MedicationRequest": "C09AA05",
    "MedicationDispense": "C09AA05",
    "Immunization": "J07AM51",
    "Procedure": "80146002",
    "Encounter": "11429006",
    "FamilyMemberHistory": "73211009",
    "DeviceUseStatement": "14106009",
}


@dataclass(frozen=True)
class Stated:
    patient: Resident
    document: Deposited


def everything() -> Stated:
    patient = people.a_patient()
    return Stated(patient, stating(patient, *EVERY.values(), PRESSURE))
