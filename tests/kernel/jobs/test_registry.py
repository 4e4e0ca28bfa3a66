from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.kernel.jobs.registry import Backoff, Task, UnknownTask, discover, get, task


@given(st.integers(1, 10_000))
def test_each_wait_is_as_long_as_the_last_or_longer_and_bounded(attempt: int) -> None:
    backoff = Backoff()
    assert backoff.first <= backoff.delay(attempt) <= backoff.delay(attempt + 1) <= backoff.ceiling


def test_the_first_waits() -> None:
    backoff = Backoff(first=timedelta(seconds=10), factor=3, ceiling=timedelta(minutes=2))
    assert [backoff.delay(attempt).seconds for attempt in range(1, 6)] == [10, 30, 90, 120, 120]


def test_a_periodic_task_never_gives_up_nor_waits_longer_than_its_period() -> None:
    periodic = Task("x", lambda: None, Backoff(attempts=2), timedelta(seconds=60))
    assert not periodic.exhausted(1000)
    assert periodic.delay(1000) == timedelta(seconds=60)


def test_a_name_is_given_once() -> None:
    declare = task(next(iter(discover())))
    with pytest.raises(ValueError, match="two tasks are named"):
        declare(lambda: None)


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(UnknownTask, match="nobody"):
        get("nobody")


def test_the_kernel_has_its_own_tasks() -> None:
    assert {"audit.seal", "audit.partitions", "jobs.purge"} <= set(discover())
