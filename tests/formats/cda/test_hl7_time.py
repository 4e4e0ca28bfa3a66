from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.cda.hl7_time import TimeError, to_datetime, to_fhir_date
from tests.cases import cases

_OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_INSTANTS = st.datetimes(min_value=datetime(1000, 1, 1), timezones=_OFFSETS)  # noqa: DTZ001


@settings(max_examples=cases(100))
@given(_INSTANTS)
def test_what_is_written_in_full_is_read_back_with_its_offset(instant: datetime) -> None:
    read = to_datetime(instant.strftime("%Y%m%d%H%M%S.%f%z"))
    assert read == instant
    assert read.utcoffset() == instant.utcoffset()


@settings(max_examples=cases(100))
@given(_INSTANTS, st.sampled_from(["%Y", "%Y%m", "%Y%m%d", "%Y%m%d%H", "%Y%m%d%H%M", "%Y%m%d%H%M%S"]))
def test_a_partial_timestamp_is_the_start_of_its_period(instant: datetime, shape: str) -> None:
    naive = instant.replace(tzinfo=None)
    start = to_datetime(naive.strftime(shape)).replace(tzinfo=None)
    assert start <= naive
    assert start.strftime(shape) == naive.strftime(shape)


@settings(max_examples=cases(100))
@given(st.text(max_size=30))
def test_any_other_text_is_refused_with_one_error(text: str) -> None:
    with contextlib.suppress(TimeError):
        assert to_datetime(text).tzinfo is not None


def test_a_missing_zone_is_paris_in_summer_and_in_winter() -> None:
    assert to_datetime("202407011200").astimezone(UTC) == datetime(2024, 7, 1, 10, tzinfo=UTC)
    assert to_datetime("202401011200").astimezone(UTC) == datetime(2024, 1, 1, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "20", "202413", "20240230", "2024010125", "20240101120060", "20240101+9900", "20240101+0160",
     "2024-01-01", "20240106113623+100", "0000", "٢٠٢٤"],
)  # fmt: skip
def test_impossible_times(text: str) -> None:
    with pytest.raises(TimeError):
        to_datetime(text)


@pytest.mark.parametrize(
    ("text", "date"),
    [("1975", "1975"), ("197503", "1975-03"), ("19750328", "1975-03-28"), ("19750328101500+0100", "1975-03-28")],
)
def test_dates_are_as_precise_as_stated(text: str, date: str) -> None:
    assert to_fhir_date(text) == date
