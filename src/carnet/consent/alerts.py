"""What a médecin traitant is told: somebody broke the glass of one of their patients' records (R1111-48)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from carnet.consent.access import Refused, permit_quietly, permit_to_act, reading
from carnet.consent.facts import As
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, as_actor, open_record, rows, statements
from carnet.people import queries as people
from carnet.people.queries import Professional

_SQL = statements("carnet.consent", "alerts.sql")
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class EmergencyAlert:
    """Who opened whose record, which way, why, from when until when."""

    id: UUID
    record_id: UUID
    patient: str
    professional: Professional
    organisation: str
    mode: Purpose
    reason: str
    since: datetime
    until: datetime


def unseen(actor: Actor) -> list[EmergencyAlert]:
    """Newest first. Each record is opened for itself, and says so in its trail; of a person who is no longer one's
    patient nothing is told any more."""
    found: list[dict[str, Any]] = []
    for alert in _waiting(actor):
        with suppress(Refused):
            row = _told(actor, alert)
            found += [alert | row] if row else []
    known = people.professionals({row["professional_id"] for row in found})
    houses = people.organisation_names({row["organisation_id"] for row in found if row["organisation_id"]})
    return [_alert(row, known, houses) for row in found]


def waits(actor: Actor) -> bool:
    """Whether one of them waits for its reader. Nobody reads anything yet: no line is left."""
    permits = (permit_quietly(actor, Purpose.CARE, alert["record_id"]) for alert in _waiting(actor))
    return any(permit is not None and _attends(permit) for permit in permits)


def seen(actor: Actor, alert_id: UUID) -> None:
    """An alert of somebody else, or an invented one, is none. Raises `Refused`."""
    for alert in _waiting(actor):
        if alert["id"] == alert_id:
            permit = permit_to_act(actor, Purpose.CARE, alert["record_id"], action="alert-seen")
            if not _attends(permit):
                return
            trace = Trace("alert-seen", "emergency", alert["emergency_id"], hidden_from=alert["hidden_from"])
            with open_record(permit, trace=trace, using=WRITER) as cursor:
                cursor.execute(_SQL["see"], {"id": alert_id, "actor_id": actor.id})


def _waiting(actor: Actor) -> list[dict[str, Any]]:
    """Of alerts the row policy shows to each professional their own."""
    with as_actor(actor) as cursor:
        cursor.execute(_SQL["unseen"], {"actor_id": actor.id, "limit": _MOST})
        return rows(cursor)


def _told(actor: Actor, alert: dict[str, Any]) -> dict[str, Any] | None:
    trace = Trace("alert-read", "emergency", alert["emergency_id"], hidden_from=alert["hidden_from"])

    def read(permit: Permit) -> dict[str, Any] | None:
        if not _attends(permit):
            return None
        with open_record(permit, trace=trace) as cursor:
            cursor.execute(_SQL["told"], alert)
            return next(iter(rows(cursor)), None)

    return reading(actor, Purpose.CARE, alert["record_id"], read, action="alert-read")


def _attends(permit: Permit) -> bool:
    """Who was the médecin traitant keeps sight of their own documents, and is told of no emergency."""
    return permit.capacity == As.ATTENDING


def _alert(row: dict[str, Any], known: dict[UUID, Professional], houses: dict[UUID, str]) -> EmergencyAlert:
    return EmergencyAlert(
        id=row["id"],
        record_id=row["record_id"],
        patient=f"{row['given'].title()} {row['family']}",
        professional=known[row["professional_id"]],
        organisation=houses.get(row["organisation_id"], ""),
        mode=Purpose(row["mode"]),
        reason=row["reason"],
        since=row["since"],
        until=row["until"],
    )
