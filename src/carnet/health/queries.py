"""Reading the structured record: every function takes the actor and the purpose, and leaves its line in the trail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final
from uuid import UUID

import orjson

from carnet.consent.access import reading
from carnet.documents.queries import Asked, Position
from carnet.formats.clinical.model import Kind
from carnet.formats.fhir import entries as fhir
from carnet.health.columns import KINDS
from carnet.health.treatment_rules import LONGEST
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, hot, statements

_SQL = statements("carnet.health")

MOST: Final = 1000


@dataclass(frozen=True)
class Line:
    """A fact as the newest of its sources in the reader's sight states it; `sources`: the documents that do, newest
    first, or the one statement of who says it. `struck`: one of them said otherwise in a later version. `mine`: said or
    deposited by the reader. `since` and `until` as `health.models.Statement`."""

    fact: UUID
    kind: Kind
    question: UUID
    said_by: str
    series: str
    label: str
    since: datetime | None
    until: datetime | None
    state: str
    value: Decimal | None
    ucum: str
    comparator: str
    low: Decimal | None
    high: Decimal | None
    interpretation: str
    absence: bool
    fhir: str
    known_at: datetime
    struck: bool
    mine: bool
    sources: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """The FHIR text of a fact in UTF-8, and the documents that it is from."""

    fact: UUID
    text: bytes
    sources: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A document in sight: when it came, and its DocumentReference."""

    id: UUID
    received: datetime
    fhir: str


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search: the resources, the count of all that match, and where the next page continues."""

    entries: tuple[Resource, ...]
    total: int
    next: Position | None


def search(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    kinds: Sequence[Kind],
    asked: Asked,
    *,
    after: Position | None = None,
    limit: int = 50,
) -> Found:
    """Resources of the facts of some kinds; `limit` 0 counts only. What was corrected is there for who asks for
    `entered-in-error` or for the fact by its id."""
    find = partial(_search, kinds=kinds, asked=asked, after=after, limit=limit)
    return reading(actor, purpose, record_id, find, action="entries-search", target_kind="entries")


def _search(permit: Permit, *, kinds: Sequence[Kind], asked: Asked, after: Position | None, limit: int) -> Found:
    parameters = (
        "entries-search",
        ranks(kinds),
        list(asked.statuses) if asked.statuses is not None else None,
        list(asked.ids) if asked.ids is not None else None,
        orjson.dumps(asked.criteria).decode() if asked.criteria else None,
        list(asked.sort) if asked.sort else None,
        list(after.key) if after else None,
        after.id if after else None,
        limit + 1 if limit else 0,
    )
    found = hot(_SQL["search"], permit, parameters)[0]
    ids, struck = found["ids"] or (), set(found["struck"] or ())
    entries = tuple(
        Resource(fact, fhir.in_error(text) if fact in struck else text, tuple(map(UUID, sources.split())))
        for fact, text, sources in zip(ids[:limit], found["texts"] or (), found["sources"] or (), strict=False)
    )
    further = Position(_key(found["keys"][limit - 1]), ids[limit - 1]) if limit and len(ids) > limit else None
    return Found(entries, found["total"], further)


def sources(actor: Actor, purpose: Purpose, record_id: UUID, ids: Iterable[UUID]) -> dict[UUID, Source]:
    """Those of these documents that this reader may see now: after a search that named them, whose line stands."""
    asked = list(set(ids))
    if not asked:
        return {}
    read = partial(hot, _SQL["sources"], parameters=(asked,))
    found = reading(actor, purpose, record_id, lambda permit: read(permit=permit), action="entries-search")
    return {row["id"]: Source(**row) for row in found}


def sources_of_record(permit: Permit, ids: Iterable[UUID]) -> dict[UUID, Source]:
    """The same for a copy of the record."""
    return {row["id"]: Source(**row) for row in hot(_SQL["sources"], permit, (list(set(ids)),))}


def _key(text: str) -> tuple[Decimal, ...]:
    """Of an array of numbers, as PostgreSQL writes it."""
    return tuple(map(Decimal, text.strip("{}").split(",")))


def lines(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    kinds: Sequence[Kind] | None = None,
    series: Sequence[str] | None = None,
) -> tuple[Line, ...]:
    """For pages: newest first, those without a date last; every kind and every series when none is named."""
    read = partial(read_lines, kinds=kinds, series=series)
    return reading(actor, purpose, record_id, read, action="entries-list", target_kind="entries")


def read_lines(
    permit: Permit,
    *,
    kinds: Sequence[Kind] | None = None,
    series: Sequence[str] | None = None,
    stays: bool = False,
    beside: bool = False,
) -> tuple[Line, ...]:
    """`stays`: without visits that documents say to have been no stay. `beside`: a reading of the same act has left its
    line in the trail already."""
    asked = (
        None if beside else "entries-list",
        ranks(kinds) if kinds is not None else None,
        list(series) if series is not None else None,
        KINDS.index(Kind.ENCOUNTER) if stays else None,
    )
    return tuple(map(line, hot(_SQL["lines"], permit, asked)))


@dataclass(frozen=True, slots=True)
class Over:
    """Of treatments that are over by their dates alone: how many of each kind and name are read, and of which names."""

    each: int = 0
    labels: tuple[str, ...] | None = None


def read_treatments(permit: Permit, kinds: Sequence[Kind], over: Over) -> tuple[tuple[Line, ...], dict[UUID, int]]:
    """What may hold now, with the last ones of what is over; and how many more there are beside the oldest of those."""
    now = clock.now()
    lasting = {Kind.PRESCRIPTION: LONGEST["prescribed"], Kind.DISPENSATION: LONGEST["dispensed"]}
    asked = (
        "entries-list",
        ranks(kinds),
        ranks([*lasting]),
        [now - each for each in lasting.values()],
        now,
        over.each,
        None if over.labels is None else list(over.labels),
    )
    lines: list[Line] = []
    more: dict[UUID, int] = {}
    oldest: dict[tuple[int, str], tuple[UUID, int]] = {}
    for row in hot(_SQL["treatments"], permit, asked):
        is_over, many = row.pop("over"), row.pop("many")
        if is_over and many > over.each:
            oldest[row["kind"], row["label"]] = (row["fact"], many - over.each)
        lines.append(line(row))
    more.update(oldest.values())
    return tuple(lines), more


def ranks(kinds: Sequence[Kind]) -> list[int]:
    return [KINDS.index(each) for each in kinds]


def line(row: dict[str, Any]) -> Line:
    """The row itself becomes the line: to set a score of attributes one by one took a quarter of a page of results."""
    row["kind"], row["sources"] = KINDS[row["kind"]], tuple(row["sources"])
    made = object.__new__(Line)
    object.__setattr__(made, "__dict__", row)
    return made
