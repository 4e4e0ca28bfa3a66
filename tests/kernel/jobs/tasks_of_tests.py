"""Tasks whose effects can be counted."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction

from carnet.kernel.jobs import Backoff, task

MARK, FAIL, SLOW, NEST, SETTINGS = "test.mark", "test.fail", "test.slow", "test.nest", "test.settings"
QUICK = Backoff(first=timedelta(milliseconds=200), factor=1, attempts=50)

around: dict[str, Callable[[], None]] = {}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leave(mark: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into app.effect (mark) values (%s)", (mark,))


@task(MARK, retry=QUICK)
def mark_once(*, mark: int) -> None:
    around.get("before", lambda: None)()
    leave(mark)
    around.get("after", lambda: None)()


@task(FAIL, retry=Backoff(first=timedelta(seconds=10), factor=3, ceiling=timedelta(minutes=1), attempts=3))
def fail(*, mark: int) -> None:
    leave(mark)
    raise LookupError("270035121518989")


@task(NEST, retry=QUICK)
def nest(*, mark: int) -> None:
    """An action with a transaction of its own, and what it does after its commit."""
    with transaction.atomic():
        leave(mark)
        transaction.on_commit(lambda: leave(mark + 1))


@task(SLOW, retry=QUICK)
def slow(*, mark: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(0.2)")
    leave(mark)


@task(SETTINGS)
def settings(*, mark: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('idle_in_transaction_session_timeout'), current_setting('statement_timeout')"
        )
        assert cursor.fetchone() == ("0", "10min")
    leave(mark)
