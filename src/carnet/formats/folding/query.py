"""What a person types, as terms that must all be found."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from carnet.formats.folding.fold import fold
from carnet.formats.folding.words import Group, groups

_MOST_TERMS: Final = 16
_LONGEST: Final = 400
# Words that say nothing of what is looked for, folded.
_STOP: Final = frozenset(
    """
    a ai as au aux avec c ce ces cet cette chez comme d dans de des du elle elles en entre est et etait ete etre eu
    eux il ils j je l la le les leur leurs lui m ma mais me mes moi mon n ne nos notre nous on ont ou par pas pour qu
    que quel quelle quelles quels qui s sa sans se ses si son sont sur t ta te tes toi ton tu un une vos votre vous y
    """.split()  # noqa: SIM905  (words, to be read as such)
)


@dataclass(frozen=True, slots=True)
class Term:
    """Found where `joined` is among the words of a text, or all of `parts` are, best one after the other. The two
    are the same for a simple word."""

    joined: str
    parts: tuple[str, ...]


def query(text: str) -> tuple[Term, ...]:
    """At most 16 different terms of the first 400 characters. Stop words are left out unless nothing else is asked."""
    asked = text[:_LONGEST]
    found = list(groups(asked))
    telling = [group for group in found if fold(asked[group.joined.start : group.joined.end]) not in _STOP]
    return tuple(dict.fromkeys(map(_term, telling or found)))[:_MOST_TERMS]


def _term(group: Group) -> Term:
    return Term(group.joined.folded, tuple(part.folded for part in group.parts))


def matches(term: Term, vocabulary: Container[str]) -> bool:
    return term.joined in vocabulary or all(part in vocabulary for part in term.parts)
