"""Processes that put load on something: each gets ready, waits for the word, runs, and answers what it saw."""

from __future__ import annotations

import pickle
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_READY, _GO = b"ready\n", b"go\n"


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds of each operation, of the whole, and of the processor in this process; `failed` are heads of answers
    that were no success."""

    took: list[float]
    seconds: float
    processor: float
    failed: list[str]


def processor() -> float:
    """Seconds of the processor that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def attend(prepare: Callable[[Any], Callable[[], Result]]) -> None:
    """The child's side."""
    run = prepare(pickle.load(sys.stdin.buffer))  # noqa: S301  (from our own parent)
    sys.stdout.buffer.write(_READY)
    sys.stdout.flush()
    sys.stdin.buffer.readline()
    sys.stdout.buffer.write(pickle.dumps(run()))
    sys.stdout.flush()


class Child:
    """The parent's side."""

    def __init__(self, module: str, load: object) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin  # noqa: S101  (it is a pipe)
        assert self._process.stdout  # noqa: S101
        self._to, self._from = self._process.stdin, self._process.stdout
        self._to.write(pickle.dumps(load))
        self._to.flush()

    def wait_until_ready(self) -> None:
        if self._from.readline() != _READY:
            raise RuntimeError("A process of the benchmark did not get ready.")

    def go(self) -> None:
        self._to.write(_GO)
        self._to.flush()

    def result(self) -> Result:
        answered = self._from.read()
        if self._process.wait() != 0:
            raise RuntimeError("A process of the benchmark failed.")
        result: Result = pickle.loads(answered)  # noqa: S301  (from our own child)
        return result


def together(results: Sequence[Result]) -> Result:
    """Of processes that ran side by side."""
    return Result(
        [each for result in results for each in result.took],
        max(result.seconds for result in results),
        sum(result.processor for result in results),
        [each for result in results for each in result.failed],
    )
