from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.fhir.search import Interval, PeriodTest, dates
from tests.cases import cases
from tests.formats.fhir.entries import moments
from tests.formats.fhir.search import naive
from tests.formats.fhir.search import queries as made

NOW = datetime(2026, 6, 12, tzinfo=UTC)


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "lo", "hi"),
    [
        # Told in Paris when there is no zone.
        ("2024", _utc(2023, 12, 31, 23), _utc(2024, 12, 31, 23)),
        ("2024-12", _utc(2024, 11, 30, 23), _utc(2024, 12, 31, 23)),
        ("2024-07", _utc(2024, 6, 30, 22), _utc(2024, 7, 31, 22)),
        ("2024-02-29", _utc(2024, 2, 28, 23), _utc(2024, 2, 29, 23)),
        # The days of 23 and of 25 hours.
        ("2024-03-31", _utc(2024, 3, 30, 23), _utc(2024, 3, 31, 22)),
        ("2024-10-27", _utc(2024, 10, 26, 22), _utc(2024, 10, 27, 23)),
        ("2024-07-01T10:00", _utc(2024, 7, 1, 8), _utc(2024, 7, 1, 8, 1)),
        ("2024-07-01T10:00Z", _utc(2024, 7, 1, 10), _utc(2024, 7, 1, 10, 1)),
        ("2024-07-01T10:00:07-03:30", _utc(2024, 7, 1, 13, 30, 7), _utc(2024, 7, 1, 13, 30, 8)),
        # A "+" that the client did not escape.
        ("2024-07-01T10:00:07 02:00", _utc(2024, 7, 1, 8, 0, 7), _utc(2024, 7, 1, 8, 0, 8)),
        ("2024-07-01T10:00:07.25Z", _utc(2024, 7, 1, 10, 0, 7, 250_000), _utc(2024, 7, 1, 10, 0, 7, 260_000)),
        ("2024-07-01T10:00:07.123456789Z", _utc(2024, 7, 1, 10, 0, 7, 123_456), _utc(2024, 7, 1, 10, 0, 7, 123_457)),
    ],
)
def test_what_a_value_covers(text: str, lo: datetime, hi: datetime) -> None:
    assert dates.instants(text, NOW) == (Interval(lo, hi),)
    assert dates.instants(f"eq{text}", NOW) == (Interval(lo, hi),)
    assert dates.periods(text, NOW) == PeriodTest(Interval(lo, hi), overlaps=True)


LO, HI = _utc(2024, 1, 1), _utc(2024, 1, 1, 0, 0, 1)
VALUE = "2024-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("prefix", "found", "period"),
    [
        ("ne", (Interval(None, LO), Interval(HI, None)), PeriodTest(Interval(LO, HI), overlaps=False)),
        ("gt", (Interval(HI, None),), PeriodTest(Interval(HI, None), overlaps=True)),
        ("ge", (Interval(LO, None),), PeriodTest(Interval(LO, None), overlaps=True)),
        ("lt", (Interval(None, LO),), PeriodTest(Interval(None, LO), overlaps=True)),
        ("le", (Interval(None, HI),), PeriodTest(Interval(None, HI), overlaps=True)),
        ("sa", (Interval(HI, None),), PeriodTest(Interval(None, HI), overlaps=False)),
        ("eb", (Interval(None, LO),), PeriodTest(Interval(LO, None), overlaps=False)),
    ],
)
def test_prefixes(prefix: str, found: tuple[Interval, ...], period: PeriodTest) -> None:
    assert dates.instants(prefix + VALUE, NOW) == found
    assert dates.periods(prefix + VALUE, NOW) == period


def test_approximate_is_wider_the_farther_away() -> None:
    ten_days_later = LO + timedelta(days=10)
    near = Interval(LO - timedelta(days=1), HI + timedelta(days=1))
    assert dates.instants(f"ap{VALUE}", ten_days_later) == (near,)
    assert dates.periods(f"ap{VALUE}", ten_days_later) == PeriodTest(near, overlaps=True)
    # No less than the precision.
    assert dates.instants(f"ap{VALUE}", LO) == (Interval(LO - timedelta(seconds=1), HI + timedelta(seconds=1)),)
    assert dates.instants("ap9998", NOW) == (Interval(dates.instants("ap9998", NOW)[0].lo, None),)  # type: ignore[index]


@pytest.mark.parametrize(
    "text",
    [
        *("", "0000", "0999", "9999", "99999", "-2024", "2024-13", "2024-00", "2024-02-30", "2024-1-1", "2024Z"),
        *("20240101", "2024-01-01T", "2024-01-01T10", "2024-01-01T24:00", "2024-01-01T25:00", "2024-01-01 10:00"),
        *("2024-01-01T10:00:60Z", "2024-01-01T10:00:00.Z", "2024-01-01T10:00+99:00", "2024-01-01T10:00z", "GE2024"),
        *("xx2024", "ge", "gege2024", "٢٠٢٤", "now"),
    ],
)
def test_no_dates(text: str) -> None:
    assert dates.instants(text, NOW) is None
    assert dates.periods(text, NOW) is None


@settings(max_examples=cases(300))
@given(moments, st.data())
def test_intervals_hold_what_reads_like_the_value(moment: datetime, data: st.DataObject) -> None:
    text = data.draw(made.dates([moment]))
    found = dates.instants(text, NOW)
    assert found is not None
    inside = any((lo is None or lo <= moment) and (hi is None or moment < hi) for lo, hi in found)
    assert inside == naive.moment_is(text, moment)
