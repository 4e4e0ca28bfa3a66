"""Consent as it is written, read and ended, without a record around it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from carnet.formats.entry import Identifier
from carnet.formats.fhir import consent, structure
from carnet.formats.fhir.consent import Consent, Party
from carnet.formats.fhir.node import Problems
from carnet.formats.fhir.outcome import FhirError
from tests.cases import cases
from tests.formats.fhir import profile

JSON = dict[str, Any]
NOW = datetime(2026, 6, 12, 8, 30, tzinfo=UTC)
DOCTOR = Party("Practitioner", "Dr Ange Essai", Identifier("1.2.250.1.71.4.2.1", "810001001014"))
INS = {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "279035121518989"}
SENT: JSON = {
    "resourceType": "Consent",
    "status": "active",
    "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
    "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
    "patient": {"identifier": INS},
    "provision": {"type": "permit"},
}
parties = st.none() | st.just(DOCTOR) | st.just(Party("CareTeam", "Équipe")) | st.just(Party("Organization", "Parc"))
moments = st.integers(0, 10**9).map(lambda seconds: NOW + timedelta(seconds=seconds))


@settings(max_examples=cases(100))
@given(
    st.builds(
        Consent,
        mode=st.sampled_from(["care", "emergency", "regulation"]),
        permitted=st.booleans(),
        active=st.booleans(),
        since=st.none() | moments,
        until=st.none() | moments,
        to=parties,
        declared_by=parties,
        express=st.booleans(),
        masked=st.booleans(),
    )
)
def test_what_is_written_is_fhir(written: Consent) -> None:
    assume(not (written.since and written.until and written.until < written.since))
    text = consent.write(written, fhir_id="a-b", patient_id="a", policy="urn:carnet:access-rules:1")
    assert text.startswith(b'{"resourceType":"Consent","id":"a-b"')
    resource = json.loads(text)
    problems = Problems()
    structure.check(resource, "Consent", problems, "Consent", strict=True)
    assert problems.issues == ()
    assert list(profile.empty_places(resource, "")) == []
    assert resource["status"] == ("active" if written.active else "inactive")
    assert resource["provision"]["type"] == ("permit" if written.permitted else "deny")


def test_what_is_written_can_be_sent_back() -> None:
    """By whom it is about: what the service itself says of it does not stand in the way."""
    until = NOW + timedelta(days=3)
    written = Consent("care", True, True, NOW, until, DOCTOR, DOCTOR, express=True)  # noqa: FBT003
    read = consent.read(consent.write(written, fhir_id="a-b", patient_id="a", policy="urn:x:y"), strict=True, now=NOW)
    assert (read.subject.reference, read.until, read.actor, read.express) == ("a", until, DOCTOR.number, True)


HOUSE = Party("Organization", "Parc", Identifier("1.2.250.1.71.4.2.2", "1490000123"))


@settings(max_examples=cases(100))
@given(
    st.builds(
        Consent,
        mode=st.just("care"),
        permitted=st.booleans(),
        active=st.just(True),  # noqa: FBT003
        since=st.just(NOW),
        until=st.none() | moments.filter(lambda each: each > NOW),
        to=st.sampled_from([DOCTOR, HOUSE]),
        declared_by=st.none() | st.just(DOCTOR),
        express=st.booleans(),
        masked=st.booleans(),
        secret=st.booleans(),
    )
)
def test_what_a_person_gave_can_be_sent_back_or_says_what_it_cannot_be(written: Consent) -> None:
    text = consent.write(written, fhir_id="a-b", patient_id="a", policy="urn:x:y")
    more = (written.express, written.secret, written.masked and written.permitted)
    house = written.to is HOUSE
    unmasked = not house and more[2]
    wrong = unmasked or (house and any(more) if written.permitted else house or any(more) or written.until is not None)
    try:
        read = consent.read_given(text, strict=True, now=NOW)
    except FhirError as error:
        codes = {each.details_code for each in error.issues}
        assert wrong
        assert codes == {
            "consent-block" if not written.permitted else "consent-unmasked" if unmasked else "consent-of-all"
        }
        return
    assert not wrong
    assert written.to
    assert (read.subject.reference, read.permitted, read.actor) == ("a", written.permitted, written.to.number)
    assert read.to_organisation is house
    assert (read.until, (read.express, read.secret, read.unmasked)) == (written.until, more)


@pytest.mark.parametrize("kind", ["Practitioner", "PractitionerRole", "Organization"])
@pytest.mark.parametrize("contained", [False, True])
def test_ways_to_name_whom_it_is_for(kind: str, contained: bool) -> None:
    """By a number of the national register, which may stand after one of the house's own."""
    party = HOUSE if kind == "Organization" else DOCTOR
    assert party.number
    number = {"system": f"urn:oid:{party.number.system}", "value": party.number.value}
    local = {"system": "urn:oid:1.2.3", "value": "77"}
    held: list[JSON] = [
        {
            "resourceType": "Organization" if party is HOUSE else "Practitioner",
            "id": "who",
            "identifier": [local, number],
        }
    ]
    reference: JSON = {"reference": "#who"} if contained else {"type": kind, "identifier": number}
    if kind == "PractitionerRole":
        held.append({"resourceType": kind, "id": "role", "practitioner": reference})
        reference = {"reference": "#role"}
    provision = {"type": "permit", "actor": [{"role": {"text": "x"}, "reference": reference}]}
    sent = SENT | {"contained": held, "provision": provision}
    assert consent.read_given(json.dumps(sent).encode(), now=NOW).actor == party.number


