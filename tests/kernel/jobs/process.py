"""A worker as a process of its own, which may be told at which step to be killed."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import django

django.setup()

from carnet.kernel.jobs import worker  # noqa: E402
from tests.kernel.jobs import tasks_of_tests as tasks  # noqa: E402
from tests.kernel.own_database import served_by  # noqa: E402


def _killed_after(name: str) -> None:
    original: Callable[..., Any] = getattr(worker, name)

    def step(*arguments: Any, **options: Any) -> Any:
        original(*arguments, **options)
        tasks.die()

    setattr(worker, name, step)


STEPS: dict[str, Callable[[], None]] = {
    "after the claim": lambda: _killed_after("_claim"),
    "after the lock": lambda: _killed_after("_hold"),
    "before the effect": lambda: tasks.around.update(before=tasks.die),
    "after the effect": lambda: tasks.around.update(after=tasks.die),
    "before the commit": lambda: _killed_after("_finish"),
    "after the commit": lambda: _killed_after("_run"),
}


def main(database: str, step: str | None = None) -> None:
    with served_by(database):
        if step is None:
            worker.work(threading.Event())
        else:
            STEPS[step]()
            worker.run_pending()


if __name__ == "__main__":
    main(*sys.argv[1:])
