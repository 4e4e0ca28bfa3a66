"""The trail as people read it: the lines of one record, with names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from carnet.consent.access import reading
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, Trace, open_record, rows, statements
from carnet.people import queries as people

_SQL = statements("carnet.consent")


@dataclass(frozen=True, slots=True)
class TrailLine:
    id: UUID
    at: datetime
    actor_id: UUID
    actor_name: str
    actor_kind: str
    organisation_name: str
    purpose: str
    capacity: str
    door: str
    action: str
    outcome: str
    target_kind: str
    target_id: UUID | None
    detail: str


Position = tuple[datetime, UUID]
"""Where a line stands: its instant and its id."""


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

    Lines that tell of what is hidden from this reader stay hidden; what names a document is shown by the face only
    if the document itself may be seen."""

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


def named(found: list[dict[str, Any]]) -> list[TrailLine]:
    """Puts the names of today to the ids of the lines."""
    actors = people.names({row["actor_id"] for row in found})
    organisations = people.organisation_names({row["organisation_id"] for row in found if row["organisation_id"]})
    return [
        TrailLine(
            actor_name=actors.get(row["actor_id"], "Carnet"),
            organisation_name=organisations.get(row.pop("organisation_id"), ""),
            **row,
        )
        for row in found
    ]
