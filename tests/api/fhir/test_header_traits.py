"""A document whose own header bears no INS is held against the traits of the person in whose record it is to be put."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

import orjson
import pytest

from tests import people
from tests.api.caller import JSON, Caller, refused, token
from tests.api.publish import simplified, simplified_cda
from tests.formats.cda.sample import cda
from tests.formats.fhir.test_fhir_document import document
from tests.people import Resident

# Of every person of these tests (`people.a_patient`).
OWN: Final = ("ESSAI", "CAMILLE", "1985-01-12")


@pytest.fixture
def patient(server: str) -> Resident:
    return people.a_patient()


@pytest.fixture
def clinic(server: str) -> Caller:
    return Caller.of(server, people.software())


def _cda(family: str, given: str, birth_date: str) -> bytes:
    born = f'<birthTime value="{birth_date.replace("-", "")}"/>' if birth_date else ""
    patient = (
        '<recordTarget><patientRole><id root="1.2.3.4" extension="IPP-1"/><patient>'
        f"<name><given>{given}</given><family qualifier='BR'>{family}</family></name>"
        f'<administrativeGenderCode code="F"/>{born}</patient></patientRole></recordTarget>'
    )
    return cda(patient=patient, id=f'<id root="2.25.{uuid4().int}"/>', orders="")


def _fhir(family: str, given: str, birth_date: str) -> JSON:
    bundle = document()
    person = bundle["entry"][1]["resource"]
    person["identifier"] = [{"system": "urn:oid:1.2.3.4", "value": "IPP-1"}]
    person["name"] = [{"use": "official", "family": family, "given": [given]}]
    if birth_date:
        person["birthDate"] = birth_date
    return bundle


def _bodies(patient: Resident, traits: tuple[str, str, str]) -> list[bytes]:
    content = orjson.dumps(_fhir(*traits))
    return [
        simplified_cda(token(patient), _cda(*traits)),
        simplified(token(patient), content, content_type="application/fhir+json", type_code="60591-5"),
    ]


@pytest.mark.parametrize(
    ("traits", "differing"),
    [
        (("DURAND", OWN[1], OWN[2]), "nom"),
        ((OWN[0], "DOMINIQUE", OWN[2]), "prénom"),
        ((OWN[0], OWN[1], "1985-01-13"), "date de naissance"),
        (("PAT-TROIS", "DOMINIQUE", "1979-03-28"), "nom, prénom, date de naissance"),
    ],
)
def test_another_person_is_refused_at_the_subject(
    traits: tuple[str, str, str], differing: str, clinic: Caller, patient: Resident
) -> None:
    for body in _bodies(patient, traits):
        outcome = refused(clinic.post("DocumentReference", body), 422)
        (issue,) = [each for each in outcome["issue"] if each["severity"] == "error"]
        assert issue["details"]["coding"][0]["code"] == "header-traits"
        assert issue["expression"] == ["DocumentReference.subject"]
        assert issue["diagnostics"].startswith(f"Diffèrent : {differing}.")
    assert clinic.ids("DocumentReference", {"patient.identifier": token(patient)}) == set()


@pytest.mark.parametrize(
    "traits", [OWN, ("Essai", "Camille", "1985"), ("ESSAI-DURAND", "Anne Camille", ""), ("éssai", "camille", "1985-01")]
)
def test_the_person_herself_is_known_by_any_spelling(
    traits: tuple[str, str, str], clinic: Caller, patient: Resident
) -> None:
    for body in _bodies(patient, traits):
        answer = clinic.post("DocumentReference", body)
        assert answer.status_code == 201, answer.text
