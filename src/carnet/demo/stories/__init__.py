"""The lives of the cast, told by their documents. Dates are fixed: the stories end in November 2026."""

from __future__ import annotations

from functools import cache

from carnet.demo.model import Document
from carnet.demo.stories import dominique, hugo, jean, lea, marc, nadia, paul


@cache
def documents() -> tuple[Document, ...]:
    """Every document of the cast, the oldest first: one that replaces another comes after it."""
    people = (dominique, jean, lea, hugo, paul, marc, nadia)
    written = [document for person in people for document in person.documents()]
    return tuple(sorted(written, key=lambda document: (document.at, document.key)))
