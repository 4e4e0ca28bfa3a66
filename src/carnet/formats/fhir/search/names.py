"""Strings: the two forms in which a name is kept, and the LIKE patterns that find it.

By default a name is found by how it begins, whatever its case, accents and punctuation; `:contains` looks inside,
`:exact` takes it letter by letter (FHIR R4, search, string).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from unicodedata import category, normalize

__all__ = ["fold", "patterns", "stored"]

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


def patterns(fields: Sequence[str], text: str, modifier: str) -> tuple[str, ...]:
    """One pattern per field, for LIKE with its default escape; none when nothing is left to look for."""
    if modifier == "exact":
        return tuple(f"{field}!{_escaped(_exact(text))}" for field in fields)
    folded = _escaped(fold(text))
    if not folded:
        return ()
    start = "%" if modifier == "contains" else ""
    return tuple(f"{field}={start}{folded}%" for field in fields)


def _exact(text: str) -> str:
    # The same letters, whether accents are composed or not.
    return normalize("NFC", text)


def _escaped(text: str) -> str:
    return _WILD.sub(r"\\\1", text)
