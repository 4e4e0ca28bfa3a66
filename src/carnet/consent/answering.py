"""Whoever has the code of an invitation to help says yes or no to it, signed in to their own account; once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from carnet.consent.access import forget, permit_quietly, permit_to_join
from carnet.consent.actions import changed
from carnet.consent.inviting import CARER, CareRefused, Fault, Given, digest, room
from carnet.kernel import clock, config
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import READER, WRITER, Permit, Stale, Trace, note, open_record, rows, statements
from carnet.kernel.ids import uuid7
from carnet.people import queries as people
from carnet.people.models import CareLink

_SQL = statements("carnet.consent", "inviting.sql")


class NotThere(Exception):
    """No such invitation, or it was answered, cancelled, or its time has passed: which of these is not said."""


@dataclass(frozen=True, slots=True)
class Offer:
    """`helped` is the name of whom they would help, `by` that of who invites: the same person, or their guardian."""

    record_id: UUID
    id: UUID
    by_id: UUID
    helped: str
    by: str
    why: str
    given: Given
    until_answer: datetime


def offered(code: str) -> Offer:
    """Raises `NotThere`."""
    with transaction.atomic(using=READER), connections[READER].cursor() as cursor:
        row = brought(cursor, code, CARER)
    holder = people.person_of(row["record_id"])
    names = people.names({each for each in (holder, row["invited_by"]) if each})
    by = names.get(row["invited_by"], "")
    given = Given(frozenset(row["rights"]), row["acts"], row["until"])
    helped = names.get(holder, by) if holder else by
    return Offer(row["record_id"], row["id"], row["invited_by"], helped, by, row["why"], given, row["until_answer"])


def is_own(actor: Actor, record_id: UUID, by_id: UUID) -> bool:
    """Of their own record, or made by themselves: it is for somebody else to answer."""
    return by_id == actor.id or people.record_of_account(actor.id) == record_id


def brought(cursor: CursorWrapper, code: str, asks: str) -> dict[str, Any]:
    """The invitation that this code opens, under the row policy that shows it for it. Raises `NotThere`."""
    held = digest(code)
    cursor.execute(_SQL["bring"], {"digest": f"\\x{held.hex()}"})
    cursor.execute(_SQL["offered"], {"bytes": held, "asks": asks})
    found = rows(cursor)
    if not found or not still_theirs(found[0]["record_id"], found[0]["invited_by"]):
        raise NotThere
    return found[0]


def still_theirs(record_id: UUID, invited_by: UUID) -> bool:
    """Whether who invites may still do so: the holder, or who represents them at this moment. What a guardian gave away
    ends with the measure, however it ended."""
    if people.person_of(record_id) == invited_by:
        return True
    who = people.actor_by_id(invited_by)
    return bool(who and permit_quietly(who, Purpose.REPRESENTATIVE, record_id))


def accept(actor: Actor, code: str) -> UUID:
    """The record that is open to them from now on. Raises `Refused`, `NotThere`, `CareRefused`."""
    return decided(_accept, actor, code)


def refuse(actor: Actor, code: str) -> UUID:
    """The record that stays shut. Raises `Refused`, `NotThere`."""
    return decided(_refuse, actor, code)


def decided(act: Callable[[Actor, str], UUID], actor: Actor, code: str) -> UUID:
    """Who helps there may change between the decision and the write: then it is decided once more."""
    try:
        return act(actor, code)
    except Stale:
        return act(actor, code)


def _accept(actor: Actor, code: str) -> UUID:
    offer = offered(code)
    permit = permit_to_join(actor, offer.record_id)
    with open_record(permit, trace=None, using=WRITER) as cursor:
        # Under the record's lock it is looked at anew: a code is used once.
        row = brought(cursor, code, CARER)
        _may_join(cursor, permit)
        CareLink.objects.using(WRITER).create(
            record_id=permit.record_id,
            id=uuid7(),
            carer_id=actor.id,
            rights=sorted(row["rights"]),
            acts=row["acts"],
            since=clock.now(),
            until=row["until"],
        )
        answer(cursor, permit, row["id"], "accepted")
        note(cursor, permit, Trace("carer-accepted"))
        changed(cursor, permit.record_id, actor.id)
    forget(actor, offer.record_id)
    return offer.record_id


def _refuse(actor: Actor, code: str) -> UUID:
    offer = offered(code)
    permit = permit_to_join(actor, offer.record_id)
    with open_record(permit, trace=Trace("carer-refused"), using=WRITER) as cursor:
        row = brought(cursor, code, CARER)
        answer(cursor, permit, row["id"], "refused")
    return offer.record_id


def _may_join(cursor: CursorWrapper, permit: Permit) -> None:
    cursor.execute(_SQL["lock_person"], {"id": permit.actor.id})
    cursor.execute(_SQL["helps_in"], {"id": permit.actor.id, "record_id": permit.record_id})
    (row,) = rows(cursor)
    if row["already"]:
        raise CareRefused(Fault.ALREADY)
    if row["helped"] >= config.load().cared_for_most:
        raise CareRefused(Fault.TOO_MANY_HELPED)
    room(cursor, permit.record_id)


def answer(cursor: CursorWrapper, permit: Permit, invitation_id: UUID, state: str) -> None:
    cursor.execute(
        _SQL["answer"],
        {"record_id": permit.record_id, "id": invitation_id, "state": state, "carer_id": permit.actor.id},
    )
