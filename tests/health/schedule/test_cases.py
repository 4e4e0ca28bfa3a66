"""What the schedule says, case by case: the table in `cases/` gives each with its reason."""

from __future__ import annotations

import pytest

from tests.health.schedule.said import Case, cases

ALL = tuple(cases())


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_case(case: Case) -> None:
    assert not case.faults(), f"{case.reason}\n{case}\n{case.ask()}"


def test_there_are_enough_and_each_has_a_reason() -> None:
    assert len(ALL) >= 300
    assert all(case.reason for case in ALL)
    assert len({(case.person, case.doses, case.not_done, case.disease, case.today) for case in ALL}) == len(ALL)
