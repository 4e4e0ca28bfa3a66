"""A worker that dies in any step loses and doubles nothing."""

from __future__ import annotations

import random
import signal
import subprocess
import time

import pytest
from django.db import transaction

from carnet.kernel import jobs
from tests.cases import cases
from tests.kernel.jobs import process
from tests.kernel.jobs import tasks_of_tests as tasks
from tests.kernel.jobs.conftest import Queue

WORKERS = 3
JOBS = 150


def drained(queue: Queue, seconds: float = 30) -> bool:
    """Runs here what is left; the lock of a killed worker goes with its connection."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        queue.hurry()
        jobs.run_pending()
        if not any(state == "waiting" for state, _, _ in queue.states()):
            return True
    return False


# Of the six, the first and both sides of the commit at every run.
_ALWAYS = {"after the claim", "before the commit", "after the commit"}


@pytest.mark.parametrize(
    "step", [pytest.param(each, marks=[] if each in _ALWAYS else [pytest.mark.long]) for each in process.STEPS]
)
def test_killed_in_a_step_the_job_is_done_exactly_once(queue: Queue, step: str) -> None:
    queue.ask(mark=3, key="record")
    with queue.process(step) as doomed:
        assert doomed.wait(30) == -signal.SIGKILL
    assert queue.effects() == ([3] if step == "after the commit" else [])
    assert drained(queue)
    assert queue.effects() == [3]


@pytest.mark.long
def test_many_workers_do_many_jobs_once_each(queue: Queue) -> None:
    ask_all(queue)
    workers = [queue.process() for _ in range(WORKERS)]
    try:
        wait_until_done(queue)
    finally:
        stop(workers)
    assert queue.effects() == list(range(JOBS))


@pytest.mark.long
def test_workers_killed_at_random_lose_and_double_nothing(queue: Queue) -> None:
    chance = random.Random(11)
    ask_all(queue, tasks.SLOW, count=cases(30))
    workers = [queue.process() for _ in range(WORKERS)]
    try:
        for _ in range(6):
            time.sleep(chance.uniform(0.3, 0.9))
            victim = workers.pop(chance.randrange(len(workers)))
            stop([victim])
            workers.append(queue.process())
        wait_until_done(queue)
    finally:
        stop(workers)
    assert queue.effects() == list(range(cases(30)))


def test_a_worker_survives_the_loss_of_its_connection(queue: Queue) -> None:
    worker = queue.process()
    try:
        insert(queue, 1)
        wait_until_done(queue)
        queue.owner.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and usename = 'carnet_writer'"
        )
        insert(queue, 2)
        wait_until_done(queue)
        assert worker.poll() is None
    finally:
        stop([worker])
    assert queue.effects() == [1, 2]


def insert(queue: Queue, mark: int) -> None:
    queue.owner.execute(
        "insert into app.kernel_job (id, task, args)"
        " values (gen_random_uuid(), %s, jsonb_build_object('mark', %s::int))",
        (tasks.MARK, mark),
    )


def ask_all(queue: Queue, task: str = tasks.MARK, count: int = JOBS) -> None:
    with transaction.atomic():
        for mark in range(count):
            jobs.enqueue(task, {"mark": mark})


def wait_until_done(queue: Queue, seconds: float = cases(40)) -> None:
    deadline = time.monotonic() + seconds
    while any(state != "done" for state, _, _ in queue.states()):
        assert time.monotonic() < deadline, queue.states()
        time.sleep(0.05)


def stop(workers: list[subprocess.Popen[bytes]]) -> None:
    for worker in workers:
        worker.kill()
    for worker in workers:
        worker.wait(10)
