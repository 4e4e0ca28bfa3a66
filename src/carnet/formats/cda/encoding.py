"""From the bytes of an XML file to UTF-8, so that the parser knows one encoding only."""

from __future__ import annotations

import codecs
import re
from typing import Final

from carnet.formats.cda.errors import CdaError

__all__ = ["to_utf8"]

_DECLARATION = re.compile(rb"""\A<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'][^>]{0,200}?\?>""")
_UTF16: Final = (
    (codecs.BOM_UTF16_LE, "utf-16-le", True),
    (codecs.BOM_UTF16_BE, "utf-16-be", True),
    (b"<\x00?\x00", "utf-16-le", False),
    (b"\x00<\x00?", "utf-16-be", False),
)
_UTF32: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, b"<\x00\x00\x00", b"\x00\x00\x00<")
# Supersets of ASCII only: there "<" is the byte 3C and nothing else, which the checks before parsing rely on.
_SINGLE_BYTE = re.compile(r"iso8859-\d{1,2}|cp125\d|ascii")


def to_utf8(data: bytes) -> bytes:
    """Decode by byte-order mark or declaration; UTF-8 is returned as it came, less its mark."""
    if data.startswith(_UTF32):
        raise _unsupported()
    for mark, name, skip in _UTF16:
        if data.startswith(mark):
            return _transcode(data[len(mark) :] if skip else data, name)
    if data.startswith(codecs.BOM_UTF8):
        return data[len(codecs.BOM_UTF8) :]
    declared = _declared(data)
    return data if declared == "utf-8" else _transcode(data, declared)


def _declared(data: bytes) -> str:
    found = _DECLARATION.match(data[:500])
    if found is None:
        return "utf-8"
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        raise _unsupported() from None
    if name in {"utf-8", "utf-16"} or _SINGLE_BYTE.fullmatch(name):
        # A file readable so far that declares UTF-16 is not UTF-16: only its bytes were changed on the way.
        return "utf-8" if name in {"utf-16", "ascii"} else name
    raise _unsupported()


def _transcode(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode("utf-8")
    except UnicodeError:
        raise CdaError(
            "wrong-encoding",
            "Le contenu du fichier n’est pas dans l’encodage qu’il déclare : corrigez la déclaration XML "
            "ou réenregistrez le fichier en UTF-8.",
            "line 1, column 1",
        ) from None


def _unsupported() -> CdaError:
    return CdaError(
        "unsupported-encoding",
        "L’encodage déclaré du fichier n’est pas accepté : réenregistrez-le en UTF-8 "
        "(acceptés : UTF-8, UTF-16, ISO-8859-x, Windows-125x).",
        "line 1, column 1",
    )
