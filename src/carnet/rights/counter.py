"""What an operator of the support records about a life: at a counter with the person, or with a proof in hand. Found by a
whole INS; no list; nothing of what the record holds."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from carnet.formats.ins import OIDS, InsError, key, parse
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Trace, locator, steward
from carnet.kernel.db.constraints import violations
from carnet.kernel.ids import uuid7
from carnet.people.operators import support_only
from carnet.records import life
from carnet.records.life import ACTIONS, NotDone, Receipt, Standing
from carnet.records.models import Record
from carnet.records.queries import ins_key, record_of_ins
from carnet.records.rules import Act, Fault, Identity, RecordState, Traits, Who

_LOOKED_UP: Final = "life-looked-up"
_WHOLE: Final = 15


class Ground(StrEnum):
    """Fixed words, so that nothing about anybody's health is written there."""

    ASKED = "asked"
    IDENTITY = "identity"
    MISUSE = "misuse"
    FAULT = "fault"
    SETTLED = "settled"
    CERTIFICATE = "certificate"
    REGISTER = "register"
    MISTAKE = "mistake"


GROUNDS: Final[dict[Act, tuple[Ground, ...]]] = {
    Act.OPPOSE: (Ground.ASKED,),
    Act.CREATE: (Ground.ASKED,),
    Act.CLOSE: (Ground.ASKED,),
    Act.SUSPEND: (Ground.IDENTITY, Ground.MISUSE, Ground.FAULT),
    Act.RESUME: (Ground.SETTLED,),
    Act.RECORD_DEATH: (Ground.CERTIFICATE, Ground.REGISTER),
    Act.UNDO_DEATH: (Ground.MISTAKE,),
}
"""What may be recorded at a counter, and on which ground."""


class NotAnIns(ValueError):
    """Not a whole INS with its key."""


class NotThatDay(ValueError):
    """A death is of a day that has been."""


def find(actor: Actor, number: str) -> UUID | None:
    """Found or not, it leaves a line: in the record, or in the security log. Raises `NotAnIns`."""
    support_only(actor)
    found = next((each for oid, ins in _readings(number) if (each := record_of_ins(oid, ins))), None)
    if found is None:
        audit.refused(actor, Purpose.SUPPORT, record_id=None, action=_LOOKED_UP, reason="unknown")
    return found


def standing(actor: Actor, record_id: UUID) -> Standing | None:
    support_only(actor)
    with steward(actor, record_id, trace=Trace(_LOOKED_UP)) as cursor:
        return life.standing(cursor, record_id)


def act(actor: Actor, *, record_id: UUID, act: Act, ground: Ground, died_on: date | None = None) -> Receipt:
    """Raises `NotDone`, `NotThatDay`."""
    support_only(actor)
    if ground not in GROUNDS.get(act, ()):
        raise NotDone(Fault.NOT_YOURS)
    if act is Act.RECORD_DEATH and (died_on is None or died_on > clock.now().date()):
        raise NotThatDay
    with steward(actor, record_id, trace=Trace(ACTIONS[act], detail=ground.value)) as cursor:
        return life.take(cursor, record_id, act, Who.COUNTER, ground=ground.value, died_on=died_on)


def oppose_unknown(actor: Actor, *, number: str, traits: Traits) -> Receipt:
    """For who was never told, and has no record: nothing opens for them any more. Raises `NotAnIns`, `Violation`."""
    support_only(actor)
    oid, ins = next(iter(_readings(number)))
    identity = Identity(oid, ins, traits.birth_family, traits.birth_given, sex=traits.sex, birth_date=traits.birth_date)
    new_id = uuid7()
    trace = Trace(ACTIONS[Act.OPPOSE], detail=Ground.ASKED.value)
    with violations(), steward(actor, new_id, trace=trace, founding=True) as cursor:
        locator.add(cursor, locator.INS, ins_key(oid, ins), new_id)
        locator.add(cursor, locator.TRAITS, traits.key, new_id)
        Record.objects.using(WRITER).create(
            id=new_id, state=RecordState.OPPOSED.value, state_since=clock.now(), **asdict(identity)
        )
        return life.receipt(new_id, Act.OPPOSE, Who.COUNTER, Ground.ASKED.value)


def _readings(number: str) -> list[tuple[str, str]]:
    """With the right key alone: a slip of the hand does not lead to somebody."""
    bare, found = "".join(number.split()).upper(), []
    for oid in sorted(OIDS):
        with suppress(InsError):
            ins = parse(bare, oid)
            if len(bare) == _WHOLE and ins.value15 == bare and bare.endswith(key(ins.matricule13)):
                found.append((ins.oid, ins.value15))
    if not found:
        raise NotAnIns
    return found
