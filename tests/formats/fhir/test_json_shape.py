"""JSON that two readers would understand differently is refused, at its place; all other JSON passes."""

from __future__ import annotations

import json
import time
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.fhir import document_reference, json_shape, read_provide
from carnet.formats.fhir.outcome import FhirError, Issue
from tests.cases import cases

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"', '\\"', "a:b", '{"a":1}', "\\"]
)
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def issues(text: bytes) -> tuple[Issue, ...]:
    with pytest.raises(FhirError) as caught:
        json_shape.check(orjson.loads(text), text)
    return caught.value.issues


@settings(max_examples=cases(200))
@given(trees, st.booleans(), st.sampled_from([None, 2]))
def test_json_without_ambiguity_passes(tree: Any, ascii_only: bool, indent: int | None) -> None:
    json_shape.check(tree, json.dumps(tree, ensure_ascii=ascii_only, indent=indent).encode())


def _twice(tree: Any) -> list[str]:
    """A second statement of the rule, on the pairs that the standard parser gives."""
    names = [name for name, _ in tree] if isinstance(tree, tuple) else []
    inner = [value for _, value in tree] if isinstance(tree, tuple) else tree if isinstance(tree, list) else []
    return [name for name in set(names) if names.count(name) > 1] + [one for each in inner for one in _twice(each)]


pairs = st.recursive(
    st.none() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(texts, inner), max_size=4).map(tuple),
    max_leaves=10,
)


def _written(tree: Any) -> str:
    if isinstance(tree, tuple):
        return "{" + ",".join(f"{json.dumps(name)} : {_written(value)}" for name, value in tree) + "}"
    if isinstance(tree, list):
        return "[" + ",".join(map(_written, tree)) + "]"
    return json.dumps(tree)


@settings(max_examples=cases(300))
@given(pairs)
def test_a_member_given_twice_is_refused(tree: Any) -> None:
    text = _written(tree).encode()
    if _twice(tree):
        assert {each.details_code for each in issues(text)} == {"duplicate-key"}
    else:
        json_shape.check(orjson.loads(text), text)


def test_the_place_is_told_without_the_content() -> None:
    text = b'{"resourceType":"List","entry":[{"x":1},{"item":{"reference":"a","reference":"b"}}],"mode":1,"mode":2}'
    assert [each.expression for each in issues(text)] == ["List.mode", "List.entry[1].item.reference"]
    strange = b'{"resourceType":"List","Nom Confidentiel":1,"Nom Confidentiel":2}'
    assert [each.expression for each in issues(strange)] == ["List"]
    escaped = b'{"resourceType":"List","mode":1,"m\\u006fde":2}'
    assert [each.expression for each in issues(escaped)] == ["List.mode"]


def test_depth() -> None:
    limit = json_shape.DEPTH_LIMIT
    deep = b'{"a":' * (limit - 1) + b"{}" + b"}" * (limit - 1)
    json_shape.check(orjson.loads(deep), deep)
    deeper = b"[" * (limit + 1) + b"]" * (limit + 1)
    assert [each.details_code for each in issues(deeper)] == ["too-deep"]


@pytest.mark.parametrize("read", [document_reference.read, read_provide.read])
@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b'{"resourceType":"%s","a":{"b":1,"b":2}}', "duplicate-key"),
        (b'{"resourceType":"%s","resourceType":"%s"}', "duplicate-key"),
        (b'{"resourceType":"%s","a":' + b"[" * 70 + b"]" * 70 + b"}", "too-deep"),
        (b'{"resourceType":"%s","a":' + b"[" * 700_000 + b"]" * 200_000 + b"}", "not-json"),
        (b'{"resourceType":"%s","a":1e400}', "not-json"),
        (b'{"resourceType":"%s","a":NaN}', "not-json"),
        (b'{"resourceType":"%s","a":"\\ud800"}', "not-json"),
        (b'{"resourceType":"%s","a":"\xed\xa0\x80"}', "not-json"),
        (b'{"resourceType":"%s","a":"\xff"}', "not-json"),
        (b'\xef\xbb\xbf{"resourceType":"%s"}', "not-json"),
    ],
)
def test_bodies_of_both_ways_to_publish(read: Any, payload: bytes, code: str) -> None:
    name = b"Bundle" if read is read_provide.read else b"DocumentReference"
    with pytest.raises(FhirError) as caught:
        read(payload.replace(b"%s", name))
    assert {each.details_code for each in caught.value.issues} == {code}
    assert caught.value.status == 400


def test_a_large_number_is_harmless() -> None:
    with pytest.raises(FhirError) as caught:
        read_provide.read(b'{"resourceType":"Bundle","type":"transaction","total":%s}' % (b"9" * 5000))
    assert "Bundle.entry" in {each.expression for each in caught.value.issues} or caught.value.status == 400


@pytest.mark.parametrize(
    "text",
    [
        b'{"resourceType":"Bundle",' + b",".join(b'"k%d":{}' % n for n in range(100_000)) + b"}",
        b'{"resourceType":"Bundle","a":[' + b",".join([b'"\\\\\\""'] * 200_000) + b"]}",
        b'{"resourceType":"Bundle","a":[' + b",".join([b'{"a":1,"a":2}'] * 100_000) + b"]}",
        b'{"resourceType":"Bundle","a":[' + b",".join([b'{"data":"\\u00000"}'] * 50_000) + b"]}",
    ],
    ids=["keys", "escapes", "duplicates", "marks"],
)
def test_the_work_is_bounded(text: bytes) -> None:
    start = time.process_time()
    with pytest.raises(FhirError):
        read_provide.read(text)
    assert time.process_time() - start < 5
