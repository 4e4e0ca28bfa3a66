"""The near end of a process apart: started at first need, kept warm, replaced when it is gone."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from threading import Condition, Lock

from carnet.kernel.apart import wire
from carnet.kernel.apart.wire import Frame, Limits

_SOURCES = str(Path(__file__).parents[3])
_START = "import sys; sys.path.insert(0, sys.argv[1]); from carnet.kernel.apart.child import main; main(sys.argv[2])"


class Busy(Exception):
    """Nobody was free for too long, or the machine is too slow: ask again later."""


class Failed(Exception):
    """The file made its reader crash, or took all the memory or time that a file may take."""


class Turns:
    """At most `most` at a time, and one of each: two files of one person never hold up everybody else."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._whose: set[object] = set()
        self._changed = Condition()

    def take(self, whose: object, patience: float) -> bool:
        """`whose` is None for what is nobody's in particular. False when no turn came in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._free and whose not in self._whose, patience):
                return False
            self._free -= 1
            self._whose |= {whose} - {None}
            return True

    def give_back(self, whose: object) -> None:
        with self._changed:
            self._free += 1
            self._whose.discard(whose)
            self._changed.notify_all()


class Helper:
    """`module` must offer `answer(Frame) -> Frame`. At most `processes` files are worked on at a time, and one of each
    owner; who has waited `patience` seconds for a turn gives up."""

    def __init__(self, module: str, *, processes: int = 1, patience: float = 5.0) -> None:
        self.patience = patience
        self._module = module
        self._processes = processes
        self._lock = Lock()
        self._renew()
        atexit.register(self.close)

    def _renew(self) -> None:
        self._owner = os.getpid()
        self._turns = Turns(self._processes)
        self._idle: list[subprocess.Popen[bytes]] = []

    def ask(self, request: Frame, limits: Limits | None = None, *, whose: object = None) -> Frame:
        """Raises Busy or Failed. What comes back was written by a process that read a hostile file: judge it."""
        turns = self._my_turns()
        if not turns.take(whose, self.patience):
            raise Busy
        try:
            return self._ask(Frame({**request.head, "limits": asdict(limits or Limits())}, request.body))
        finally:
            turns.give_back(whose)

    def _my_turns(self) -> Turns:
        with self._lock:
            if self._owner != os.getpid():
                # A fork of the web process inherits the variables, not the processes.
                self._renew()
            return self._turns

    def _ask(self, request: Frame) -> Frame:
        for _ in range(2):
            process = self._take()
            try:
                answered = _exchange(process, request)
            except (BrokenPipeError, EOFError):
                _end(process)
                continue
            except BaseException:
                # Interrupted half-way: what the pipe holds belongs to nobody.
                _end(process)
                raise
            self._idle.append(process)
            return _judge(answered)
        raise Failed

    def _take(self) -> subprocess.Popen[bytes]:
        with suppress(IndexError):
            while True:
                process = self._idle.pop()
                if process.poll() is None:
                    return process
                _end(process)
        return subprocess.Popen(  # noqa: S603  (this interpreter, this package's own module)
            [sys.executable, "-I", "-c", _START, _SOURCES, self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Keys and passwords may stand in ours.
            env={"LC_ALL": "C.UTF-8"},
        )

    def close(self) -> None:
        if self._owner == os.getpid():
            with suppress(IndexError):
                while True:
                    _end(self._idle.pop())


def _exchange(process: subprocess.Popen[bytes], request: Frame) -> Frame:
    assert process.stdin is not None  # noqa: S101  (opened as pipes above)
    assert process.stdout is not None  # noqa: S101
    wire.write(process.stdin, request)
    return wire.read(process.stdout)


def _judge(answered: Frame) -> Frame:
    if answered.head["status"] == "slow":
        raise Busy
    if answered.head["status"] != "done":
        raise Failed
    try:
        return wire.read(BytesIO(answered.body))
    except (EOFError, ValueError, RecursionError):
        raise Failed from None


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()
