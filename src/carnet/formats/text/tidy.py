"""Lines as people read them."""

from __future__ import annotations

import unicodedata
from typing import Final

MOST: Final = 1_000_000
_BREAKS: Final = frozenset("\n\r\x0b\x0c\x1c\x1d\x1e\x85")


def tidy(text: str) -> str:
    """Visible characters only; one blank between words, one line break between lines; cut at `MOST`."""
    cut = text[: 4 * MOST]
    unseen = {ord(char): _instead(char) for char in set(cut) - _BREAKS if unicodedata.category(char)[0] == "C"}
    lines = (" ".join(line.split()) for line in (cut.translate(unseen) if unseen else cut).splitlines())
    return "\n".join(filter(None, lines))[:MOST].rstrip()


def readable(words: str) -> str:
    """What somebody wrote, without what shows nothing or turns the direction of letters; lines and tabs stay. A browser
    sends each end of a line as two characters, which it counts as one."""
    lines = words.replace("\r\n", "\n")
    return "".join(char for char in lines if char in "\n\t" or unicodedata.category(char)[0] != "C").strip()


def one_line(words: str) -> str:
    """The same, as a name or a reason that stands in one line."""
    return " ".join(readable(words).split())


def _instead(char: str) -> str | None:
    return " " if char.isspace() else None
