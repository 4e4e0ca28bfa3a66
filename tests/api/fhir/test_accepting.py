"""What an answer is made in: Accept as RFC 9110 means it, and `_format`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pytest

from tests import people
from tests.api.caller import FHIR, FORM, Caller, refused, token
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


def test_who_takes_no_json_is_told_so_and_nothing_is_done(filled: Filled) -> None:
    searched = {"patient.identifier": token(filled.patient), "status": "current"}
    body = simplified(token(filled.patient), b"Un autre.")
    for accept in ("application/fhir+xml", "text/html", "application/fhir+json;q=0"):
        for path, query in (
            ("DocumentReference", searched),
            ("List", searched),
            (f"DocumentReference/{filled.text}", None),
            (f"DocumentReference/{filled.text}/_history", None),
            (f"Bundle/{filled.text}", None),
            ("Patient", {"identifier": token(filled.patient)}),
            ("metadata", None),
        ):
            refused(filled.clinic.get(path, query, Accept=accept), 406, "not-acceptable")
        refused(filled.clinic.post("DocumentReference", body, Accept=accept), 406, "not-acceptable")
    for stated in ("xml", "application/fhir+xml", "text/xml", "html"):
        refused(filled.clinic.get("DocumentReference", searched | {"_format": stated}), 406, "not-acceptable")
        form = f"patient.identifier={token(filled.patient)}&_format={stated}".encode()
        answer = filled.clinic.post("DocumentReference/_search", form, FORM)
        refused(answer, 406, "not-acceptable")
    assert filled.clinic.ids("DocumentReference", searched) == {filled.text}


@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/*", FHIR, "application/json", "application/fhir+xml;q=0.9, */*;q=0.1"]
)
@pytest.mark.parametrize("stated", ["", "json", FHIR, "application/json"])
def test_who_takes_json_is_served(accept: str, stated: str, filled: Filled) -> None:
    searched = {"patient.identifier": token(filled.patient), "status": "current"}
    asked = searched | ({"_format": stated} if stated else {})
    strict = filled.clinic.get("DocumentReference", asked, Accept=accept, Prefer="handling=strict")
    assert (strict.status_code, strict.json()["total"]) == (200, 1)


def test_the_address_may_ask_for_json_where_the_header_does_not(filled: Filled) -> None:
    address = f"DocumentReference/{filled.text}"
    assert filled.clinic.get(address, {"_format": "json"}, Accept="text/html").status_code == 200
    # As it comes from who does not escape the plus.
    assert filled.clinic.get(f"{address}?_format=application/fhir+json", Accept="text/html").status_code == 200
