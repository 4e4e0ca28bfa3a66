"""The history tells what happened, line by line, by what its reader may see."""

from __future__ import annotations

import pytest

from carnet.health import history
from carnet.health.history import History, Sort, Wanted
from carnet.health.searching import find
from carnet.kernel.actor import Purpose
from tests import people
from tests.health.stated import result, stating
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")


def read(patient: Resident, wanted: Wanted | None = None) -> History:
    return history.history(patient.actor, Purpose.SELF, patient.record_id, wanted)


def test_a_report_and_its_results_are_one_line_and_what_is_older_stands_on_its_day() -> None:
    patient = people.a_patient()
    done = stating(patient, result(), result("3.4", day="2023-09-01"))
    told = read(patient)
    assert [(str(line.first), line.sorts, len(line.facts)) for line in told.lines][1:] == [
        ("2024-03-12", {Sort.RESULT}, 1),
        ("2023-09-01", {Sort.RESULT}, 1),
    ]
    assert [paper.id for paper in told.lines[0].papers] == [done.id]
    assert told.counts.years[2023] == 1
    assert read(patient, Wanted(year=2023)).counts.total == 1
    assert read(patient, Wanted(text="tsh")).counts.total == 2
    assert find(patient.actor, Purpose.SELF, patient.record_id, "thyreostimuline").hits == ()
    assert find(patient.actor, Purpose.SELF, patient.record_id, "tsh").total == 2
    assert find(patient.actor, Purpose.SELF, patient.record_id, "thss").suggestion == "tsh"
