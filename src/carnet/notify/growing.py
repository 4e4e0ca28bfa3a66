"""A child grows up: who follows the record is told some months before that the young person will be alone in charge,
and on the day itself. When that is, the birth date says, each time anew: it may have been corrected meanwhile."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from carnet.kernel import clock, jobs
from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import rows, statements, steward
from carnet.kernel.happened import Happened
from carnet.notify.rules import Kind
from carnet.notify.telling import tell_person
from carnet.people.actions import REPRESENTED
from carnet.records.ages import AGES
from carnet.records.rules import Handover, earliest_birth, handover, majority

_SQL = statements("carnet.notify")
TELL: Final = "notify.growing"
_FRANCE: Final = ZoneInfo("Europe/Paris")
_KINDS: Final = {Handover.SOON: Kind.GROWING, Handover.DONE: Kind.GROWN}


def follow(fact: Happened) -> None:
    """From the day on which somebody represents a child."""
    if fact.kind == REPRESENTED:
        jobs.enqueue(TELL, {"record_id": fact.record_id}, key=str(fact.record_id))


def tell(record_id: UUID) -> None:
    """What is due today, and the day on which to look again."""
    with steward(SYSTEM, record_id, trace=None) as cursor:
        cursor.execute(_SQL["growing"], {"record_id": record_id})
        found = rows(cursor)
        if not found or not found[0]["parents"]:
            return
        birth, today = earliest_birth(found[0]["birth"]), clock.now().astimezone(_FRANCE).date()
        kind = _KINDS.get(handover(birth, today))
        if kind:
            values = {"record_id": record_id, "kind": kind.value}
            cursor.execute(_SQL["told_already"], values)
            told = {row["person_id"] for row in rows(cursor)}
            for person_id in _people(found[0]) - told:
                tell_person(person_id, record_id, kind)
        ahead = _next(birth, today)
        if ahead:
            jobs.enqueue(TELL, {"record_id": record_id}, key=str(record_id), run_at=ahead)


def _people(row: dict[str, Any]) -> set[UUID]:
    return {person_id for person_id in (row["holder_id"], *row["parents"]) if person_id}


def _next(birth: date, today: date) -> datetime | None:
    grown = majority(birth)
    days = (grown - timedelta(days=AGES.days_before), grown)
    return next((datetime.combine(day, time(), _FRANCE) for day in days if day > today), None)
