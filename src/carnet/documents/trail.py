"""Who did what in a record, for those who may read its trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from carnet.consent import homes
from carnet.consent.access import reading
from carnet.consent.trail import Position, TrailLine, named
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import Permit, Trace, open_record, rows, statements
from carnet.people import queries as people

_SQL = statements("carnet.documents")
_AHEAD = 60
"""How far beyond a page is read at first for the end of the visits in it: a few at a time are under way."""
_FARTHEST = 2000
"""The lines of the longest page. Where visits run on beyond it, as of software that deposits all day, it ends there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines: everybody's, only what others did (`others` true), or only the reader's own (false); of one actor;
    of some kinds of actors, or of act; done or refused; from `since` on, before `until`."""

    others: bool | None = None
    actor_id: UUID | None = None
    kinds: list[str] | None = None
    actions: list[str] | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def lines(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    *,
    asked: Asked = Asked(),
    limit: int = 100,
    before: Position | None = None,
) -> list[TrailLine]:
    """Newest first.

    Neither count, page nor position tells of a line that this reader may not be told."""

    def read(permit: Permit) -> list[dict[str, Any]]:
        return _lines(permit, Trace("trail-read", "trail"), asked, limit=limit, before=before)

    return named(reading(actor, purpose, record_id, read, action="trail-read", target_kind="trail"))


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line is counted by."""

    at: datetime
    action: str
    outcome: str


def marks(
    actor: Actor, purpose: Purpose, record_id: UUID, *, since: datetime | None = None, until: datetime | None = None
) -> list[Mark]:
    """Of all the lines that this reader may be told, in no order."""

    def read(permit: Permit) -> list[Mark]:
        with open_record(permit, trace=Trace("trail-read", "trail")) as cursor:
            cursor.execute(_SQL["trail_marks"], {"record_id": record_id, "since": since, "until": until})
            return [Mark(*row) for row in cursor.fetchall()]

    return reading(actor, purpose, record_id, read, action="trail-read", target_kind="trail")


Ends = Callable[[list[TrailLine], bool], int | None]
"""Where a page may end within the lines read: after so many of them, None for nowhere yet. Told too: whether there are
lines beyond."""


def page(
    actor: Actor, purpose: Purpose, record_id: UUID, *, asked: Asked, ends: Ends, least: int, before: Position | None
) -> tuple[list[TrailLine], bool]:
    """`least` lines or some more, newest first, so that the page ends where `ends` says; and whether there are more."""

    def read(permit: Permit) -> tuple[list[TrailLine], bool]:
        trace: Trace | None = Trace("trail-read", "trail")
        for limit in (least + _AHEAD, _FARTHEST):
            # Without a second line: it is one reading.
            rows, trace = _lines(permit, trace, asked, limit=limit + 1, before=before), None
            found, more = named(rows[:limit]), len(rows) > limit
            end = ends(found, more)
            if end is not None:
                return found[:end], more or end < len(found)
        return found, more

    return reading(actor, purpose, record_id, read, action="trail-read", target_kind="trail")


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody of whom the trail tells: when last, how often, and how often they were refused."""

    id: UUID
    name: str
    kind: ActorKind
    at: datetime
    times: int
    refused: int


def met(actor: Actor, purpose: Purpose, record_id: UUID, *, limit: int = 200) -> list[Met]:
    """The people of the trail but for the reader, who came last first, by the lines that this reader is told."""

    def read(permit: Permit) -> list[dict[str, Any]]:
        with open_record(permit, trace=Trace("trail-read", "trail")) as cursor:
            cursor.execute(_SQL["trail_people"], {"record_id": record_id, "reader": permit.actor.id, "limit": limit})
            return rows(cursor)

    found = reading(actor, purpose, record_id, read, action="trail-read", target_kind="trail")
    names = people.names(row["actor_id"] for row in found)
    return [
        Met(
            id=row["actor_id"],
            name=names.get(row["actor_id"], "Carnet"),
            kind=ActorKind(row["actor_kind"]),
            at=row["at"],
            times=row["times"],
            refused=row["refused"],
        )
        for row in found
    ]


def told(permit: Permit, *, limit: int, before: Position | None = None) -> list[TrailLine]:
    """Everybody's, as part of an act that has its own line."""
    return named(_lines(permit, None, Asked(), limit=limit, before=before))


def _lines(
    permit: Permit, trace: Trace | None, asked: Asked, *, limit: int, before: Position | None
) -> list[dict[str, Any]]:
    with open_record(permit, trace=trace) as cursor:
        cursor.execute(_SQL["newest_first"])
        cursor.execute(
            _SQL["trail"],
            {
                "record_id": permit.record_id,
                "reader": permit.actor.id,
                "others": asked.others,
                "actor_id": asked.actor_id,
                "kinds": asked.kinds,
                "actions": asked.actions,
                "outcome": asked.outcome,
                "since": asked.since,
                "until": asked.until,
                "before_at": before[0] if before else None,
                "before_id": before[1] if before else None,
                "limit": limit,
            },
        )
        found = homes.without_places(rows(cursor), homes.of_reader(cursor, permit))
        # Who asks for one house's software alone would learn by the answer where a line was made.
        return [row for row in found if asked.actor_id in {None, row["actor_id"]}]
