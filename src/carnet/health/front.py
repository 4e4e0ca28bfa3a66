"""What the home tells of the facts of a record: one reading, which leaves one line in its trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from carnet.consent.access import reading
from carnet.health import vaccinations
from carnet.health.history import Latest, read_latest
from carnet.health.vaccinations import Card
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit

__all__ = ["Front", "front"]


@dataclass(frozen=True, slots=True)
class Front:
    latest: Latest
    vaccines: Card


def front(actor: Actor, purpose: Purpose, record_id: UUID, today: date, *, since: datetime | None, most: int) -> Front:
    """`since` and `most` as `history.latest` has them."""

    def read(permit: Permit) -> Front:
        return Front(read_latest(permit, since=since, most=most), vaccinations.outlook(permit, today))

    return reading(actor, purpose, record_id, read, action="entries-list", target_kind="entries")
