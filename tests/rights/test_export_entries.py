"""A copy of a record holds its entries, and the documents that they are from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from carnet.formats.fhir import structure
from carnet.formats.fhir.node import Problems
from carnet.formats.fhir.search.entry_types import TYPES
from tests import people
from tests.api.fhir.given import EVERY
from tests.health.stated import result, stating
from tests.rights.test_export import taken

pytestmark = pytest.mark.usefixtures("house")

HIDDEN = frozenset({"INVISIBLE_PATIENT"})


def test_every_entry_that_the_holder_sees_with_where_it_is_from() -> None:
    patient, laboratory, first = people.a_patient(), people.software(), people.entry()
    shown = stating(patient, *EVERY.values())
    hidden = stating(patient, result("9.9", day="2025-04-01"), of=people.entry(labels=HIDDEN))
    stating(patient, result("7.1", day="2022-01-01"), of=first, by=laboratory)
    stating(patient, result("1.7", day="2022-01-01"), of=people.entry(replaces=(first.unique_id,)), by=laboratory)
    archive = taken(patient)
    found: dict[str, list[Any]] = {}
    for name in archive.namelist():
        if name.endswith(".ndjson"):
            found[name] = [json.loads(line) for line in archive.read(name).splitlines()]
    assert set(found) == {f"fhir/{kind}.ndjson" for kind in (*TYPES, "Provenance")}
    for resource in (each for lines in found.values() for each in lines):
        problems = Problems()
        structure.check(resource, resource["resourceType"], problems, resource["resourceType"], strict=True)
        assert problems.issues == ()
    told = {each["valueQuantity"]["value"]: each["status"] for each in found["fhir/Observation.ndjson"]}
    assert told == {2.1: "final", 1.7: "final", 7.1: "entered-in-error"}
    origins = {each["id"]: each for each in found["fhir/Provenance.ndjson"]}
    assert len(origins) == len(EVERY) + 2
    (condition,) = found["fhir/Condition.ndjson"]
    assert [each["what"]["reference"] for each in origins[condition["id"]]["entity"]] == [
        f"DocumentReference/{shown.fhir_id}"
    ]
    assert hidden.fhir_id not in "".join(archive.read(name).decode() for name in archive.namelist())


def test_without_entries_there_is_no_file_for_them() -> None:
    patient = people.a_patient()
    people.deposited(people.software(), patient)
    assert [name for name in taken(patient).namelist() if name.endswith(".ndjson")] == []
