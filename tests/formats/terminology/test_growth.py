"""Centiles of a reference: against values that the CDC printed, a second statement of the method, and by laws that hold
of any centiles."""

from __future__ import annotations

import math
from decimal import Decimal, getcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.terminology import growth
from carnet.formats.terminology.growth import CENTILES, Lms
from carnet.formats.terminology.table import Table, TerminologyError
from tests.cases import cases

every = [each for key in growth.MEASURES for sex in "FM" for each in growth.reference(key, sex)]
references = st.sampled_from(every)


def test_what_is_published_for_an_age_is_found_there() -> None:
    """Of boys at birth, the nine centiles of the CDC's tables wtageinf, lenageinf and hcageinf, as they print them."""
    printed = {
        "weight": "2.355451 2.526904 2.773802 3.150611 3.530203 3.879077 4.172493 4.340293 4.446488",
        "height": "44.9251 45.56841 46.55429 48.18937 49.98888 51.77126 53.36154 54.30721 54.919",
        "head_circumference": "31.48762 32.14881 33.08389 34.46952 35.81367 37.00426 37.97379 38.51574 38.85417",
    }
    for key, row in printed.items():
        at = growth.reference(key, "M")[0].at(0)
        assert at
        found = [growth.value(at, percent) for percent in (3, 5, 10, 25, 50, 75, 90, 95, 97)]
        assert found == pytest.approx([float(each) for each in row.split()], abs=2e-5)


def test_a_sex_that_is_not_told_and_a_measure_of_nobody_have_no_reference() -> None:
    assert growth.reference("weight", "U") == growth.reference("weight", "") == ()
    assert growth.reference("blood_pressure", "F") == ()


def _second(of: Lms, z: Decimal) -> Decimal:
    """Box and Cox, in decimals: the power is undone by an exponential of a logarithm."""
    getcontext().prec = 40
    power, median, spread = Decimal(of.l), Decimal(of.m), Decimal(of.s)
    if abs(power) < Decimal("1e-9"):
        return median * (spread * z).exp()
    return median * ((1 + power * spread * z).ln() / power).exp()


_Z = {3: "-1.8807936081512509", 25: "-0.6744897501960817", 50: "0", 75: "0.6744897501960817", 97: "1.8807936081512509"}


@settings(max_examples=cases(150))
@given(references, st.floats(0, 1))
def test_centiles_between_the_ages_of_the_table(of: growth.Reference, share: float) -> None:
    months = of.months[0] + share * (of.months[-1] - of.months[0])
    at = of.at(months)
    assert at
    # By the straight line through the neighbours, found by looking at each.
    after = next(place for place, age in enumerate(of.months) if age >= months and place)
    a, b, x, y = of.rows[after - 1], of.rows[after], of.months[after - 1], of.months[after]
    for name in ("l", "m", "s"):
        first, last = getattr(a, name), getattr(b, name)
        assert getattr(at, name) == pytest.approx((first * (y - months) + last * (months - x)) / (y - x))
    values = [growth.value(at, each) for each in CENTILES]
    for centile, found in zip(CENTILES, values, strict=True):
        assert found == pytest.approx(float(_second(at, Decimal(_Z[centile]))), rel=1e-9)
        assert growth.centile(at, found) == pytest.approx(centile, abs=1e-6)
    assert values == sorted(values)
    assert values[0] > 0
    assert all(math.isfinite(each) for each in values)


@settings(max_examples=cases(60))
@given(references, st.floats(-500, 500, allow_nan=False))
def test_outside_of_its_ages_a_reference_says_nothing(of: growth.Reference, months: float) -> None:
    assert (of.at(months) is None) == (months < of.months[0] or months > of.months[-1])


def test_a_table_with_a_fault_is_refused() -> None:
    good = {
        "measure": "weight",
        "sex": "F",
        "months": ["0", "1"],
        "l": ["1", "1"],
        "m": ["3", "4"],
        "s": ["0.1", "0.1"],
    }
    assert growth.parse(Table("growth.json", {"curves": [good]}))
    for wrong in (
        {"months": ["1", "0"]},
        {"m": ["3"]},
        {"m": ["3", "x"]},
        {"s": ["0", "0.1"]},
        {"sex": "U"},
        {"measure": "shoes"},
    ):
        with pytest.raises(TerminologyError):
            growth.parse(Table("growth.json", {"curves": [good | wrong]}))
