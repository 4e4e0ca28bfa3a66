"""A fault inside a FHIR document is told where it truly is: in the resource that the sender wrote, or, where it came in
base64, at those bytes and in words."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

import orjson
import pytest

from tests import people
from tests.api.caller import JSON, Caller, refused, token
from tests.api.publish import simplified
from tests.api.transactions import Transaction
from tests.formats.fhir.test_fhir_document import document
from tests.people import Resident

FHIR: Final = "application/fhir+json"
INSIDE: Final = "Bundle.entry[0].resource.type"


@pytest.fixture
def patient(server: str) -> Resident:
    return people.a_patient()


@pytest.fixture
def clinic(server: str) -> Caller:
    return Caller.of(server, people.software())


def spoiled(patient: Resident) -> JSON:
    """FHIR as such, and of no type that a record knows."""
    bundle = document(patient.ins)
    bundle["entry"][0]["resource"]["type"]["coding"][0]["code"] = "00000-0"
    return bundle


def fault(outcome: JSON) -> tuple[str, str]:
    (issue,) = [each for each in outcome["issue"] if each["severity"] == "error"]
    (place,) = issue["expression"]
    return place, issue["diagnostics"]


def transaction(patient: Resident, content: JSON, **described_by: object) -> JSON:
    """After another document, so that the first entry of the outer bundle is another one."""
    sent = Transaction(patient.ins)
    sent.document(b"Un autre.")
    sent.document(b"x")
    described, content_entry = sent.parts[-2:]
    attachment = described["resource"]["content"][0]["attachment"]
    attachment["contentType"] = FHIR
    del attachment["size"], attachment["hash"]
    attachment |= described_by
    content_entry |= content
    return sent.bundle()


def test_a_document_that_is_a_resource_of_the_transaction(clinic: Caller, patient: Resident) -> None:
    inner = {"resource": spoiled(patient), "request": {"method": "POST", "url": "Bundle"}}
    answer = clinic.post("", transaction(patient, inner))
    assert fault(refused(answer, 422))[0] == "Bundle.entry[4].resource.entry[0].resource.type"


def test_a_document_in_a_binary_of_the_transaction(clinic: Caller, patient: Resident) -> None:
    content = orjson.dumps(spoiled(patient))
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    binary = {"resourceType": "Binary", "contentType": FHIR, "data": base64.b64encode(content).decode()}
    sent = transaction(patient, {"resource": binary}, size=len(content), hash=base64.b64encode(digest).decode())
    place, words = fault(refused(clinic.post("", sent), 422))
    assert place == "Bundle.entry[4].resource.data"
    assert INSIDE in words


def test_a_document_in_an_attachment(clinic: Caller, patient: Resident) -> None:
    body = simplified(token(patient), orjson.dumps(spoiled(patient)), content_type=FHIR)
    for path in ("DocumentReference", "DocumentReference/$validate"):
        answer = clinic.post(path, body)
        place, words = fault(answer.json())
        assert place == "DocumentReference.content[0].attachment.data"
        assert INSIDE in words


def test_a_document_whose_metadata_are_to_be_made(clinic: Caller, patient: Resident) -> None:
    data = base64.b64encode(orjson.dumps(spoiled(patient))).decode()
    binary = {"resourceType": "Binary", "contentType": FHIR, "data": data}
    for resource, place in (
        (spoiled(patient), "Parameters.parameter[0].resource.entry[0].resource.type"),
        (binary, "Parameters.parameter[0].resource.data"),
    ):
        body = {"resourceType": "Parameters", "parameter": [{"name": "document", "resource": resource}]}
        answer = clinic.post("DocumentReference/$generate-metadata", body)
        assert fault(refused(answer, 422, "type-unknown"))[0] == place
