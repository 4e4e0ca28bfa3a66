"""Light endings of French: plural and feminine, for nouns and adjectives. Verbs are left alone.

Repeated until nothing changes, so that the stem of a stem is itself. It is better that two words are taken for one
(*cours*, *course*) than that *analyses* does not find *analyse*: a record is small.
"""

from __future__ import annotations

from typing import Final

_IRREGULAR: Final = {"yeux": "oeil", "maux": "mal", "eaux": "eau", "travaux": "travail", "emaux": "email"}
_PLURAL_AL: Final = "aux"
_KEEP_U: Final = ("eaux", "yaux", "oux", "eux")
"""*eaux*, *noyaux*, *genoux*, *cheveux*: the plural of a word in -u."""
_DOUBLED: Final = ("nn", "ll")
"""*ancienne*, *artérielle*; shorter words are others: *selle* is not *sel*."""


def stem(word: str) -> str:
    """Of a folded word without digits."""
    while (shorter := _once(word)) != word:
        word = shorter
    return word


def _once(word: str) -> str:
    size = len(word)
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("x") and size >= 5:  # noqa: PLR2004
        return word[:-3] + "al" if word.endswith(_PLURAL_AL) and not word.endswith(_KEEP_U) else word[:-1]
    if word.endswith("s") and size >= 4 and word[-2] != "s":  # noqa: PLR2004
        return word[:-1]
    if word.endswith("ive") and size >= 6:  # noqa: PLR2004
        return word[:-2] + "f"
    if word.endswith("e") and size >= 5:  # noqa: PLR2004
        return word[:-1]
    if word.endswith("tt") or (word.endswith(_DOUBLED) and size >= 6):  # noqa: PLR2004
        return word[:-1]
    return word
