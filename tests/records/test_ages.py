"""Ages are data: read whole or not at all, and what each birthday changes, on the day itself."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from importlib import resources
from typing import Any

import orjson
import pytest

from carnet.records.ages import AGES, BadAges, read
from carnet.records.rules import Handover, Stage, birthday, handover, majority, stage

DATA: dict[str, Any] = orjson.loads(resources.files("carnet.records").joinpath("data/ages.json").read_bytes())
BIRTH = date(2010, 5, 14)
DAY = timedelta(days=1)


def changed(path: str, value: object) -> dict[str, Any]:
    data = copy.deepcopy(DATA)
    *way, last = path.split(".")
    place = data
    for name in way:
        place = place[name]
    place[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ages.asked.source", ""),
        ("ages.own_access.years", 19),
        ("ages.asked.years", 0),
        ("ages.alone.years", 99),
        ("handover.days_before", 0),
        ("handover", None),
        ("ages.alone", {}),
    ],
)
def test_data_that_say_less_or_nonsense_are_not_read(path: str, value: object) -> None:
    with pytest.raises(BadAges):
        read(changed(path, value))


def test_each_birthday_changes_it_on_the_day_itself() -> None:
    before = Stage.CHILD
    for age, reached in ((AGES.asked, Stage.ASKED), (AGES.own_access, Stage.OWN), (AGES.alone, Stage.ALONE)):
        day = birthday(BIRTH, age)
        assert (stage(BIRTH, day - DAY), stage(BIRTH, day)) == (before, reached)
        before = reached


def test_the_hand_over_is_told_some_time_before_and_after() -> None:
    grown = majority(BIRTH)
    told = {
        -AGES.days_before - 1: Handover.NONE,
        -AGES.days_before: Handover.SOON,
        -1: Handover.SOON,
        0: Handover.DONE,
        AGES.days_after - 1: Handover.DONE,
        AGES.days_after: Handover.NONE,
    }
    assert {days: handover(BIRTH, grown + days * DAY) for days in told} == told
