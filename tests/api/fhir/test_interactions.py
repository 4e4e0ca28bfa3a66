"""What FHIR demands of every interaction: preferences, pages of a history, versions, conditions, methods."""

from __future__ import annotations

from typing import Any

import pytest

from tests import people
from tests.api.caller import JSON, Caller, refused, token
from tests.api.publish import simplified
from tests.api.transactions import Transaction, ids
from tests.formats.fhir.patch.bodies import concept, operation
from tests.people import Resident


@pytest.fixture
def patient(server: str) -> Resident:
    return people.a_patient()


@pytest.fixture
def clinic(server: str) -> Caller:
    return Caller.of(server, people.software())


def test_the_search_of_a_patient_is_strict_on_request(clinic: Caller, patient: Resident) -> None:
    query = {"identifier": token(patient), "colour": "blue"}
    assert clinic.found("Patient", query)["total"] == 1
    outcome = refused(clinic.get("Patient", query, Prefer="handling=strict"), 400, "search-parameter")
    assert outcome["issue"][0]["expression"] == ["http.colour"]
    asked = {"identifier": token(patient), "_format": "json"}
    assert clinic.get("Patient", asked, Prefer="handling=strict").json()["total"] == 1


@pytest.mark.parametrize(
    "prefer", ["handling=strict", "Handling=Strict", 'HANDLING="strict"', "return=minimal; handling = strict"]
)
def test_a_preference_has_no_case(prefer: str, clinic: Caller, patient: Resident) -> None:
    query = {"patient.identifier": token(patient), "status": "current", "colour": "blue"}
    refused(clinic.get("DocumentReference", query, Prefer=prefer), 400, "search-parameter")


@pytest.mark.parametrize("prefer", ["return=operationoutcome", "Return=OperationOutcome", "RETURN=OPERATIONOUTCOME"])
def test_nor_has_what_a_creation_is_to_answer(prefer: str, clinic: Caller, patient: Resident) -> None:
    answer = clinic.post("DocumentReference", simplified(token(patient), b"1"), Prefer=prefer)
    assert (answer.status_code, answer.json()["resourceType"]) == (201, "OperationOutcome")


def _link(bundle: JSON, relation: str) -> str | None:
    return next((link["url"] for link in bundle["link"] if link["relation"] == relation), None)


def _versions(bundle: JSON) -> list[str]:
    return [entry["resource"]["meta"]["versionId"] for entry in bundle["entry"]]


def test_a_history_comes_in_pages_that_a_new_version_does_not_move(clinic: Caller, patient: Resident) -> None:
    fhir_id = clinic.post("DocumentReference", simplified(token(patient), b"1")).json()["id"]
    path = f"DocumentReference/{fhir_id}"

    def change(number: int) -> None:
        labels = ["N", "MASQUE_PS"] if number % 2 else ["N"]
        body = [operation("replace", "/securityLabel", [concept(each) for each in labels])]
        assert clinic.patch(path, body).status_code == 200

    for number in range(1, 5):
        change(number)
    whole = clinic.get(f"{path}/_history").json()
    assert (whole["total"], _versions(whole), _link(whole, "next")) == (5, ["5", "4", "3", "2", "1"], None)
    first = clinic.get(f"{path}/_history", {"_count": 2}).json()
    assert (first["total"], _versions(first)) == (5, ["5", "4"])
    change(5)
    address = _link(first, "next")
    assert address
    second = clinic.get(address).json()
    assert _versions(second) == ["3", "2"]
    address = _link(second, "next")
    assert address
    last = clinic.get(address).json()
    assert (_versions(last), _link(last, "next")) == (["1"], None)
    for wrong in ("0", "-1", "x", ""):
        expected = 200 if wrong == "" else 400
        assert clinic.get(f"{path}/_history", {"_count": wrong}).status_code == expected, wrong
    # A mark is for its resource and its caller.
    other = clinic.post("DocumentReference", simplified(token(patient), b"2")).json()["id"]
    refused(clinic.get(address.replace(fhir_id, other)), 400, "search-value")
    refused(clinic.get(f"{path}/_history", {"_cursor": "3~x"}), 400, "search-value")


def test_a_list_tells_its_version(clinic: Caller, patient: Resident) -> None:
    first = Transaction(patient.ins)
    first.folder([first.document(b"un")])
    set_id, folder_id = ids(clinic.post("", first.bundle()).json(), "List")
    assert clinic.get(f"List/{set_id}").headers["ETag"] == 'W/"1"'
    second = Transaction(patient.ins)
    second.folder([second.document(b"deux")], folder_id=folder_id)
    assert clinic.post("", second.bundle()).status_code == 200
    read = clinic.get(f"List/{folder_id}")
    assert (read.headers["ETag"], read.json()["meta"]["versionId"]) == ('W/"2"', "2")


def test_a_creation_on_a_condition_is_refused_and_makes_nothing(clinic: Caller, patient: Resident) -> None:
    body = simplified(token(patient), b"1")
    condition = {"If-None-Exist": "identifier=urn:ietf:rfc:3986|urn:oid:1.2.3"}
    for path in ("DocumentReference", "DocumentReference/$validate"):
        outcome = refused(clinic.post(path, body, **condition), 412, "condition-not-supported")
        assert outcome["issue"][0]["expression"] == ["http.If-None-Exist"]
    assert clinic.ids("DocumentReference", {"patient.identifier": token(patient)}) == set()


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "", {"POST", "OPTIONS"}),
        ("DELETE", "DocumentReference", {"GET", "HEAD", "POST", "PATCH", "OPTIONS"}),
        ("PUT", "DocumentReference/x", {"GET", "HEAD", "PATCH", "OPTIONS"}),
        ("POST", "List/x", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "metadata", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_what_may_be_asked_instead_is_told(method: str, path: str, allowed: set[str], clinic: Caller) -> None:
    answer = clinic.send(method, path)
    refused(answer, 405, "not-allowed")
    assert set(answer.headers["Allow"].split(", ")) == allowed


def test_the_statement_promises_no_condition_that_is_refused(clinic: Caller) -> None:
    statement: dict[str, Any] = clinic.get("metadata").json()
    for resource in statement["rest"][0]["resource"]:
        promised = {name for name in resource if name.startswith("conditional")}
        assert promised == set(), resource["type"]
