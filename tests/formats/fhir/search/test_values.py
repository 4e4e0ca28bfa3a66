from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.entry import Identifier
from carnet.formats.fhir import identifiers, search
from carnet.formats.fhir.search import PatientRef, Token
from tests.cases import cases
from tests.formats.fhir.entries import unique_ids

PARIS = ZoneInfo("Europe/Paris")
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


@settings(max_examples=cases(100))
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


def test_resource_ids() -> None:
    assert search.resource_id("Binary/x.1", "Binary") == "x.1"
    assert search.resource_id("https://h:8/fhir/Binary/x/_history/3", "Binary") == "x"
    assert search.resource_id("Binary/x", "Patient") is None
    assert search.resource_id("javascript:Binary/x", "Binary") is None


@settings(max_examples=cases(100))
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
