"""What a search that found nothing may have meant, told by the words of the documents that its asker may see. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from carnet.formats import folding
from carnet.formats.folding import Term

_SHORTEST: Final = 3
_MOST_BEGUN: Final = 30
"""Words that are marked where they were found; the documents of others are found as well."""


def mend(terms: Sequence[Term], lines: Sequence[str]) -> dict[Term, str]:
    """A known word for each term that stands in none of `lines` (words between blanks), such that one line has all
    of them beside the other terms; nothing when there are none, or one cannot be mended."""
    unknown = [term for term in terms if not any(has(line, term) for line in lines)]
    left = [line for line in lines if all(has(line, term) for term in terms if term not in unknown)]
    mended: dict[Term, str] = {}
    for term in unknown:
        word = _meant(term.joined, left)
        if word is None:
            return {}
        mended[term] = word
        left = [line for line in left if f" {word} " in line]
    return mended


def begun(terms: Sequence[Term], lines: Sequence[str]) -> dict[Term, tuple[str, ...]]:
    """For who is still typing: the words of `lines` that each term begins, the shortest first; nothing when one of the
    terms stands nowhere and begins none."""
    text = "".join(lines)
    found = {term: _begun(term.joined, text) for term in terms if _may_begin(term)}
    beginning = {term: words for term, words in found.items() if words}
    known = all(term in beginning or any(has(line, term) for line in lines) for term in terms)
    return beginning if known else {}


def _may_begin(term: Term) -> bool:
    return term.parts == (term.joined,) and len(term.joined) >= _SHORTEST and term.joined.isalpha()


def _begun(beginning: str, text: str) -> tuple[str, ...]:
    words = set(re.findall(rf" ({re.escape(beginning)}\S*)", text))
    return tuple(sorted(words, key=lambda word: (len(word), word))[:_MOST_BEGUN])


def has(line: str, term: Term) -> bool:
    return f" {term.joined} " in line or all(f" {part} " in line for part in term.parts)


def reworded(asked: str, mended: Mapping[Term, str], texts: Iterable[str]) -> str:
    """What was asked, with each mended word in the form that it has in `texts`."""
    written = {word: _written(word, texts) for word in mended.values()}
    by_folded = {term.joined: written[word] for term, word in mended.items()}
    said, at = "", 0
    for word in folding.words(asked):
        if word.folded in by_folded and word.start >= at:
            said += asked[at : word.start] + by_folded[word.folded]
            at = word.end
    return said + asked[at:]


def _meant(word: str, lines: Sequence[str]) -> str | None:
    """Words that begin alike are soon gathered, and the first letter is seldom the wrong one: all words take as long to
    gather as the search itself."""
    text = "".join(lines)
    alike = _beginning(word[0], text)
    found = folding.nearest(word, alike) or _completed(word, alike)
    return found or folding.nearest(word, _begun_otherwise(word, text))


def _beginning(letter: str, text: str) -> set[str]:
    return set(re.findall(rf" ({re.escape(letter)}\S*)", text))


def _begun_otherwise(word: str, text: str) -> set[str]:
    """Those that begin with the second letter, the first having been put in or exchanged with it, and those that have a
    letter more, or another, at their beginning."""
    rest = word[1:]
    if not rest:
        return set()
    return {*_beginning(rest[0], text), *_after_one_letter(word, text), *_after_one_letter(rest, text)}


def _after_one_letter(rest: str, text: str) -> Iterator[str]:
    at = text.find(f"{rest} ")
    while at >= 0:
        if at > 1 and text[at - 2] == " ":
            yield text[at - 1 : at + len(rest)]
        at = text.find(f"{rest} ", at + 1)


def _completed(beginning: str, vocabulary: Iterable[str]) -> str | None:
    """For who is still typing: the shortest word that goes on so."""
    if len(beginning) < _SHORTEST or not beginning.isalpha():
        return None
    longer = [word for word in vocabulary if word.startswith(beginning)]
    return min(longer, key=lambda word: (len(word), word)) if longer else None


def _written(folded: str, texts: Iterable[str]) -> str:
    found = (text[word.start : word.end] for text in texts for word in folding.words(text) if word.folded == folded)
    return next(found, folded).lower()
