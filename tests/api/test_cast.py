"""The whole cast against every address of the FHIR face: one table, in which each row is an address and each
letter what it answers to one of the cast. The document is a laboratory report of Dominique's, put there by the
hospital's software, without any label.

    200 read  201 stored  401 no token  403 no right on the record  404 not there for this reader
"""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from joserfc import jwt

from tests.api.oauth.software import TYPE, key_for
from tests.api.publish import simplified
from tests.cast import INS, KEYS, OPERATORS, PEOPLE, PROFESSIONALS, SOFTWARE, TEST_OID, identifier

NOBODY = "nobody"

ALL = (*KEYS, NOBODY)
# They wrote something in Dominique's record once, and keep sight of that alone.
AUTHORS = ("pharm-leroy", "inf-petit", "sf-garcia", "dent-roux", "dr-urgence")


# They stand in for Dr Martin.
DEPUTIES = ("remplacant", "secretaire")


def expected(read: int, *, software: int, mine: int) -> dict[str, int]:
    """What each of the cast gets where `read` answers those with a right on the record."""
    answers = dict.fromkeys(ALL, 403)
    answers |= dict.fromkeys(("dominique", "dr-martin", "dr-nguyen", *DEPUTIES), read)
    answers |= dict.fromkeys(AUTHORS, software)
    answers |= {"labo": software, "hopital": mine, "assurance": 403, NOBODY: 401}
    return answers


TABLE: dict[str, dict[str, int]] = {
    "GET metadata": dict.fromkeys(ALL, 200),
    "GET Patient?identifier=DOMINIQUE": (
        dict.fromkeys(PROFESSIONALS + SOFTWARE, 200) | dict.fromkeys(PEOPLE + OPERATORS, 403) | {NOBODY: 401}
    ),
    "GET DocumentReference?patient.identifier=DOMINIQUE&status=current": expected(200, software=200, mine=200),
    "POST DocumentReference/_search": expected(200, software=200, mine=200),
    "GET DocumentReference/ID": expected(200, software=404, mine=200),
    "GET Binary/ID": expected(200, software=404, mine=200),
    # Into Nadia's record: who has put something into Dominique's would keep sight of it.
    "POST DocumentReference": (
        dict.fromkeys(PROFESSIONALS + SOFTWARE, 201)
        | dict.fromkeys(PEOPLE + OPERATORS, 403)
        | {"med-conseil": 403, NOBODY: 401}
    ),
    "GET Consent?patient.identifier=DOMINIQUE": (
        dict.fromkeys(PROFESSIONALS, 200)
        | dict.fromkeys(PEOPLE + SOFTWARE + OPERATORS, 403)
        | dict.fromkeys(("med-conseil", "pmi", "secretaire"), 403)
        | {"dominique": 200, NOBODY: 401}
    ),
    "GET AuditEvent?patient.identifier=DOMINIQUE": dict.fromkeys(KEYS, 403) | {"dominique": 200, NOBODY: 401},
    "GET Observation?patient.identifier=DOMINIQUE": expected(200, software=200, mine=200),
    "GET Provenance?target=Condition/ID": dict.fromkeys(KEYS, 200) | {NOBODY: 401},
    "GET Condition/ID": expected(404, software=404, mine=404),
    "GET Patient/RECORD/$everything": dict.fromkeys(KEYS, 403) | {"dominique": 200, NOBODY: 401},
    "GET Patient/RECORD/$summary": expected(200, software=200, mine=200),
    "GET Patient/RECORD/$new-since": expected(200, software=200, mine=200),
    "PUT DocumentReference/ID": dict.fromkeys(ALL, 405),
    "GET elsewhere": dict.fromkeys(ALL, 404),
}


@pytest.fixture(scope="module")
def hospital_report(server: str, tokens: dict[str, str]) -> str:
    """The FHIR id of the document that everybody tries to read."""
    answer = httpx2.post(
        f"{server}/fhir/DocumentReference",
        content=simplified(identifier("dominique"), b"Compte rendu d'analyses."),
        headers={"Authorization": f"Bearer {tokens['hopital']}", "Content-Type": "application/fhir+json"},
    )
    assert answer.status_code == 201, answer.text
    fhir_id: str = answer.json()["id"]
    return fhir_id


def ask(base: str, address: str, fhir_id: str, token: str | None) -> httpx2.Response:
    method, _, rest = address.partition(" ")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    options: dict[str, Any] = {"headers": headers}
    if address == "POST DocumentReference":
        options["content"] = simplified(identifier("nadia"), uuid4().hex.encode())
        headers["Content-Type"] = "application/fhir+json"
    if address == "POST DocumentReference/_search":
        options["data"] = {"patient.identifier": identifier("dominique"), "status": "current"}
    path = rest.replace("ID", fhir_id) if rest.endswith("/ID") else rest.replace("DOMINIQUE", identifier("dominique"))
    path = path.replace("RECORD", fhir_id.partition("-")[0])
    return httpx2.request(method, f"{base}/fhir/{path}", **options)


@pytest.mark.parametrize("address", TABLE)
def test_the_whole_cast_at(address: str, server: str, tokens: dict[str, str], hospital_report: str) -> None:
    answers = {key: ask(server, address, hospital_report, tokens.get(key)) for key in ALL}
    assert {key: answer.status_code for key, answer in answers.items()} == TABLE[address]
    for key, answer in answers.items():
        if answer.status_code >= 400:
            body = answer.json()
            assert body["resourceType"] == "OperationOutcome", key
            assert all(issue["diagnostics"] for issue in body["issue"]), key


