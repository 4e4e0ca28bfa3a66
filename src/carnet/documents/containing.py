"""Which documents hold the words that a program asks for: those that the pages' search would find by them, in the same
sight, whatever their status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from carnet.formats.fhir.search import Words
from carnet.formats.folding import Term
from carnet.kernel.db import Permit, hot, statements

_SQL = statements("carnet.documents", "text.sql")


def ids(permit: Permit, asked: Sequence[Words], among: Sequence[UUID] | None) -> list[UUID] | None:
    """`among` itself where no word is asked for. The line in the trail is that of the search which follows."""
    if not asked:
        return list(among) if among is not None else None
    groups = [{"heading": each.heading, "among": [_clauses(terms) for terms in each.among]} for each in asked]
    found: list[UUID] = hot(_SQL["containing"], permit, (orjson.dumps(groups).decode(),))[0]["ids"] or []
    return found if among is None else [each for each in found if each in set(among)]


def _clauses(terms: Sequence[Term]) -> list[list[Any]]:
    """The words joined, or each of its parts, as `searching.clauses`."""
    pairs = [(term.joined, part) for term in terms for part in term.parts]
    return [[f" {joined} ", f" {part} " if part != joined else None] for joined, part in pairs]
