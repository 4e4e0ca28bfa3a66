"""A fact that was corrected is told as a mistake, and is valid R4 as one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnet.formats.clinical.model import Allergy, Entry, Observation, Prescription, Problem
from carnet.formats.fhir import structure
from carnet.formats.fhir.entries import dump, in_error, load, write
from carnet.formats.fhir.node import Problems
from tests.cases import cases
from tests.formats.fhir.clinical.strategies import BY_CLASS
from tests.formats.fhir.clinical.test_round_trip import IDS


@pytest.mark.parametrize("kind", [Observation, Prescription, Problem, Allergy], ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=cases(10), suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
def test_in_error(kind: type[Entry], data: st.DataObject) -> None:
    mistake: dict[str, Any] = load(in_error(dump(write(data.draw(BY_CLASS[kind]), IDS))))
    problems = Problems()
    structure.check(mistake, mistake["resourceType"], problems, "it", strict=True, clinical=True)
    assert not problems.issues
    if kind in {Problem, Allergy}:
        assert mistake["verificationStatus"]["coding"][0]["code"] == "entered-in-error"
        assert not [name for name in mistake if name == "clinicalStatus" or name.startswith("abatement")]
    else:
        assert mistake["status"] == "entered-in-error"
