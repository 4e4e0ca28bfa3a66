"""FHIR R4 as such: valid resources pass, and each single fault is told once, at its place."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.fhir import structure
from carnet.formats.fhir.node import Problems
from tests.cases import cases
from tests.corpus import CORPUS, needs_corpus
from tests.formats.fhir import bundles
from tests.formats.fhir.bundles import url

JSON = dict[str, Any]
Place = tuple[str | int, ...]

# Official examples with what a contained resource should not have (reference, g18).
_VERSIONED = {
    "pdsm/DocumentReference-exemple-pdsm-documentreference.json": {
        "DocumentReference.contained[0].meta.lastUpdated": "element-not-kept"
    },
    "pdsm/List-ExampleSubmissionSet.json": {
        f"List.contained[{number}].meta.{name}": "element-not-kept"
        for number in (0, 1)
        for name in ("versionId", "lastUpdated")
    },
}


def found(resource: Any, *, strict: bool = False, kind: str = "") -> dict[str, str]:
    problems = Problems()
    name = kind or resource["resourceType"]
    structure.check(resource, name, problems, name, strict=strict)
    assert all(issue.diagnostics for issue in problems.issues)
    return {issue.expression: issue.details_code for issue in problems.issues}


def examples() -> list[str]:
    if CORPUS is None:
        return []
    folders = (CORPUS / "fhir" / name for name in ("pdsm", "pdsm4dmp", "mhd"))
    return sorted(f"{path.parent.name}/{path.name}" for folder in folders for path in folder.glob("*.json"))


@needs_corpus
@pytest.mark.parametrize("path", examples())
def test_official_examples_are_fhir(path: str) -> None:
    assert CORPUS is not None
    resource = json.loads((CORPUS / "fhir" / path).read_bytes())
    assert found(resource) == _VERSIONED.get(path, {})


def rich() -> JSON:
    """A bundle with many types of elements: each mutation of it has one known effect."""
    document = bundles.document(2, b"x")
    document["resource"] |= {
        "id": "doc-1",
        "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">x</div>'},
        "extension": [{"url": "http://x", "valueQuantity": {"value": 1.5, "comparator": "<", "unit": "kg"}}],
        "relatesTo": [{"code": "replaces", "target": {"reference": "DocumentReference/1"}}],
        "_description": {"extension": [{"url": "http://x", "valueBoolean": True}]},
    }
    document["resource"]["contained"][1] |= {
        "active": True,
        "gender": "female",
        "telecom": [{"system": "phone", "value": "0102030405", "rank": 1}],
        "qualification": [{"code": {"text": "Médecin"}, "period": {"start": "2001-02"}}],
    }
    folder = bundles.folder(7, url(2))
    folder["resource"]["note"] = [{"authorString": "x", "time": "2026-06-12T11:00:00Z", "text": "à lire"}]
    return bundles.bundle(bundles.submission_set(2, 7), document, bundles.binary(3, b"x"), folder)


# The elements that R4 demands, read in its pages, by the name of the element that holds them.
DEMANDED = {
    "Bundle": ("type",),
    "request": ("method", "url"),
    "List": ("status", "mode"),
    "DocumentReference": ("status", "content"),
    "Binary": ("contentType",),
    "content": ("attachment",),
    "relatesTo": ("code", "target"),
    "text": ("status", "div"),
    "extension": ("url",),
    "qualification": ("code",),
    "note": ("text",),
}
CODED = ("status", "mode", "method", "comparator", "gender", "code")


def places(tree: Any, at: Place = ()) -> Iterator[Place]:
    yield at
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in pairs:
        yield from places(value, (*at, key))


def value_at(tree: Any, place: Place) -> Any:
    for key in place:
        tree = tree[key]
    return tree


def expression(place: Place) -> str:
    words = (f"[{key}]" if isinstance(key, int) else f".{str(key).removeprefix('_')}" for key in place)
    return "Bundle" + "".join(words)


def holder(tree: Any, place: Place) -> str:
    """The resource type, or the name of the element."""
    names = [key for key in place if isinstance(key, str)]
    return str(value_at(tree, place).get("resourceType") or names[-1].removeprefix("_"))


ALL = list(places(rich()))
OBJECTS = [place for place in ALL if isinstance(value_at(rich(), place), dict)]
LISTS = [place for place in ALL if isinstance(value_at(rich(), place), list)]
VALUES = [
    place for place in ALL if not isinstance(value_at(rich(), place), dict | list) and place[-1] != "resourceType"
]


def test_what_is_valid_passes() -> None:
    assert found(rich(), strict=True) == {}


@settings(max_examples=cases(100))
@given(st.sampled_from(OBJECTS))
def test_an_unknown_element(place: Place) -> None:
    resource = rich()
    value_at(resource, place)["securitylabel"] = "x"
    assert found(resource) == {f"{expression(place)}.securitylabel": "element-unknown"}


DEMANDS = [(place, name) for place in OBJECTS for name in DEMANDED.get(holder(rich(), place), ())
           if name in value_at(rich(), place)]  # fmt: skip


@pytest.mark.parametrize(("place", "name"), DEMANDS)
def test_a_demanded_element_that_is_missing(place: Place, name: str) -> None:
    resource = rich()
    del value_at(resource, place)[name]
    assert found(resource) == {f"{expression(place)}.{name}": "required"}


@settings(max_examples=cases(200))
@given(st.sampled_from(OBJECTS[1:]), st.sampled_from(["x", 1, 1.5, True, [], [1]]))
def test_what_is_no_object(place: Place, value: Any) -> None:
    resource = rich()
    value_at(resource, place[:-1])[place[-1]] = value
    assert found(resource) == {expression(place): "value-type"}


@settings(max_examples=cases(200))
@given(st.sampled_from(LISTS), st.sampled_from(["x", 1, False, {"a": "b"}, []]))
def test_what_is_no_list(place: Place, value: Any) -> None:
    resource = rich()
    value_at(resource, place[:-1])[place[-1]] = value
    assert found(resource) == {expression(place): "value-type"}


@settings(max_examples=cases(200))
@given(st.sampled_from(VALUES), st.sampled_from([{"a": 1}, ["x"], "", " \u00a0"]))
def test_a_value_of_the_wrong_form(place: Place, value: Any) -> None:
    resource = rich()
    before = value_at(resource, place)
    # Free text may be blanks, a uri may be empty for R4's own expressions, and base64 is left to its decoder.
    if isinstance(value, str) and (value or place[-1] in ("url", "data", "hash", "system", "fullUrl") or
                                   place[-2:-1] == ("profile",)):  # fmt: skip
        return
    value_at(resource, place[:-1])[place[-1]] = value
    assert value != before
    codes = {"value-type", "value-characters", "value-date", "value-base64"}
    assert set(found(resource)) == {expression(place)}
    assert set(found(resource).values()) <= codes


@settings(max_examples=cases(100))
@given(st.sampled_from(VALUES))
def test_a_code_outside_its_required_set(place: Place) -> None:
    resource = rich()
    name = place[-1]
    # `code` of a Coding is bound to nothing; that of a relation is.
    if name not in CODED or (name == "code" and "relatesTo" not in place):
        return
    value_at(resource, place[:-1])[name] = "imaginary"
    assert found(resource) == {expression(place): "code-unknown"}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026", None),
        ("2026-06", None),
        ("2026-06-12", None),
        ("2026-06-12T11:00:00.123+02:00", None),
        ("2026-06-12T11:00:00", "date-without-zone"),
        ("12/06/2026", "value-date"),
        ("2026-13-01", "value-date"),
        ("2026-06-12T25:00:00Z", "value-date"),
        (20260612, "value-type"),
    ],
)
def test_dates(value: Any, code: str | None) -> None:
    resource = rich()["entry"][1]["resource"] | {"date": value}
    # DocumentReference.date is an instant.
    if code is None and (not isinstance(value, str) or "T" not in value):
        code = "value-date"
    assert found(resource) == ({"DocumentReference.date": code} if code else {})
    resource = rich()["entry"][0]["resource"] | {"date": value}
    partial = code == "value-date" and value in ("2026", "2026-06", "2026-06-12")
    assert found(resource) == ({"List.date": code} if code and not partial else {})


def test_numbers() -> None:
    telecom: JSON = {"system": "phone", "value": "1"}
    patient = {"resourceType": "Patient", "telecom": [telecom]}
    for wrong in (0, -1, 1.0, True, "1", 2**31, 10**400):
        telecom["rank"] = wrong
        assert found(patient) == {"Patient.telecom[0].rank": "value-type"}
    telecom["rank"] = 2**31 - 1
    assert found(patient) == {}


def test_choices() -> None:
    patient: JSON = {"resourceType": "Patient", "deceasedBoolean": False}
    assert found(patient) == {}
    assert found(patient | {"deceasedDateTime": "2026"}) == {"Patient.deceased": "too-many"}
    assert found(patient | {"deceasedString": "x"}) == {"Patient.deceasedString": "element-unknown"}
    attester = {"resourceType": "Composition", "status": "final", "type": {"text": "x"}, "date": "2026", "title": "x"}
    assert found(attester) == {"Composition.author": "required"}
    trigger = {"type": "periodic", "timingDate": "2026", "timingDateTime": "2026"}
    extension = {"url": "http://x", "valueTriggerDefinition": trigger}
    assert found(patient | {"extension": [extension]}) == {
        "Patient.extension[0].valueTriggerDefinition.timing": "too-many"
    }


def test_what_is_said_beside_a_primitive() -> None:
    extension = [{"url": "http://x", "valueString": "x"}]
    name: JSON = {"given": ["a", None], "_given": [None, {"extension": extension}]}
    patient = {"resourceType": "Patient", "name": [name], "_gender": {"extension": extension}}
    assert found(patient, strict=True) == {}
    name["_given"] = [None]
    assert found(patient) == {"Patient.name[0].given[1]": "value-type"}
    assert found({"resourceType": "Patient", "_birthDate": {"x": 1}}) == {"Patient.birthDate.x": "element-unknown"}
    assert found({"resourceType": "Patient", "_birthDate": 1}) == {"Patient.birthDate": "value-type"}
    assert found({"resourceType": "Patient", "_name": [{"id": "x"}]}) == {"Patient._name": "element-unknown"}
    # What stands there with extensions alone does stand there.
    document = rich()["entry"][1]["resource"]
    del document["status"]
    assert found(document | {"_status": {"extension": extension}}) == {}


def test_nothing_is_null_for_a_strict_reader() -> None:
    patient = {"resourceType": "Patient", "gender": None}
    assert found(patient) == {}
    assert found(patient, strict=True) == {"Patient.gender": "value-type"}
    assert found({"resourceType": "List", "status": None, "mode": "working"}) == {"List.status": "required"}


def test_contained_resources() -> None:
    inner: JSON = {"resourceType": "Patient", "id": "a", "gender": "F"}
    organisation = {"resourceType": "Organization", "contained": [inner]}
    assert found(organisation) == {"Organization.contained[0].gender": "code-unknown"}
    inner["gender"] = "female"
    inner["contained"] = [{"resourceType": "Device"}]
    assert found(organisation) == {"Organization.contained[0].contained": "forbidden-element"}
    for wrong in ({"resourceType": "Martian"}, {"id": "a"}, {"resourceType": 1}):
        organisation["contained"] = [wrong]
        assert found(organisation) == {"Organization.contained[0].resourceType": "resource-type"}
    # Resources of R4 that are not in the table are let pass.
    organisation["contained"] = [{"resourceType": "Slot", "anything": 1}]
    assert found(organisation) == {}
    assert found({"resourceType": "List"}, kind="Bundle") == {"Bundle.resourceType": "resource-type"}


@pytest.mark.parametrize("value", ["Coding", "Patient", {}, [], 1, None])
def test_a_data_type_has_no_resource_type(value: Any) -> None:
    patient = {"resourceType": "Patient", "maritalStatus": {"coding": [{"code": "M", "resourceType": value}]}}
    assert found(patient) == {"Patient.maritalStatus.coding[0].resourceType": "element-unknown"}


def test_messages_never_repeat_the_resource() -> None:
    secret = "Nom Confidentiel"
    patient: JSON = {"resourceType": "Patient", secret: secret, "gender": secret, "birthDate": secret}
    problems = Problems()
    structure.check(patient, "Patient", problems, "Patient")
    assert len(problems.issues) == 3
    assert secret not in repr(problems.issues)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=cases(200))
@given(st.sampled_from(ALL[1:]), values)
def test_any_value_anywhere_is_judged(place: Place, value: Any) -> None:
    resource = copy.deepcopy(rich())
    value_at(resource, place[:-1])[place[-1]] = value
    found(resource)


def test_an_ordinary_document_is_checked_fast() -> None:
    document = rich()["entry"][1]["resource"]
    start = time.process_time()
    for _ in range(200):
        structure.check(document, "DocumentReference", Problems(), "DocumentReference")
    # A tenth of this on an idle machine.
    assert (time.process_time() - start) / 200 < 0.002