def test_depositing_software_sees_only_its_own(server: str, tokens: dict[str, str], hospital_report: str) -> None:
    def seen(key: str) -> set[str]:
        answer = httpx2.get(
            f"{server}/fhir/DocumentReference",
            params={"patient.identifier": identifier("dominique"), "status": "current", "_count": "200"},
            headers={"Authorization": f"Bearer {tokens[key]}"},
        )
        return {entry["resource"]["id"] for entry in answer.json().get("entry", ())}

    assert hospital_report in seen("hopital")
    assert hospital_report not in seen("labo")
    assert not seen("hopital") & seen("labo")
    assert not seen("assurance"), "the insurance feeds and reads nothing"
    assert hospital_report in seen("dr-martin") & seen("dr-nguyen") & seen("dominique")


@pytest.mark.parametrize(
    ("key", "status", "code"), [("claire", 404, "patient-unknown"), ("marc", 422, "record-not-open")]
)
def test_no_deposit_into_an_opposed_or_closed_record(
    key: str, status: int, code: str, server: str, tokens: dict[str, str]
) -> None:
    """An opposition is no record at all: it is told to nobody."""
    answer = httpx2.post(
        f"{server}/fhir/DocumentReference",
        content=simplified(identifier(key), b"Compte rendu."),
        headers={"Authorization": f"Bearer {tokens['hopital']}", "Content-Type": "application/fhir+json"},
    )
    assert answer.status_code == status
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == code


@pytest.mark.parametrize("key", ["paul", "support"])
def test_persons_and_operators_learn_of_no_record(key: str, server: str, tokens: dict[str, str]) -> None:
    """Open, closed, refused, unknown: the same answer, whose INS it may be."""

    def answer(ins: str) -> tuple[int, bytes]:
        query = {"patient.identifier": f"urn:oid:{TEST_OID}|{ins}", "status": "current"}
        headers = {"Authorization": f"Bearer {tokens[key]}"}
        found = httpx2.get(f"{server}/fhir/DocumentReference", params=query, headers=headers)
        return found.status_code, found.content

    told = {answer(ins) for ins in (INS["nadia"], INS["marc"], INS["claire"], "285019999999908")}
    assert len(told) == 1
    assert told.pop()[0] == 403


def test_a_number_that_is_not_the_full_ins_finds_nobody(server: str, tokens: dict[str, str]) -> None:
    for ins in (INS["dominique"][:13], INS["dominique"][:13] + "01"):
        answer = httpx2.get(
            f"{server}/fhir/Patient",
            params={"identifier": f"urn:oid:{TEST_OID}|{ins}"},
            headers={"Authorization": f"Bearer {tokens['dr-inconnu']}"},
        )
        assert answer.json()["total"] == 0


@pytest.mark.parametrize(("key", "entries", "active"), [("nadia", 1, True), ("marc", 1, False), ("claire", 0, None)])
def test_the_existence_test_tells_the_state(
    key: str, entries: int, active: bool | None, server: str, tokens: dict[str, str]
) -> None:
    answer = httpx2.get(
        f"{server}/fhir/Patient",
        params={"identifier": identifier(key)},
        headers={"Authorization": f"Bearer {tokens['dr-inconnu']}"},
    ).json()
    assert answer["total"] == entries
    if entries:
        assert answer["entry"][0]["resource"]["active"] is active


def test_unknown_and_hidden_documents_are_the_same(server: str, tokens: dict[str, str], hospital_report: str) -> None:
    """Same words, same headers but for the request's own id."""
    headers = {"Authorization": f"Bearer {tokens['labo']}"}
    record, _, _ = hospital_report.partition("-")
    hidden = httpx2.get(f"{server}/fhir/DocumentReference/{hospital_report}", headers=headers)
    unknown = httpx2.get(f"{server}/fhir/DocumentReference/{record}-{'a' * 26}", headers=headers)
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content == unknown.content


OAUTH = ("token", "revoke", "introspect")


@pytest.mark.parametrize("key", ALL)
def test_the_whole_cast_at_the_authorisation_server(key: str, server: str, tokens: dict[str, str]) -> None:
    """A bearer token proves nothing there, and an assertion only what a registered key signs: software and people
    of the cast get the same answer, since this key is nobody's."""
    headers = {"Authorization": f"Bearer {tokens[key]}"} if key in tokens else {}
    form = {"grant_type": "client_credentials", "token": tokens.get(key, "x")}
    proof = {"client_assertion_type": TYPE, "client_assertion": signed_as(key, f"{server}/oauth/token")}
    answers = [
        httpx2.post(f"{server}/oauth/{address}", data=data, headers=headers)
        for address in OAUTH
        for data in (form, form | proof)
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.json()["error"] for answer in answers} == {"invalid_client"}
    names = ("oauth-authorization-server", "openid-configuration", "smart-configuration")
    found = [httpx2.get(f"{server}/.well-known/{name}", headers=headers).status_code for name in names]
    assert found == [200] * 3


def signed_as(key: str, audience: str) -> str:
    """An assertion of whoever claims to be one of the cast."""
    mine = key_for("ES384")
    now = int(time.time())
    claims = {"iss": key, "sub": key, "aud": audience, "exp": now + 60, "jti": uuid4().hex}
    return jwt.encode({"alg": "ES384", "kid": "mine"}, claims, mine, algorithms=["ES384"])
