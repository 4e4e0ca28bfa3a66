"""Subscriptions, as those who asked for them see them: each their own, through the same software."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.apps.rules import State, Topic
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Stale, as_actor, rows, statements

_SQL = statements("carnet.apps")


@dataclass(frozen=True, slots=True)
class Subscribed:
    """See `carnet.apps.models.Subscription`."""

    record_id: UUID
    id: UUID
    actor_id: UUID
    client_id: UUID
    organisation_id: UUID | None
    grant_id: UUID | None
    purpose: Purpose
    topic: Topic
    endpoint: str
    content: str
    reason: str
    heartbeat: int
    most: int
    state: State
    fault: str
    version: int
    made_at: datetime
    changed_at: datetime
    until: datetime
    sent: int
    failures: int
    retry_at: datetime | None
    told_at: datetime | None

    @property
    def status(self) -> State:
        """It ends by itself."""
        return State.OFF if self.until <= clock.now() else self.state


@dataclass(frozen=True, slots=True)
class Listed:
    """A page, the count of all, and the id after which the next page begins."""

    found: tuple[Subscribed, ...]
    total: int
    next: UUID | None


_FIELDS = tuple(each.name for each in fields(Subscribed))


def of_row(row: dict[str, Any]) -> Subscribed:
    kept = {name: row[name] for name in _FIELDS}
    kinds = {"purpose": Purpose(row["purpose"]), "topic": Topic(row["topic"]), "state": State(row["state"])}
    return Subscribed(**kept | kinds)


def client_of(actor: Actor, client_id: UUID | None) -> UUID | None:
    """The software through which this actor comes: itself, or the one that acts for them."""
    return actor.app or client_id


@contextmanager
def _as_now(actor: Actor) -> Iterator[CursorWrapper]:
    """Raises `Stale` where a token of theirs, or what gave it, has ended since they were looked up."""
    with as_actor(actor) as cursor:
        cursor.execute(_SQL["epoch"], {"id": actor.id})
        if [row["epoch"] for row in rows(cursor)] != [actor.epoch]:
            raise Stale
        yield cursor


def own(
    actor: Actor,
    client_id: UUID,
    *,
    states: Sequence[str] | None = None,
    topics: Sequence[str] | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Listed:
    asked: dict[str, Any] = {
        "actor_id": actor.id,
        "client_id": client_id,
        "states": list(states) if states is not None else None,
        "topics": list(topics) if topics is not None else None,
        # One who was let in for one patient follows, here, nobody else.
        "record_id": actor.only,
    }
    with _as_now(actor) as cursor:
        cursor.execute(_SQL["how_many"], asked)
        total = rows(cursor)[0]["asked"]
        cursor.execute(_SQL["own"], asked | {"id": None, "after": after, "limit": limit + 1})
        found = [of_row(row) for row in rows(cursor)]
    return Listed(tuple(found[:limit]), total, found[limit - 1].id if limit and len(found) > limit else None)


def one(actor: Actor, client_id: UUID, record_id: UUID, subscription_id: UUID) -> Subscribed | None:
    """None for unknown and another's alike, and for what is of somebody else than the one patient of a token."""
    if actor.confined_from(record_id):
        return None
    nothing: dict[str, Any] = {"states": None, "topics": None, "after": None, "limit": 1}
    asked = {"actor_id": actor.id, "client_id": client_id, "record_id": record_id, "id": subscription_id}
    with _as_now(actor) as cursor:
        cursor.execute(_SQL["own"], asked | nothing)
        found = rows(cursor)
    return of_row(found[0]) if found else None


def how_many(actor: Actor, client_id: UUID, record_id: UUID) -> tuple[int, int]:
    """Those that stand: in this record, and in all."""
    asked = {"actor_id": actor.id, "client_id": client_id, "record_id": record_id, "states": None, "topics": None}
    with as_actor(actor) as cursor:
        cursor.execute(_SQL["how_many"], asked)
        found = rows(cursor)[0]
    return found["here"], found["standing"]
