"""What is plotted and where a value lies, against a second statement of the same rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.clinical.values import Quantity, Range
from carnet.health.trends import Given, Place, Why, conversion, met, place, trend, way
from tests.cases import cases

NUMBERS = st.integers(0, 60).map(lambda number: Decimal(number) / 4)
BOUNDS = st.none() | NUMBERS
COMPARATORS = st.sampled_from(["", "<", "<=", ">", ">="])
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
# What a unit is in g/L of cholesterol (386.65 g/mol), by hand.
IN_G_L = {"g/L": Fraction(1), "mg/L": Fraction(1, 1000), "mg/dL": Fraction(1, 100), "mmol/L": Fraction("0.38665")}


def possible(value: Decimal, comparator: str) -> list[Fraction]:
    """A fine sample of the numbers that a result may stand for."""
    if not comparator:
        return [Fraction(value)]
    every = [Fraction(number, 16) for number in range(16 * 40)]
    holds = {"<": lambda x: x < value, "<=": lambda x: x <= value, ">": lambda x: x > value, ">=": lambda x: x >= value}
    return [x for x in every if holds[comparator](x)]


@given(NUMBERS, COMPARATORS, BOUNDS, BOUNDS)
@settings(max_examples=cases(300))
def test_a_place_is_told_when_every_number_that_it_may_be_lies_there(
    value: Decimal, comparator: str, low: Decimal | None, high: Decimal | None
) -> None:
    told = place(Quantity(value, "g/L", "g/L", comparator), low, high)
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        assert told is None
        return
    sample = possible(value, comparator)
    if not sample:  # less than nothing
        return
    above = {high is not None and x > high for x in sample}
    below = {low is not None and x < low for x in sample}
    endless = comparator.startswith(">")
    if above == {True}:
        assert told is Place.ABOVE
    elif below == {True}:
        assert told is Place.BELOW
    elif above == below == {False} and not (endless and high is not None):
        assert told is Place.INSIDE
    else:
        assert told is None


RESULTS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 3000),
        st.none() | st.tuples(NUMBERS, st.sampled_from(["g/L", "mg/L", "mg/dL", "mmol/L", "", "mm[Hg]"]), COMPARATORS),
        st.booleans(),
    ),
    max_size=8,
)


@given(RESULTS)
@settings(max_examples=cases(200))
def test_every_result_is_a_point_or_left_out_for_a_reason(
    drawn: list[tuple[int | None, tuple[Decimal, str, str] | None, bool]],
) -> None:
    results = [
        Given(
            UUID(int=rank),
            BEGAN + timedelta(days=day) if day is not None else None,
            Quantity(number[0], number[1], number[1], number[2]) if number else None,
            struck=struck,
        )
        for rank, (day, number, struck) in enumerate(drawn)
    ]
    found = trend(results, "g/L", "cholesterol")
    assert sorted([*(each.fact for each in found.points), *(each.fact for each in found.left)]) == [
        each.fact for each in results
    ]
    assert [each.at for each in found.points] == sorted(each.at for each in found.points)
    points = {each.fact: each for each in found.points}
    reasons = {each.fact: each.why for each in found.left}
    for given_ in results:
        number, point = given_.quantity, points.get(given_.fact)
        fit = number and given_.at and not given_.struck and not number.comparator and number.ucum in IN_G_L
        assert bool(point) == bool(fit)
        if point and number:
            exact = Fraction(number.value) * IN_G_L[number.ucum]
            assert abs(Fraction(point.value) - exact) <= Fraction("0.001") * (1 + Fraction(number.value))
        if given_.struck:
            assert reasons[given_.fact] is Why.STRUCK


def a_result(rank: int, value: str, unit: str, low: str = "", high: str = "") -> Given:
    first, last = (Decimal(each) if each else None for each in (low, high))
    at = BEGAN + timedelta(days=rank)
    return Given(UUID(int=rank), at, Quantity(Decimal(value), unit, unit), first, last)


def test_the_range_is_converted_with_its_value_and_two_kinds_of_amount_are_two_strands() -> None:
    found = trend(
        [a_result(1, "2.00", "g/L", "", "2.00"), a_result(2, "5.17", "mmol/L", "", "5.17")], "g/L", "cholesterol"
    )
    first, second = found.points
    assert (first.converted, second.converted) == (False, True)
    assert first.strand != second.strand
    assert abs(second.value - Decimal("1.999")) < Decimal("0.001")
    assert second.high == second.value
    assert way(first, second) is not None


def test_without_a_table_the_curve_is_in_the_unit_of_the_newest() -> None:
    found = trend([a_result(1, "200", "mg/dL"), a_result(2, "2.1", "g/L"), a_result(3, "7", "")])
    assert found.unit == "g/L"
    assert [str(each.value) for each in found.points] == ["2", "2.1"]
    assert [each.why for each in found.left] == [Why.NO_UNIT]


def test_a_conversion_is_a_factor_and_for_hba1c_an_offset_too() -> None:
    plain = conversion("mmol/L", "g/L", "cholesterol")
    assert plain
    assert plain.offset == 0
    assert abs(plain.slope - Decimal("0.3867")) < Decimal("0.001")
    master = conversion("mmol/mol", "%", "hba1c")
    assert master
    assert abs(master.offset - Decimal("2.152")) < Decimal("0.001")
    assert conversion("g/L", "g/L", "cholesterol") is None


@pytest.mark.parametrize(
    ("target", "value", "unit", "told"),
    [
        (Quantity(Decimal(7), "%", "%", "<"), "6.9", "%", True),
        (Quantity(Decimal(7), "%", "%", "<"), "7.0", "%", False),
        (Quantity(Decimal(65), "kg", "kg", "<="), "65", "kg", True),
        (Quantity(Decimal(65), "kg", "kg", "<="), "65.1", "kg", False),
        (Quantity(Decimal(65), "kg", "kg", "<="), "1.8", "m", None),
        (Range(Quantity(Decimal(4), "%", "%"), Quantity(Decimal(6), "%", "%")), "5", "%", True),
        (Range(Quantity(Decimal(4), "%", "%"), Quantity(Decimal(6), "%", "%")), "3", "%", False),
        (Range(Quantity(Decimal(4), "%", "%"), None), "9", "%", True),
        (Quantity(Decimal(65), "kg", "kg"), "60", "kg", None),
    ],
    ids=["below", "at", "at-most", "over", "other-unit", "between", "under", "open", "no-sense"],
)
def test_a_target_is_met_as_it_was_set(target: Quantity | Range, value: str, unit: str, told: bool | None) -> None:
    assert met(target, Quantity(Decimal(value), unit, unit)) is told
