"""A process that uses the embedded PostgreSQL of a folder until its input ends, or until it is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from carnet.kernel.embedded.cluster import postmaster

_SCRIPT = """
import json, sys
from pathlib import Path
from carnet.kernel import embedded
from carnet.kernel.embedded.cluster import postmaster
said = []
with embedded.running(Path(sys.argv[1]), say=said.append) as server:
    print(json.dumps({"postmaster": postmaster(server.cluster), "said": said}), flush=True)
    sys.stdin.read()
print("left", flush=True)
"""


class User:
    def __init__(self, folder: Path, command: Sequence[str] = (sys.executable,), **options: object) -> None:
        self.folder = folder
        self.process: subprocess.Popen[str] = subprocess.Popen(  # type: ignore[call-overload]
            [*command, "-c", _SCRIPT, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        self.facts: dict[str, object] = {}

    def ready(self) -> User:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.stderr and self.process.stderr.read()
        self.facts = json.loads(line)
        return self

    @property
    def postmaster(self) -> int:
        pid = self.facts["postmaster"]
        assert isinstance(pid, int)
        return pid

    def leave(self) -> None:
        out, err = self.process.communicate(timeout=60)
        assert (self.process.returncode, out) == (0, "left\n"), err

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def refusal(self) -> str:
        """The last line of a user that could not come in."""
        _, err = self.process.communicate(timeout=60)
        assert self.process.returncode != 0
        return err.strip().splitlines()[-1]


def guard_of(folder: Path) -> int:
    return int((folder / "database" / "guard.lock").read_text() or "0")


def server_of(folder: Path) -> int | None:
    return postmaster((folder / "postgres").resolve())


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def eventually(true: Callable[[], bool], *, within: float = 20) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "did not become true in time"
        time.sleep(0.02)
