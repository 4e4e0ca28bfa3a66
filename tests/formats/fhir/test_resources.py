"""Searchset bundles, Binary, Patient and OperationOutcome."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.entry import Identifier, Patient
from carnet.formats.fhir import binary, bundle, errors, outcome, patient, problems, times
from tests.cases import cases
from tests.formats.fhir import profile
from tests.formats.fhir.entries import patients

NOW = datetime(2026, 6, 12, 8, 30, tzinfo=UTC)
BASE = "https://carnet.example/fhir"


def _stored(number: int) -> str:
    return json.dumps(
        {"resourceType": "DocumentReference", "id": f"doc-{number}", "description": 'é"\\'},
        separators=(",", ":"),
        ensure_ascii=False,
    )


@settings(max_examples=cases(100))
@given(st.integers(0, 5), st.none() | st.integers(0, 99), st.booleans())
def test_a_searchset_of_stored_texts(count: int, total: int | None, more: bool) -> None:
    texts: list[bytes | str] = [_stored(n).encode() if n % 2 else _stored(n) for n in range(count)]
    next_url = f"{BASE}/DocumentReference?_cursor=x" if more else None
    made = json.loads(
        bundle.searchset(texts, total=total, self_url=f'{BASE}/x?a="b"', next_url=next_url, base=BASE + "/")
    )
    assert made["type"] == "searchset"
    assert made.get("total") == total
    assert [link["relation"] for link in made["link"]] == ["self", "next"][: 1 + more]
    entries = made.get("entry", [])
    assert [each["resource"] for each in entries] == [json.loads(text) for text in texts]
    assert [each["fullUrl"] for each in entries] == [f"{BASE}/DocumentReference/doc-{n}" for n in range(count)]
    assert ("entry" in made) == bool(count)


def test_a_text_of_another_maker_is_refused() -> None:
    with pytest.raises(ValueError, match="begin"):
        bundle.searchset(['{"id":"x"}'], total=1, self_url="u", base=BASE)


@settings(max_examples=cases(100))
@given(st.lists(st.binary(max_size=20), max_size=8))
def test_binary_is_the_same_bytes_however_they_come(chunks: list[bytes]) -> None:
    made = json.loads(b"".join(binary.stream(fhir_id="b-1", media_type="text/xml", chunks=chunks)))
    assert (made["resourceType"], made["id"], made["contentType"]) == ("Binary", "b-1", "text/xml")
    assert base64.b64decode(made["data"], validate=True) == b"".join(chunks)


@settings(max_examples=cases(100))
@given(patients, st.booleans())
def test_patient(traits: Patient, active: bool) -> None:
    made = json.loads(patient.write(traits, fhir_id="p-1", active=active, version=2, last_updated=NOW))
    assert (made["resourceType"], made["id"], made["active"]) == ("Patient", "p-1", active)
    assert list(profile.empty_places(made, "")) == []
    assert made.get("birthDate", "") == traits.birth_date
    systems = [each["system"] for each in made.get("identifier", [])]
    assert len(systems) == sum(each is not None for each in (traits.ins, traits.local))


def test_patient_of_the_cast() -> None:
    traits = Patient(
        ins=Identifier("1.2.250.1.213.1.4.10", "279035121518989"),
        birth_family="PAT-TROIS",
        birth_given="DOMINIQUE",
        sex="F",
        birth_date="1979-03-28",
        birth_place="51215",
    )
    made = json.loads(patient.write(traits, fhir_id="p", active=True, version=1, last_updated=NOW))
    assert made["identifier"][0]["type"]["coding"][0]["code"] == "INS-NIR-TEST"
    assert made["identifier"][0]["system"] == "urn:oid:1.2.250.1.213.1.4.10"
    assert made["gender"] == "female"
    assert made["name"] == [{"use": "official", "family": "PAT-TROIS", "given": ["DOMINIQUE"]}]
    assert made["extension"][0]["valueAddress"]["extension"][0]["valueCoding"]["code"] == "51215"


def test_two_numbers_of_one_person() -> None:
    nir, nia = "1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"
    assert patient.matching(Identifier(nir, "284058832102532"), Identifier(nir, "2840588321025"))
    assert patient.matching(Identifier(nir, "2840588321025"), Identifier(nia, "7840588321025"))
    assert not patient.matching(Identifier(nir, "2840588321025"), Identifier(nir, "2840588321026"))
    assert patient.matching(Identifier(nir, "x"), Identifier(nir, "x"))


# Errors


# The issue types of FHIR R4.
ISSUE_TYPES = """
invalid structure required value invariant security login unknown expired forbidden suppressed processing
not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly
business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational
"""


def test_the_catalogue_is_complete_and_well_formed() -> None:
    # A code given twice would hide the other problem.
    assert len(problems.ALL) == len(errors.CATALOGUE)
    for code, problem in errors.CATALOGUE.items():
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", code)
        assert problem.issue in ISSUE_TYPES.split()
        assert problem.severity in {"error", "warning", "information"}
        assert problem.status in {200, 400, 401, 403, 404, 405, 406, 409, 411, 412, 413, 415, 422, 500, 503}
        assert (problem.status == 200) == (problem.severity != "error")
        assert problem.text_fr.endswith(".")
        assert problem.remedy_fr.endswith((".", "…"))
        assert errors.problem(code) is problem


def test_operation_outcome() -> None:
    failure = errors.failure("hash-wrong", expression="DocumentReference.content[0]", detail="Ici.")
    assert failure.status == 422
    made = json.loads(failure.body())
    assert made["resourceType"] == "OperationOutcome"
    issue = made["issue"][0]
    assert issue["severity"] == "error"
    assert issue["code"] == "business-rule"
    assert [each["code"] for each in issue["details"]["coding"]] == ["hash-wrong", "XDSNonIdenticalHash"]
    assert issue["details"]["text"]
    assert issue["diagnostics"].startswith("Ici. ")
    assert issue["expression"] == ["DocumentReference.content[0]"]
    bare = outcome.operation_outcome([outcome.Issue("warning", "value", "x")])
    assert bare["issue"] == [
        {
            "severity": "warning",
            "code": "value",
            "details": {"coding": [{"system": outcome.PROBLEM_SYSTEM, "code": "x"}]},
        }
    ]


def test_the_status_is_the_highest_of_the_errors() -> None:
    mixed = outcome.FhirError([errors.issue("ins-key"), errors.issue("search-value"), errors.issue("required")])
    assert mixed.status == 422
    assert outcome.FhirError([errors.issue("ins-key")]).status == 400
    assert errors.issue("custodian-missing", severity="error").status == 422


# Dates


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026", "2026-01-01T00:00:00+01:00"),
        ("2026-07", "2026-07-01T00:00:00+02:00"),
        ("2026-07-14", "2026-07-14T00:00:00+02:00"),
        ("2026-07-14T10:00:00Z", "2026-07-14T10:00:00+00:00"),
        ("2026-07-14T10:00:00", "2026-07-14T10:00:00+02:00"),
        ("2026-07-14T10:00:00.123456789+02:00", "2026-07-14T10:00:00.123+02:00"),
        ("1890-01-01", "1889-12-31T23:50:39+00:00"),
    ],
)
def test_dates(text: str, written: str) -> None:
    found = times.parse(text)
    assert found is not None
    assert times.instant(found) == written


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-02-30", "20260714", "2026-07-14T10:00", "2026-07-14T25:00:00Z", "9999-12-31"]
)
def test_no_dates(text: str) -> None:
    assert times.parse(text) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2024", "2024-12-31T23:59:59.999+01:00"),
        ("2024-02", "2024-02-29T23:59:59.999+01:00"),
        ("2024-12", "2024-12-31T23:59:59.999+01:00"),
        # The days on which the clock changes have 23 and 25 hours.
        ("2024-03-31", "2024-03-31T23:59:59.999+02:00"),
        ("2024-10-27", "2024-10-27T23:59:59.999+01:00"),
        ("9998", "9998-12-31T23:59:59.999+01:00"),
        ("2024-03-31T10:00:00Z", "2024-03-31T10:00:00+00:00"),
    ],
)
def test_a_partial_date_ends_with_its_period(text: str, written: str) -> None:
    found = times.last(text)
    assert found is not None
    assert times.instant(found) == written


@settings(max_examples=cases(100))
@given(st.dates(min_value=date(1000, 1, 2), max_value=date(9998, 12, 30)))
def test_every_day_can_be_written(day: date) -> None:
    found = times.parse(day.isoformat())
    assert found is not None
    again = times.parse(times.instant(found))
    assert again == found
