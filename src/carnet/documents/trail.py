"""Who did what in a record, for those who may read its trail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from carnet.consent.access import reading
from carnet.consent.trail import Position, TrailLine, named
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, Trace, open_record, rows, statements

_SQL = statements("carnet.documents")


def lines(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    *,
    others: bool | None = None,
    limit: int = 100,
    before: Position | None = None,
) -> list[TrailLine]:
    """Newest first: everybody's, only what others did, or only the reader's own.

    Neither count, page nor position tells of a line that this reader may not be told."""

    def read(permit: Permit) -> list[dict[str, Any]]:
        return _lines(permit, Trace("trail-read", "trail"), others=others, limit=limit, before=before)

    return named(reading(actor, purpose, record_id, read, action="trail-read", target_kind="trail"))


def told(permit: Permit, *, limit: int, before: Position | None = None) -> list[TrailLine]:
    """Everybody's, as part of an act that has its own line."""
    return named(_lines(permit, None, others=None, limit=limit, before=before))


def _lines(
    permit: Permit, trace: Trace | None, *, others: bool | None, limit: int, before: Position | None
) -> list[dict[str, Any]]:
    with open_record(permit, trace=trace) as cursor:
        cursor.execute(
            _SQL["trail"],
            {
                "record_id": permit.record_id,
                "reader": permit.actor.id,
                "others": others,
                "before_at": before[0] if before else None,
                "before_id": before[1] if before else None,
                "limit": limit,
            },
        )
        return rows(cursor)
