"""Treatments of several sources in one list: nothing is lost, nothing is merged, and what differs is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from carnet.health.treatment_rules import Intake, Kind, Told, grouped, holds

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LONG, LATELY = NOW - timedelta(days=800), NOW - timedelta(days=20)


def line(number: int = 1, **told: Any) -> Intake:
    plain = Intake(UUID(int=number), Told.PRESCRIBED, "atc:A10BA02", "Metformine", "Metformine 500", "Dr Benali")
    return replace(plain, **({"since": LATELY} | told))


def drawn(chance: Random) -> list[Intake]:
    return [
        line(
            number,
            told=chance.choice(list(Told)),
            substance=chance.choice(["atc:A", "atc:B", "words:c"]),
            name=chance.choice(["A", "B", "ab"]),
            owner=chance.choice(["Dr Un", "Dr Deux", "Vous"]),
            dose=chance.choice(["", "1 le matin", "2 le soir"]),
            reason=chance.choice(["", "Diabète"]),
            since=chance.choice([None, LONG, LATELY]),
            until=chance.choice([None, NOW - timedelta(days=1), NOW + timedelta(days=9)]),
            state=chance.choice(["active", "completed", "stopped", "proposed", ""]),
            mine=chance.random() < 0.3,
        )
        for number in range(chance.randrange(12))
    ]


@pytest.mark.parametrize("seed", range(60))
def test_each_line_stands_in_one_group_once_in_whatever_order_they_come(seed: int) -> None:
    chance = Random(seed)
    lines = drawn(chance)
    groups = grouped(lines, NOW)
    told = [each for group in groups for each in group.lines]
    assert sorted(told, key=lambda each: each.fact) == sorted(lines, key=lambda each: each.fact)
    assert len({group.substance for group in groups}) == len(groups)
    shuffled = chance.sample(lines, len(lines))
    assert grouped(shuffled, NOW) == groups
    for group in groups:
        assert {each.substance for each in group.lines} == {group.substance}
        assert group.current == tuple(each for each in group.lines if holds(each, NOW))
        assert set(group.planned) == {
            each for each in group.lines if each.planned and holds(replace(each, state=""), NOW)
        }
        assert group.lines[: len(group.current)] == group.current, "what holds comes first"
        for difference in group.differences:
            assert set(difference.lines) <= set(group.lines)
            assert len(difference.lines) > 1
    assert [bool(group.current) for group in groups] == sorted((bool(g.current) for g in groups), reverse=True)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param({"since": LATELY}, True, id="prescribed-lately"),
        pytest.param({"since": LONG}, False, id="prescribed-over-a-year-ago"),
        pytest.param({"since": LONG, "until": NOW + timedelta(days=1)}, True, id="end-to-come"),
        pytest.param({"until": NOW - timedelta(days=1)}, False, id="end-past"),
        pytest.param({"until": NOW}, False, id="ends-now"),
        pytest.param({"since": NOW - timedelta(days=365)}, False, id="a-year-to-the-instant"),
        pytest.param({"told": Told.DISPENSED, "state": "completed"}, True, id="given-lately"),
        pytest.param({"told": Told.DISPENSED, "since": NOW - timedelta(days=92)}, False, id="given-long-ago"),
        pytest.param({"told": Told.TAKEN, "since": LONG}, True, id="taken-for-long"),
        pytest.param({"told": Told.TAKEN, "since": None}, True, id="taken-since-unknown"),
        pytest.param({"told": Told.TAKEN, "state": "stopped"}, False, id="stopped"),
        pytest.param({"since": None, "said": LATELY}, True, id="prescribed-without-a-date-in-a-new-document"),
        pytest.param({"since": None, "said": LONG}, False, id="prescribed-without-a-date-in-an-old-document"),
        pytest.param({"since": None}, True, id="prescribed-nobody-knows-when"),
        pytest.param({"state": "proposed"}, False, id="proposed"),
    ],
)
def test_what_is_told_as_current(told: dict[str, Any], expected: bool) -> None:
    assert holds(line(**told), NOW) is expected


def test_two_doses_are_told_as_a_fact_and_words_that_say_the_same_are_none() -> None:
    hers = line(2, told=Told.TAKEN, owner="Vous", mine=True, dose="2 le soir")
    (group,) = grouped([line(dose="1 le matin"), hers], NOW)
    assert [each.kind for each in group.differences] == [Kind.DOSE]
    (group,) = grouped([line(dose="1 le  Matin"), replace(hers, dose="1 le matin")], NOW)
    assert group.differences == ()


def test_that_she_stopped_what_is_still_prescribed_is_told_and_that_it_was_begun_again_is_not() -> None:
    stopped = line(2, told=Told.TAKEN, owner="Vous", mine=True, state="stopped", until=NOW - timedelta(days=5))
    (group,) = grouped([line(), stopped], NOW)
    assert [each.kind for each in group.differences] == [Kind.STOPPED]
    (group,) = grouped([line(since=NOW - timedelta(days=2)), stopped], NOW)
    assert group.differences == ()
