"""What was looked for in the document that is shown."""

from __future__ import annotations

from dataclasses import dataclass

from carnet.formats import folding
from carnet.formats.folding import Term
from carnet.web.reading.rendering import Reading
from carnet.web.reading.sheets import Sheets

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Looked:
    """`hits` on what is shown."""

    words: str
    hits: int


def asked(text: str) -> tuple[str, tuple[Term, ...]]:
    """As an address says it: the words to be marked."""
    words = text[:_LONGEST].strip()
    return words, folding.query(words)


def of(words: str, terms: tuple[Term, ...], shown: Reading, leaves: Sheets | None) -> Looked | None:
    return Looked(words, leaves.hits if leaves else shown.hits) if terms else None
