"""Search among facts: by what they are called, by their codes, by the names of analytes and medicines."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final
from uuid import UUID

from carnet.consent.access import reading
from carnet.documents import mending
from carnet.documents.searching import clauses, completed
from carnet.formats import folding
from carnet.formats.clinical.model import Kind
from carnet.formats.folding import Term
from carnet.health.columns import KINDS
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, hot, statements

_SQL = statements("carnet.health", "told.sql")
_ACTION: Final = "entries-list"

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """The newest of the facts of one kind that are called alike; `times`: how many of them were found."""

    id: UUID
    kind: Kind
    series: str
    label: str
    since: datetime | None
    until: datetime | None
    struck: bool
    sources: tuple[UUID, ...]
    said_by: str
    value: Decimal | None
    comparator: str
    low: Decimal | None
    high: Decimal | None
    interpretation: str
    fhir: str
    times: int


@dataclass(frozen=True, slots=True)
class Found:
    """`terms` as those of `documents.searching.Hits`. `total`: of facts, not of hits. `suggestion`: what may have been
    meant, when nothing was found."""

    terms: tuple[Term, ...] = ()
    hits: tuple[Hit, ...] = ()
    total: int = 0
    suggestion: str = ""


def find(actor: Actor, purpose: Purpose, record_id: UUID, text: str, *, limit: int = MOST, mends: bool = True) -> Found:
    """Facts that have every word of `text`, else words that begin so, in one of their sources in sight, newest first.
    A text without a word asks nothing, and leaves no line in the trail. `mends`: what may have been meant is asked for,
    which takes another search, when nothing was found."""
    terms = folding.query(text)
    if not terms:
        return Found()
    read = partial(_find, terms=terms, text=text, limit=limit, mends=mends)
    return reading(actor, purpose, record_id, read, action=_ACTION, target_kind="entries")


def _find(permit: Permit, *, terms: tuple[Term, ...], text: str, limit: int, mends: bool) -> Found:
    found = _asked(permit, _ACTION, terms, limit)
    if not found[0]["words"]:
        return _hits(found, terms)
    lines = found[0]["words"].split("\n")
    begun = mending.begun(terms, lines)
    if begun and not (going_on := _asked(permit, None, terms, limit, begun))[0]["words"]:
        return _hits(going_on, completed(terms, begun))
    return Found(terms, suggestion=_suggestion(permit, text, terms, lines) if mends else "")


def _hits(found: Sequence[Mapping[str, Any]], terms: tuple[Term, ...]) -> Found:
    return Found(terms, tuple(_hit(row) for row in found if row["fact"]), found[0]["total"])


def _asked(
    permit: Permit, action: str | None, terms: Sequence[Term], limit: int, begun: Collection[Term] = ()
) -> list[dict[str, Any]]:
    return hot(_SQL["find"], permit, (action, *clauses(terms, begun), limit))


def _suggestion(permit: Permit, text: str, terms: Sequence[Term], lines: Sequence[str]) -> str:
    """In the words of the newest fact that it leads to, where it has them."""
    mended = mending.mend(terms, lines)
    if not mended:
        return ""
    meant = [Term(mended[term], (mended[term],)) if term in mended else term for term in terms]
    labels = [row["label"] for row in _asked(permit, None, meant, 1) if row["fact"]]
    return mending.reworded(text, mended, labels) if labels else ""


def _hit(row: Mapping[str, Any]) -> Hit:
    return Hit(
        id=row["fact"],
        kind=KINDS[row["kind"]],
        series=row["series"],
        label=row["label"],
        since=row["since"],
        until=row["until"],
        struck=row["struck"],
        sources=tuple(row["sources"]),
        said_by=row["said_by"],
        value=row["value"],
        comparator=row["comparator"],
        low=row["low"],
        high=row["high"],
        interpretation=row["interpretation"],
        fhir=row["fhir"],
        times=row["times"],
    )
