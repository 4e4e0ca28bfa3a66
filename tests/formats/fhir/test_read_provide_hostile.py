"""Provide Document Bundle: large and hostile bodies."""

from __future__ import annotations

import contextlib
import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.fhir import read_provide
from carnet.formats.fhir.outcome import FhirError
from tests.cases import cases
from tests.formats.fhir import bundles
from tests.formats.fhir.bundles import SUBJECT
from tests.formats.fhir.provisions import complete, read, refusals
from tests.formats.fhir.spoiled import spoil, values


def test_two_large_documents_are_decoded_from_the_body() -> None:
    large = [bytes(range(256)) * 4000, bytes(reversed(range(256))) * 4000]
    resource = bundles.bundle(
        bundles.submission_set(2, 4),
        bundles.document(2, large[0]),
        bundles.document(4, large[1]),
        bundles.binary(3, large[0]),
        bundles.binary(5, large[1]),
    )
    assert [each.content for each in read(resource).documents] == large


def test_large_documents_are_held_once() -> None:
    """Beside the body there are the bytes of the documents, and hardly anything more."""
    size = 8_000_000
    contents = [bytes(size), b"\x01" * size]
    resource = bundles.bundle(
        bundles.submission_set(2, 4),
        *(bundles.document(number, content) for number, content in zip((2, 4), contents, strict=True)),
        *(bundles.binary(number, content) for number, content in zip((3, 5), contents, strict=True)),
    )
    payload = json.dumps(resource).encode()
    tracemalloc.start()
    try:
        provided = read_provide.read(payload)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [each.content for each in provided.documents] == contents
    assert peak < 2 * size + 2_000_000


def test_one_literal_cannot_be_made_into_many() -> None:
    """Marks that the sender writes himself would let one literal be decoded for each of a hundred documents."""
    large = bytes(range(256)) * 100
    numbers = range(2, 200, 2)
    documents = [bundles.document(number, large) for number in numbers]
    contents = [bundles.binary(number + 1, large) for number in numbers]
    for each in contents[1:]:
        each["resource"]["data"] = "\x000"
    resource = bundles.bundle(bundles.submission_set(*numbers), *documents, *contents)
    found = refusals(resource)
    assert set(found.values()) == {"value-base64"}
    assert len(found) == len(numbers) - 1


def test_a_hundred_thousand_entries() -> None:
    payload = b'{"resourceType":"Bundle","type":"transaction","entry":[%s]}' % b",".join([b"{}"] * 100_000)
    with pytest.raises(FhirError) as caught:
        read_provide.read(payload)
    assert [each.details_code for each in caught.value.issues] == ["too-many"]


@settings(max_examples=cases(150))
@given(st.data())
def test_any_value_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    resource = complete()
    spoil(data, resource, values | st.just(SUBJECT))
    with contextlib.suppress(FhirError):
        assert read(resource).documents
