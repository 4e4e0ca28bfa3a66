"""The life of a record: opening, activating, opposing, closing. One transaction each, its trail line inside."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER, Trace, locator, raise_epoch, steward
from carnet.kernel.db.constraints import violations
from carnet.kernel.ids import uuid7
from carnet.records import life
from carnet.records.models import Record
from carnet.records.queries import ins_key
from carnet.records.rules import Identity, RecordState, Traits, kept_until


def open_record_for(
    actor: Actor,
    *,
    identity: Identity,
    state: RecordState = RecordState.ACTIVE,
    reason: str = "",
    at: datetime | None = None,
    record_id: UUID | None = None,
) -> UUID:
    """Opens the record of an identity, or notes its opposition before any opening, and answers its id.
    A second record for the same INS is refused (`Violation`)."""
    new_id = record_id or uuid7()
    with violations(), steward(actor, new_id, trace=Trace(f"record-{state}"), founding=True) as cursor:
        locator.add(cursor, locator.INS, ins_key(identity.ins_oid, identity.ins), new_id)
        traits = Traits(identity.birth_family, identity.birth_given, identity.birth_date)
        locator.add(cursor, locator.TRAITS, traits.key, new_id)
        Record.objects.using(WRITER).create(
            id=new_id,
            state=state.value,
            state_since=at or clock.now(),
            state_reason=reason,
            **asdict(identity),
        )
    return new_id


def set_state(
    actor: Actor, *, record_id: UUID, state: RecordState, reason: str = "", at: datetime | None = None
) -> None:
    """As a feed or a demonstration has it, without asking the rules (`records.life` does); every remembered grant of
    the record ends."""
    since = at or clock.now()
    with violations(), steward(actor, record_id, trace=Trace(f"record-{state}")) as cursor:
        Record.objects.using(WRITER).filter(id=record_id).update(
            state=state.value, state_since=since, state_reason=reason, erasing_asked=False
        )
        life.erase_when(cursor, record_id, kept_until(since) if state is RecordState.CLOSED else None)
        raise_epoch(cursor, record_id)
