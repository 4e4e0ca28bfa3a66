"""Case, accents, ligatures and the several apostrophes and hyphens."""

from __future__ import annotations

import unicodedata
from typing import Final

_ALIKE: Final = {
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "´": "'",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "\u00ad": "",
}


class _Table(dict[int, str]):
    """Filled as characters are met, and left to itself beyond that: there are many, and texts use few."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def _fold(text: str) -> str:
    """Until nothing changes: what a sign stands for may have a case of its own."""
    simple = "".join(_ALIKE.get(char, char) for char in text.casefold())
    bare = "".join(char for char in unicodedata.normalize("NFKD", simple) if not unicodedata.combining(char))
    return bare if bare == text else _fold(bare)


_TABLE: Final = _Table()


def fold(text: str) -> str:
    """Lower case without accents; `œ` is `oe`. The length may change: offsets are those of `words`."""
    return text.translate(_TABLE)
