"""Who uses the server, held as locks on files: they vanish with their process, however it ends.

`users`: shared by every process that uses the server; alone with it is whoever stops it.
`start`: one process at a time makes or starts the cluster.
`guard`: held by the guard as long as it lives; the file holds its process id.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self


class Lock:
    def __init__(self, folder: Path, name: str) -> None:
        self._descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def take(self, *, shared: bool = False, patience: float = 0) -> bool:
        """Within `patience` seconds, or not: what was held before may then be lost."""
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(self._descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(0.02)
            else:
                return True

    def write(self, number: int) -> None:
        """In one write of a fixed length, so that a reader sees the old number or the new one."""
        os.pwrite(self._descriptor, f"{number:10d}\n".encode("ascii"), 0)

    def read(self) -> int | None:
        text = os.pread(self._descriptor, 64, 0).strip()
        return int(text) if text.isdigit() else None

    def close(self) -> None:
        """Freed for good, even where a forked child still has the file open."""
        if self._descriptor >= 0:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            os.close(self._descriptor)
            self._descriptor = -1


def is_free(folder: Path, name: str) -> bool:
    with Lock(folder, name) as lock:
        return lock.take(shared=True)
