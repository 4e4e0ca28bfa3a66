"""Where terms stand in a text, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from carnet.formats.folding.query import Term
from carnet.formats.folding.words import Word, groups

_CUT: Final = "…"


class Piece(NamedTuple):
    text: str
    hit: bool


class _Hit(NamedTuple):
    start: int
    end: int
    term: Term


def highlight(text: str, terms: Iterable[Term]) -> list[Piece]:
    """The whole text in pieces, hits and what lies between them."""
    return list(_pieces(text, 0, len(text), _hits(text, terms)))


def snippet(text: str, terms: Iterable[Term], width: int = 160) -> list[Piece]:
    """About `width` characters on one line, where most of the terms stand together; the beginning when none does."""
    hits = _hits(text, terms)
    start, end = _window(text, hits, width)
    pieces = [Piece(" ".join(each.text.split("\n")), each.hit) for each in _pieces(text, start, end, hits)]
    before = [Piece(_CUT, hit=False)] if start > 0 else []
    return [*before, *pieces, *([Piece(_CUT, hit=False)] if end < len(text) else [])]


def _hits(text: str, terms: Iterable[Term]) -> list[_Hit]:
    """In the order of their starts."""
    wanted = list(terms)
    by_joined = {term.joined: term for term in wanted}
    by_first = {term.parts[0]: [each for each in wanted if each.parts[0] == term.parts[0]] for term in wanted}
    parts: list[Word] = []
    found: list[_Hit] = []
    for group in groups(text):
        parts += group.parts
        if term := by_joined.get(group.joined.folded):
            found.append(_Hit(group.joined.start, group.joined.end, term))
    for at, part in enumerate(parts):
        for term in by_first.get(part.folded, ()):
            run = parts[at : at + len(term.parts)]
            if tuple(each.folded for each in run) == term.parts:
                found.append(_Hit(part.start, run[-1].end, term))
    return sorted(found, key=lambda hit: hit[:2])


def _pieces(text: str, start: int, end: int, hits: Sequence[_Hit]) -> Iterator[Piece]:
    at = start
    for first, last in _merged(hits):
        left, right = max(first, start), min(last, end)
        if left >= right:
            continue
        if at < left:
            yield Piece(text[at:left], hit=False)
        yield Piece(text[left:right], hit=True)
        at = right
    if at < end:
        yield Piece(text[at:end], hit=False)


def _merged(hits: Sequence[_Hit]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for hit in hits:
        if hit.start >= end:
            if end > start:
                yield start, end
            start, end = hit.start, hit.end
        end = max(end, hit.end)
    if end > start:
        yield start, end


def _window(text: str, hits: Sequence[_Hit], width: int) -> tuple[int, int]:
    start = max(0, _best(hits, width) - width // 4)
    end = min(len(text), start + width)
    start = max(0, min(start, end - width))
    return _at_blank(text, start, end)


def _best(hits: Sequence[_Hit], width: int) -> int:
    """The start of the first hit that is followed by the most different terms within the window."""
    best, most, last = 0, 0, 0
    within: dict[Term, int] = {}
    for first in hits:
        while last < len(hits) and hits[last].end <= first.start + width * 3 // 4:
            within[hits[last].term] = within.get(hits[last].term, 0) + 1
            last += 1
        if len(within) > most:
            best, most = first.start, len(within)
        if within.get(first.term, 0) <= 1:
            within.pop(first.term, None)
        else:
            within[first.term] -= 1
    return best


def _at_blank(text: str, start: int, end: int) -> tuple[int, int]:
    """No word is cut, unless one is longer than half of the window."""
    reach = (end - start) // 2
    if start > 0 and not text[start - 1].isspace():
        start = next((at + 1 for at in range(start, start + reach) if text[at].isspace()), start)
    if end < len(text) and not text[end].isspace():
        end = next((at for at in range(end - 1, end - reach, -1) if text[at].isspace()), end)
    return start, end
