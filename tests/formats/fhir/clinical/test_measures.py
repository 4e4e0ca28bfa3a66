"""Measures as the guide *mesures de santé* writes them, held against its table when that lies beside the checkout."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from carnet.formats.clinical.model import Component, Kind, Observation
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded
from carnet.formats.fhir import entries
from carnet.formats.fhir.entries import measures
from carnet.formats.terminology import systems
from tests.corpus import CORPUS
from tests.fhirvalidator.typical import MEASURES, PRESSURE

_TABLE = (CORPUS.parent if CORPUS else Path("/nowhere")) / "reference" / "measures.json"
ROWS = json.loads(_TABLE.read_text(encoding="utf-8"))["measures"] if _TABLE.is_file() else []


def made(row: dict[str, Any], code: str) -> Observation:
    """The measure of that row, in its unit."""
    system = row.get("system_oid") or systems.to_oid(row["system"])
    value = Quantity(Decimal(5), row["unit"], row["ucum"])
    parts = tuple(
        Component(code=Concept("", (Coded(each["code"], system),)), value=value) for each in row.get("components", ())
    )
    return Observation(
        kind=Kind.MEASURE,
        code=Concept("", (Coded(code, system),)),
        status="final",
        when=Span("2026-06-12"),
        value=None if parts else value,
        components=parts,
    )


@pytest.mark.skipif(not ROWS, reason="the table of the guide is not here: it was NOT compared")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_each_measure_of_the_guide_claims_its_profile(row: dict[str, Any]) -> None:
    for code in filter(None, (row["code"], row.get("alternate_code"))):
        written = entries.write(made(row, code), entries.Written("m", "Patient/p"))
        assert written["meta"]["profile"] == [row["profile"]]
        assert {"system": CATEGORY, "code": "vital-signs"} in written["category"][0]["coding"]


CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"


def test_a_measure_that_does_not_keep_to_the_guide_does_not_claim_it() -> None:
    weight = MEASURES[0]
    assert measures.profile(weight)
    pounds = replace(weight, value=Quantity(Decimal(150), "lb", "[lb_av]"))
    without_day = replace(weight, when=Span())
    over_days = replace(weight, when=Span("2026-06-01", "2026-06-12"))
    said = replace(weight, value="lourd")
    half = replace(PRESSURE, components=PRESSURE.components[:1])
    assert [measures.profile(each) for each in (pounds, without_day, over_days, said, half)] == [""] * 5
    result = entries.write(replace(weight, kind=Kind.RESULT), entries.Written("m", "Patient/p"))
    assert "meta" not in result


def test_what_patients_and_laboratories_both_measure_is_told_by_its_category() -> None:
    sugar: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2339-0"}]},
        "valueQuantity": {"value": 90, "unit": "mg/dL"},
    }
    as_sign = sugar | {"category": [{"coding": [{"system": CATEGORY, "code": "vital-signs"}]}]}
    weight = sugar | {"code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]}}
    kinds = [entries.read(each) for each in (sugar, as_sign, weight)]
    assert [each and each.kind for each in kinds] == [Kind.RESULT, Kind.MEASURE, Kind.MEASURE]
