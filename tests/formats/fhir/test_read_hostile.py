"""Simplified publish: large and hostile bodies."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.fhir import document_reference
from carnet.formats.fhir.outcome import FhirError
from tests.cases import cases
from tests.formats.fhir.bundles import JSON
from tests.formats.fhir.publications import CONTENT, publication, read
from tests.formats.fhir.spoiled import spoil, values

LARGE = bytes(range(256)) * 400


def large(text: Callable[[str], str]) -> bytes:
    resource = publication()
    resource["content"][0]["attachment"]["data"] = "@@"
    return json.dumps(resource).replace("@@", text(base64.b64encode(LARGE).decode())).encode()


@pytest.mark.parametrize(
    "text",
    [
        lambda data: data,
        lambda data: data.replace("/", "\\/"),
        lambda data: "\\n".join(data[i : i + 76] for i in range(0, len(data), 76)),
        lambda data: " ".join(data[i : i + 4] for i in range(0, len(data), 4)),
    ],
    ids=["plain", "escaped slashes", "lines", "blanks"],
)
def test_a_large_literal_is_cut_out_and_decoded(text: Callable[[str], str]) -> None:
    assert document_reference.read(large(text)).content == LARGE
    assert document_reference.read(bytearray(large(text))).content == LARGE


@pytest.mark.parametrize("data", ["é" * 5000, "A" * 5000 + "\\u0041", "A" * 5001, "A" * 5000 + '\\"', "=" * 5000])
def test_a_large_literal_that_is_no_base64(data: str) -> None:
    with pytest.raises(FhirError) as caught:
        document_reference.read(large(lambda _: data))
    assert caught.value.issues[0].details_code == "value-base64"


def test_texts_that_look_like_the_content_are_left_alone() -> None:
    resource = publication()
    resource["content"][0]["attachment"]["title"] = '"data":"' + "A" * 3900
    photo = {"contentType": "image/png", "data": base64.b64encode(LARGE[:9000]).decode()}
    resource["contained"][0]["photo"] = [photo]
    submission = read(resource)
    assert submission.content == CONTENT
    assert submission.entry.title.startswith('"data":"AAA')


def test_a_resource_made_to_be_read_for_ever() -> None:
    """Small, but every author leads to the same person with many codes: the work is bounded."""
    codings = [{"code": "x"}] * 200
    qualifications = [{"code": {"coding": codings}}] * 150
    resource = publication() | {"author": [{"reference": "#who"}] * 200}
    resource["contained"] = [{"resourceType": "Practitioner", "id": "who", "qualification": qualifications}]
    with pytest.raises(FhirError) as caught:
        read(resource)
    assert caught.value.issues[0].details_code == "too-large"


def test_many_problems_are_told_within_reason() -> None:
    resource = publication()
    resource["contained"] += [{"resourceType": "Patient", "id": f"p{n}", "name": "x"} for n in range(150)]
    resource["identifier"] = ["x"] * 150 + [{"value": ""}] * 50
    with pytest.raises(FhirError) as caught:
        read(resource)
    assert len(caught.value.issues) <= 200


NAMES = [*publication(), "identifier", "category", "securityLabel", "relatesTo", "context", "authenticator"]


@settings(max_examples=cases(100))
@given(st.dictionaries(st.sampled_from(NAMES[1:]), values, max_size=4))
def test_any_shape_is_read_or_refused_with_its_place(changes: JSON) -> None:
    resource = publication() | changes
    with contextlib.suppress(FhirError):
        assert read(resource).entry.unique_id


@settings(max_examples=cases(100))
@given(st.data())
def test_any_value_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    resource = publication()
    resource["context"] = {"event": [{"coding": [{"code": "x"}]}], "period": {"start": "2026"}, "related": [{}]}
    resource["relatesTo"] = [{"code": "replaces", "target": {"reference": "DocumentReference/1"}}]
    resource["securityLabel"] = [{"coding": [{"code": "N"}]}]
    spoil(data, resource)
    with contextlib.suppress(FhirError):
        read(resource)
