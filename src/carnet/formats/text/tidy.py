"""Lines as people read them."""

from __future__ import annotations

import unicodedata
from typing import Final

MOST: Final = 1_000_000


def tidy(text: str) -> str:
    """Visible characters only; one blank between words, one line break between lines; cut at `MOST`."""
    cut = text[: 4 * MOST]
    unseen = {ord(char): _instead(char) for char in set(cut) if unicodedata.category(char)[0] == "C"}
    lines = (" ".join(line.split()) for line in cut.translate(unseen).splitlines())
    return "\n".join(filter(None, lines))[:MOST].rstrip()


def _instead(char: str) -> str | None:
    return char if char in "\n\r\x0b\x0c\x1c\x1d\x1e\x85" else " " if char.isspace() else None
