"""What the holder decides about their whole record: closing it, opening it again, having it erased, having one after
all. Whatever its state, this much of it stays theirs."""

from __future__ import annotations

from uuid import UUID

from carnet.consent.access import permit_for_life
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER, Trace, open_record
from carnet.records import life
from carnet.records.life import ACTIONS, NotDone, Receipt, Standing
from carnet.records.rules import Act, Fault, Who

HOLDERS = frozenset({Act.CLOSE, Act.REOPEN, Act.ASK_ERASING, Act.WITHDRAW_ERASING, Act.CREATE})


def standing(actor: Actor, record_id: UUID) -> Standing:
    """Raises `Refused`, and `NotDone` where nothing is left."""
    permit = permit_for_life(actor, record_id, action="life-read")
    with open_record(permit, trace=Trace("life-read")) as cursor:
        found = life.standing(cursor, record_id)
    if found is None:
        raise NotDone(Fault.NOT_NOW)
    return found


def act(actor: Actor, *, record_id: UUID, act: Act) -> Receipt:
    """Raises `Refused`, `NotDone`."""
    if act not in HOLDERS:
        raise NotDone(Fault.NOT_YOURS)
    permit = permit_for_life(actor, record_id, action=ACTIONS[act])
    with open_record(permit, trace=Trace(ACTIONS[act]), using=WRITER) as cursor:
        return life.take(cursor, record_id, act, Who.HOLDER)
