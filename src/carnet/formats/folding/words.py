"""A text taken apart into words with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from carnet.formats.folding.fold import fold
from carnet.formats.folding.stem import stem

# A number with one decimal sign (a date has two), whole digits, letters before the digits that end a word (CA125), or
# letters that digits may follow and be followed by (HbA1c, B12).
_PART: Final = re.compile(
    r"(?<!\d[.,])\d+[.,]\d+(?![.,]?\d)|\d+"
    r"|[^\W\d_]{2,}(?=\d+(?![^\W_]))|[^\W\d_](?:[^\W_]|[\u0300-\u036f\u00ad])*"
)
_HYPHENS: Final = frozenset("-‐‑")
_MOST_PARTS: Final = 4
_MOST_LETTERS: Final = 64
"""Longer runs are no words: a key or a picture written as text."""


class Word(NamedTuple):
    folded: str
    start: int
    end: int


class Group(NamedTuple):
    """What is written together: one word, or parts joined by hyphens or by nothing (`25-OH`, `10mg`), which are
    also one word, `joined`."""

    parts: tuple[Word, ...]
    joined: Word


def words(text: str) -> list[Word]:
    """Every word, and each group of 2 to 4 joined parts as one word more, in the order of their ends."""
    found: list[Word] = []
    for group in groups(text):
        found += group.parts
        if len(group.parts) > 1:
            found.append(group.joined)
    return found


def groups(text: str) -> Iterator[Group]:
    # A text uses few words, each many times.
    known: dict[str, tuple[str, str]] = {}
    run: list[tuple[Word, str]] = []
    before = 0
    for match in _PART.finditer(text):
        part, start, end = match[0], match.start(), match.end()
        if run and not (start == before or (start == before + 1 and text[before] in _HYPHENS)):
            yield from _grouped(run)
            run = []
        if (forms := known.get(part)) is None:
            forms = known[part] = _forms(part)
        plain, folded = forms
        if plain:
            run.append((Word(folded, start, end), plain))
        before = end
    yield from _grouped(run)


def _grouped(run: list[tuple[Word, str]]) -> Iterator[Group]:
    if 1 < len(run) <= _MOST_PARTS:
        whole = "".join(plain for _, plain in run).replace(".", "")
        parts = tuple(word for word, _ in run)
        yield Group(parts, Word(_stemmed(whole), parts[0].start, parts[-1].end))
        return
    for word, _ in run:
        yield Group((word,), word)


def _forms(part: str) -> tuple[str, str]:
    """Folded, and its stem; a decimal sign is a point; what else folding brings along (`№`, `½`) is no part of it."""
    if part[0].isdecimal():
        plain = fold(part).replace(",", ".")
    else:
        plain = "".join(islice((char for char in fold(part) if char.isalnum()), _MOST_LETTERS))
    return plain, _stemmed(plain)


def _stemmed(plain: str) -> str:
    return stem(plain) if plain.isalpha() else plain
