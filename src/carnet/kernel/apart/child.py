"""The process apart: reads requests from its standard input, forks for each, and passes on what the fork answers.

It looks at nothing itself, so that no file can reach the next one.
"""

from __future__ import annotations

import gc
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from importlib import import_module
from io import BytesIO

from carnet.kernel.apart import wire
from carnet.kernel.apart.wire import Frame, Limits

Answer = Callable[[Frame], Frame]

_IDLE_SECONDS = 600
_CHUNK = 1 << 16


def main(module: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer: Answer = import_module(module).answer
    # What is loaded stays shared between the forks: the collector does not touch its pages.
    gc.freeze()
    while True:
        signal.alarm(_IDLE_SECONDS)
        try:
            request = wire.read(sys.stdin.buffer)
        except EOFError:
            return
        signal.alarm(0)
        limits = Limits(**request.head.pop("limits"))
        status, answered = _in_a_fork(answer, request, limits)
        del request
        wire.write(sys.stdout.buffer, Frame({"status": status}, answered))


def _in_a_fork(answer: Answer, request: Frame, limits: Limits) -> tuple[str, bytes]:
    """`done` with an answer, `slow` when the wall's clock ran out, `failed` otherwise."""
    inlet, outlet = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(inlet)
        _answer_and_die(answer, request, limits, outlet)
    os.close(outlet)
    status, answered = _collect(inlet, limits)
    os.close(inlet)
    os.kill(child, signal.SIGKILL)
    _, ended = os.waitpid(child, 0)
    if status == "done" and os.waitstatus_to_exitcode(ended) not in (0, -signal.SIGKILL):
        return "failed", b""
    return status, answered


def _collect(inlet: int, limits: Limits) -> tuple[str, bytes]:
    until = time.monotonic() + limits.wall
    answered = bytearray()
    while (left := until - time.monotonic()) > 0:
        if not select.select([inlet], [], [], left)[0]:
            continue
        piece = os.read(inlet, _CHUNK)
        if not piece:
            return ("done" if answered else "failed"), bytes(answered)
        answered += piece
        if len(answered) > limits.answer:
            return "failed", b""
    return "slow", b""


def _answer_and_die(answer: Answer, request: Frame, limits: Limits, outlet: int) -> None:
    """Never returns, and says nothing of what went wrong: it could quote the file."""
    try:
        _limit(limits)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        # The answer is written when it is complete, so that what arrives is all or nothing.
        packed = BytesIO()
        wire.write(packed, answer(request))
        with os.fdopen(outlet, "wb") as pipe:
            pipe.write(packed.getbuffer())
        os._exit(0)
    except BaseException:  # noqa: BLE001  (a MemoryError too: whatever it is, the fork ends here)
        os._exit(1)


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # No file is written and, where we are not root, no process is started, nor a thread.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if not limits.threads:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    # Dies by itself should its parent be killed.
    signal.alarm(limits.wall)
