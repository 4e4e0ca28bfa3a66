"""JSON Patch: the requests of the guides, those of RFC 6902, and those that make no sense."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.patch import Change, Current
from tests.cases import cases
from tests.formats.fhir.patch import rfc6902
from tests.formats.fhir.patch.bodies import (
    ARCHIVED,
    BOTH,
    JSON,
    VISIBILITY,
    after,
    codes,
    concept,
    currents,
    extension,
    json_changes,
    operation,
    stored,
    told,
)

OPEN = Current("N")
HIDDEN = Current("R", frozenset({"MASQUE_PS"}))
SECRET = Current("N", frozenset({"MASQUE_PS", "INVISIBLE_REPRESENTANTS_LEGAUX"}), archived=True)
SELECTOR = f"/extension[url:'{ARCHIVED}']/valueBoolean"


def _only(*names: str) -> frozenset[str]:
    return frozenset(names)


@pytest.mark.parametrize(
    ("current", "asked", "change"),
    [
        # TD3.3a and TD3.3b, as the guide writes them
        (OPEN, operation("replace", "/securityLabel/0", concept("MASQUE_PS")), Change(add=_only("MASQUE_PS"))),
        (HIDDEN, operation("replace", "/securityLabel/0", concept("N")), Change(remove=_only("MASQUE_PS"))),
        (SECRET, operation("replace", "/securityLabel/0", concept("N")), Change(remove=_only("MASQUE_PS"))),
        (
            Current("N", _only("INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX")),
            operation("replace", "/securityLabel/0", concept("N")),
            Change(remove=_only("INVISIBLE_PATIENT")),
        ),
        (
            Current("N", _only("INVISIBLE_REPRESENTANTS_LEGAUX")),
            operation("replace", "/securityLabel/0", concept("N")),
            Change(),
        ),
        (HIDDEN, operation("replace", "/securityLabel/0", concept("MASQUE_PS")), Change()),
        # what stands at the index goes, and nothing else
        (
            SECRET,
            operation("replace", "/securityLabel/2", concept("N")),
            Change(remove=_only("INVISIBLE_REPRESENTANTS_LEGAUX")),
        ),
        (
            HIDDEN,
            operation("replace", "/securityLabel/1", concept("INVISIBLE_PATIENT")),
            Change(add=_only("INVISIBLE_PATIENT"), remove=_only("MASQUE_PS")),
        ),
        (HIDDEN, operation("replace", "/securityLabel/1", concept("V")), Change(remove=_only("MASQUE_PS"), base="V")),
        (HIDDEN, operation("replace", "/securityLabel/1/coding/0/code", "N"), Change(remove=_only("MASQUE_PS"))),
        # the base code
        (OPEN, operation("replace", "/securityLabel/0", concept("V")), Change(base="V")),
        (Current("V"), operation("replace", "/securityLabel/0", concept("R")), Change(base="R")),
        (Current("R"), operation("replace", "/securityLabel/0", concept("N")), Change()),
        (Current("R"), operation("add", "/securityLabel/-", concept("N")), Change()),
        (OPEN, operation("add", "/securityLabel/-", concept("R")), Change(base="R")),
        # other forms of the same
        (OPEN, operation("replace", "/securityLabel/0/coding/0/code", "MASQUE_PS "), Change(add=_only("MASQUE_PS"))),
        (
            OPEN,
            operation("replace", "/securityLabel/0/coding/0", concept("MASQUE_PS")["coding"][0]),
            Change(add=_only("MASQUE_PS")),
        ),
        (
            OPEN,
            operation("replace", "/securityLabel/0/coding", concept("NOPAT")["coding"]),
            Change(add=_only("INVISIBLE_PATIENT")),
        ),
        (OPEN, operation("add", "/securityLabel/-", concept("MASQUE_PS")), Change(add=_only("MASQUE_PS"))),
        (OPEN, operation("add", "/securityLabel/0", concept("MASQUE_PS")), Change(add=_only("MASQUE_PS"))),
        (HIDDEN, operation("add", "/securityLabel/-", concept("MASQUE_PS")), Change()),
        (HIDDEN, operation("remove", "/securityLabel/1"), Change(remove=_only("MASQUE_PS"))),
        # the whole set
        (
            HIDDEN,
            operation("replace", "/securityLabel", [concept("N"), concept("INVISIBLE_PATIENT")]),
            Change(add=_only("INVISIBLE_PATIENT"), remove=_only("MASQUE_PS"), base="N"),
        ),
        (HIDDEN, operation("add", "/securityLabel", [concept("MASQUE_PS")]), Change()),
        (SECRET, operation("replace", "/securityLabel", [concept("N")]), Change(remove=SECRET.labels)),
        # isArchived
        (OPEN, operation("replace", SELECTOR, value=True), Change(archived=True)),
        (OPEN, operation("replace", SELECTOR.replace("'", '"'), "true"), Change(archived=True)),
        (OPEN, operation("replace", SELECTOR, "false"), Change()),
        (SECRET, operation("replace", SELECTOR, value=False), Change(archived=False)),
        (SECRET, operation("remove", SELECTOR.removesuffix("/valueBoolean")), Change(archived=False)),
        (OPEN, operation("remove", SELECTOR), Change()),
        (OPEN, operation("add", "/extension", [extension(archived=True)]), Change(archived=True)),
        (OPEN, operation("add", "/extension/-", extension(archived=True)), Change(archived=True)),
        (OPEN, operation("add", "/extension/0", extension(archived="true")), Change(archived=True)),
        (SECRET, operation("replace", "/extension/0/valueBoolean", value=False), Change(archived=False)),
        (SECRET, operation("remove", "/extension/0"), Change(archived=False)),
        (SECRET, operation("remove", "/extension"), Change(archived=False)),
        # status
        (OPEN, operation("replace", "/status", "entered-in-error"), Change(withdraw=True)),
        (OPEN, operation("replace", "/status", "current "), Change()),
        (Current("N", status="superseded"), operation("replace", "/status", "entered-in-error"), Change(withdraw=True)),
        (Current("N", status="entered-in-error"), operation("replace", "/status", "entered-in-error"), Change()),
    ],
)
def test_what_a_patch_means(current: Current, asked: JSON, change: Change) -> None:
    assert json_changes(current, asked) == change


@pytest.mark.parametrize(
    ("current", "asked", "problem", "place"),
    [
        (OPEN, operation("replace", "/content/0/attachment/url", "x"), "patch-element", "path"),
        (OPEN, operation("replace", "", {}), "patch-element", "path"),
        (OPEN, operation("replace", "/", "x"), "patch-element", "path"),
        (OPEN, operation("replace", "/__proto__/status", "x"), "patch-element", "path"),
        (OPEN, operation("add", "/constructor", {}), "patch-element", "path"),
        (OPEN, operation("replace", "/status/0", "current"), "patch-element", "path"),
        (OPEN, operation("remove", "/status"), "patch-element", "path"),
        (OPEN, operation("replace", "/securityLabel/0/coding/0/system", "x"), "patch-element", "path"),
        (OPEN, operation("remove", "/securityLabel/0/coding/0/code"), "patch-element", "path"),
        (
            OPEN,
            operation("replace", "/extension[url:'https://example.org']/valueBoolean", "true"),
            "patch-element",
            "path",
        ),
        (OPEN, operation("replace", f"{SELECTOR}/x", "true"), "patch-element", "path"),
        (SECRET, operation("remove", "/extension/0/valueBoolean"), "patch-element", "path"),
        (SECRET, operation("replace", "/extension/0/url", "x"), "patch-element", "path"),
        (
            OPEN,
            operation("add", "/extension/-", {"url": "https://example.org", "valueString": "x"}),
            "patch-element",
            "value",
        ),
        (OPEN, operation("replace", "securityLabel/0", concept("N")), "patch-path", "path"),
        (OPEN, operation("replace", "/securityLabel/-1", concept("N")), "patch-path", "path"),
        (OPEN, operation("replace", "/securityLabel/99999999999", concept("N")), "patch-path", "path"),
        (OPEN, operation("replace", "/securityLabel/" + "9" * 9_000, concept("N")), "patch-path", "path"),
        (OPEN, operation("replace", "/securityLabel/01", concept("N")), "patch-path", "path"),
        (OPEN, operation("replace", "/securityLabel/1e0", concept("N")), "patch-path", "path"),
        (OPEN, operation("replace", "/securityLabel/²", concept("N")), "patch-path", "path"),
        (OPEN, operation("replace", "/securityLabel/", concept("N")), "patch-path", "path"),
        (OPEN, operation("replace", "/securityLabel/-", concept("N")), "patch-path", "path"),
        (OPEN, operation("replace", "/securityLabel/~2", concept("N")), "patch-path", "path"),
        (OPEN, operation("replace", "/extension/x/valueBoolean", value=True), "patch-path", "path"),
        (OPEN, operation("replace", "/status~2", "current"), "patch-path", "path"),
        (OPEN, operation("test", "/status/~", "current"), "patch-path", "path"),
        (OPEN, operation("replace", "/securityLabel/7", concept("N")), "patch-target", "path"),
        (OPEN, operation("add", "/securityLabel/2", concept("MASQUE_PS")), "patch-target", "path"),
        (OPEN, operation("remove", "/securityLabel/1"), "patch-target", "path"),
        (OPEN, operation("replace", "/extension/0/valueBoolean", value=True), "patch-target", "path"),
        (OPEN, operation("remove", "/extension"), "patch-target", "path"),
        (OPEN, operation("remove", "/securityLabel/0"), "patch-base-label", "path"),
        (HIDDEN, operation("remove", "/securityLabel"), "patch-base-label", "path"),
        (OPEN, operation("replace", "/securityLabel/0", concept("restricted")), "label-unknown", "value"),
        (OPEN, operation("replace", "/securityLabel/0/coding/0/code", "restricted"), "label-unknown", "value"),
        (OPEN, operation("replace", "/securityLabel/0", "restricted"), "patch-value", "value"),
        (OPEN, operation("replace", "/securityLabel/0", concept("MASQUE_PS")["coding"][0]), "patch-value", "value"),
        (OPEN, operation("replace", "/securityLabel/0", {"coding": [None, 1, {"code": []}]}), "label-unknown", "value"),
        (
            OPEN,
            operation("replace", "/securityLabel/0", {"coding": [{"code": "N"}, {"code": "MASQUE_PS"}]}),
            "patch-value",
            "value",
        ),
        (HIDDEN, operation("replace", "/securityLabel", []), "patch-value", "value"),
        (HIDDEN, operation("replace", "/securityLabel", concept("N")), "patch-value", "value"),
        (OPEN, operation("replace", "/securityLabel", [concept("N")] * 5), "patch-value", "value"),
        (OPEN, operation("replace", SELECTOR, 1), "patch-value", "value"),
        (OPEN, operation("replace", SELECTOR, None), "patch-value", "value"),
        (OPEN, operation("add", "/extension", []), "patch-value", "value"),
        (OPEN, operation("add", "/extension/-", {"url": ARCHIVED, "valueString": "true"}), "patch-value", "value"),
        (OPEN, operation("replace", "/status", "superseded"), "patch-superseded", "value"),
        (OPEN, operation("replace", "/status", "gone"), "patch-status", "value"),
        (OPEN, operation("replace", "/status", 1), "patch-value", "value"),
        (Current("N", status="superseded"), operation("replace", "/status", "current"), "patch-status", "path"),
        (OPEN, operation("move", "/securityLabel/0"), "patch-operation", "op"),
        (OPEN, operation("copy", "/securityLabel/0"), "patch-operation", "op"),
        (OPEN, {"op": ["add"], "path": "/status"}, "patch-operation", "op"),
        (OPEN, {"op": "remove", "path": 3}, "patch-operation", "path"),
        (OPEN, operation("replace", "/status"), "patch-operation", "value"),
        (OPEN, "remove", "patch-operation", ""),
    ],
)
def test_what_is_refused(current: Current, asked: Any, problem: str, place: str) -> None:
    with pytest.raises(FhirError) as caught:
        json_changes(current, asked)
    assert caught.value.status == 422
    assert told(caught.value) == [(problem, f"operation[0].{place}".rstrip("."))]


def test_every_problem_at_once() -> None:
    with pytest.raises(FhirError) as caught:
        json_changes(
            OPEN,
            operation("replace", "/status", "superseded"),
            operation("replace", "/status", "entered-in-error"),
            operation("replace", "/securityLabel", [concept("Q"), concept("N"), "x"]),
            7,
        )
    assert told(caught.value) == [
        ("patch-superseded", "operation[0].value"),
        ("label-unknown", "operation[2].value[0]"),
        ("patch-value", "operation[2].value[2]"),
        ("patch-operation", "operation[3]"),
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/status", "current"),
        ("/securityLabel/0/coding/0/code", "N"),
        ("/securityLabel/1/coding/0/code", "MASQUE_PS"),
        ("/extension/0", extension(archived=True)),
        ("/extension/0/valueBoolean", True),
        (SELECTOR, True),
        (SELECTOR, "true"),
    ],
)
def test_conditions_that_hold(path: str, value: Any) -> None:
    asked = operation("replace", "/securityLabel/0", concept("N"))
    assert json_changes(SECRET, operation("test", path, value), asked) == Change(remove=frozenset({"MASQUE_PS"}))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/status", "superseded"),
        ("/status/0", "c"),
        ("/securityLabel/0/coding/0/code", "R"),
        ("/securityLabel/1", concept("MASQUE_PS")),
        ("/securityLabel/9/coding", None),
        ("/securityLabel/x", None),
        ("/extension/0/valueBoolean", 1),
        ("/extension/0/valueBoolean", "true"),
        ("/extension/1", None),
        (SELECTOR, False),
    ],
)
def test_conditions_that_fail(path: str, value: Any) -> None:
    with pytest.raises(FhirError) as caught:
        json_changes(SECRET, operation("test", path, value), operation("replace", "/status", "entered-in-error"))
    assert told(caught.value) == [("patch-test-failed", "operation[0].path")]


# Compared with RFC 6902 on the resource as it is served


def _served() -> dict[str, JSON]:
    """Each label as it is served: what is written otherwise, a `test` would not find again."""
    shown = [json.loads(stored(Current(base, frozenset(VISIBILITY))))["securityLabel"] for base in "NRV"]
    return {label["coding"][0]["code"]: label for labels in shown for label in labels}


_LABELS = _served()
_INDICES = st.integers(1, 4).map(str)
_VISIBLE = st.sampled_from(VISIBILITY).map(_LABELS.__getitem__)
_BOOLEAN = st.booleans()


def _whole(base: str, visible: list[str]) -> list[JSON]:
    return [_LABELS[code] for code in (base, *visible)]


_wholes = st.builds(_whole, st.sampled_from(["N", "R", "V"]), st.lists(st.sampled_from(VISIBILITY), unique=True))
ordinary = st.one_of(
    st.builds(operation, st.just("add"), st.just("/securityLabel/-"), _VISIBLE),
    st.builds(operation, st.just("add"), _INDICES.map("/securityLabel/{}".format), _VISIBLE),
    st.builds(operation, st.just("replace"), _INDICES.map("/securityLabel/{}".format), _VISIBLE),
    st.builds(operation, st.just("remove"), _INDICES.map("/securityLabel/{}".format)),
    st.builds(operation, st.sampled_from(["add", "replace"]), st.just("/securityLabel"), _wholes),
    st.builds(operation, st.just("test"), _INDICES.map("/securityLabel/{}".format), _VISIBLE),
    st.builds(operation, st.just("test"), st.just("/status"), st.sampled_from(["current", "superseded"])),
    st.builds(operation, st.just("add"), st.just("/extension"), _BOOLEAN.map(extension).map(lambda one: [one])),
    st.builds(operation, st.just("replace"), st.just("/extension/0"), _BOOLEAN.map(extension)),
    st.builds(operation, st.just("replace"), st.just("/extension/0/valueBoolean"), _BOOLEAN),
    st.builds(operation, st.just("remove"), st.sampled_from(["/extension", "/extension/0"])),
    st.builds(operation, st.just("replace"), st.just("/status"), st.just("entered-in-error")),
)


def _read_back(resource: JSON) -> Current:
    base, *visible = sorted(codes(resource), key=lambda code: len(code) > 1)
    archived = any(each["valueBoolean"] for each in resource.get("extension", []))
    return Current(base, frozenset(visible), archived, resource["status"])


@settings(max_examples=cases(300))
@given(currents, st.lists(ordinary, min_size=1, max_size=6))
def test_ordinary_patches_do_what_rfc_6902_says(current: Current, operations: list[JSON]) -> None:
    served = json.loads(stored(current))
    documents = [served]
    try:
        for document in rfc6902.steps(served, operations):
            # Where the set is no list: a label twice, or no extension in the list that held one.
            assume(len(set(codes(document))) == len(document["securityLabel"]))
            assume(document.get("extension") != [])
            documents.append(document)
        expected = _read_back(documents[-1])
    except rfc6902.Impossible:
        event("impossible")
        with pytest.raises(FhirError):
            json_changes(current, *operations)
        return
    if expected.labels >= BOTH:
        event("exclusive")
        with pytest.raises(FhirError) as caught:
            json_changes(current, *operations)
        assert told(caught.value) == [("labels-exclusive", "DocumentReference.securityLabel")]
        return
    event("possible")
    assert after(current, json_changes(current, *operations)) == expected
