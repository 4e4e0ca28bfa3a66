"""An installation of its own: a data folder, the program on it, and the tree of its processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

_PROGRAM = [sys.executable, "-m", "carnet"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Installation:
    place: Path = field(default_factory=lambda: _traversable(Path(tempfile.mkdtemp(prefix="carnet-serve-"))))

    @property
    def data_dir(self) -> Path:
        return self.place / "data"

    def environ(self, **settings: str) -> dict[str, str]:
        """Nothing of the test's own house reaches the program."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("CARNET_", "DJANGO_"))}
        return {**clean, "CARNET_DATA_DIR": str(self.data_dir), "CARNET_DEMO": "1", **settings}

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*_PROGRAM, *arguments],
            env=self.environ(**settings),
            cwd=self.place,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def serve(self, *options: str, port: int = 0, **settings: str) -> Serving:
        port = port or free_port()
        process = subprocess.Popen(
            [*_PROGRAM, "serve", "--port", str(port), *options],
            env=self.environ(**settings),
            cwd=self.place,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # As a terminal would: a group that Ctrl-C reaches as a whole.
            process_group=0,
        )
        return Serving(self, process, port)


def _traversable(folder: Path) -> Path:
    folder.chmod(0o711)
    return folder


class Serving:
    def __init__(self, installation: Installation, process: subprocess.Popen[str], port: int) -> None:
        self.installation = installation
        self.process = process
        self.port = port
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._readers = [
            threading.Thread(target=_gather, args=(stream or (), into), daemon=True)
            for stream, into in ((process.stdout, self.lines), (process.stderr, self.errors))
        ]
        for reader in self._readers:
            reader.start()

    def ready(self) -> Serving:
        eventually(lambda: self._announced() or self.process.poll() is not None, within=120)
        assert self._announced(), "".join(self.lines + self.errors)
        return self

    def _announced(self) -> bool:
        return any(line.startswith("Carnet is ready: ") for line in self.lines)

    def status(self, path: str = "/readyz") -> int:
        """0 when nobody answers."""
        try:
            return httpx2.get(f"http://127.0.0.1:{self.port}{path}", timeout=10).status_code
        except httpx2.HTTPError:
            return 0

    def wait(self, within: float = 60) -> int:
        code = self.process.wait(within)
        for reader in self._readers:
            reader.join(5)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        return code

    def processes(self) -> dict[int, str]:
        """All that belong to this installation, by the folder or the parent that stands in their command."""
        return processes(str(self.installation.data_dir)) | processes(f" {self.process.pid} ") | self._itself()

    def _itself(self) -> dict[int, str]:
        return {self.process.pid: "carnet serve"} if self.process.poll() is None else {}

    def find(self, word: str) -> list[int]:
        return sorted(pid for pid, command in self.processes().items() if word in command)


def processes(word: str) -> dict[int, str]:
    """Living processes whose command holds the word."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace") + " "
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if word in command and state != "Z" and int(folder.name) != os.getpid():
            found[int(folder.name)] = command
    return found


def _gather(stream: Iterable[str], into: list[str]) -> None:
    for line in stream:
        into += [line]


def eventually(true: Callable[[], bool], *, within: float = 30) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "did not become true in time"
        time.sleep(0.05)
