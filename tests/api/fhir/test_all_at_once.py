"""Whoever mends a deposit is told everything at once: what is wrong with the metadata, with the record that they
name, and with the documents themselves; each place once."""

from __future__ import annotations

from uuid import uuid4

import orjson
import pytest

from tests import people
from tests.api.caller import JSON, Caller, refused, token
from tests.api.publish import CONFIDENTIALITY, simplified, simplified_cda
from tests.api.stored import contents, rows_of
from tests.api.transactions import Transaction
from tests.cast import TEST_OID
from tests.formats.cda.sample import cda
from tests.people import Resident

UNKNOWN_LABEL = [{"coding": [{"system": CONFIDENTIALITY, "code": "SECRET"}]}]
ACTIVE_PDF = b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"


@pytest.fixture
def patient(server: str) -> Resident:
    return people.a_patient()


@pytest.fixture
def clinic(server: str) -> Caller:
    return Caller.of(server, people.software())


def of_another_person() -> bytes:
    return cda(id=f'<id root="2.25.{uuid4().int}"/>', orders="")


def errors(outcome: JSON) -> dict[str, str]:
    """Code of each error by its place, of which none stands twice."""
    found = [each for each in outcome["issue"] if each["severity"] == "error"]
    places = {each["expression"][0]: each["details"]["coding"][0]["code"] for each in found}
    assert len(places) == len(found), found
    return places


def test_metadata_and_the_header_of_the_cda(clinic: Caller, patient: Resident) -> None:
    body = simplified_cda(token(patient), of_another_person(), author=[], type={"coding": [{"code": "nothing"}]})
    expected = {
        "DocumentReference.author": "value-type",
        "DocumentReference.type": "type-unknown",
        "DocumentReference.subject": "header-patient",
    }
    assert errors(refused(clinic.post("DocumentReference", body), 422)).items() >= expected.items()
    told = clinic.post("DocumentReference/$validate", body)
    assert errors(told.json()).items() >= expected.items()


def test_metadata_an_unknown_record_and_what_the_file_is(clinic: Caller) -> None:
    nobody = f"urn:oid:{TEST_OID}|{people.fresh_ins()}"
    body = simplified(nobody, ACTIVE_PDF, content_type="application/pdf", status="superseded")
    assert errors(refused(clinic.post("DocumentReference", body), 422)) == {
        "DocumentReference.status": "status-not-current",
        "DocumentReference.subject": "patient-unknown",
        "DocumentReference.content[0].attachment": "content-refused",
    }


def test_an_unknown_record_and_what_the_file_is(clinic: Caller) -> None:
    nobody = f"urn:oid:{TEST_OID}|{people.fresh_ins()}"
    body = simplified(nobody, ACTIVE_PDF, content_type="application/pdf")
    assert errors(refused(clinic.post("DocumentReference", body), 422)) == {
        "DocumentReference.subject": "patient-unknown",
        "DocumentReference.content[0].attachment": "content-refused",
    }


def test_one_document_by_its_metadata_another_by_itself(clinic: Caller, patient: Resident) -> None:
    transaction = Transaction(patient.ins)
    transaction.document(b"Un compte rendu.", docStatus="final")
    transaction.document(ACTIVE_PDF)
    before = rows_of(patient.record_id), contents()
    outcome = refused(clinic.post("", transaction.bundle()), 422)
    assert errors(outcome) == {
        "Bundle.entry[1].resource.docStatus": "forbidden-element",
        "Bundle.entry[3].resource.content[0].attachment": "content-refused",
    }
    assert (rows_of(patient.record_id), contents()) == before


def test_a_label_that_is_not_understood_leaves_no_line_of_the_rest(clinic: Caller, patient: Resident) -> None:
    """It may have been to keep the whole from whoever reads the trail."""
    before = people.raw_trail(patient.record_id)
    body = simplified(token(patient), ACTIVE_PDF, content_type="application/pdf", securityLabel=UNKNOWN_LABEL)
    assert set(errors(refused(clinic.post("DocumentReference", body), 422)).values()) == {
        "label-unknown",
        "content-refused",
    }
    assert people.raw_trail(patient.record_id) == before
    understood = simplified(token(patient), ACTIVE_PDF, content_type="application/pdf")
    refused(clinic.post("DocumentReference", understood), 422, "content-refused")
    assert len(people.raw_trail(patient.record_id)) == len(before) + 1


def test_what_is_wrong_with_the_metadata_alone_is_told_alone(clinic: Caller, patient: Resident) -> None:
    body = orjson.loads(simplified(token(patient), b"Un compte rendu."))
    del body["masterIdentifier"], body["date"], body["content"][0]["attachment"]["creation"]
    outcome = refused(clinic.post("DocumentReference", orjson.dumps(body)), 422)
    assert set(errors(outcome).values()) == {"required"}
