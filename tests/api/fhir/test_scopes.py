"""What a token may ask for at each FHIR address."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from carnet.api.fhir.scopes import needed
from carnet.formats.fhir.search.entry_types import TYPES
from carnet.formats.smart import LETTERS
from tests.api.oauth.software import Software, a_doctor_of, acting_for, bearer
from tests.api.oauth.test_token import refused
from tests.cast import identifier
from tests.test_addresses import ADDRESSES

ENTRIES = " ".join(f"{each}.r" for each in TYPES)
# Every address for software, each method it serves, and what that needs.
NEEDS = {
    "fhir/Patient": {"GET": "Patient.s", "HEAD": "Patient.s", "POST": "Patient.s"},
    "fhir/Patient/_search": {"GET": "Patient.s", "HEAD": "Patient.s", "POST": "Patient.s"},
    "fhir/Patient/$summary": dict.fromkeys(("GET", "HEAD", "POST"), f"Patient.r {ENTRIES}"),
    "fhir/Patient/$new-since": dict.fromkeys(("GET", "HEAD", "POST"), f"DocumentReference.r {ENTRIES}"),
    "fhir/Patient/<str:fhir_id>": {"GET": "Patient.r", "HEAD": "Patient.r"},
    "fhir/Practitioner/<str:fhir_id>": {"GET": "Practitioner.r", "HEAD": "Practitioner.r"},
    "fhir/Patient/<str:fhir_id>/$everything": dict.fromkeys(
        ("GET", "HEAD"), f"Patient.r DocumentReference.r {ENTRIES} Provenance.r"
    ),
    "fhir/Patient/<str:fhir_id>/$summary": dict.fromkeys(("GET", "HEAD", "POST"), f"Patient.r {ENTRIES}"),
    "fhir/Patient/<str:fhir_id>/$new-since": dict.fromkeys(("GET", "HEAD", "POST"), f"DocumentReference.r {ENTRIES}"),
    "fhir/<entry:kind>": {"GET": "Observation.s", "HEAD": "Observation.s"},
    "fhir/<entry:kind>/_search": {"GET": "Observation.s", "HEAD": "Observation.s", "POST": "Observation.s"},
    "fhir/<entry:kind>/<str:fhir_id>": {"GET": "Observation.r", "HEAD": "Observation.r"},
    "fhir/Provenance": {"GET": "Provenance.s", "HEAD": "Provenance.s"},
    "fhir/Provenance/_search": {"GET": "Provenance.s", "HEAD": "Provenance.s", "POST": "Provenance.s"},
    "fhir/Provenance/<str:fhir_id>": {"GET": "Provenance.r", "HEAD": "Provenance.r"},
    "fhir/DocumentReference": {
        "GET": "DocumentReference.s",
        "HEAD": "DocumentReference.s",
        "POST": "DocumentReference.c",
        "PATCH": "DocumentReference.u",
    },
    "fhir/DocumentReference/_search": {
        "GET": "DocumentReference.s",
        "HEAD": "DocumentReference.s",
        "POST": "DocumentReference.s",
    },
    "fhir/DocumentReference/<str:fhir_id>": {
        "GET": "DocumentReference.r",
        "HEAD": "DocumentReference.r",
        "PATCH": "DocumentReference.u",
    },
    "fhir/DocumentReference/<str:fhir_id>/_history": {"GET": "DocumentReference.r", "HEAD": "DocumentReference.r"},
    "fhir/DocumentReference/<str:fhir_id>/_history/<str:number>": {
        "GET": "DocumentReference.r",
        "HEAD": "DocumentReference.r",
    },
    "fhir/DocumentReference/<str:fhir_id>/$withdraw": {"POST": "DocumentReference.u"},
    "fhir/DocumentReference/$validate": {"POST": "DocumentReference.c"},
    "fhir/DocumentReference/$generate-metadata": {"POST": "DocumentReference.c"},
    "fhir": {"POST": "DocumentReference.c List.c"},
    "fhir/": {"POST": "DocumentReference.c List.c"},
    "fhir/$validate": {"POST": "DocumentReference.c List.c"},
    "fhir/Bundle/$validate": {"POST": "DocumentReference.c List.c"},
    "fhir/List": {"GET": "List.s", "HEAD": "List.s", "POST": "List.s"},
    "fhir/List/_search": {"GET": "List.s", "HEAD": "List.s", "POST": "List.s"},
    "fhir/List/<str:fhir_id>": {"GET": "List.r", "HEAD": "List.r"},
    "fhir/List/<str:fhir_id>/_history": {"GET": "List.r", "HEAD": "List.r"},
    "fhir/List/<str:fhir_id>/_history/<str:number>": {"GET": "List.r", "HEAD": "List.r"},
    "fhir/Consent": {"GET": "Consent.s", "HEAD": "Consent.s", "POST": "Consent.c"},
    "fhir/Consent/_search": {"GET": "Consent.s", "HEAD": "Consent.s", "POST": "Consent.s"},
    "fhir/Consent/<str:fhir_id>": {"GET": "Consent.r", "HEAD": "Consent.r", "PATCH": "Consent.u"},
    "fhir/AuditEvent": {"GET": "AuditEvent.s", "HEAD": "AuditEvent.s", "POST": "AuditEvent.s"},
    "fhir/AuditEvent/_search": {"GET": "AuditEvent.s", "HEAD": "AuditEvent.s", "POST": "AuditEvent.s"},
    "fhir/AuditEvent/<str:fhir_id>": {"GET": "AuditEvent.r", "HEAD": "AuditEvent.r"},
    "fhir/Subscription": {"GET": "Subscription.s", "HEAD": "Subscription.s", "POST": "Subscription.c"},
    "fhir/Subscription/_search": dict.fromkeys(("GET", "HEAD", "POST"), "Subscription.s"),
    "fhir/Subscription/$status": dict.fromkeys(("GET", "HEAD", "POST"), "Subscription.r"),
    "fhir/Subscription/<str:fhir_id>": {
        "GET": "Subscription.r",
        "HEAD": "Subscription.r",
        "PUT": "Subscription.u",
        "DELETE": "Subscription.d",
    },
    "fhir/Subscription/<str:fhir_id>/$status": dict.fromkeys(("GET", "HEAD", "POST"), "Subscription.r"),
    "fhir/Subscription/<str:fhir_id>/$events": dict.fromkeys(("GET", "HEAD", "POST"), "Subscription.r"),
    "fhir/Appointment": {"GET": "Appointment.s", "HEAD": "Appointment.s", "POST": "Appointment.c"},
    "fhir/Appointment/_search": dict.fromkeys(("GET", "HEAD", "POST"), "Appointment.s"),
    "fhir/Appointment/<str:fhir_id>": {
        "GET": "Appointment.r",
        "HEAD": "Appointment.r",
        "PUT": "Appointment.u",
        "DELETE": "Appointment.d",
    },
    "fhir/Binary/<str:fhir_id>": {"GET": "Binary.r", "HEAD": "Binary.r"},
    "fhir/Bundle/<str:fhir_id>": {"GET": "Bundle.r", "HEAD": "Bundle.r"},
}


@pytest.fixture(scope="module")
def software(server: str) -> Software:
    return Software(server, scope="system/*.cruds user/*.cruds", acts=True)


def send(base: str, method: str, address: str, token: str) -> httpx2.Response:
    path = address.replace("<str:fhir_id>", "a-b").replace("<str:number>", "1").replace("<entry:kind>", "Observation")
    options: dict[str, Any] = {"data": {"identifier": identifier("dominique")}} if method == "POST" else {}
    return httpx2.request(method, f"{base}/{path}", headers=bearer(token), **options)


def is_missing_scope(answer: httpx2.Response) -> bool:
    return answer.status_code == 403 and "insufficient_scope" in answer.headers.get("WWW-Authenticate", "")


def test_every_address_for_software_is_in_the_table() -> None:
    fhir = {name for name, door in ADDRESSES.items() if door[0] == "software" and name.startswith("fhir")}
    assert set(NEEDS) == fhir


@pytest.mark.parametrize(("address", "method"), [(address, method) for address in NEEDS for method in NEEDS[address]])
def test_the_scope_and_nothing_less(address: str, method: str, software: Software) -> None:
    wanted = NEEDS[address][method].split()
    for needed_one in wanted:
        resource, letter = needed_one.split(".")
        others = "".join(each for each in LETTERS if each != letter)
        rest = " ".join(f"system/{each}" for each in wanted if each != needed_one)
        everything_else = f"system/{resource}.{others} system/CarePlan.cruds {rest}"
        answer = send(software.base, method, address, software.token(everything_else))
        assert is_missing_scope(answer)
        assert f"system/{resource}.{letter}" in answer.headers["WWW-Authenticate"]
        if method != "HEAD":
            issue = answer.json()["issue"][0]
            assert issue["details"]["coding"][0]["code"] == "scope-insufficient"
            assert issue["diagnostics"]
    enough = " ".join(f"system/{each}" for each in wanted)
    assert not is_missing_scope(send(software.base, method, address, software.token(enough)))
    letters = {each.split(".")[1] for each in wanted}
    assert not is_missing_scope(send(software.base, method, address, software.token(f"system/*.{''.join(letters)}")))


def test_what_comes_with_a_search_needs_its_own_scope(software: Software) -> None:
    with_origin = "fhir/Observation?_revinclude=Provenance:target"
    assert is_missing_scope(send(software.base, "GET", with_origin, software.token("system/Observation.rs")))
    both = software.token("system/Observation.s system/Provenance.s")
    assert not is_missing_scope(send(software.base, "GET", with_origin, both))
    assert is_missing_scope(send(software.base, "GET", "fhir/Condition", both))
    deposit = "fhir/Patient/$summary?persist=true"
    assert is_missing_scope(send(software.base, "POST", deposit, software.token("system/*.rs")))
    narrowed = "fhir/Patient/a-b/$everything?_type=Condition"
    assert not is_missing_scope(send(software.base, "GET", narrowed, software.token("system/Condition.r")))


@pytest.mark.parametrize(
    ("version_1", "method", "allowed"),
    [
        ("read", "GET", True),
        ("write", "GET", False),
        ("write", "POST", True),
        ("read", "POST", False),
        ("*", "POST", True),
    ],
)
def test_version_1_still_says_what_it_said(version_1: str, method: str, allowed: bool, software: Software) -> None:
    token = software.token(f"system/DocumentReference.{version_1}")
    assert is_missing_scope(send(software.base, method, "fhir/DocumentReference", token)) is not allowed


def test_a_scope_holds_in_its_own_context(software: Software) -> None:
    """A professional's token has nothing of what the software may do for itself."""
    _, rpps = a_doctor_of(software)
    refused(software.ask("system/*.cruds", extensions=acting_for(rpps)), "scope-none")
    refused(software.ask("user/*.cruds"), "scope-none")
    answer = software.ask("system/*.cruds user/Patient.s", extensions=acting_for(rpps))
    assert answer.json()["scope"] == "user/Patient.s"


