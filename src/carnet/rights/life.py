"""What the holder decides about their whole record: closing it, opening it again, having it erased, saying no to one
that is to come, having one after all. Whatever its state, this much of it stays theirs. Who represents a minor closes
it and opens it again, and both are told; erasing, which cannot be undone, is for the person alone."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from carnet.consent.access import permit_for_life
from carnet.kernel import happened
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Trace, open_record
from carnet.kernel.happened import Happened
from carnet.records import life
from carnet.records.life import ACTIONS, NotDone, Receipt, Standing
from carnet.records.rules import Act, Fault, Who

ERASING: Final = "erasing"
"""Told to the holder whatever they chose (`happened.tell`): what cannot be undone may have been asked for by somebody
else."""
ACTS: Final = {
    Purpose.SELF: frozenset(
        {Act.OPPOSE, Act.CREATE, Act.CLOSE, Act.REOPEN, Act.ASK_ERASING, Act.WITHDRAW_ERASING},
    ),
    Purpose.REPRESENTATIVE: frozenset({Act.CLOSE, Act.REOPEN}),
}


def who(purpose: Purpose) -> Who:
    return Who.PARENT if purpose is Purpose.REPRESENTATIVE else Who.HOLDER


def standing(actor: Actor, record_id: UUID, *, purpose: Purpose = Purpose.SELF) -> Standing:
    """Raises `Refused`, and `NotDone` where nothing is left."""
    permit = permit_for_life(actor, record_id, purpose=purpose, action="life-read")
    with open_record(permit, trace=Trace("life-read")) as cursor:
        found = life.standing(cursor, record_id)
    if found is None:
        raise NotDone(Fault.NOT_NOW)
    return found


def act(actor: Actor, *, record_id: UUID, act: Act, purpose: Purpose = Purpose.SELF) -> Receipt:
    """Raises `Refused`, `NotDone`."""
    if act not in ACTS.get(purpose, frozenset()):
        raise NotDone(Fault.NOT_YOURS)
    permit = permit_for_life(actor, record_id, purpose=purpose, action=ACTIONS[act])
    told = Happened("rights", record_id, actor.id)
    with open_record(permit, trace=Trace(ACTIONS[act]), using=WRITER) as cursor:
        if act is Act.CLOSE:
            happened.tell(told)  # of a closed record nobody is told any more
        receipt = life.take(cursor, record_id, act, who(purpose))
        if act is Act.REOPEN:
            happened.tell(told)
        if act is Act.ASK_ERASING:
            happened.tell(Happened(ERASING, record_id, actor.id))
    return receipt
