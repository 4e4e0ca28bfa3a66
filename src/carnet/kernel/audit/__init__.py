"""Adding to the trail. Lines of what was done are written by the operation itself, in its transaction;
a refused attempt in one of its own, so that no rollback erases it."""

from __future__ import annotations

from uuid import UUID

from django.db import connections

from carnet.kernel import context
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db.record import READER

_WRITE = "select trail.write(" + ", ".join(["%s"] * 14) + ")"


def refused(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID | None,
    action: str,
    reason: str,
    target_kind: str = "record",
    target_id: UUID | None = None,
    hidden_from: int = 0,
) -> None:
    """A refused attempt, in a transaction of its own. Without a record (the target does not exist) the line is
    the security log's, and costs the same. `hidden_from` carries label bits."""
    _write(actor, purpose, record_id, "none", action, "refused", target_kind, target_id, reason, hidden_from)


def done(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID | None,
    capacity: str,
    action: str,
    target_kind: str = "record",
    target_id: UUID | None = None,
    detail: str = "",
    hidden_from: int = 0,
) -> None:
    """An act that needs no grant in the record (an existence test, an operator's look at the trail)."""
    _write(actor, purpose, record_id, capacity, action, "done", target_kind, target_id, detail, hidden_from)


def _write(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID | None,
    capacity: str,
    action: str,
    outcome: str,
    target_kind: str,
    target_id: UUID | None,
    detail: str,
    hidden_from: int = 0,
) -> None:
    here = context.current()
    with connections[READER].cursor() as cursor:
        cursor.execute(
            _WRITE,
            (
                record_id,
                actor.kind.value,
                actor.id,
                actor.organisation,
                purpose.value,
                capacity,
                here.door,
                action,
                outcome,
                target_kind,
                target_id,
                detail,
                hidden_from,
                here.request_id,
            ),
        )
