"""Typing errors, mended against the words that a record really has."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

_SHORTEST: Final = 4
_LONG: Final = 8
# Exchanging two neighbours is one error for people and two steps for the distance that is quick to compute.
_QUICK: Final = {1: 2, 2: 3}


def nearest(word: str, vocabulary: Collection[str]) -> str | None:
    """The word of the vocabulary, both folded, that is one error away, or two from 8 letters on: a letter too many,
    missing, wrong, or two exchanged. None for short words and those with digits: a wrong number is another number.
    """
    if len(word) < _SHORTEST or not word.isalpha():
        return None
    most = 2 if len(word) >= _LONG else 1
    near = process.extract(word, vocabulary, scorer=Levenshtein.distance, score_cutoff=_QUICK[most], limit=None)
    errors = [(OSA.distance(word, other), other) for other, *_ in near if other.isalpha()]
    likely = [
        (count, other[0] != word[0], abs(len(other) - len(word)), other) for count, other in errors if count <= most
    ]
    # The first letter is seldom the wrong one.
    return min(likely)[-1] if likely else None