def test_at_most_what_is_registered(server: str) -> None:
    narrow = Software(server, scope="system/DocumentReference.rs system/Patient.s")
    assert narrow.ask().json()["scope"] == "system/DocumentReference.rs system/Patient.s"
    assert narrow.ask("system/*.cruds").json()["scope"] == "system/DocumentReference.rs system/Patient.s"
    assert narrow.ask("system/DocumentReference.crs").json()["scope"] == "system/DocumentReference.rs"
    refused(narrow.ask("system/Binary.r"), "scope-none")
    refused(narrow.ask("introspection"), "scope-none")
    # A parameter without a value was not sent (RFC 6749, section 3.2).
    assert narrow.ask("").json()["scope"] == "system/DocumentReference.rs system/Patient.s"


@pytest.mark.parametrize(
    ("code", "scope"),
    [
        ("scope-form", "everything"),
        ("scope-form", "system/DocumentReference.sr"),
        ("scope-form", "system/DocumentReference."),
        ("scope-form", "system/DocumentReference.rs?category=laboratory"),
        ("scope-form", "system/*.cruds root/*.cruds"),
        ("scope-form", 'system/"\\\u00e9.rs'),
        ("scope-long", "system/Patient.s " * 40),
    ],
)
def test_a_scope_that_cannot_be_read(code: str, scope: str, software: Software) -> None:
    refused(software.ask(scope), code)


