"""The examples of the International Patient Summary, of the French prescription and of the *mesures de santé* guides:
every fact that is in a file is read out of it. Counted independently, by walking the JSON."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from carnet.formats.clinical.model import Kind, Observation, Prescription, Treatment
from carnet.formats.clinical.reading import Fault
from carnet.formats.fhir import entries
from tests.corpus import CORPUS, needs_corpus

pytestmark = needs_corpus
FACTS = {
    "AllergyIntolerance",
    "Condition",
    "DeviceUseStatement",
    "Encounter",
    "FamilyMemberHistory",
    "Immunization",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Procedure",
}
FILES = sorted(
    each for name in ("ips", "eprescription", "mesures") for each in (CORPUS or Path()).glob(f"fhir/{name}/*")
)
# What a file has more or less of than resources, and why.
DIFFERENCES = {
    # The observation "Blood typing" says nothing but what belongs together: it is the panel of four others.
    "Bundle-IPS-examples-Bundle-01.json": {"Observation": -1},
    # Three sections whose emptyReason says that no information is available.
    "Bundle-bundle-no-info-required-sections.json": {"AllergyIntolerance": 1, "Condition": 1, "MedicationStatement": 1},
}
FAULTS = {
    # Its medicine has another id than the one referred to.
    "Bundle-TradPN13FHIR-Presc-perfusion-6-composants.json": (
        Fault("document-reference", "Bundle.entry[12].resource.medicationReference"),
    ),
}


def read(name: str) -> tuple[Any, ...]:
    (path,) = (each for each in FILES if each.name == name)
    return entries.read_document(path.read_bytes()).entries


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_gives_its_facts(path: Path) -> None:
    expected = Counter(_types(json.loads(path.read_text(encoding="utf-8"))))
    expected.update(DIFFERENCES.get(path.name, {}))
    found = entries.read_document(path.read_bytes())
    assert Counter(entries.resource_type(each) for each in found.entries) == +expected
    assert found.faults == FAULTS.get(path.name, ())
    again = [
        entries.load(entries.dump(entries.write(each, entries.Written("e", "Patient/p")))) for each in found.entries
    ]
    assert [_bare(entries.read(each)) for each in again] == [_bare(each) for each in found.entries]


def _types(value: Any) -> list[str]:
    """Of every fact at any depth, but not what is contained in one."""
    if isinstance(value, list):
        return [name for each in value for name in _types(each)]
    if not isinstance(value, dict):
        return []
    if value.get("resourceType") in FACTS:
        return [value["resourceType"]]
    return [name for each in value.values() for name in _types(each)]


def _bare(entry: Any) -> str:
    return repr(entry).replace(f"path={entry.path!r}", "path=''")


def test_the_table_is_whole() -> None:
    assert len(FILES) == 74
    assert sum(len(_types(json.loads(each.read_text(encoding="utf-8")))) for each in FILES) == 84


def test_a_prescription_keeps_its_phases_and_its_words() -> None:
    (line,) = (each for each in read("Bundle-HAS-01-Presc-Pantoprazole-DC.json") if isinstance(each, Prescription))
    assert line.rendered == "40 mg le soir"
    assert line.product.code.label == "pantoprazole"
    assert line.product.form.label == "comprimé"
    (dosage,) = line.dosages
    assert dosage.dose is not None
    assert dosage.timing is not None
    assert dosage.timing.when == ("EVE",)


def test_a_summary_resolves_what_it_refers_to() -> None:
    found = read("Bundle-IPS-examples-Bundle-01.json")
    results = [each for each in found if isinstance(each, Observation)]
    assert {each.kind for each in results} == {Kind.RESULT}
    assert {each.laboratory.name for each in results if each.laboratory} == {"Laboratoire de charme"}
    assert [each.panels[0].label for each in results if each.panels] == ["Blood typing"] * 4
    treatments = [each for each in found if isinstance(each, Treatment)]
    assert [each.product.code.code_of("2.16.840.1.113883.6.73") for each in treatments] == ["L02BG03", "G02CX04"]
    assert [each.code.label for each in found if each.absence] == ["No known food allergy (situation)"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Observation-pregnancy-edd-example.json", Kind.PREGNANCY),
        ("Observation-tobacco-use-example.json", Kind.SOCIAL),
        ("Observation-hemoglobin.json", Kind.RESULT),
        ("Observation-ExampleMesFrObservationBP001.json", Kind.MEASURE),
    ],
)
def test_an_observation_stands_in_its_section(name: str, kind: Kind) -> None:
    assert [each.kind for each in read(name)] == [kind]
