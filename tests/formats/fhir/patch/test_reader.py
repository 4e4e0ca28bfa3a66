"""Any body whatsoever: either a patch or a refusal that says where, in bounded time, and repeats nothing of it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from carnet.formats.fhir import patch
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.patch import Current
from tests.cases import cases
from tests.formats.fhir.patch.bodies import (
    ARCHIVED,
    FHIRPATH_PATCH,
    JSON,
    JSON_PATCH,
    concept,
    currents,
    extension,
    operation,
    told,
)

HIDE = json.dumps([operation("replace", "/securityLabel/0", concept("MASQUE_PS"))]).encode()
PATCHES = st.sampled_from([JSON_PATCH, FHIRPATH_PATCH])


@pytest.mark.parametrize("media_type", [JSON_PATCH, "Application/JSON-Patch+json; charset=utf-8"])
def test_the_media_type_decides(media_type: str) -> None:
    change = patch.apply(patch.read(media_type, HIDE), Current("N"))
    assert change.add == {"MASQUE_PS"}


def test_a_plain_media_type_is_read_by_its_body() -> None:
    asked = [
        {"name": "type", "valueCode": "replace"},
        {"name": "path", "valueString": "DocumentReference.securityLabel[0]"},
        {"name": "value", "valueCodeableConcept": concept("MASQUE_PS")},
    ]
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": asked}]}
    for body in (HIDE, json.dumps(parameters).encode()):
        assert patch.apply(patch.read("application/json", body), Current("N")).add == {"MASQUE_PS"}
    with pytest.raises(FhirError) as caught:
        patch.read("application/json", b'{"status": "entered-in-error"}')
    assert (caught.value.status, told(caught.value)) == (400, [("not-a-resource", "")])


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/xml-patch+xml", "application/fhir+xml"])
def test_other_media_types(media_type: str) -> None:
    with pytest.raises(FhirError) as caught:
        patch.read(media_type, HIDE)
    assert (caught.value.status, told(caught.value)) == (415, [("media-type", "")])
    assert all(each in caught.value.issues[0].diagnostics for each in patch.FORMATS)


@pytest.mark.parametrize(
    ("body", "problem", "status"),
    [
        (b"", "not-json", 400),
        (b"[", "not-json", 400),
        (b"[NaN]", "not-json", 400),
        (b"[-Infinity]", "not-json", 400),
        (b"\xff\xfe[\x00]\x00", "not-json", 400),
        (b"\xef\xbb\xbf[]", "not-json", 400),
        (b"[" * 30_000, "not-json", 400),
        (b"[" * 30_000 + b"]" * 30_000, "not-json", 400),
        (b"[" + b"9" * 5_000 + b"]", "not-json", 400),
        (b"{}", "patch-body", 422),
        (b"[]", "patch-body", 422),
        (b"null", "patch-body", 422),
        (b'"' + b"x" * 64 * 1024 + b'"', "too-large", 413),
    ],
)
def test_bodies_that_are_no_patch(body: bytes, problem: str, status: int) -> None:
    with pytest.raises(FhirError) as caught:
        patch.read(JSON_PATCH, body)
    assert (told(caught.value), caught.value.status) == ([(problem, "")], status)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'[{"op":"remove","op":"add","path":"/status"}]', "[0].op"),
        (b'[{"op":"replace","path":"/status","value":{"a":{"b":1,"b":2}}}]', "[0].value.a.b"),
    ],
)
def test_a_member_given_twice_is_refused_where_it_stands(body: bytes, place: str) -> None:
    with pytest.raises(FhirError) as caught:
        patch.read(JSON_PATCH, body)
    assert (told(caught.value), caught.value.status) == ([("duplicate-key", place)], 400)


@pytest.mark.parametrize(
    ("body", "problem", "place"),
    [
        (b"[]", "not-a-resource", ""),
        (b"{}", "not-a-resource", ""),
        (b'{"resourceType":["Parameters"]}', "not-a-resource", ""),
        (b'{"resourceType":"DocumentReference"}', "wrong-resource-type", "resourceType"),
        (b'{"resourceType":"Parameters"}', "patch-body", ""),
        (b'{"resourceType":"Parameters","parameter":{}}', "patch-body", ""),
        (b'{"resourceType":"Parameters","parameter":[]}', "patch-body", ""),
    ],
)
def test_resources_that_are_no_patch(body: bytes, problem: str, place: str) -> None:
    with pytest.raises(FhirError) as caught:
        patch.read(FHIRPATH_PATCH, body)
    assert told(caught.value) == [(problem, place)]


def test_a_hundred_operations_and_no_more() -> None:
    one = operation("replace", "/status", "current")
    assert patch.apply(patch.read(JSON_PATCH, json.dumps([one] * 100).encode()), Current("N")).nothing
    with pytest.raises(FhirError) as caught:
        patch.read(JSON_PATCH, json.dumps([one] * 101).encode())
    assert told(caught.value) == [("patch-length", "")]
    with pytest.raises(FhirError) as caught:
        patch.read(JSON_PATCH, b"[" + b",".join([b"1"] * 10_000) + b"]")
    assert told(caught.value) == [("patch-length", "")]


def test_no_more_problems_than_a_person_can_read() -> None:
    wrong = operation("replace", "/securityLabel", [1, 2, 3, 4])
    with pytest.raises(FhirError) as caught:
        patch.read(JSON_PATCH, json.dumps([wrong] * 100).encode())
    assert len(caught.value.issues) == 100


def _slowest() -> list[bytes]:
    long = "~1" * 30_000
    return [
        json.dumps([operation("replace", path, "x")]).encode()
        for path in (
            f"/securityLabel/{long}",
            "/" * 60_000,
            f"/extension[url:'{'x' * 60_000}",
            f"/extension[url{' ' * 60_000}",
            "/securityLabel" + "/0" * 25_000,
        )
    ]


@pytest.mark.parametrize("body", _slowest(), ids=range(5))
def test_long_paths_take_no_time(body: bytes) -> None:
    start = time.process_time()
    with pytest.raises(FhirError):
        patch.read(JSON_PATCH, body)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    "path",
    ["securityLabel.where(coding.code='" + "x" * 60_000, "a" + "." * 60_000, "securityLabel.where(" + " " * 60_000],
)
def test_long_expressions_take_no_time(path: str) -> None:
    parts = [{"name": "type", "valueCode": "delete"}, {"name": "path", "valueString": path}]
    body = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}
    start = time.process_time()
    with pytest.raises(FhirError):
        patch.read(FHIRPATH_PATCH, json.dumps(body).encode())
    assert time.process_time() - start < 0.5


# Arbitrary bodies. The mark stands wherever a text may, and must never come back.

MARK = "Zyzomys"
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(MARK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.just(MARK), inner, max_size=3),
    max_leaves=6,
)
VALUES = [
    *["N", "MASQUE_PS", "current", "entered-in-error", True, "false", MARK],
    *map(concept, ["N", "V", "MASQUE_PS", "INVISIBLE_PATIENT", MARK]),
    [concept("N"), concept("MASQUE_PS")],
    extension(archived=True),
]
POINTERS = [
    *["/securityLabel", "/securityLabel/0", "/securityLabel/1", "/securityLabel/-", "/securityLabel/0/coding/0/code"],
    *["/extension", "/extension/0/valueBoolean", f"/extension[url:'{ARCHIVED}']/valueBoolean"],
    *["/status", f"/{MARK}", f"/securityLabel/{MARK}"],
]
EXPRESSIONS = [
    *["DocumentReference", "DocumentReference.status", "securityLabel", "DocumentReference.securityLabel[0]"],
    "DocumentReference.securityLabel[1].coding.code",
    f"DocumentReference.extension('{ARCHIVED}').value",
    f"DocumentReference.extension.where(url='{MARK}')",
]


def _pick(*choices: Any) -> st.SearchStrategy[Any]:
    """One of these; one time in eight anything at all."""
    return st.integers(0, 7).flatmap(lambda dice: st.sampled_from(choices) if dice else anything)


_json_operations = st.fixed_dictionaries(
    {"op": _pick("add", "replace", "remove", "test", "move", MARK), "path": _pick(*POINTERS)},
    optional={"value": _pick(*VALUES)},
)


def _parameter(parts: JSON) -> JSON:
    kinds = {"type": "valueCode", "path": "valueString", "name": "valueString", "index": "valueInteger"}
    return {
        "name": "operation",
        "part": [{"name": name, kinds.get(name, "valueCode"): value} for name, value in parts.items()],
    }


_fhirpath_operations = st.fixed_dictionaries(
    {"type": _pick("add", "insert", "replace", "delete", "move", MARK), "path": _pick(*EXPRESSIONS)},
    optional={
        "value": _pick(*VALUES),
        "name": _pick("securityLabel", "extension", "value", MARK),
        "index": _pick(0, 1, 9),
        MARK: anything,
    },
).map(_parameter)


def _refusal(media_type: str, body: bytes, current: Current) -> FhirError | None:
    try:
        patch.apply(patch.read(media_type, body), current)
    except FhirError as error:
        return error
    return None


def _meet(media_type: str, body: bytes, current: Current) -> None:
    error = _refusal(media_type, body, current)
    event("refused" if error else "done")
    if error:
        assert error.status in {400, 422}
        assert MARK.encode() not in error.body()
        assert all(each.diagnostics and each.text for each in error.issues)


@settings(max_examples=cases(100))
@given(PATCHES, st.binary(max_size=64), currents)
def test_any_bytes(media_type: str, body: bytes, current: Current) -> None:
    _meet(media_type, body, current)


@settings(max_examples=cases(100))
@given(PATCHES, anything, currents)
def test_any_json(media_type: str, body: Any, current: Current) -> None:
    _meet(media_type, json.dumps(body).encode(), current)


@settings(max_examples=cases(300))
@given(st.lists(_json_operations, min_size=1, max_size=3), currents)
def test_any_json_patch(operations: list[Any], current: Current) -> None:
    _meet(JSON_PATCH, json.dumps(operations).encode(), current)


@settings(max_examples=cases(300))
@given(st.lists(_fhirpath_operations, min_size=1, max_size=3), currents)
def test_any_fhirpath_patch(operations: list[Any], current: Current) -> None:
    body = {"resourceType": "Parameters", "parameter": operations}
    _meet(FHIRPATH_PATCH, json.dumps(body).encode(), current)
