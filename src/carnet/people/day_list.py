"""The patients that a professional lays out for the day: whose record, since when, and whether they are done with. It
holds ids alone, is one's own, and is gone at midnight: nothing of a past day is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from django.db import transaction

from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.db import READER, WRITER, query, statements

MOST: Final = 100
_SQL = statements("carnet.people", "day_list.sql")
_PARIS: Final = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Entry:
    record_id: UUID
    at: datetime
    done: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A record that they opened, by the trail, and when they last did."""

    record_id: UUID
    at: datetime


def of(actor: Actor) -> list[Entry]:
    """Today's, in the order in which they were laid out."""
    return _entries(query(READER, _SQL["of"], {"actor_id": actor.id, "day": _today()}))


def holds(actor: Actor, record_id: UUID) -> bool:
    return any(entry.record_id == record_id for entry in of(actor))


def add(actor: Actor, record_id: UUID) -> None:
    """At the end; one that is there already stays where it is."""

    def added(entries: list[Entry]) -> list[Entry]:
        if any(entry.record_id == record_id for entry in entries):
            return entries
        return [*entries, Entry(record_id, clock.now(), done=False)][-MOST:]

    _change(actor, added)


def tick(actor: Actor, record_id: UUID, *, done: bool) -> None:
    """Done with, or not after all; one that was opened today without having been laid out is laid out by it."""

    def ticked(entries: list[Entry]) -> list[Entry]:
        known = any(entry.record_id == record_id for entry in entries)
        there = entries if known else [*entries, Entry(record_id, clock.now(), done=done)][-MOST:]
        return [Entry(each.record_id, each.at, done if each.record_id == record_id else each.done) for each in there]

    _change(actor, ticked)


def take_out(actor: Actor, record_id: UUID) -> None:
    _change(actor, lambda entries: [entry for entry in entries if entry.record_id != record_id])


def opened(actor: Actor, since: datetime, *, most: int) -> list[Opened]:
    """The records that they opened on their page since then, the latest first: by the trail, of nobody's lines but
    their own. What they may do there now is not said."""
    return [
        Opened(**row) for row in query(READER, _SQL["opened"], {"actor_id": actor.id, "since": since, "most": most})
    ]


def midnight() -> datetime:
    """When today began."""
    return clock.now().astimezone(_PARIS).replace(hour=0, minute=0, second=0, microsecond=0)


def purge() -> None:
    query(WRITER, _SQL["purge"], {"day": _today()})


def _change(actor: Actor, change: Any) -> None:
    asked = {"actor_id": actor.id, "day": _today()}
    with transaction.atomic(using=WRITER):
        query(WRITER, _SQL["begin"], asked)
        entries = change(_entries(query(WRITER, _SQL["hold"], asked)))
        told = [{"record": str(each.record_id), "at": each.at.isoformat(), "done": each.done} for each in entries]
        query(WRITER, _SQL["keep"], {**asked, "entries": orjson.dumps(told).decode()})


def _today() -> Any:
    return midnight().date()


def _entries(found: list[dict[str, Any]]) -> list[Entry]:
    told = found[0]["entries"] if found else []
    items = orjson.loads(told) if isinstance(told, str) else told
    return [Entry(UUID(each["record"]), datetime.fromisoformat(each["at"]), each["done"]) for each in items]
