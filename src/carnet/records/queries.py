"""Finding a record, and reading whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from carnet.kernel.actor import SYSTEM, Actor
from carnet.kernel.db import READER, locator, query, rows, statements, steward
from carnet.kernel.db.record import stale_if_told
from carnet.kernel.remember import Remembered
from carnet.records.rules import Identity, RecordState, Traits

_SQL = statements("carnet.records")
_MATRICULE = 13


def ins_key(oid: str, ins: str) -> str:
    """What identifies a person: 13 characters and the OID; the key of two digits is a check, not an identity."""
    return f"{oid}|{ins[:_MATRICULE]}"


_records: Remembered[str, UUID] = Remembered(most=50_000, seconds=60)


def record_of_ins(oid: str, ins: str, *, remembered: bool = False) -> UUID | None:
    """`remembered` for those alone who may know whether a person has a record: the answer comes faster when it has
    been given before."""
    key = ins_key(oid, ins)
    return _records.get(key, lambda: _found(key)) if remembered else _found(key)


def _found(key: str) -> UUID | None:
    found = locator.find(locator.INS, key)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Holder:
    record_id: UUID
    identity: Identity
    state: RecordState
    state_since: datetime
    state_reason: str


def existence(actor: Actor, record_id: UUID | None) -> Holder | None:
    """TD0.2: traits and state, for whoever gave the full INS; no right in the record follows from it. The same work
    is done without a record. The caller writes the trail line."""
    asked = None if record_id is None or actor.confined_from(record_id) else record_id
    with stale_if_told():
        found = query(READER, _SQL["existence"], (asked or UUID(int=0), actor.id, actor.epoch))
    return _holder(found[0]) if found else None


def existences(actor: Actor, record_ids: Sequence[UUID]) -> dict[UUID, Holder]:
    """The same of several that this professional has found or opened before, to name them again: no right in a record
    follows from it, and nobody is looked up by it."""
    if not record_ids:
        return {}
    with stale_if_told():
        found = query(READER, _SQL["existences"], (list(record_ids), actor.id, actor.epoch))
    holders = (_holder(row) for row in found)
    return {holder.record_id: holder for holder in holders if holder.state.exists}


def matching(actor: Actor, traits: Traits) -> list[Holder]:
    """Whoever bears exactly these traits and has a record: several where the traits are not enough to tell them apart.
    For whom TD0.2 serves; no right in a record follows from it, and the caller writes the trail line."""
    candidates: list[UUID | None] = [*locator.find(locator.TRAITS, traits.key)]
    found = [existence(actor, each) for each in candidates or [None]]
    return [each for each in found if each and each.state.exists and traits.match(each.identity)]


def bearing(traits: Traits) -> list[Holder]:
    """The same for the system itself, which finds out whose record it is before anybody is signed in; also whoever
    was told of a record to come, or refused one: they alone may have it opened now, say no, or change their mind. The
    caller writes the trail line of what comes of it."""
    found = [_as_steward(each) for each in locator.find(locator.TRAITS, traits.key)]
    return [each for each in found if each and _is_told_of(each.state) and traits.match(each.identity)]


def _is_told_of(state: RecordState) -> bool:
    return state.exists or state in {RecordState.INFORMED, RecordState.OPPOSED}


def _as_steward(record_id: UUID) -> Holder | None:
    with steward(SYSTEM, record_id, trace=None) as cursor:
        cursor.execute(_SQL["holder"], {"record_id": record_id})
        return next((_holder(row) for row in rows(cursor)), None)


def _holder(row: dict[str, Any]) -> Holder:
    return Holder(
        record_id=row["id"],
        identity=Identity(**{name: row[name] for name in Identity.__dataclass_fields__}),
        state=RecordState(row["state"]),
        state_since=row["state_since"],
        state_reason=row["state_reason"],
    )
