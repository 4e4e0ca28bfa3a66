"""The script that compiles the table of R4, on a package made of a few small definitions."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

JSON = dict[str, Any]
_ROOT = Path(__file__).resolve().parents[2]
_SCRIPT = _ROOT / "tools" / "compile_r4.py"
_CORE = "http://hl7.org/fhir/StructureDefinition/"
# The resources that the table must have, as its reader knows them.
_RESOURCES = [
    "AllergyIntolerance",
    "AuditEvent",
    "Binary",
    "Bundle",
    "Composition",
    "Condition",
    "Consent",
    "Device",
    "DeviceUseStatement",
    "DocumentReference",
    "Encounter",
    "FamilyMemberHistory",
    "Immunization",
    "List",
    "Medication",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "OperationOutcome",
    "Organization",
    "Parameters",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "RelatedPerson",
    "Specimen",
]


def element(path: str, kind: str, least: int = 0, most: str = "1", **more: Any) -> JSON:
    return {"path": path, "min": least, "max": most, "type": [{"code": kind}], **more}


def definition(name: str, kind: str, *elements: JSON, version: str = "4.0.1") -> JSON:
    snapshot = {"element": [{"path": name}, *elements]}
    return {
        "resourceType": "StructureDefinition",
        "id": name,
        "kind": kind,
        "abstract": False,
        "version": version,
        "snapshot": snapshot,
    }


def primitive(name: str, pattern: str) -> JSON:
    stated = {"code": "x", "extension": [{"url": f"{_CORE}regex", "valueString": pattern}]}
    return definition(name, "primitive-type", {"path": f"{name}.value", "min": 0, "max": "1", "type": [stated]})


def package(path: Path) -> None:
    system = {"resourceType": "CodeSystem", "url": "http://s", "concept": [{"code": "b", "concept": [{"code": "a"}]}]}
    value_set = {
        "resourceType": "ValueSet",
        "id": "v",
        "url": "http://v",
        "compose": {"include": [{"system": "http://s"}]},
    }
    binding = {"strength": "required", "valueSet": "http://v|4.0.1"}
    resources = [definition(name, "resource", element(f"{name}.id", "string")) for name in _RESOURCES]
    resources[_RESOURCES.index("List")] = definition(
        "List",
        "resource",
        element("List.status", "code", 1, binding=binding),
        element("List.entry", "BackboneElement", 0, "*"),
        element("List.entry.value[x]", "string", 1) | {"type": [{"code": "string"}, {"code": "Period"}]},
        {"path": "List.entry.part", "min": 0, "max": "*", "contentReference": "#List.entry"},
    )
    types = [
        primitive("string", "[ ]+"),
        primitive("code", "[^ ]+"),
        definition("Element", "complex-type", element("Element.id", "string")),
        definition("Period", "complex-type", element("Period.start", "string")),
        definition("Unused", "complex-type", element("Unused.id", "string")),
    ]
    files = {
        "package.json": {"name": "some-package", "version": "1.2.3"},
        "dist/fhir/r4/profiles-types.json": _bundle(types),
        "dist/fhir/r4/profiles-resources.json": _bundle([*resources, definition("Later", "resource", version="4.3.0")]),
        "dist/fhir/r4/valuesets.json": _bundle([system, value_set]),
    }
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            text = json.dumps(content).encode()
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))


def _bundle(resources: list[JSON]) -> JSON:
    return {"entry": [{"resource": each} for each in resources]}


def test_a_package_becomes_a_table(tmp_path: Path) -> None:
    package(tmp_path / "package.tgz")
    target = tmp_path / "table.json"
    subprocess.run([sys.executable, str(_SCRIPT), str(tmp_path / "package.tgz"), str(target)], check=True)
    table = json.loads(target.read_text(encoding="utf-8"))
    assert table["source"].endswith("some-package 1.2.3")
    assert table["types"]["List"] == {"status": "code 1 1 v", "entry": "List.entry 0 *"}
    assert table["types"]["List.entry"] == {"value[x]": "string|Period 1 1", "part": "List.entry 0 *"}
    assert table["types"]["Patient"] == {"id": "id 0 1"}
    assert {"Period", "Element"} <= set(table["types"])
    assert "Unused" not in table["types"]
    assert table["codes"] == {"v": ["a", "b"]}
    assert table["primitives"] == {"code": ["string", "[^ ]+"], "string": ["string", "[ ]+"]}
    assert table["resources"] == sorted(_RESOURCES)
