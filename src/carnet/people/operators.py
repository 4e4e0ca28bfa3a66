"""What the support does, and who looks after it: each act leaves a line, and operators read each other's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carnet.kernel import audit
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import READER, query, statements
from carnet.people.queries import operator_role

_SQL = statements("carnet.people", "support.sql")

Position = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Line:
    """Which kind of act on which kind of thing: neither in whose record nor why."""

    id: UUID
    at: datetime
    actor_id: UUID
    name: str | None
    action: str
    outcome: str
    target_kind: str


def support_only(actor: Actor) -> None:
    if actor.kind is not ActorKind.OPERATOR or operator_role(actor.id) != "support":
        raise PermissionError("Only the support does this.")


def note(
    actor: Actor, action: str, target_kind: str = "account", target_id: UUID | None = None, detail: str = ""
) -> None:
    audit.done(
        actor,
        Purpose.SUPPORT,
        record_id=None,
        capacity="account",
        action=action,
        target_kind=target_kind,
        target_id=target_id,
        detail=detail,
    )


def lines(actor: Actor, *, limit: int = 100, before: Position | None = None) -> list[Line]:
    """Newest first, of all operators. To have read them is a line too."""
    support_only(actor)
    before_at, before_id = before or (None, None)
    found = query(READER, _SQL["operators_did"], {"before_at": before_at, "before_id": before_id, "limit": limit})
    note(actor, "operators-read", "trail")
    return [Line(**row) for row in found]
