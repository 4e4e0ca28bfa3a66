"""Before the opening: the person is told, and may object with the code of the letter, without an account and without a
reason. After six weeks the record opens by itself (R1111-28)."""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.kernel import audit, clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import WRITER, Trace, locator, note, statements, steward, steward_permit
from carnet.kernel.db.constraints import violations
from carnet.kernel.db.record import rows
from carnet.kernel.ids import uuid7
from carnet.kernel.jobs import enqueue
from carnet.records import paper
from carnet.records.life import ACTIONS, NotDone, Receipt, receipt, standing, take
from carnet.records.models import Letter, Record
from carnet.records.numbers import record_of, whole
from carnet.records.paper import WrongCode
from carnet.records.queries import ins_key
from carnet.records.rules import OPENS_AFTER, Act, Identity, RecordState, Traits, Who

_SQL = statements("carnet.records")
OPEN_TASK: Final = "records.open"
_CODE_LENGTH: Final = 8
_USE: Final = "letter"
_TRIED: Final = "opposition-tried"
_TRAITS: Final = ("birth_family", "birth_given", "birth_date")


@dataclass(frozen=True, slots=True)
class Told:
    """What goes into the letter."""

    record_id: UUID
    code: str
    opens_at: datetime


def inform(actor: Actor, *, identity: Identity, sent_at: datetime | None = None) -> Told:
    """Notes that the information has been sent. Raises `Violation` where there is a record, or an opposition."""
    told_at, new_id = sent_at or clock.now(), uuid7()
    code = paper.drawn(_CODE_LENGTH)
    opens_at = told_at + OPENS_AFTER
    with violations(), steward(actor, new_id, trace=Trace("record-informed"), founding=True) as cursor:
        _locate(cursor, new_id, identity)
        Record.objects.using(WRITER).create(
            id=new_id,
            state=RecordState.INFORMED.value,
            state_since=told_at,
            told_at=told_at,
            opens_at=opens_at,
            **asdict(identity),
        )
        Letter.objects.using(WRITER).create(record_id=new_id, code=paper.digest(_USE, new_id, code))
        enqueue(OPEN_TASK, {"record_id": new_id}, key=str(new_id), run_at=opens_at)
    return Told(new_id, code, opens_at)


def _locate(cursor: CursorWrapper, record_id: UUID, identity: Identity) -> None:
    locator.add(cursor, locator.INS, ins_key(identity.ins_oid, identity.ins), record_id)
    traits = Traits(identity.birth_family, identity.birth_given, identity.birth_date)
    locator.add(cursor, locator.TRAITS, traits.key, record_id)


def open_due(record_id: UUID) -> bool:
    """The job. False when nothing is to be opened: it was objected to, or opened on request."""
    try:
        with steward(SYSTEM, record_id, trace=Trace("record-unopened")) as cursor:
            take(cursor, record_id, Act.OPEN, Who.SYSTEM)
    except NotDone:
        return False
    return True


def object_by_letter(*, number: str, traits: Traits, code: str) -> Receipt:
    """Says no for whoever has the letter. The same again gives the same receipt. Raises `NotAnIns`, `WrongCode`, and
    `NotDone` for the right code when it is too late: the record is open."""
    ins = whole(number)
    record_id = record_of(ins)
    if record_id is None:
        audit.refused(SYSTEM, Purpose.SYSTEM, record_id=None, action=_TRIED, reason="unknown")
        raise WrongCode
    # What is refused is kept too: the wrong try counts.
    with steward(SYSTEM, record_id, trace=Trace(_TRIED)) as cursor:
        answer = _try(cursor, record_id, ins, traits, code)
    if isinstance(answer, Receipt):
        return answer
    raise answer


def _try(cursor: CursorWrapper, record_id: UUID, ins: str, traits: Traits, code: str) -> Receipt | WrongCode | NotDone:
    if not _proven(cursor, record_id, ins, traits, code):
        return WrongCode()
    known = standing(cursor, record_id)
    if known is not None and known.life.state is RecordState.OPPOSED:
        return next((each for each in known.receipts if each.act is Act.OPPOSE), None) or receipt(
            record_id, Act.OPPOSE, Who.LETTER
        )
    try:
        done = take(cursor, record_id, Act.OPPOSE, Who.LETTER)
    except NotDone as refused:
        return refused
    note(cursor, steward_permit(SYSTEM, record_id), Trace(ACTIONS[Act.OPPOSE]))
    return done


def _proven(cursor: CursorWrapper, record_id: UUID, ins: str, traits: Traits, code: str) -> bool:
    """After some wrong codes even the right one is wrong, for an hour."""
    letter = Letter.objects.using(WRITER).filter(record_id=record_id).first()
    if letter is None:
        return False
    now = clock.now()
    recent = paper.recent_tries(letter.tries, letter.tried_at, now)
    cursor.execute(_SQL["traits"], {"record_id": record_id})
    whose = rows(cursor)[0]
    same = ins == whose["ins"] and traits.key == Traits(**{k: whose[k] for k in _TRAITS}).key
    right = hmac.compare_digest(bytes(letter.code), paper.digest(_USE, record_id, code))
    if same and right and recent < paper.MOST_TRIES:
        return True
    Letter.objects.using(WRITER).filter(record_id=record_id).update(tries=recent + 1, tried_at=now)
    return False
