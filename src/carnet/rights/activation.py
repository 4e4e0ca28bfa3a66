"""A record that waits for its holder: the screens of its activation, left and resumed where they were left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from carnet.consent.access import permit_for_life
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER, Trace, open_record, statements
from carnet.kernel.db.record import rows
from carnet.records import life
from carnet.records.life import ACTIONS, NotDone
from carnet.records.queries import existence
from carnet.records.rules import Act, Identity, RecordState, Who

SCREENS: Final = 4
"""Those that ask something; a fifth says that it is done."""

_SQL = statements("carnet.records")


@dataclass(frozen=True, slots=True)
class Waiting:
    """`done`: how many screens have been answered."""

    identity: Identity
    done: int


def waiting(actor: Actor, record_id: UUID) -> Waiting | None:
    """None when the record is open already, or may not be opened. Raises `Refused` for who is not its holder."""
    permit = permit_for_life(actor, record_id, action="life-read")
    with open_record(permit, trace=Trace("life-read")) as cursor:
        cursor.execute(_SQL["welcomed"], {"record_id": record_id})
        found = rows(cursor)
    if not found or found[0]["state"] != RecordState.UNOPENED:
        return None
    holder = existence(actor, record_id)
    return Waiting(holder.identity, found[0]["welcome_step"]) if holder else None


def answered(actor: Actor, record_id: UUID, screen: int) -> None:
    """The first `screen` of them are behind the holder. Raises `Refused`."""
    permit = permit_for_life(actor, record_id, action="life-read")
    with open_record(permit, trace=Trace("life-read"), using=WRITER) as cursor:
        cursor.execute(_SQL["welcome"], {"record_id": record_id, "step": min(screen, SCREENS)})


def finish(actor: Actor, record_id: UUID) -> bool:
    """The record is active. False when it was already, or may not be. Raises `Refused`."""
    permit = permit_for_life(actor, record_id, action=ACTIONS[Act.ACTIVATE])
    try:
        with open_record(permit, trace=Trace(ACTIONS[Act.ACTIVATE]), using=WRITER) as cursor:
            life.take(cursor, record_id, Act.ACTIVATE, Who.HOLDER)
    except NotDone:
        return False
    return True
