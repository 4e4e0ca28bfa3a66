"""Strings: the two forms in which a name is kept, and the LIKE patterns that find it.

By default a name is found by how it begins, whatever its case, accents and punctuation; `:contains` looks inside,
`:exact` takes it letter by letter (FHIR R4, search, string).
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category, normalize

__all__ = ["fold", "pattern", "stored"]

_LETTERS: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ð": "d", "đ": "d", "ł": "l", "ı": "i", "þ": "th"})
_WILD = re.compile(r"([\\%_])")
# What a database's text cannot hold.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def fold(text: str) -> str:
    """Lower case, no accents, ligatures in two letters, punctuation as spaces, spaces squeezed."""
    plain = normalize("NFKD", normalize("NFKD", text).casefold()).translate(_LETTERS)
    kept = ("" if category(each) == "Mn" else " " if category(each)[0] == "P" else each for each in plain)
    return " ".join("".join(kept).split())


def stored(field: str, text: str) -> tuple[str, ...]:
    """The folded form, `family=martin`, and the exact one, `family!Martin`."""
    kept = _UNSTORABLE.sub("", text)
    return (f"{field}={fold(kept)}", f"{field}!{_exact(kept)}") if kept else ()


def pattern(field: str, text: str, modifier: str) -> str | None:
    """A pattern for LIKE with its default escape; None when nothing is left to look for."""
    if modifier == "exact":
        return f"{field}!{_escaped(_exact(text))}"
    folded = _escaped(fold(text))
    if not folded:
        return None
    return f"{field}=%{folded}%" if modifier == "contains" else f"{field}={folded}%"


def _exact(text: str) -> str:
    # The same letters, whether accents are composed or not.
    return normalize("NFC", text)


def _escaped(text: str) -> str:
    return _WILD.sub(r"\\\1", text)
