"""What is written of clinical facts and summaries is valid by HL7's validator: against base R4 (all invariants, the
required value sets), and against the International Patient Summary 2.0 with the extension package that it names.

Not to be had here: the code systems that need a terminology server (LOINC, SNOMED CT, ICD-10, ATC), so that codes and
their names in these are warnings, not judged; the French guides (FR Core, *mesures de santé*), which stand in no
registry of packages: the profile that a measure claims is reported as not found, and that is left out here. Its rules
are held in `tests/formats/fhir/clinical/test_measures.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from carnet.formats import ins
from carnet.formats.clinical.model import Entry, Kind, Observation
from carnet.formats.fhir import entries, ips
from tests.cases import cases
from tests.fhirvalidator import running, typical
from tests.formats.fhir.clinical.strategies import BY_CLASS
from tests.formats.fhir.clinical.test_ips import summaries

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(running.missing()), reason=f"no {running.missing()}: HL7's validator was NOT asked"),
]

IDS = entries.Written("e-1", "Patient/p-1", typical.SUMMARY.written, "fr")
GUIDE = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
PROFILES = {
    name: f"{GUIDE}{name}-uv-ips"
    for name in (
        "AllergyIntolerance",
        "Condition",
        "DeviceUseStatement",
        "Immunization",
        "MedicationRequest",
        "MedicationStatement",
        "Procedure",
    )
}
MEASURES = "https://interop.esante.gouv.fr/ig/fhir/mesures/"
LABORATORY = f"{GUIDE}Observation-results-laboratory-pathology-uv-ips"


def drawn(strategy: st.SearchStrategy[Any], count: int, keep: Callable[[Any], None]) -> None:
    """The same ones at each run: a validator that takes seconds cannot shrink what it finds."""

    @seed(7)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def draw(found: Any) -> None:
        keep(found)

    draw()


class _Shelf:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[tuple[Path, str]] = []

    def put(self, resource: dict[str, Any], profile: str = "") -> None:
        path = self.folder / f"{resource['resourceType']}-{len(self.files)}.json"
        path.write_bytes(entries.dump(resource))
        self.files.append((path, profile))

    def fact(self, entry: Entry) -> None:
        self.put(entries.write(entry, IDS), "" if _is_own(entry) else _profile(entry))

    def summary(self, found: ips.Summary) -> None:
        self.put(ips.write(found))

    def errors(self) -> list[str]:
        found = running.validate(self.files)
        return [f"{each.file} {each.place}: {each.message}" for each in found if each.is_error and not _unheld(each)]


def _unheld(finding: running.Finding) -> bool:
    told = ("could not be found", "Failed to retrieve profile")
    return MEASURES in finding.message and any(each in finding.message for each in told)


def _is_own(entry: Entry) -> bool:
    """A person who states it of themself is contained without the date of birth that the guide demands."""
    return bool(entry.by and entry.by.identifier and ins.kind_of(entry.by.identifier.system))


def _profile(entry: Entry) -> str:
    if isinstance(entry, Observation):
        return LABORATORY if entry.kind is Kind.RESULT and entry.laboratory else ""
    return PROFILES.get(entries.resource_type(entry), "")


@pytest.fixture
def shelf(tmp_path: Path) -> _Shelf:
    return _Shelf(tmp_path)


def test_resources_and_summaries_are_valid(shelf: _Shelf) -> None:
    for entry in typical.FACTS:
        shelf.fact(entry)
    for language in ("fr", "en"):
        shelf.summary(replace(typical.SUMMARY, language=language))
        shelf.summary(replace(typical.SUMMARY, language=language, entries=()))
    for strategy in BY_CLASS.values():
        drawn(strategy, cases(8), shelf.fact)
    drawn(summaries, cases(8), shelf.summary)
    sources = [entries.Stated("DocumentReference/d-1", typical.SUMMARY.written, (typical.DOCTOR,))]
    shelf.put(entries.write_provenance("Observation/e-1", sources, IDS))
    assert shelf.errors() == []


def test_the_validator_is_not_blind(shelf: _Shelf) -> None:
    weight = entries.write(typical.MEASURES[0], IDS)
    shelf.put({name: value for name, value in weight.items() if name != "status"})
    summary = ips.write(typical.SUMMARY)
    composition = summary["entry"][0]["resource"]
    composition["section"] = [each for each in composition["section"] if each["title"] != "Allergies et intolérances"]
    shelf.put(summary)
    told = "\n".join(shelf.errors())
    assert "Observation.status: minimum required = 1" in told
    assert "sectionAllergies" in told
