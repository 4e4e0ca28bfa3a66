"""Whether a fact holds as its words sound: « not known » is never « none », and what is planned has not happened."""

from __future__ import annotations

import pytest

from carnet.formats.clinical.model import Allergy, Device, Encounter, Entry, Kind, Observation, Prescription, Problem
from carnet.formats.clinical.model import Procedure as Act
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Coded
from carnet.health.standing import Absence, Standing, absence_of, did_happen, standing_of

_IPS = "2.16.840.1.113883.5.1150.1"
_SNOMED = "2.16.840.1.113883.6.96"


def allergy(code: str, system: str = _IPS) -> Entry:
    return Allergy(kind=Kind.ALLERGY, code=Concept("Dit ainsi", (Coded(code, system, ""),)), absence=True)


@pytest.mark.parametrize(
    ("code", "system", "expected"),
    [
        ("no-known-allergies", _IPS, Absence.NONE),
        ("no-allergy-info", _IPS, Absence.UNKNOWN),
        ("no-known-food-allergies", _IPS, Absence.OTHER),
        ("716186003", _SNOMED, Absence.NONE),
        ("429625007", _SNOMED, Absence.OTHER),
        ("716186003", "another-system", Absence.OTHER),
        ("unavailable", "", Absence.UNKNOWN),
        ("nilknown", "", Absence.NONE),
    ],
)
def test_unknown_is_not_none_and_none_of_a_part_is_not_none_at_all(code: str, system: str, expected: Absence) -> None:
    assert absence_of(allergy(code, system)) is expected


def test_a_denied_observation_is_about_itself_alone() -> None:
    code = Concept("Prééclampsie", (Coded("O14.9", "2.16.840.1.113883.6.3", ""),))
    denied = Observation(kind=Kind.PREGNANCY, code=code, status="final", value=False, absence=True)
    assert absence_of(denied) is Absence.OTHER


def act(status: str, start: str = "2026-01-01") -> Act:
    return Act(kind=Kind.PROCEDURE, code=Concept("Splénectomie"), status=status, when=Span(start))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (act("completed"), Standing.HOLDS),
        (act("not-done"), Standing.NOT_DONE),
        (act("preparation"), Standing.PLANNED),
        (act("unknown", "2027"), Standing.PLANNED),
        (act("unknown", "2026"), Standing.HOLDS),
        (Encounter(kind=Kind.ENCOUNTER, code=Concept("Séjour"), status="planned"), Standing.PLANNED),
        (Encounter(kind=Kind.ENCOUNTER, code=Concept("Séjour"), status="cancelled"), Standing.NOT_DONE),
        (Device(kind=Kind.DEVICE, code=Concept("Lit"), status="intended"), Standing.PLANNED),
        (Problem(kind=Kind.PROBLEM, code=Concept("Cancer"), verification="provisional"), Standing.UNSURE),
        (Prescription(kind=Kind.PRESCRIPTION, code=Concept("X"), status="active", intent="proposal"), Standing.PLANNED),
        (Prescription(kind=Kind.PRESCRIPTION, code=Concept("X"), status="active", intent="plan"), Standing.HOLDS),
    ],
    ids=lambda each: f"{each.kind}-{each.status}-{each.when.start}" if isinstance(each, Entry) else "",
)
def test_what_is_planned_not_done_or_not_sure_is_not_told_as_a_fact(entry: Entry, expected: Standing) -> None:
    assert standing_of(entry, "2026-11-26") is expected
    assert did_happen(entry, "2026-11-26") is (expected in {Standing.HOLDS, Standing.UNSURE})
