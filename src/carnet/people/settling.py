"""Until when an account waits into which somebody came by a code (`rules.settles_at`), whichever face asks."""

from __future__ import annotations

from datetime import datetime

from carnet.kernel import clock
from carnet.kernel.actor import Actor, ActorKind
from carnet.people.queries import record_of
from carnet.people.rules import Way, settles_at
from carnet.records import entering


def until(actor: Actor, *, way: Way | None = None, made_at: datetime | None = None) -> datetime | None:
    """None for who waits for nothing. `way` and `made_at`, as far as they are known: who says nothing of how they came
    waits."""
    record_id = record_of(actor) if actor.kind is ActorKind.PERSON else None
    came_in_at = entering.used_at(record_id) if record_id else None
    return settles_at(came_in_at, clock.now(), way=way, made_at=made_at)
