"""Strict traits that are not known are taken from a qualified identity that somebody else has of the same holder. What
stands is never changed, and whoever differs in one trait fills none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import WRITER, Trace, note, raise_epoch, steward, steward_permit
from carnet.records.models import Record
from carnet.records.rules import Identity
from carnet.records.traits import fills, known_whole


def incomplete(record_id: UUID) -> bool:
    with steward(SYSTEM, record_id, trace=None):
        known = Record.objects.using(WRITER).filter(id=record_id).first()
    return known is not None and not known_whole(_identity(known))


def complete(record_id: UUID, told: Iterable[Identity]) -> bool:
    """Whether anything was not known before. A line of the trail says so."""
    with steward(SYSTEM, record_id, trace=None) as cursor:
        known = Record.objects.using(WRITER).select_for_update().filter(id=record_id).first()
        new: dict[str, str] = {}
        if known is None:
            return False
        for each in told:
            now = replace(_identity(known), **new)
            new |= fills(now, each)
        if not new:
            return False
        Record.objects.using(WRITER).filter(id=record_id).update(**new)
        raise_epoch(cursor, record_id)
        note(cursor, steward_permit(SYSTEM, record_id), Trace("traits-completed"))
    return True


def _identity(record: Record) -> Identity:
    return Identity(**{name: getattr(record, name) for name in Identity.__dataclass_fields__})
