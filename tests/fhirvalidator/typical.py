"""A patient as a record would tell of them: codes, units and dates as laboratories and doctors write them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from carnet.formats import ins
from carnet.formats.clinical.model import (
    Allergy,
    Component,
    Device,
    Dispensation,
    Dosage,
    Encounter,
    Entry,
    FamilyHistory,
    Ingredient,
    Kind,
    Observation,
    Prescription,
    Problem,
    Procedure,
    Product,
    Reaction,
    RelativeCondition,
    Timing,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.values import Concept, Quantity, Range, Ratio, Span, Value
from carnet.formats.entry import Author, Coded, Identifier, Organisation, Patient
from carnet.formats.fhir import ips
from carnet.formats.terminology import systems

SNOMED = "2.16.840.1.113883.6.96"
ATC = "2.16.840.1.113883.6.73"
ICD10 = "2.16.840.1.113883.6.3"
DAY = Span("2026-06-12")
DOCTOR = Author(
    identifier=Identifier("1.2.250.1.71.4.2.1", "801234567897"),
    family="MARTIN",
    given="Jeanne",
    profession=Coded("10", systems.G15, "Médecin"),
    organisation=Organisation("Cabinet", Identifier("1.2.250.1.71.4.2.2", "1750803447")),
)


def named(code: str, system: str, text: str) -> Concept:
    return Concept(text, (Coded(code, system),))


def loinc(code: str, text: str) -> Concept:
    return named(code, systems.LOINC, text)


def of(value: str, ucum: str) -> Quantity:
    return Quantity(Decimal(value), ucum, ucum)


def measure(code: str, text: str, value: Value) -> Observation:
    return Observation(kind=Kind.MEASURE, code=loinc(code, text), status="final", when=DAY, value=value)


PRESSURE = Observation(
    kind=Kind.MEASURE,
    code=loinc("85354-9", "Pression artérielle"),
    status="final",
    when=Span("2026-06-12T08:00:00+02:00"),
    components=(
        Component(code=loinc("8480-6", "Systolique"), value=of("128", "mm[Hg]")),
        Component(code=loinc("8462-4", "Diastolique"), value=of("79", "mm[Hg]")),
    ),
)
MEASURES = (
    measure("29463-7", "Poids", of("68.50", "kg")),
    measure("8302-2", "Taille", of("171", "cm")),
    measure("39156-5", "IMC", of("23.4", "kg/m2")),
    measure("8867-4", "Fréquence cardiaque", of("62", "/min")),
    measure("8310-5", "Température", of("37.2", "Cel")),
    measure("2708-6", "Saturation", of("98", "%")),
    PRESSURE,
)
DOLIPRANE = Product(
    named("N02BE01", ATC, "DOLIPRANE 1000 mg, comprimé"),
    form=Concept("comprimé"),
    ingredients=(Ingredient(named("387517004", SNOMED, "paracétamol"), Ratio(of("1000", "mg"), of("1", "1"))),),
)
THRICE = Dosage(
    text="1 comprimé 3 fois par jour",
    sequence=1,
    timing=Timing(frequency=3, period=of("1", "d"), bounds=of("5", "d")),
    as_needed=Concept("douleur"),
    route=named("20053000", "0.4.0.127.0.16.1.1.2.1", "voie orale"),
    dose=Quantity(Decimal(1), "comprimé", other=Coded("15054000", "0.4.0.127.0.16.1.1.2.1")),
    most=Ratio(of("4", "g"), of("1", "d")),
)
FACTS: tuple[Entry, ...] = (
    *MEASURES,
    Observation(
        kind=Kind.RESULT,
        code=loinc("718-7", "Hémoglobine"),
        status="final",
        when=Span("2026-06-12T08:10:00+02:00"),
        by=DOCTOR,
        value=of("13.10", "g/dL"),
        interpretations=(named("N", "2.16.840.1.113883.5.83", "Normal"),),
        ranges=(Range(of("12.0", "g/dL"), of("16.0", "g/dL")),),
        specimen=Concept("sang"),
        sampled="2026-06-12T08:00:00+02:00",
        laboratory=Organisation("Laboratoire", Identifier("1.2.250.1.71.4.2.2", "1750803454")),
        panels=(loinc("18723-7", "Hématologie"), Concept("Hémogramme")),
    ),
    Observation(
        kind=Kind.SOCIAL,
        code=loinc("72166-2", "Tabac"),
        status="final",
        when=DAY,
        value=loinc("LA15920-4", "Ancien fumeur"),
    ),
    Observation(
        kind=Kind.PREGNANCY, code=loinc("11778-8", "Terme"), status="final", when=DAY, value=Span("2026-12-24")
    ),
    Observation(kind=Kind.FUNCTION, code=Concept("Marche"), status="final", when=DAY, value="avec une canne"),
    Problem(
        kind=Kind.PROBLEM,
        code=named("J45.9", ICD10, "Asthme"),
        when=Span("1998"),
        by=DOCTOR,
        clinical="active",
        verification="confirmed",
    ),
    Problem(kind=Kind.PROBLEM, code=Concept("Appendicite"), when=Span("1990", "1990"), clinical="resolved"),
    Allergy(
        kind=Kind.ALLERGY,
        code=named("J01CA04", ATC, "Amoxicilline"),
        type="allergy",
        categories=("medication",),
        criticality="high",
        reactions=(Reaction(manifestations=(Concept("urticaire"),), severity="moderate"),),
    ),
    Treatment(
        kind=Kind.TREATMENT,
        code=DOLIPRANE.code,
        status="active",
        when=Span("2026-06-01", open_end=True),
        product=DOLIPRANE,
        dosages=(THRICE,),
    ),
    Prescription(
        kind=Kind.PRESCRIPTION,
        code=DOLIPRANE.code,
        status="active",
        when=DAY,
        by=DOCTOR,
        product=DOLIPRANE,
        dosages=(THRICE,),
        repeats=2,
        substitution=False,
        rendered="1 comprimé 3 fois par jour pendant 5 jours",
    ),
    Dispensation(kind=Kind.DISPENSATION, code=DOLIPRANE.code, status="completed", when=DAY, product=DOLIPRANE, rank=1),
    Vaccination(
        kind=Kind.VACCINATION,
        code=named("J07BB02", ATC, "Vaccin contre la grippe"),
        status="completed",
        when=Span("2025-10-20"),
        lot="B52",
        expires="2026-06-30",
        dose_number="2",
        targets=(Concept("grippe"),),
    ),
    Vaccination(kind=Kind.VACCINATION, code=Concept("DTP")),
    Procedure(kind=Kind.PROCEDURE, code=Concept("Appendicectomie"), status="completed", when=Span("1990"), by=DOCTOR),
    Procedure(kind=Kind.REIMBURSED, code=Concept("HBQK002"), when=Span("2024-02-01")),
    Device(
        kind=Kind.DEVICE,
        code=Concept("Stimulateur cardiaque"),
        status="active",
        when=Span("2019", open_end=True),
        unique=(Identifier("1.2.250.1.999", "SN-1"),),
    ),
    Encounter(
        kind=Kind.ENCOUNTER,
        code=Concept("Hospitalisation"),
        status="finished",
        when=Span("2026-01-02", "2026-01-09"),
        encounter_class=Coded("IMP", "2.16.840.1.113883.5.4", "inpatient encounter"),
        provider=Organisation("Centre hospitalier"),
    ),
    FamilyHistory(
        kind=Kind.FAMILY,
        code=named("MTH", "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "mère"),
        status="completed",
        conditions=(RelativeCondition(code=Concept("Diabète"), onset=Quantity(Decimal(61), "ans", "a")),),
    ),
)
NUMBER = "279035106204173"
SUMMARY = ips.Summary(
    number=UUID("0b7c2a52-9a3b-4d55-8f0e-0d6f3c8f1f11"),
    written=datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
    patient=Patient(
        ins=Identifier(min(ins.OIDS), NUMBER),
        birth_family="PAT-TROIS",
        birth_given="DOMINIQUE",
        sex="F",
        birth_date="1979-03-28",
        birth_place="51215",
    ),
    author=Author(device="Carnet", organisation=Organisation("Carnet")),
    attester=DOCTOR,
    custodian=Organisation("Carnet"),
    entries=FACTS,
)
