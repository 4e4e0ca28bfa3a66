"""A child process that is started again when it dies."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

import structlog

log = structlog.get_logger("carnet.serve")

# A child that lived this long has started well; what kills it then is something else.
_STEADY = 30.0
_LONGEST_PAUSE = 10.0


class Child:
    def __init__(self, module: str, *arguments: str, environment: dict[str, str]) -> None:
        self.module = module
        self.failures = 0
        self._arguments = arguments
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._born = 0.0
        self._due = 0.0

    def tend(self) -> None:
        """Starts it at first, and again after a pause when it has died."""
        if self._process is not None and self._process.poll() is not None:
            self._mourn(self._process.returncode)
        if self._process is None and time.monotonic() >= self._due:
            self._start()

    def _start(self) -> None:
        self._born = time.monotonic()
        # A session of its own: Ctrl-C reaches the parent alone, which then stops its children in order.
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", self.module, str(os.getpid()), *self._arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _mourn(self, code: int) -> None:
        self._process = None
        lived = time.monotonic() - self._born
        self.failures = 0 if lived > _STEADY else self.failures + 1
        self._due = time.monotonic() + min(0.1 * 2**self.failures, _LONGEST_PAUSE)
        log.error("process-ended", process=self.module, exit=code, attempt=self.failures)

    def stop(self, patience: float) -> None:
        """Asked first; killed when it does not listen."""
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()
        self._process = None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)
