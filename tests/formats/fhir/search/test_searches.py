from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.entry import Identifier
from carnet.formats.fhir import identifiers, search
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.search import PatientRef, Token
from tests.cases import cases
from tests.formats.fhir.entries import unique_ids

INS = "urn:oid:1.2.250.1.213.1.4.10|279035121518989"
TOKEN = Token("1.2.250.1.213.1.4.10", "279035121518989")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("abc", Token(None, "abc")),
        ("http://loinc.org|11502-2", Token("2.16.840.1.113883.6.1", "11502-2")),
        ("|abc", Token("", "abc")),
        ("http://x|", Token("http://x", None)),
        (r"a\|b", Token(None, "a|b")),
        (r"s\|t|a\,b\\", Token("s|t", "a,b\\")),
        (r"s\\|c", Token("s\\", "c")),
        ("s|a|b", Token("s", "a|b")),
        ("", Token(None, "")),
    ],
)
def test_tokens(text: str, found: Token) -> None:
    assert search.token(text) == found


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a,b", ("a", "b")), (r"a\,b,c", (r"a\,b", "c")), (r"a\\,b", (r"a\\", "b")), ("", ()), (",a,", ("a",))],
)
def test_alternatives(text: str, parts: tuple[str, ...]) -> None:
    assert search.alternatives(text) == parts


@settings(max_examples=cases(100), deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), min_size=1))
def test_alternatives_and_tokens_undo_escapes(codes: list[str]) -> None:
    escaped = ["".join(f"\\{each}" if each in "\\,|$" else each for each in code) for code in codes]
    parts = search.alternatives(",".join(escaped))
    assert [search.token(part).code for part in parts] == codes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("abc", PatientRef("abc", None)),
        ("Patient/abc", PatientRef("abc", None)),
        ("http://h/fhir/Patient/abc", PatientRef("abc", None)),
        (f"Patient?identifier={INS}", PatientRef(None, Identifier(*TOKEN))),  # type: ignore[arg-type]
        ("Patient?identifier=x", PatientRef(None, None)),
        ("Patient?identifier=x|1&identifier=x|2", PatientRef(None, None)),
        ("Group?identifier=x|1", PatientRef(None, None)),
        ("Group/abc", PatientRef(None, None)),
        ("Patient/a b", PatientRef(None, None)),
        ("", PatientRef(None, None)),
    ],
)
def test_patient_references(text: str, found: PatientRef) -> None:
    assert search.patient_reference(text) == found


def test_documents() -> None:
    asked = search.documents(
        [
            ("patient.identifier", INS),
            ("status", "current,superseded"),
            ("identifier", "urn:ietf:rfc:3986|urn:oid:1.2.3"),
            ("_count", "1000"),
            ("_format", "json"),
            ("colour", "blue"),
        ]
    )
    assert asked.patient_identifiers == (TOKEN,)
    assert asked.statuses == ("current", "superseded")
    assert [search.unique_id(each) for each in asked.identifiers] == ["1.2.3"]
    assert asked.count == search.MAX_COUNT
    assert asked.ignored == ("colour",)
    by_reference = search.documents([("patient", f"Patient?identifier={INS}"), ("_cursor", "x")])
    assert by_reference.patient_identifiers == (TOKEN,)
    assert by_reference.cursor == "x"
    assert search.documents([("subject:Patient", "Patient/a"), ("_count", "0")]).patient_ids == ("a",)
    assert search.documents([("_id", "a,b")]).ids == ("a", "b")


@pytest.mark.parametrize(
    ("params", "code", "place"),
    [
        ([], "search-patient-required", "http.patient"),
        ([("status", "current")], "search-patient-required", "http.patient"),
        ([("patient", "")], "search-value", "http.patient"),
        ([("patient", "Group/1")], "search-value", "http.patient"),
        ([("patient", "a"), ("patient", "b")], "search-value", "http.patient"),
        ([("patient", "a"), ("subject", "a")], "search-value", "http.patient"),
        (
            [("patient", f"Patient?identifier={INS}"), ("patient.identifier", INS)],
            "search-value",
            "http.patient.identifier",
        ),
        ([("patient", "a"), ("status", "final")], "search-value", "http.status"),
        ([("patient", "a"), ("_count", "many")], "search-value", "http._count"),
        ([("patient", "a"), ("_count", "-1")], "search-value", "http._count"),
        ([("patient", "a\x00")], "search-value", "http.patient"),
        ([("patient", ",".join("a" * 201))], "search-value", "http.patient"),
        ([("identifier", "|")], "search-value", "http.identifier"),
        ([("_id", "a b")], "search-value", "http._id"),
    ],
)
def test_refused_searches(params: list[tuple[str, str]], code: str, place: str) -> None:
    with pytest.raises(FhirError) as caught:
        search.documents(params)
    assert caught.value.status == 400
    assert (caught.value.issues[0].details_code, caught.value.issues[0].expression) == (code, place)


def test_strict_handling_refuses_what_it_does_not_know() -> None:
    with pytest.raises(FhirError) as caught:
        search.documents([("patient", "a"), ("colour", "blue")], strict=True)
    assert caught.value.issues[0].details_code == "search-parameter"


def test_patients() -> None:
    assert search.patients([("identifier", INS), ("name", "x")]) == (TOKEN,)
    for params in ([], [("identifier", "279035121518989")], [("identifier", "urn:oid:1.2|")], [("name", "x")]):
        with pytest.raises(FhirError) as caught:
            search.patients(params)
        assert caught.value.issues[0].details_code == "search-identifier-required"


def test_resource_ids() -> None:
    assert search.resource_id("Binary/x.1", "Binary") == "x.1"
    assert search.resource_id("https://h:8/fhir/Binary/x/_history/3", "Binary") == "x"
    assert search.resource_id("Binary/x", "Patient") is None
    assert search.resource_id("javascript:Binary/x", "Binary") is None


@settings(max_examples=cases(100), deadline=None)
@given(unique_ids)
def test_unique_ids_go_to_fhir_and_back(unique_id: str) -> None:
    written = identifiers.unique_id_to_fhir(unique_id)
    assert identifiers.unique_id(written["system"], written["value"]) == unique_id


@pytest.mark.parametrize(
    ("system", "value", "found"),
    [
        ("urn:ietf:rfc:3986", "urn:uuid:123E4567-E89B-12D3-A456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
        ("", "1.2.3", "1.2.3"),
        ("", "123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
        ("urn:oid:1.2", "a", "1.2^a"),
        ("1.2", "a", "1.2^a"),
        ("urn:oid:1.2", "a^b", None),
        ("urn:oid:1.2", "x" * 256, None),
        ("http://x", "a", None),
        ("", "urn:oid:hello", None),
        ("", "urn:uuid:", None),
        ("", "1." + "1" * 300, None),
    ],
)
def test_unique_id_forms(system: str, value: str, found: str | None) -> None:
    assert identifiers.unique_id(system, value) == found
    assert search.unique_id(Token(system, None)) is None


@settings(max_examples=cases(100), deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["patient", "identifier", "status", "_id", "_count", "x"]), st.text())))
def test_any_parameters_are_read_or_refused(params: list[tuple[str, str]]) -> None:
    with contextlib.suppress(FhirError):
        search.documents(params)
    with contextlib.suppress(FhirError):
        search.patients(params)
