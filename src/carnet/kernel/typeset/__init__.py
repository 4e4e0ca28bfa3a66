"""Pages to print: a source in Typst's language and data become a tagged PDF (PDF/UA-1), in a process apart.

What the fonts cannot print is put in as `UNPRINTABLE`, a space as a plainer one: a PDF that is accessible has no
missing glyph. The same source, data and instant give the same bytes. Raises `Unprinted` (a fault of the source) or
`Busy` (again in a moment)."""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from carnet.kernel import apart
from carnet.kernel.apart import Frame, Limits

__all__ = ["UNPRINTABLE", "Busy", "Pdf", "Unprinted", "pdf", "printable"]

UNPRINTABLE: Final = "?"
_FONTS: Final = Path(__file__).parent / "fonts"
_MOST_BYTES: Final = 1 << 20
_HEAD: Final = b"%PDF-1."
# A typesetter starts threads, and reads nothing that comes from outside.
_LIMITS: Final = Limits(memory=4 << 30, answer=8 << 20, cpu=10, wall=15, threads=True)

_helper = apart.Helper("carnet.kernel.typeset.work", processes=2)


class Unprinted(Exception):
    pass


class Busy(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Pdf:
    content: bytes
    pages: int


def pdf(source: str, data: dict[str, Any], *, at: datetime, whose: object = None) -> Pdf:
    body = json.dumps(printable(data), ensure_ascii=False).encode()
    if len(body) > _MOST_BYTES:
        raise Unprinted
    try:
        head = {"source": source, "at": int(at.timestamp())}
        answered = _helper.ask(Frame(head, body), _LIMITS, whose=whose)
    except apart.Busy:
        raise Busy from None
    except apart.Failed:
        raise Unprinted from None
    made, pages = bytes(answered.body), answered.head.get("pages")
    if not made.startswith(_HEAD) or not isinstance(pages, int):
        raise Unprinted
    return Pdf(made, pages)


def printable(value: Any) -> Any:
    """The same data, with what no font has replaced in every string."""
    match value:
        case str():
            return "".join(map(_printed, unicodedata.normalize("NFC", value)))
        case dict():
            return {name: printable(each) for name, each in value.items()}
        case list() | tuple():
            return [printable(each) for each in value]
    return value


def _printed(char: str) -> str:
    if char in "\n\t\r":
        return " "
    starts, ends = _covered()
    place = bisect_right(starts, ord(char)) - 1
    if place >= 0 and ord(char) <= ends[place]:
        return char
    if unicodedata.category(char) == "Zs":
        return "\N{NO-BREAK SPACE}" if char == "\N{NARROW NO-BREAK SPACE}" else " "
    return UNPRINTABLE


@cache
def _covered() -> tuple[tuple[int, ...], tuple[int, ...]]:
    ranges = json.loads((_FONTS / "covered.json").read_text(encoding="utf-8"))
    return tuple(first for first, _ in ranges), tuple(last for _, last in ranges)
