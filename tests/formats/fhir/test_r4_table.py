"""The compiled table agrees with what the profiles, a second source, say of the base that they constrain."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from carnet.formats.fhir import r4_table
from carnet.formats.fhir.r4_table import Primitive
from tests.corpus import CORPUS, needs_corpus

JSON = dict[str, Any]
_KNOWN = ("DocumentReference", "List", "Bundle", "Parameters")


def _profiles() -> list[str]:
    if CORPUS is None:
        return []
    found = CORPUS.glob("fhir/definitions/*/StructureDefinition-*.json")
    loaded = ((path, json.loads(path.read_bytes())) for path in found)
    return sorted(f"{path.parent.name}/{path.name}" for path, each in loaded if each.get("type") in _KNOWN)


@needs_corpus
@pytest.mark.parametrize("path", _profiles())
def test_elements_and_cardinalities_of_the_base(path: str) -> None:
    assert CORPUS is not None
    definition: JSON = json.loads((CORPUS / "fhir" / "definitions" / path).read_bytes())
    compared = 0
    for element in definition["snapshot"]["element"][1:]:
        parent, _, name = element["path"].rpartition(".")
        known = r4_table.types().get(parent)
        # Below the types of elements, and of entries, the paths are of the data types.
        if known is None or "[x]" in name or ":" in element["id"].rpartition(".")[0]:
            continue
        base = element["base"]
        assert name in known.elements, element["path"]
        assert known.elements[name].many == (base["max"] == "*"), element["path"]
        assert (name in known.required) == (base["min"] > 0), element["path"]
        compared += 1
    assert compared > 8


def test_every_type_that_is_named_is_there() -> None:
    types = r4_table.types()
    named = {
        element.type
        for each in types.values()
        for element in each.elements.values()
        if not isinstance(element.type, Primitive)
    }
    assert named - {"Resource"} <= set(types)
    assert {"DocumentReference", "List", "Bundle", "Composition", "Device"} <= set(types) & r4_table.resource_names()
    assert len(r4_table.resource_names()) == 146


def test_choices_and_codes() -> None:
    extension = r4_table.types()["Extension"].elements
    values = {name for name, element in extension.items() if element.choice == "value"}
    assert len(values) == 50
    assert {"valueString", "valueCodeableConcept", "valueReference"} <= values
    status = r4_table.types()["DocumentReference"].elements["status"]
    assert status.codes == frozenset({"current", "superseded", "entered-in-error"})
    attester = r4_table.types()["Composition.attester"].elements["mode"]
    assert attester.codes == frozenset({"personal", "professional", "legal", "official"})


def test_the_file_is_small_and_says_whence_it_comes() -> None:
    text = (files("carnet.formats.fhir") / "data" / "r4_structure.json").read_text(encoding="utf-8")
    document = json.loads(text)
    assert len(text) < 150_000
    assert document["version"] == "4.0.1"
    assert "CC0" in document["licence"]
    assert "StructureDefinitions" in document["source"]
