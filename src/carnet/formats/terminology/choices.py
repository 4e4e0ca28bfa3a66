"""Short lists to choose from, for who writes of themselves: `data/choices.json`, whose source and licence it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Coded
from carnet.formats.folding.fold import fold
from carnet.formats.terminology.table import Row, Table, read

__all__ = ["ATC", "ICD10", "Choice", "Of", "find", "named", "parse", "search", "source", "substance_in"]

ATC: Final = "2.16.840.1.113883.6.73"
ICD10: Final = "2.16.840.1.113883.6.3"
_FILE: Final = "choices.json"
_WORD: Final = re.compile(r"[^\W_]+")


class Of(StrEnum):
    PROBLEM = "problem"
    SUBSTANCE = "substance"
    ALLERGEN = "allergen"


_SYSTEM: Final = {Of.PROBLEM: ICD10, Of.SUBSTANCE: ATC, Of.ALLERGEN: ATC}


@dataclass(frozen=True, slots=True)
class Choice:
    """`also`: other words by which people look for it. `category`: of an allergen, as FHIR names it."""

    of: Of
    code: str
    label: str
    also: str
    category: str = ""

    @property
    def concept(self) -> Concept:
        codings = (Coded(self.code, _SYSTEM[self.of], self.label),) if self.code else ()
        return Concept(self.label, codings)


def parse(table: Table) -> tuple[Choice, ...]:
    found = tuple(_choice(row) for row in table.rows("choices"))
    if len({(each.of, fold(each.label)) for each in found}) != len(found):
        raise table.head.error("a label appears twice in one list")
    return found


def _choice(row: Row) -> Choice:
    of = Of(row.required("list"))
    code = row.text("code") if of is Of.ALLERGEN else row.required("code")
    return Choice(of, code, row.required("label"), row.text("also"), row.text("category", ""))


@cache
def _all() -> tuple[Choice, ...]:
    return parse(read(_FILE))


@cache
def source() -> tuple[str, str]:
    """Where the codes are from, and on what terms."""
    table = read(_FILE)
    return table.source, table.head.required("licence")


def find(of: Of) -> tuple[Choice, ...]:
    return tuple(each for each in _all() if each.of is of)


def named(of: Of, label: str) -> Choice | None:
    """Whose label these words are, whatever their case and accents."""
    return _by_label(of).get(_plain(label))


@cache
def _by_label(of: Of) -> Mapping[str, Choice]:
    return {_plain(each.label): each for each in find(of)}


def search(of: Of, words: str, *, most: int = 8) -> list[Choice]:
    """Those of which every word asked begins a word, of the label first."""
    asked = _words(words)
    if not asked:
        return []
    ranked = [(rank, each) for each in find(of) if (rank := _rank(each, asked)) is not None]
    ranked.sort(key=lambda pair: pair[0])
    return [each for _, each in ranked[:most]]


def _rank(choice: Choice, asked: list[str]) -> tuple[int, str] | None:
    label = _words(choice.label)
    both = label + _words(choice.also)
    if not all(any(word.startswith(part) for word in both) for part in asked):
        return None
    own = all(any(word.startswith(part) for word in label) for part in asked)
    first = bool(label) and label[0].startswith(asked[0])
    return (0 if first else 1 if own else 2, _plain(choice.label))


@lru_cache(maxsize=4096)
def substance_in(words: str) -> Choice | None:
    """The substance that a medicine's name holds whole: the one with the longest name, of what is named first."""
    text = f" {' '.join(_words(words))} "
    held = [each for name, each in _names() if f" {name} " in text]
    return held[0] if held else None


@cache
def _names() -> tuple[tuple[str, Choice], ...]:
    return tuple(sorted(_named(), key=lambda pair: (-len(pair[0]), pair[0])))


def _named() -> Iterator[tuple[str, Choice]]:
    for each in find(Of.SUBSTANCE):
        yield " ".join(_words(each.label)), each


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _plain(text: str) -> str:
    return " ".join(_words(text))
