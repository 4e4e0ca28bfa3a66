"""PDF: whole, not encrypted, and nothing in it that runs. The looking-into is done by a process apart
(`apart.pdf_inspector`).

A hostile PDF may make its reader crash, loop or fill the memory: the inspector has limits of both, and
its death is a refusal, not a fault of the server.
"""

from __future__ import annotations

from carnet.kernel.apart import Busy, Failed, Frame, Helper
from carnet.kernel.vault.errors import Refused, ScannerUnavailable
from carnet.kernel.vault.images import refuse_archive

Bytes = bytes | bytearray | memoryview

_HEADER_WITHIN = 1024
_END_WITHIN = 1024

_inspector = Helper("carnet.kernel.apart.pdf_inspector")
"""One at a time: a file takes it for a few seconds; whoever waits longer sends again later."""

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
    verdict = _verdict(data)
    if verdict != "fine":
        raise _refusal(verdict if verdict in _MESSAGES else "too-complex")


def _verdict(data: Bytes) -> str:
    try:
        return str(_inspector.ask(Frame(body=data)).head.get("verdict"))
    except Busy:
        raise ScannerUnavailable from None
    except Failed:
        return "too-complex"


def _has_foreign_start(start: bytes) -> bool:
    """Readers look for the header in the first 1024 bytes. Before it: nothing, blanks, or a printer's job
    header."""
    before = start[: start.index(b"%PDF-")].removeprefix(b"\xef\xbb\xbf").strip(b"\x00\r\n\t\f ")
    return bool(before) and not before.startswith(b"\x1b%-12345X")


def _refusal(code: str) -> Refused:
    return Refused(code, _MESSAGES[code])
