"""What an answer is made in: Accept as RFC 9110 means it, and `_format`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pytest

from tests import people
from tests.api.caller import FHIR, Caller, refused, token
from tests.api.publish import simplified
from tests.people import Resident

TEXT: Final = b"Bonjour."


@dataclass(frozen=True)
class Filled:
    clinic: Caller
    patient: Resident
    text: str
    """The id of a document in plain text."""


@pytest.fixture(scope="module")
def filled(server: str) -> Filled:
    clinic, patient = Caller.of(server, people.software()), people.a_patient()
    answer = clinic.post("DocumentReference", simplified(token(patient), TEXT))
    assert answer.status_code == 201, answer.text
    return Filled(clinic, patient, answer.json()["id"])


OWN: Final = (
    "",
    "*/*",
    "*",
    "text/plain",
    "TEXT/PLAIN; charset=utf-8",
    "text/*",
    "text/html, text/plain",
    "application/fhir+json;q=0.5, text/plain",
    "application/fhir+json;q=0.1, */*",
    "application/fhir+json;q=0, */*",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/plain, application/fhir+json",
)
RESOURCE: Final = (
    "application/fhir+json",
    "application/json",
    "application/fhir+json; fhirVersion=4.0",
    "application/*",
    "text/html, application/fhir+json",
    "text/plain;q=0.5, application/fhir+json",
    "*/*;q=0.1, application/fhir+json",
    "text/plain;q=0, */*",
    "application/fhir+json, text/plain",
    "application/json, text/plain;q=0.9, */*;q=0.8",
)
NEITHER: Final = (
    "text/html",
    "application/fhir+xml",
    "image/*",
    "text/plain;q=0",
    "*/*;q=0",
    "application/fhir+json; fhirVersion=3.0",
    "nothing",
)


@pytest.mark.parametrize("accept", OWN)
def test_the_document_comes_where_its_own_type_is_wanted_most(accept: str, filled: Filled) -> None:
    answer = filled.clinic.get(f"Binary/{filled.text}", Accept=accept)
    assert (answer.status_code, answer.content) == (200, TEXT), answer.text
    assert answer.headers["Content-Type"] == "text/plain"


@pytest.mark.parametrize("accept", RESOURCE)
def test_the_resource_comes_where_json_is_wanted_most(accept: str, filled: Filled) -> None:
    answer = filled.clinic.get(f"Binary/{filled.text}", Accept=accept)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith(FHIR)
    assert answer.json()["resourceType"] == "Binary"


@pytest.mark.parametrize("accept", NEITHER)
def test_a_document_that_is_wanted_in_nothing_we_have_is_refused(accept: str, filled: Filled) -> None:
    refused(filled.clinic.get(f"Binary/{filled.text}", Accept=accept), 406, "not-acceptable")


def test_the_format_of_the_address_goes_before_the_header(filled: Filled) -> None:
    for stated in ("json", "application/fhir+json", "application/json", "text/json"):
        answer = filled.clinic.get(f"Binary/{filled.text}", {"_format": stated}, Accept="text/plain")
        assert answer.json()["resourceType"] == "Binary"
    answer = filled.clinic.get(f"Binary/{filled.text}", {"_format": "text/plain"}, Accept=FHIR)
    assert answer.content == TEXT
    refused(filled.clinic.get(f"Binary/{filled.text}", {"_format": "xml"}, Accept="*/*"), 406, "not-acceptable")