@pytest.mark.parametrize(
    ("end", "until"),
    [
        ("2026-06-12", "2026-06-12T22:00:00Z"),
        ("2026-12", "2026-12-31T23:00:00Z"),
        ("2027", "2027-12-31T23:00:00Z"),
        ("2026-06-12T20:00:00Z", "2026-06-12T20:00:00Z"),
        (None, None),
    ],
)
def test_a_day_is_meant_to_its_end(end: str | None, until: str | None) -> None:
    period = {"period": {"end": end}} if end else {}
    read = consent.read(json.dumps(SENT | {"provision": {"type": "permit"} | period}).encode(), now=NOW)
    assert read.until == (datetime.fromisoformat(until) if until else None)
    assert read.subject.ins == Identifier("1.2.250.1.213.1.4.10", INS["value"])


@settings(max_examples=cases(200))
@given(
    st.sampled_from(["status", "scope", "category", "patient", "provision", "contained", "extension", "performer"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["type", "period", "actor", "coding", "reference", "purpose", "provision", "identifier"]
                ),
                inner,
            )
        ),
        max_leaves=8,
    ),
)
def test_whatever_comes_is_read_or_explained(name: str, value: Any) -> None:
    for read in (consent.read, consent.read_given):
        try:
            read(json.dumps(SENT | {name: value}).encode(), now=NOW)
        except FhirError as error:
            assert error.issues  # noqa: PT017
            assert all(issue.diagnostics and issue.text for issue in error.issues)  # noqa: PT017


ENDS: list[Any] = [
    [{"op": "replace", "path": "/status", "value": "inactive"}],
    [{"op": "test", "path": "/status", "value": "active"}, {"op": "replace", "path": "/status", "value": "inactive"}],
]


@pytest.mark.parametrize("body", ENDS)
@pytest.mark.parametrize("media_type", ["application/json-patch+json", "application/json; charset=utf-8"])
def test_what_ends_it(media_type: str, body: Any) -> None:
    consent.check_end(media_type, json.dumps(body).encode())


@settings(max_examples=cases(200))
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "op": st.sampled_from(["replace", "test", "remove", "move", 1]),
                "path": st.sampled_from(["/status", "/patient", "", None]),
                "value": st.sampled_from(["inactive", "active", "rejected", 3, None]),
                "name": st.just("operation"),
                "part": st.lists(st.just({"name": "type", "valueCode": "replace"}), max_size=2),
            },
        )
        | st.none(),
        max_size=3,
    ),
    st.booleans(),
)
def test_nothing_else_ends_it(operations: list[Any], parameters: bool) -> None:
    if operations in ENDS:
        return
    body: Any = {"resourceType": "Parameters", "parameter": operations} if parameters else operations
    media_type = "application/fhir+json" if parameters else "application/json-patch+json"
    last = {"op": "replace", "path": "/status", "value": "inactive"}
    try:
        consent.check_end(media_type, json.dumps(body).encode())
    except FhirError as error:
        assert error.status == 422  # noqa: PT017
        return
    assert all(each["path"] == "/status" for each in operations)
    assert {each: operations[-1].get(each) for each in last} == last or operations[0]["op"] == "replace"
