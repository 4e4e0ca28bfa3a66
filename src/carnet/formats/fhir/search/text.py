"""The text of a search value: what is readable, its alternatives, its escapes."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["MAX_ALTERNATIVES", "MAX_TEXT", "alternatives", "readable", "split_bar", "unescape"]

MAX_ALTERNATIVES: Final = 200
MAX_TEXT: Final = 512

# Control characters, lone surrogates, and what decoders write in the place of bytes that are no UTF-8.
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_ESCAPED = re.compile(r"\\([,|$\\])")
_COMMA = re.compile(r"(?<!\\)((?:\\\\)*),")
_BAR = re.compile(r"(?<!\\)((?:\\\\)*)\|")


def readable(text: str) -> bool:
    return (text.isascii() and text.isprintable()) or not _UNREADABLE.search(text)


def alternatives(text: str) -> tuple[str, ...]:
    r"""Split at the commas that are not escaped; the parts keep their escapes. Empty parts are dropped."""
    if "\\" not in text:
        return tuple(part for part in text.split(",") if part)
    marked = _COMMA.sub("\\1\x00", text)
    return tuple(part for part in marked.split("\x00") if part)


def split_bar(text: str) -> tuple[str | None, str]:
    """What stands before the first bar that is not escaped (None without one) and what follows, escapes resolved."""
    if "\\" not in text:
        before, bar, after = text.partition("|")
    else:
        before, bar, after = map(unescape, _BAR.sub("\\1\x00", text, count=1).partition("\x00"))
    return (before, after) if bar else (None, before)


def unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
