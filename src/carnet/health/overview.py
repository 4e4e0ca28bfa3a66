"""The record as a whole for software: everything, a summary, what is new. Every function takes the actor and the
purpose, and leaves its line in the trail."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Literal
from uuid import UUID

import orjson

from carnet.consent.access import reading
from carnet.consent.holders import permit_of_holder
from carnet.formats.clinical.model import Kind
from carnet.formats.fhir import entries as fhir
from carnet.health.columns import KINDS
from carnet.health.queries import Resource, ranks
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, hot, open_record, rows, statements

_SQL = statements("carnet.health")

MOST: Final = 1000
_PAGE: Final = 200
_FIRST: Final = UUID(int=0)
_VISIT: Final = KINDS.index(Kind.ENCOUNTER)

Change = Literal["new", "corrected", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of everything ends: among the documents (0) or the entries (1), and at which of them."""

    rank: int
    id: UUID


@dataclass(frozen=True, slots=True)
class Wanted:
    """`kinds` of entries; `since`: what came or changed from then on; `start` and `end`: of the act or the fact, to
    before the end."""

    documents: bool
    kinds: Collection[Kind]
    since: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """In the order of their places. `next` is where the following page begins, if there is one."""

    documents: tuple[bytes, ...]
    entries: tuple[Resource, ...]
    next: Place | None


def everything(
    actor: Actor, purpose: Purpose, record_id: UUID, wanted: Wanted, *, after: Place | None, limit: int
) -> Page:
    """For the holder and who represents them; raises `Refused` for everybody else."""
    permit = permit_of_holder(actor, purpose, record_id, action="everything-read")
    asked = (
        wanted.documents,
        ranks(tuple(wanted.kinds)),
        wanted.since,
        _period(wanted),
        after.rank if after else None,
        after.id if after else None,
        limit + 1,
    )
    found = hot(_SQL["everything"], permit, asked)
    page = found[:limit]
    return Page(
        documents=tuple(row["fhir"].encode() for row in page if not row["rank"]),
        entries=tuple(Resource(row["id"], row["fhir"].encode(), tuple(row["sources"])) for row in page if row["rank"]),
        next=Place(page[-1]["rank"], page[-1]["id"]) if len(found) > limit else None,
    )


def _period(wanted: Wanted) -> str | None:
    if wanted.start is None and wanted.end is None:
        return None
    bounds = (each.isoformat() if each else "" for each in (wanted.start, wanted.end))
    return f"[{','.join(bounds)})"


def summary(actor: Actor, purpose: Purpose, record_id: UUID, *, deposit: bool = False) -> tuple[bytes, ...]:
    """The facts that hold, as resources. What is made to be deposited is read by others: it tells only what documents
    say that are kept from nobody."""
    action = "summary-deposited" if deposit else "summary-read"
    read = partial(_summary, action=action, deposit=deposit)
    return reading(actor, purpose, record_id, read, action=action, target_kind="entries")


def _summary(permit: Permit, *, action: str, deposit: bool) -> tuple[bytes, ...]:
    found = hot(_SQL["summary"], permit, (action, deposit))
    return tuple(row["fhir"].encode() for row in found if row["kind"] != _VISIT or _is_stay(row["fhir"]))


def _is_stay(text: str) -> bool:
    """Of visits a summary tells the stays: whoever reads it has ten seconds."""
    return bool(orjson.loads(text)["class"].get("code") == "IMP")


@dataclass(frozen=True, slots=True)
class Changed:
    """A document or a fact as it is now; of what was withdrawn, its address alone is to be told, and so it is of what
    somebody's own words said before (`was`, b"" for what corrects none)."""

    change: Change
    at: datetime
    text: bytes
    was: bytes = b""


@dataclass(frozen=True, slots=True)
class News:
    """Newest first, `MOST` at most; the counts are of all. `since`: the instant asked, or the last visit; None for who
    was never here."""

    since: datetime | None
    added: int
    corrected: int
    withdrawn: int
    changes: tuple[Changed, ...]


def new_since(actor: Actor, purpose: Purpose, record_id: UUID, since: datetime | None) -> News:
    """Without `since`: what changed since this reader's last visit began, by what the trail says of them."""
    read = partial(_new_since, since=since)
    return reading(actor, purpose, record_id, read, action="new-since-read")


def _new_since(permit: Permit, *, since: datetime | None) -> News:
    found = hot(_SQL["new_since"], permit, (since, MOST))
    first = found[0]
    changes = tuple(_changed(row) for row in found if row["change"])
    return News(first["begun"], first["added"], first["corrected"], first["withdrawn"], changes)


def _changed(row: dict[str, Any]) -> Changed:
    text = row["fhir"].encode()
    if row["change"] == "amended":
        return Changed("corrected", row["at"], text, row["was"].encode())
    struck = row["change"] == "corrected" and not text.startswith(b'{"resourceType":"DocumentReference"')
    return Changed(row["change"], row["at"], fhir.in_error(text) if struck else text)


def last_visit(actor: Actor, purpose: Purpose, record_id: UUID) -> datetime | None:
    """When this reader began their last visit before this one; None for who was never here. The list that it is for
    leaves the line."""
    return reading(actor, purpose, record_id, _last_visit, action="documents-list", target_kind="documents")


def _last_visit(permit: Permit) -> datetime | None:
    with open_record(permit, trace=None) as cursor:
        cursor.execute(_SQL["last_visit"])
        found: datetime | None = rows(cursor)[0]["at"]
        return found


def of_record(permit: Permit, kinds: Collection[Kind]) -> Iterator[tuple[Resource, ...]]:
    """For a copy of the record, whose line stands in the trail: by pages, in the order of the ids."""
    after = _FIRST
    while page := _read(permit, kinds, after):
        yield tuple(_resource(row) for row in page)
        after = page[-1]["fact"]


def _read(permit: Permit, kinds: Collection[Kind], after: UUID) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {"record_id": permit.record_id, "kinds": ranks(tuple(kinds)), "after": after}
    with open_record(permit, trace=None) as cursor:
        cursor.execute(_SQL["of_record"], {**asked, "limit": _PAGE})
        return rows(cursor)


def _resource(row: dict[str, Any]) -> Resource:
    text = row["fhir"].encode()
    return Resource(row["fact"], fhir.in_error(text) if row["struck"] else text, tuple(row["sources"]))
