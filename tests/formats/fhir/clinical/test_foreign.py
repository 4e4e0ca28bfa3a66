"""Resources as other software writes them: another form is understood, what is not said stays unsaid."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from carnet.formats.clinical.model import (
    Allergy,
    Device,
    Dispensation,
    Encounter,
    FamilyHistory,
    Kind,
    Observation,
    Prescription,
    Problem,
    Treatment,
    Vaccination,
)
from carnet.formats.clinical.reading import Fault
from carnet.formats.clinical.values import Concept, Quantity, Range, Span
from carnet.formats.entry import Author, Coded, Identifier, Organisation
from carnet.formats.fhir import entries

JSON = dict[str, Any]
SNOMED = "http://snomed.info/sct"


def read(resource: JSON, **others: JSON) -> Any:
    faults: list[Fault] = []
    found = entries.read(resource, {key.replace("_", "/"): value for key, value in others.items()}.get, faults=faults)
    assert faults == []
    return found


def observation(**more: Any) -> JSON:
    return {"resourceType": "Observation", "status": "final", "code": {"text": "x"}, **more}


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"valueString": "trouble"}, "trouble"),
        ({"valueTime": "08:30:00"}, "08:30:00"),
        ({"valueBoolean": False}, False),
        ({"valueInteger": 0}, 0),
        ({"valueDateTime": "2026-06"}, Span("2026-06")),
        ({"valueQuantity": {"value": 7, "comparator": "<", "unit": "U"}}, Quantity(Decimal(7), "U", "", "<")),
        ({"valueQuantity": {"unit": "U"}}, None),
        ({"valueRange": {"low": {"value": 1}}}, Range(Quantity(Decimal(1)))),
    ],
    ids=["string", "time", "false", "zero", "month", "less", "unit", "range"],
)
def test_values(given: JSON, value: object) -> None:
    found = read(observation(**given))
    assert found.value == value
    assert type(found.value) is type(value)


def test_a_value_of_a_kind_that_is_not_known_is_told() -> None:
    faults: list[Fault] = []
    sampled = observation(valueSampledData={"origin": {"value": 0}, "period": 10, "dimensions": 1, "data": "1 2"})
    found = entries.read(sampled, faults=faults)
    assert isinstance(found, Observation)
    assert found.value is None
    assert faults == [Fault("element-not-kept", "Observation.valueSampledData")]


def test_an_hour_without_an_offset_is_that_of_paris() -> None:
    assert read(observation(effectiveDateTime="2026-06-12T08:00:00")).when == Span("2026-06-12T08:00:00+02:00")


def test_what_is_absent_is_said_as_its_source_says_it() -> None:
    reason = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "masked"}]}
    assert read(observation(dataAbsentReason=reason)).absent == "masked"


def test_who_did_it_is_found_where_it_leads() -> None:
    role = {
        "resourceType": "PractitionerRole",
        "practitioner": {"reference": "Practitioner/p"},
        "organization": {"reference": "Organization/o"},
    }
    doctor = {"resourceType": "Practitioner", "name": [{"family": "MARTIN", "given": ["Jeanne"]}]}
    clinic = {"resourceType": "Organization", "name": "Clinique"}
    given = observation(performer=[{"reference": "PractitionerRole/r"}, {"reference": "Organization/o"}])
    found = read(given, PractitionerRole_r=role, Practitioner_p=doctor, Organization_o=clinic)
    assert found.by == Author(family="MARTIN", given="Jeanne", organisation=Organisation("Clinique"))
    assert found.laboratory == Organisation("Clinique")


def test_who_leads_nowhere_is_nobody() -> None:
    assert read(observation(performer=[{"reference": "Practitioner/elsewhere"}])).by is None


def test_an_ended_problem_and_one_whose_end_is_words() -> None:
    ended = {"resourceType": "Condition", "code": {"text": "x"}, "onsetPeriod": {"start": "2015", "end": "2016"}}
    assert read(ended).when == Span("2015")
    assert read(ended | {"abatementDateTime": "2017"}).when == Span("2015", "2017")
    faults: list[Fault] = []
    told = entries.read(ended | {"abatementString": "à l’adolescence"}, faults=faults)
    assert told is not None
    assert told.when == Span("2015")
    assert faults == [Fault("element-not-kept", "Condition.abatementString")]


@pytest.mark.parametrize(
    ("code", "system", "is_absence"),
    [
        ("no-known-allergies", "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", True),
        ("no-allergy-info", "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", True),
        ("716186003", SNOMED, True),
        ("764146007", SNOMED, False),
    ],
)
def test_that_there_is_none_is_no_allergy(code: str, system: str, is_absence: bool) -> None:
    found = read({"resourceType": "AllergyIntolerance", "code": {"coding": [{"system": system, "code": code}]}})
    assert isinstance(found, Allergy)
    assert found.absence is is_absence


def test_a_medicine_and_what_it_is_made_of() -> None:
    water = {"resourceType": "Substance", "code": {"text": "eau"}}
    medicine = {
        "resourceType": "Medication",
        "code": {"text": "Perfusion"},
        "manufacturer": {"reference": "Organization/o"},
        "batch": {"lotNumber": "L1"},
        "ingredient": [{"itemReference": {"reference": "Substance/s"}}, {"itemReference": {"display": "sucre"}}],
    }
    given = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationReference": {"reference": "Medication/m"},
    }
    maker = {"resourceType": "Organization", "name": "Pharma"}
    found = read(given, Medication_m=medicine, Substance_s=water, Organization_o=maker)
    assert isinstance(found, Treatment)
    assert found.code == found.product.code == Concept("Perfusion")
    assert [each.substance.label for each in found.product.ingredients] == ["eau", "sucre"]
    assert (found.product.lot, found.product.manufacturer) == ("L1", "Pharma")


def test_a_medicine_that_is_nowhere_is_told_and_the_line_kept() -> None:
    faults: list[Fault] = []
    given = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationReference": {"reference": "Medication/m"},
        "note": [{"text": "un"}, {"text": "deux"}],
        "substitution": {"allowedCodeableConcept": {"coding": [{"code": "N"}]}},
        "dosageInstruction": [{"additionalInstruction": [{"text": "à jeun"}], "patientInstruction": "avec de l’eau"}],
    }
    found = entries.read(given, faults=faults)
    assert isinstance(found, Prescription)
    assert faults == [Fault("document-reference", "MedicationRequest.medicationReference")]
    assert found.note == "un\ndeux"
    assert found.substitution is False
    assert found.dosages[0].instructions == "avec de l’eau\nà jeun"


def test_a_dispensation_names_the_line_that_asked_for_it() -> None:
    line = {"resourceType": "MedicationRequest", "identifier": [{"system": "urn:oid:1.2.3", "value": "L-1"}]}
    given = {
        "resourceType": "MedicationDispense",
        "status": "completed",
        "medicationCodeableConcept": {"text": "DOLIPRANE"},
        "authorizingPrescription": [{"reference": "MedicationRequest/l"}],
        "whenPrepared": "2026-06-12",
    }
    found = read(given, MedicationRequest_l=line)
    assert isinstance(found, Dispensation)
    assert found.prescription == Identifier("1.2.3", "L-1")
    assert found.when == Span("2026-06-12")


def test_what_was_seen_after_a_vaccination() -> None:
    fever = observation(valueCodeableConcept={"text": "fièvre"})
    given = {
        "resourceType": "Immunization",
        "status": "not-done",
        "statusReason": {"text": "refus"},
        "vaccineCode": {"text": "ROR"},
        "_occurrenceDateTime": {"extension": [{"url": "http://x", "valueCode": "unknown"}]},
        "reaction": [{"detail": {"reference": "Observation/f"}}],
    }
    found = read(given, Observation_f=fever)
    assert isinstance(found, Vaccination)
    assert (found.status, found.reason.label, found.when) == ("not-done", "refus", Span())
    assert [each.label for each in found.reactions] == ["fièvre"]


def test_a_device_by_its_carrier_and_its_name() -> None:
    pump = {
        "resourceType": "Device",
        "udiCarrier": [{"issuer": "http://hl7.org/fhir/NamingSystem/gs1", "carrierHRF": "(01)123"}],
        "serialNumber": "S9",
        "deviceName": [{"name": "Pompe", "type": "user-friendly-name"}],
    }
    given = {"resourceType": "DeviceUseStatement", "status": "active", "device": {"reference": "Device/d"}}
    found = read(given, Device_d=pump)
    assert isinstance(found, Device)
    assert found.code == Concept("Pompe")
    assert [each.value for each in found.unique] == ["(01)123", "S9"]


def test_a_stay_that_goes_on_and_one_that_is_over() -> None:
    given = {"resourceType": "Encounter", "class": {"code": "IMP"}, "period": {"start": "2026-06-12"}}
    here, over = read(given | {"status": "in-progress"}), read(given | {"status": "finished"})
    assert isinstance(here, Encounter)
    assert here.encounter_class == Coded("IMP")
    assert (here.when.open_end, over.when.open_end) == (True, False)


def test_a_relative_who_died() -> None:
    given = {"resourceType": "FamilyMemberHistory", "status": "completed", "relationship": {"text": "père"}}
    found = read(given | {"deceasedString": "jeune", "condition": [{"code": {"text": "IDM"}, "onsetString": "45 ans"}]})
    assert isinstance(found, FamilyHistory)
    assert found.deceased is True
    assert found.conditions[0].onset == "45 ans"


def test_what_says_nothing_is_no_entry() -> None:
    faults: list[Fault] = []
    assert entries.read({"resourceType": "Procedure", "status": "completed"}, faults=faults) is None
    assert faults == [Fault("required", "Procedure.code")]
    assert entries.read({"resourceType": "Patient"}) is None


def test_unknown_codes_are_told_and_left_out() -> None:
    faults: list[Fault] = []
    given = {
        "resourceType": "AllergyIntolerance",
        "code": {"text": "x"},
        "criticality": "huge",
        "category": ["food", "x"],
    }
    found = entries.read(given, faults=faults)
    assert isinstance(found, Allergy)
    assert (found.criticality, found.categories) == ("", ("food",))
    assert faults == [
        Fault("code-unknown", "AllergyIntolerance.category"),
        Fault("code-unknown", "AllergyIntolerance.criticality"),
    ]


def test_what_was_entered_in_error_is_no_fact_of_a_document() -> None:
    wrong = observation() | {"status": "entered-in-error"}
    refuted = {
        "resourceType": "Condition",
        "code": {"text": "x"},
        "verificationStatus": {"coding": [{"code": "entered-in-error"}]},
    }
    denied = refuted | {"verificationStatus": {"coding": [{"code": "refuted"}]}}
    document = {"resourceType": "Bundle", "entry": [{"resource": each} for each in (wrong, refuted, denied)]}
    (found,) = entries.read_document(json.dumps(document).encode()).entries
    assert isinstance(found, Problem)
    assert found.verification == "refuted"
    assert found.path == "Bundle.entry[2].resource"


def test_sections_inside_sections_tell_the_kind() -> None:
    composition = {
        "resourceType": "Composition",
        "section": [{"section": [{"code": _loinc("10162-6"), "entry": [{"reference": "Observation/o"}]}]}],
    }
    document = {"resourceType": "Bundle", "entry": [{"resource": composition}, {"resource": observation(id="o")}]}
    (found,) = entries.read_document(json.dumps(document).encode()).entries
    assert found.kind is Kind.PREGNANCY


def _loinc(code: str) -> JSON:
    return {"coding": [{"system": "http://loinc.org", "code": code}]}


def test_nested_panels_are_told_outermost_first() -> None:
    leaf = observation(id="leaf", valueInteger=1, code={"text": "leaf"})
    inner = observation(id="inner", hasMember=[{"reference": "Observation/leaf"}], code={"text": "inner"})
    outer = observation(id="outer", hasMember=[{"reference": "Observation/inner"}], code={"text": "outer"})
    report = {
        "resourceType": "DiagnosticReport",
        "code": {"text": "report"},
        "result": [{"reference": "Observation/outer"}],
    }
    resources = [leaf, inner, outer, report]
    document = {"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}
    (found,) = entries.read_document(json.dumps(document).encode()).entries
    assert isinstance(found, Observation)
    assert [each.label for each in found.panels] == ["report", "outer", "inner"]


def test_on_which_condition_a_line_is_taken() -> None:
    """The French guide tells it in a RequestGroup beside the lines."""
    line = {
        "resourceType": "MedicationRequest",
        "id": "l",
        "status": "active",
        "intent": "option",
        "medicationCodeableConcept": {"text": "GLICLAZIDE"},
        "note": [{"text": "3 comprimés"}],
    }
    action = {"description": "En cas d’intolérance", "resource": {"reference": "#l"}}
    group = {"resourceType": "RequestGroup", "status": "active", "intent": "order", "action": [{"action": [action]}]}
    document = {"resourceType": "Bundle", "entry": [{"resource": each} for each in (line, group)]}
    (found,) = entries.read_document(json.dumps(document).encode()).entries
    assert found.note == "En cas d’intolérance\n3 comprimés"
