"""Single things that the holder, or who represents them, does not want done with their record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from carnet.consent.access import Refused, permit_to_act
from carnet.consent.rules import As, Reason, Refusal
from carnet.health import reading as health
from carnet.kernel import audit, jobs
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, open_record
from carnet.records import opting
from carnet.records.rules import OptOut


def chosen(actor: Actor, purpose: Purpose, record_id: UUID) -> dict[OptOut, datetime]:
    """What is not wanted, since when. Raises `Refused`."""
    permit = _holders(actor, purpose, record_id, "uses-read")
    with open_record(permit, trace=Trace("uses-read")) as cursor:
        return opting.opted_out(cursor, record_id)


def choose(actor: Actor, purpose: Purpose, *, record_id: UUID, unwanted: Collection[OptOut]) -> None:
    """Raises `Refused`."""
    permit = _holders(actor, purpose, record_id, "uses-chosen")
    detail = " ".join(sorted(unwanted))
    with open_record(permit, trace=Trace("uses-chosen", detail=detail), using=WRITER) as cursor:
        opting.choose(cursor, record_id, unwanted)
        # What was read of documents goes or comes back with the choice.
        jobs.enqueue(health.TASK, {"record_id": record_id}, key=str(record_id))


def _holders(actor: Actor, purpose: Purpose, record_id: UUID, action: str) -> Permit:
    permit = permit_to_act(actor, purpose, record_id, action=action)
    if permit.capacity not in {As.HOLDER, As.REPRESENTATIVE}:
        reason = Reason.NOT_YOURS.value
        audit.refused(actor, purpose, record_id=record_id, action=action, reason=reason, hidden_from=permit.quiet)
        raise Refused(Refusal(Reason.NOT_YOURS), actor)
    return permit
