"""The code by which somebody without another way in comes into their own record once: handed out on paper, face to
face, after their identity has been checked."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.kernel import audit, clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import WRITER, Trace, note, statements, steward, steward_permit
from carnet.kernel.db.record import rows
from carnet.records import paper
from carnet.records.ages import AGES
from carnet.records.models import EntryCode
from carnet.records.numbers import record_of, whole
from carnet.records.paper import WrongCode
from carnet.records.rules import RecordState, birthday, earliest_birth

LASTS: Final = timedelta(days=7)
_LENGTH: Final = 12
_USE: Final = "entry"
_TRIED: Final = "entry-code-tried"
_SQL = statements("carnet.records")


class TooYoung(ValueError):
    """Whose parents look after the record."""


class NotOpen(ValueError):
    """A record that nobody reads now."""


@dataclass(frozen=True, slots=True)
class Handed:
    """In groups of four. Where it is kept is a hash: who made it can read it for some minutes, and nobody later."""

    code: str
    until: datetime

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self.code[start : start + 4] for start in range(0, len(self.code), 4))

    @property
    def kept(self) -> dict[str, str]:
        """For whoever seals it."""
        return {"code": self.code, "until": self.until.isoformat()}

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> Handed:
        return cls(kept["code"], datetime.fromisoformat(kept["until"]))


def hand_out(cursor: CursorWrapper, record_id: UUID, giver: Actor) -> Handed:
    """In a record that has been entered to write. The one before is good no more. Raises `NotOpen`, `TooYoung`."""
    cursor.execute(_SQL["whose"], {"record_id": record_id})
    found = rows(cursor)
    now = clock.now()
    if not found or not RecordState(found[0]["state"]).open:
        raise NotOpen
    if now.date() < birthday(earliest_birth(found[0]["birth_date"]), AGES.own_access):
        raise TooYoung
    handed = Handed(paper.drawn(_LENGTH), now + LASTS)
    EntryCode.objects.using(WRITER).update_or_create(
        record_id=record_id,
        defaults={
            "code": paper.digest(_USE, record_id, handed.code),
            "given_by": giver.id,
            "given_at": now,
            "until": handed.until,
            "tries": 0,
            "tried_at": None,
        },
    )
    return handed


def enter(*, number: str, birth_date: date, code: str) -> UUID:
    """The record that this code opens, from now on no more. Raises `NotAnIns`, `WrongCode`."""
    ins = whole(number)
    record_id = record_of(ins)
    if record_id is None:
        audit.refused(SYSTEM, Purpose.SYSTEM, record_id=None, action=_TRIED, reason="unknown")
        raise WrongCode
    # A wrong try is kept, and counts.
    with steward(SYSTEM, record_id, trace=Trace(_TRIED)) as cursor:
        right = _proven(cursor, record_id, ins, birth_date, code)
        if right:
            now = clock.now()
            EntryCode.objects.using(WRITER).filter(record_id=record_id).update(until=now, used_at=now)
            note(cursor, steward_permit(SYSTEM, record_id), Trace("entry-code-used"))
    if not right:
        raise WrongCode
    return record_id


def outstanding(record_id: UUID) -> datetime | None:
    """Until when a code opens this record; None where none does."""
    with steward(SYSTEM, record_id, trace=None):
        known = EntryCode.objects.using(WRITER).filter(record_id=record_id, until__gt=clock.now()).first()
    return known.until if known else None


def call_off(record_id: UUID) -> None:
    """What was handed out for this record opens nothing any more. In the transaction of whoever has a reason to."""
    now = clock.now()
    with steward(SYSTEM, record_id, trace=None):
        EntryCode.objects.using(WRITER).filter(record_id=record_id, until__gt=now).update(until=now)


def used_at(record_id: UUID) -> datetime | None:
    """When somebody last came into this record by a code."""
    with steward(SYSTEM, record_id, trace=None):
        known = EntryCode.objects.using(WRITER).filter(record_id=record_id).first()
    return known.used_at if known else None


def name_of(record_id: UUID) -> str:
    """As an account bears it: « Camille Essai »."""
    with steward(SYSTEM, record_id, trace=None) as cursor:
        cursor.execute(_SQL["whose"], {"record_id": record_id})
        whose = rows(cursor)[0]
    given, family = whose["used_given"] or whose["birth_given"], whose["used_family"] or whose["birth_family"]
    return f"{given} {family}".title()


def _proven(cursor: CursorWrapper, record_id: UUID, ins: str, birth_date: date, code: str) -> bool:
    known = EntryCode.objects.using(WRITER).select_for_update().filter(record_id=record_id).first()
    if known is None:
        return False
    now = clock.now()
    recent = paper.recent_tries(known.tries, known.tried_at, now)
    cursor.execute(_SQL["whose"], {"record_id": record_id})
    whose = rows(cursor)[0]
    same = ins == whose["ins"] and whose["birth_date"] == birth_date.isoformat() and RecordState(whose["state"]).open
    right = hmac.compare_digest(bytes(known.code), paper.digest(_USE, record_id, code))
    if same and right and now < known.until and recent < paper.MOST_TRIES:
        return True
    EntryCode.objects.using(WRITER).filter(record_id=record_id).update(tries=recent + 1, tried_at=now)
    return False
