"""PDF: whole, not encrypted, and nothing in it that runs. The looking-into is done by a process apart
(`pdf_inspector`).

A hostile PDF may make its reader crash, loop or fill the memory: the inspector has limits of both, and
its death is a refusal, not a fault of the server.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock

from carnet.kernel.vault.errors import Refused, ScannerUnavailable
from carnet.kernel.vault.images import refuse_archive

Bytes = bytes | bytearray | memoryview

_HEADER_WITHIN = 1024
_END_WITHIN = 1024
_WAIT = 5.0
"""Seconds until the inspector is free. One file takes it for a few; whoever waits longer sends again later."""
_INSPECTOR = Path(__file__).with_name("pdf_inspector.py")

_MESSAGES = {
    "broken": "Ce PDF est incomplet ou abîmé : il ne s'ouvre pas.",
    "encrypted": "Ce PDF est protégé ou chiffré. Enregistrez-le sans protection, puis déposez-le de nouveau.",
    "active-content": "Ce PDF contient un programme, un formulaire actif ou un fichier exécutable. "
    "Imprimez-le vers un nouveau PDF, puis déposez ce dernier.",
    "too-complex": "Ce PDF est trop complexe pour être contrôlé. "
    "Imprimez-le vers un nouveau PDF, puis déposez ce dernier.",
    "polyglot": "Ce fichier est en même temps un PDF et autre chose : il n'est pas accepté.",
}


def check(data: Bytes) -> None:
    """Raises Refused, or ScannerUnavailable when the inspector is too busy."""
    if _has_foreign_start(bytes(data[:_HEADER_WITHIN])):
        raise _refusal("polyglot")
    refuse_archive(data)
    if b"%%EOF" not in bytes(data[-_END_WITHIN - 64 :]).rstrip(b"\x00\r\n\t "):
        raise _refusal("broken")
    code = _inspector.ask(data)
    if code == "busy":
        raise ScannerUnavailable
    if code != "fine":
        raise _refusal(code)


def _has_foreign_start(start: bytes) -> bool:
    """Readers look for the header in the first 1024 bytes. Before it: nothing, blanks, or a printer's job
    header."""
    before = start[: start.index(b"%PDF-")].removeprefix(b"\xef\xbb\xbf").strip(b"\x00\r\n\t\f ")
    return bool(before) and not before.startswith(b"\x1b%-12345X")


def _refusal(code: str) -> Refused:
    return Refused(code, _MESSAGES[code])


class _Inspector:
    """One warm process, started at first need, that forks for each file; it ends by itself after some idle
    minutes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, data: Bytes) -> str:
        if not self._lock.acquire(timeout=_WAIT):
            return "busy"
        try:
            for _ in range(2):
                try:
                    return self._ask(data)
                except (BrokenPipeError, EOFError):
                    self.close()
        finally:
            self._lock.release()
        return "too-complex"

    def _ask(self, data: Bytes) -> str:
        process = self._running()
        assert process.stdin is not None  # noqa: S101  (opened as pipes below)
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(len(data).to_bytes(8, "big"))
        process.stdin.write(data)
        process.stdin.flush()
        answer = process.stdout.readline().decode("ascii").strip()
        if not answer:
            raise EOFError
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(  # noqa: S603  (this interpreter, this package's own file)
                [sys.executable, "-I", str(_INSPECTOR)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            self._owner = os.getpid()
        return self._process

    def close(self) -> None:
        process, self._process = self._process, None
        # A fork of the web process inherits the variable, not the process.
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


_inspector = _Inspector()
atexit.register(_inspector.close)
