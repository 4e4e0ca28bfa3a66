"""Provide Document Bundle: what the published profiles demand, and what only a strict reader does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.corpus import CORPUS, needs_corpus
from tests.formats.fhir.bundles import JSON, url
from tests.formats.fhir.provisions import complete, read, refusals, warnings


def _profile(name: str) -> list[JSON]:
    """Elements that a profile demands or forbids, slices apart."""
    if CORPUS is None:
        return []
    path = CORPUS / "fhir" / "definitions" / "pdsm" / f"StructureDefinition-pdsm-{name}.json"
    elements = json.loads(path.read_bytes())["snapshot"]["element"][1:]
    return [each for each in elements if ":" not in each["id"] and (each["min"] > 0 or each["max"] == "0")]


_PROFILES = {
    0: _profile("submissionset-comprehensive"),
    3: _profile("comprehensive-document-reference"),
    6: _profile("folder-comprehensive"),
}
_ANY = {
    "Extension": [{"url": "http://x", "valueBoolean": True}],
    "code": "final",
    "Reference": {"display": "x"},
    "CodeableConcept": {"text": "x"},
    "boolean": True,
    "dateTime": "2026",
    "base64Binary": "QUJD",
}


def _inside(resource: Any, names: list[str]) -> tuple[Any, str]:
    """The element at these names, the first of each list, and its expression."""
    path = ""
    for name in names:
        resource = resource[name]
        path += f".{name}"
        if isinstance(resource, list):
            resource, path = resource[0], f"{path}[0]"
    return resource, path


@needs_corpus
@pytest.mark.parametrize(
    ("number", "element"),
    [(number, each) for number, elements in _PROFILES.items() for each in elements],
    ids=lambda value: value["id"] if isinstance(value, dict) else str(value),
)
def test_what_the_profiles_demand_and_forbid(number: int, element: JSON) -> None:
    """The rule as the published profiles state it, element by element."""
    resource = complete()
    *parents, name = element["path"].split(".")[1:]
    holder, path = _inside(resource["entry"][number]["resource"], parents)
    place = f"Bundle.entry[{number}].resource{path}.{name}"
    if element["max"] == "0":
        holder[name] = _ANY[element["type"][0]["code"]]
        assert refusals(resource)[place] in ("forbidden-element", "modifier-not-supported")
        return
    del holder[name]
    if not holder:
        # Nothing is empty in FHIR: that would be told instead.
        holder["id"] = "x"
    if name == "custodian":
        # Missing in the guide's own examples.
        assert warnings(read(resource)) == {place: "custodian-missing"}
        assert refusals(resource, strict=True)[place] == "custodian-missing"
        return
    assert refusals(resource)[place] == "required"


def test_what_only_a_strict_reader_demands() -> None:
    resource = complete()
    del resource["meta"], resource["entry"][1]["resource"]["masterIdentifier"]["type"]
    resource["entry"][0]["resource"]["identifier"][0]["value"] = url(1)
    resource["entry"][0]["resource"]["contained"][0]["meta"] = {"versionId": "1"}
    assert set(warnings(read(resource)).values()) == {"set-identifier-unusual", "element-not-kept"}
    assert refusals(resource, strict=True) == {
        "Bundle.meta.profile": "required",
        "Bundle.entry[1].resource.masterIdentifier.type": "required",
        "Bundle.entry[0].resource.identifier[0].value": "set-identifier-unusual",
        "Bundle.entry[0].resource.contained[0].meta.versionId": "element-not-kept",
    }
