"""French words made comparable for search: what is indexed, what is asked, where it stands in the text.

One definition for all three: a hit that is found can be shown, and nothing is shown that was not found. The words of
`words` are plain strings to be compared for equality, in a database or here.
"""

from __future__ import annotations

from carnet.formats.folding.fold import fold
from carnet.formats.folding.highlight import Piece, highlight, snippet
from carnet.formats.folding.markup import Marked, mark
from carnet.formats.folding.nearest import nearest
from carnet.formats.folding.query import Term, matches, query
from carnet.formats.folding.stem import stem
from carnet.formats.folding.words import Word, words

__all__ = [
    "Marked",
    "Piece",
    "Term",
    "Word",
    "fold",
    "highlight",
    "mark",
    "matches",
    "nearest",
    "query",
    "snippet",
    "stem",
    "words",
]
