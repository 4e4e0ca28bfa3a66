"""Doing the work.

Two transactions a job. The first claims it: it counts the attempt and moves the next one away, so that a job
which kills its worker is counted too and does not kill the next one at once. The second locks the job, runs the
task and records the end: effects and end are committed together or not at all.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, connections, transaction
from django.db.backends.utils import CursorWrapper

from carnet.kernel import context
from carnet.kernel.db import WRITER, statements
from carnet.kernel.ids import uuid7
from carnet.kernel.jobs import registry
from carnet.kernel.jobs.args import decode

# Looking at an index twice a second costs nothing; NOTIFY would make every commit that enqueues wait in one line.
POLL_SECONDS = 0.5
# After an error of the database itself (restart, failover).
PAUSE_SECONDS = 1.0

WORKER_LOST = "WorkerLost"

_SQL = statements("carnet.kernel.jobs", "jobs.sql")
_log = structlog.get_logger("carnet.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job; `attempts` counts the present attempt."""

    id: UUID
    task: str
    args: dict[str, Any]
    key: str | None
    attempts: int


def work(stop: threading.Event, *, outside: bool | None = None) -> None:
    """The loop of a worker. Returns after the job in hand when `stop` is set; survives the database's restarts. With
    `outside`, only what waits for machines of others, or only what does not."""
    planned = False
    while not stop.is_set():
        try:
            if not planned:
                plan()
                planned = True
            if not run_one(outside=outside):
                stop.wait(POLL_SECONDS)
        except (DatabaseError, InterfaceError) as error:
            _log.warning("worker-database-error", exc_info=error)
            connections.close_all()
            stop.wait(PAUSE_SECONDS)
        except Exception as error:  # noqa: BLE001  (what runs after a commit must not end the worker)
            _log.error("worker-error", exc_info=error)
            stop.wait(PAUSE_SECONDS)
    connections.close_all()


def run_pending(limit: int | None = None) -> int:
    """Runs what is due now, in this thread, until nothing is left. The number of runs."""
    runs = 0
    while (limit is None or runs < limit) and run_one():
        runs += 1
    return runs


def plan() -> None:
    """One waiting row per periodic task."""
    with transaction.atomic(using=WRITER, durable=True), connections[WRITER].cursor() as cursor:
        for task in registry.discover().values():
            if task.every is not None:
                _execute(cursor, "plan", id=uuid7(), task=task.name, every=task.every)
                _execute(cursor, "replan", task=task.name, every=task.every)


def run_one(*, outside: bool | None = None) -> bool:
    """Whether a job was due. A job of a task that this code does not know is left to the code that does."""
    job = _claim(outside=outside)
    if job is None:
        return False
    _run(job)
    return True


def _claim(*, outside: bool | None = None) -> Job | None:
    known = registry.discover().values()
    mine = [each.name for each in known if outside in {None, each.outside}]
    with transaction.atomic(using=WRITER, durable=True), connections[WRITER].cursor() as cursor:
        _execute(cursor, "due", tasks=mine)
        row = cursor.fetchone()
        if row is None:
            return None
        job = Job(row[0], row[1], json.loads(row[2]), row[3], row[4] + 1)
        # A lost claim is only an attempt that was not counted: its commit need not wait for the disk.
        cursor.execute("set local synchronous_commit = off")
        _execute(cursor, "claim", id=job.id, delay=registry.get(job.task).delay(job.attempts))
    return job


def _run(job: Job) -> None:
    with transaction.atomic(using=WRITER, durable=True), connections[WRITER].cursor() as cursor:
        _execute(cursor, "prepare")
        held = _hold(cursor, job)
        if not held:
            return
        if registry.get(job.task).exhausted(job.attempts - 1):
            _fail(cursor, job, held, WORKER_LOST)
            return
        error = _attempt(job)
        if error is None:
            _finish(cursor, held)
        else:
            _fail(cursor, job, held, error)


def _hold(cursor: CursorWrapper, job: Job) -> list[UUID]:
    """Locks the job, and with it every due job of the same key, which this run does too."""
    _execute(cursor, "hold", id=job.id, attempts=job.attempts)
    if cursor.fetchone() is None:
        return []
    if job.key is None:
        return [job.id]
    _execute(cursor, "lock_key", task=job.task, key=job.key)
    if cursor.fetchone() != (True,):
        _execute(cursor, "postpone", id=job.id)
        return []
    _execute(cursor, "siblings", id=job.id, task=job.task, key=job.key)
    return [job.id, *(row[0] for row in cursor.fetchall())]


def _attempt(job: Job) -> str | None:
    """The type of the error, if any. The savepoint takes the task's effects back, not the record of its failure."""
    try:
        with context.use("job", job.id), transaction.atomic(using=WRITER):
            registry.call(job.task, decode(job.args))
    except Exception as error:  # noqa: BLE001  (whatever a task raises is recorded by its type)
        _log.warning("job-failed", job=job.id, task=job.task, attempt=job.attempts, exc_info=error)
        return _named(error)
    return None


def _finish(cursor: CursorWrapper, held: list[UUID]) -> None:
    _execute(cursor, "finish", ids=held)


def _fail(cursor: CursorWrapper, job: Job, held: list[UUID], error: str) -> None:
    task = registry.get(job.task)
    _execute(
        cursor,
        "fail",
        ids=held,
        give_up=error == WORKER_LOST or task.exhausted(job.attempts),
        delay=task.delay(job.attempts),
        attempts=job.attempts,
        error=error,
    )


def _execute(cursor: CursorWrapper, statement: str, **values: Any) -> None:
    cursor.execute(_SQL[statement], values)


def _named(error: BaseException) -> str:
    """Types only: the text of an error can hold what it stumbled on."""
    return f"{type(error).__module__}.{type(error).__qualname__}"