def test_a_token_without_scope_allows_nothing(house: object, server: str) -> None:
    from carnet.kernel.actor import Purpose
    from carnet.people import actions, queries

    doctor = queries.actor_by_key("dr-martin")
    assert doctor
    token = actions.issue_token(actor_id=doctor.id, purpose=Purpose.CARE)
    for address, methods in NEEDS.items():
        for method in methods:
            assert is_missing_scope(send(server, method, address, token)), (method, address)


@pytest.mark.parametrize(
    ("method", "address", "letter"),
    [
        ("GET", "List", "List.s"),
        ("POST", "List/_search", "List.s"),
        ("GET", "DocumentReference/_history", "DocumentReference.s"),
        ("GET", "DocumentReference/a-b/_history", "DocumentReference.r"),
        ("GET", "DocumentReference/a-b/_history/3", "DocumentReference.r"),
        ("PATCH", "DocumentReference", "DocumentReference.u"),
        ("PATCH", "DocumentReference/a-b", "DocumentReference.u"),
        ("PUT", "DocumentReference/a-b", "DocumentReference.u"),
        ("DELETE", "DocumentReference/a-b", "DocumentReference.d"),
        ("POST", "DocumentReference/$validate", "DocumentReference.c"),
        ("POST", "", ""),
        ("POST", "DocumentReference/a-b", ""),
        ("GET", "DocumentReference/$everything", ""),
        ("TRACE", "DocumentReference", ""),
    ],
)
def test_the_grammar_of_fhir_says_what_is_needed(method: str, address: str, letter: str) -> None:
    """http.html, summary of the interactions; SMART App Launch 2, scopes and launch context."""
    assert needed(method, address) == letter
