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
        with open_record(permit, trace=Trace("trail-read", "trail")) as cursor:
            cursor.execute(
                _SQL["trail"],
                {
                    "record_id": record_id,
                    "reader": actor.id,
                    "others": others,
                    "before_at": before[0] if before else None,
                    "before_id": before[1] if before else None,
                    "limit": limit,
                },
            )
            return rows(cursor)

    return named(reading(actor, purpose, record_id, read, action="trail-read", target_kind="trail"))
