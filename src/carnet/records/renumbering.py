"""A number that becomes another: the waiting number of a newborn, or of somebody born abroad, and later the final one.
The record is the same, with all that it holds; who still writes under the former number finds it."""

from __future__ import annotations

from uuid import UUID

from carnet.formats.ins import Ins
from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER, Trace, locator, note, raise_epoch, steward, steward_permit
from carnet.kernel.ids import uuid7
from carnet.records.models import FormerNumber, Record
from carnet.records.queries import ins_key


class Taken(ValueError):
    """Another record bears the new number: whether both are one person's is for people to find out."""


class NotOfAnyone(ValueError):
    """An opposition, or a record that does not exist: nothing is kept of it."""


def renumber(actor: Actor, record_id: UUID, new: Ins) -> bool:
    """False, without a line, when it bears that number already. Raises `Taken`, `NotOfAnyone`."""
    with steward(actor, record_id, trace=None) as cursor:
        known = Record.objects.using(WRITER).select_for_update().filter(id=record_id).first()
        if known is None:
            raise NotOfAnyone
        if (known.ins_oid, known.ins) == (new.oid, new.value15):
            return False
        bearers = locator.find(locator.INS, ins_key(new.oid, new.value15), using=WRITER)
        if any(each != record_id for each in bearers):
            raise Taken
        locator.add(cursor, locator.INS, ins_key(new.oid, new.value15), record_id)
        FormerNumber.objects.using(WRITER).create(
            record_id=record_id, id=uuid7(), ins_oid=known.ins_oid, ins=known.ins, until=clock.now()
        )
        Record.objects.using(WRITER).filter(id=record_id).update(ins_oid=new.oid, ins=new.value15)
        raise_epoch(cursor, record_id)
        note(cursor, steward_permit(actor, record_id), Trace("number-changed"))
    return True
