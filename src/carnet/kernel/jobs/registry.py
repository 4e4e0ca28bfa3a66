"""The tasks that this code knows, by name. Rooms declare theirs in `tasks.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.utils.module_loading import autodiscover_modules

Function = Callable[..., None]
Declared = Callable[[Function], Function]


class UnknownTask(LookupError):
    """No `tasks.py` declares this name."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after each failed attempt, and after how many to give up."""

    first: timedelta = timedelta(seconds=10)
    factor: int = 3
    ceiling: timedelta = timedelta(hours=6)
    attempts: int = 10

    def delay(self, attempt: int) -> timedelta:
        """After the failed attempt of this number, from 1."""
        wait = self.first
        for _ in range(attempt - 1):
            if wait >= self.ceiling:
                break
            wait *= self.factor
        return min(wait, self.ceiling)


@dataclass(frozen=True, slots=True)
class Task:
    """`outside`: it waits for machines that are not ours, and is done beside all other work."""

    name: str
    function: Function
    backoff: Backoff = field(default_factory=Backoff)
    every: timedelta | None = None
    outside: bool = False

    def delay(self, attempt: int) -> timedelta:
        """A periodic task never waits longer than its period."""
        wait = self.backoff.delay(attempt)
        return wait if self.every is None else min(wait, self.every)

    def exhausted(self, attempt: int) -> bool:
        """A periodic task never gives up."""
        return self.every is None and attempt >= self.backoff.attempts


_tasks: dict[str, Task] = {}
_DEFAULT = Backoff()


def task(name: str, *, retry: Backoff = _DEFAULT, every: timedelta | None = None, outside: bool = False) -> Declared:
    """Declares a task. It is called with the job's arguments as keywords, inside the job's transaction."""

    def declare(function: Function) -> Function:
        known = _tasks.get(name)
        if known is not None and known.function is not function:
            raise ValueError(f"two tasks are named {name}")
        _tasks[name] = Task(name, function, retry, every, outside)
        return function

    return declare


@cache
def _import_rooms() -> None:
    autodiscover_modules("tasks")


def discover() -> dict[str, Task]:
    """Every task of the installed rooms, by name."""
    _import_rooms()
    return _tasks


def get(name: str) -> Task:
    found = _tasks.get(name) or discover().get(name)
    if found is None:
        raise UnknownTask(name)
    return found


def call(name: str, arguments: dict[str, Any]) -> None:
    get(name).function(**arguments)
