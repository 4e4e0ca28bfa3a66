"""FHIRPath Patch: the requests of MHD and PDSm, and those that make no sense."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.fhir import patch
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.patch import Change, Current
from tests.cases import cases
from tests.corpus import CORPUS, needs_corpus
from tests.formats.fhir.patch.bodies import (
    A07,
    ARCHIVED,
    FHIRPATH_PATCH,
    JSON,
    V3,
    VISIBILITY,
    concept,
    currents,
    fhirpath,
    fhirpath_changes,
    json_changes,
    operation,
    part,
    told,
)

OPEN = Current("N")
HIDDEN = Current("R", frozenset({"MASQUE_PS"}))
SECRET = Current("N", frozenset({"MASQUE_PS", "INVISIBLE_REPRESENTANTS_LEGAUX"}), archived=True)
ROOT = "DocumentReference"
BY_URL = f"{ROOT}.extension.where(url='{ARCHIVED}')"
BASE = f"{ROOT}.securityLabel.coding.where(system='{V3}').code"
MASKED = Change(add=frozenset({"MASQUE_PS"}))
UNMASKED = Change(remove=frozenset({"MASQUE_PS"}))
REVEALED = Change(remove=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}))
EXTENSION = [part("url", ARCHIVED), part("valueBoolean", value=True)]


def _at(index: int) -> str:
    return f"{ROOT}.securityLabel[{index}]"


@pytest.mark.parametrize(
    ("current", "asked", "change"),
    [
        (OPEN, fhirpath(type="replace", path=_at(0), value=concept("MASQUE_PS")), MASKED),
        (OPEN, fhirpath(type="replace", path=f"{_at(0)}.coding[0].code", value="MASQUE_PS"), MASKED),
        (OPEN, fhirpath(type="replace", path=f"{_at(0)}.coding", value=concept("MASQUE_PS")["coding"][0]), MASKED),
        (OPEN, fhirpath(type="replace", path="securityLabel", value=concept("MASQUE_PS")), MASKED),
        (OPEN, fhirpath(type="add", path=ROOT, name="securityLabel", value=concept("MASQUE_PS")), MASKED),
        (
            OPEN,
            fhirpath(type="insert", path=f"{ROOT}.securityLabel", index=1, value=concept("MASQUE_PS")),
            MASKED,
        ),
        (SECRET, fhirpath(type="replace", path=_at(0), value=concept("N")), UNMASKED),
        (SECRET, fhirpath(type="delete", path=_at(1)), UNMASKED),
        (SECRET, fhirpath(type="delete", path=f"{ROOT}.securityLabel.where(coding.code='MASQUE_PS')"), UNMASKED),
        (
            SECRET,
            fhirpath(type="delete", path="securityLabel.where( coding.code = 'INVISIBLE_REP_LEGAUX' )"),
            REVEALED,
        ),
        (HIDDEN, fhirpath(type="replace", path=BASE, value="N"), Change(base="N")),
        (OPEN, fhirpath(type="replace", path=BASE, value="R"), Change(base="R")),
        (OPEN, fhirpath(type="replace", path=f"{BY_URL}.value", value=True), Change(archived=True)),
        (
            OPEN,
            fhirpath(type="replace", path=f"{ROOT}.extension('{ARCHIVED}').value", value=True),
            Change(archived=True),
        ),
        (SECRET, fhirpath(type="replace", path=f"{ROOT}.extension[0].value", value=False), Change(archived=False)),
        (SECRET, fhirpath(type="replace", path=BY_URL, value=EXTENSION), Change()),
        (SECRET, fhirpath(type="replace", path=f"{BY_URL}.valueBoolean", value="false"), Change(archived=False)),
        (OPEN, fhirpath(type="add", path=ROOT, name="extension", value=EXTENSION), Change(archived=True)),
        (OPEN, fhirpath(type="add", path=BY_URL, name="value", value=True), Change(archived=True)),
        (SECRET, fhirpath(type="delete", path=BY_URL), Change(archived=False)),
        (OPEN, fhirpath(type="delete", path=BY_URL), Change()),
        (OPEN, fhirpath(type="replace", path=f"{ROOT}.status", value="entered-in-error"), Change(withdraw=True)),
        (OPEN, fhirpath(type="replace", path="status", value=" current"), Change()),
    ],
)
def test_what_a_patch_means(current: Current, asked: JSON, change: Change) -> None:
    assert fhirpath_changes(current, asked) == change


@pytest.mark.parametrize(
    ("asked", "problem", "place"),
    [
        (fhirpath(type="replace", path=f"{ROOT}.status", value="superseded"), "patch-superseded", "value"),
        (fhirpath(type="add", path=ROOT, name="status", value="current"), "patch-target", "name"),
        (fhirpath(type="delete", path=f"{ROOT}.status"), "patch-element", "path"),
        (fhirpath(type="replace", path=ROOT, value="x"), "patch-element", "path"),
        (fhirpath(type="replace", path=f"{ROOT}.content[0].attachment.url", value="x"), "patch-element", "path"),
        (fhirpath(type="add", path=ROOT, name="description", value="x"), "patch-element", "name"),
        (fhirpath(type="add", path=ROOT, value="x"), "patch-operation", "name"),
        (fhirpath(type="delete", path=f"{ROOT}.extension.where(url='https://example.org')"), "patch-element", "path"),
        (fhirpath(type="delete", path=f"{BY_URL}.value"), "patch-element", "path"),
        (fhirpath(type="add", path=BY_URL, name="url", value="x"), "patch-element", "path"),
        (fhirpath(type="replace", path=f"{ROOT}.extension[4].value", value=True), "patch-target", "path"),
        (fhirpath(type="replace", path=f"{ROOT}.extension[1].value", value=False), "patch-target", "path"),
        (fhirpath(type="delete", path=f"{ROOT}.extension[1]"), "patch-target", "path"),
        (fhirpath(type="replace", path=f"{ROOT}.securityLabel", value=concept("N")), "patch-target", "path"),
        (fhirpath(type="delete", path=f"{ROOT}.securityLabel.where(coding.code='V')"), "patch-target", "path"),
        (fhirpath(type="delete", path=f"{ROOT}.securityLabel.where(coding.code='X')"), "patch-target", "path"),
        (fhirpath(type="delete", path=_at(9)), "patch-target", "path"),
        (fhirpath(type="delete", path=_at(0)), "patch-base-label", "path"),
        (fhirpath(type="delete", path=f"{_at(1)}.coding"), "patch-element", "path"),
        (fhirpath(type="add", path=f"{ROOT}.securityLabel", value=concept("N")), "patch-path", "path"),
        (fhirpath(type="insert", path=_at(0), index=0, value=concept("N")), "patch-path", "path"),
        (fhirpath(type="insert", path="securityLabel", index=9, value=concept("V")), "patch-target", "path"),
        (fhirpath(type="insert", path="securityLabel", index=-1, value=concept("N")), "patch-operation", "index"),
        (fhirpath(type="insert", path="securityLabel", index=True, value=concept("N")), "patch-operation", "index"),
        (fhirpath(type="insert", path="securityLabel", value=concept("N")), "patch-operation", "index"),
        (fhirpath(type="replace", path=BASE.replace(V3, A07), value="N"), "patch-element", "path"),
        (fhirpath(type="replace", path=BASE, value="MASQUE_PS"), "patch-value", "value"),
        (fhirpath(type="replace", path=f"{BY_URL}.value", value="yes"), "patch-value", "value"),
        (fhirpath(type="replace", path=_at(0), value=[part("coding", "N")]), "patch-value", "value"),
        (fhirpath(type="replace", path="%resource; drop", value="x"), "patch-path", "path"),
        (fhirpath(type="replace", path="", value="x"), "patch-path", "path"),
        (fhirpath(type="replace", path=7, value="x"), "patch-operation", "path"),
        (fhirpath(type="replace", path=f"{ROOT}.status"), "patch-operation", "value"),
        (fhirpath(type="move", path=f"{ROOT}.securityLabel", source=0, destination=1), "patch-operation", "type"),
        (fhirpath(path=f"{ROOT}.status", value="current"), "patch-operation", "type"),
        ({"name": "operation", "part": [part("type", "add"), part("type", "add")]}, "patch-operation", ""),
        ({"name": "operation", "part": ["type"]}, "patch-operation", ""),
        ({"name": "operation"}, "patch-operation", ""),
        ({"name": "other", "part": []}, "patch-operation", ""),
    ],
)
def test_what_is_refused(asked: Any, problem: str, place: str) -> None:
    with pytest.raises(FhirError) as caught:
        fhirpath_changes(SECRET, asked)
    assert caught.value.status == 422
    assert told(caught.value) == [(problem, f"operation[0].{place}".rstrip("."))]


_CODES = st.sampled_from(["N", "R", "V", *VISIBILITY])


@settings(max_examples=cases(100))
@given(currents, _CODES, st.integers(0, 4))
def test_both_forms_mean_the_same(current: Current, code: str, index: int) -> None:
    def result(changes: Any, asked: JSON) -> Any:
        try:
            return changes(current, asked)
        except FhirError as error:
            return told(error)

    value = concept(code)
    pairs = [
        (
            operation("replace", f"/securityLabel/{index}", value),
            fhirpath(type="replace", path=_at(index), value=value),
        ),
        (operation("remove", f"/securityLabel/{index}"), fhirpath(type="delete", path=_at(index))),
        (
            operation("add", "/securityLabel/-", value),
            fhirpath(type="add", path=ROOT, name="securityLabel", value=value),
        ),
        (
            operation("add", f"/securityLabel/{index}", value),
            fhirpath(type="insert", path="securityLabel", index=index, value=value),
        ),
    ]
    for json_form, fhirpath_form in pairs:
        assert result(json_changes, json_form) == result(fhirpath_changes, fhirpath_form)


@needs_corpus
def test_the_patch_of_a_replacement_is_told_to_come_with_the_replacement() -> None:
    """The one PATCH of the official examples marks the replaced entry, within its bundle; alone it has no meaning."""
    assert CORPUS is not None
    bundle = json.loads((CORPUS / "fhir/mhd/Bundle-ex-comprehensiveProvideDocumentBundleReplace.json").read_bytes())
    bodies = [each["resource"] for each in bundle["entry"] if each["request"]["method"] == "PATCH"]
    assert len(bodies) == 1
    with pytest.raises(FhirError) as caught:
        patch.read(FHIRPATH_PATCH, json.dumps(bodies[0]).encode())
    assert told(caught.value) == [("patch-superseded", "operation[0].value")]
    assert "relatesTo = replaces" in caught.value.issues[0].diagnostics
