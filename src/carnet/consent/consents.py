"""What was agreed to or refused in a record, each by itself and those that have ended too, as faces for software tell
it: all of it to the holder; to a professional the authorisations in their own name, and nothing of a block."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID, uuid5

from django.db.backends.utils import CursorWrapper

from carnet.consent import declaring, giving, stated
from carnet.consent.access import forget, permit_to_declare, reading
from carnet.consent.actions import changed
from carnet.consent.giving import Number, Wish
from carnet.consent.holders import HOLDERS, for_holders, permit_of_holder
from carnet.consent.rules import Reason
from carnet.consent.stated import Stated
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import (
    READER,
    WRITER,
    Permit,
    Trace,
    note,
    open_record,
    query,
    statements,
)

_SQL = statements("carnet.consent", "consents.sql")
_READ: Final = "confidentiality-read"
_READ_OWN: Final = "standing-read"
_END: Final = "withdraw"


class NotThere(Exception):
    """No such consent, or not for this reader to know of."""


class NotToEnd(Exception):
    """It is there, and ends elsewhere: a block, a choice about emergencies."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The holder's choice beforehand about emergencies, to whomever treats; `masked` tells whether it holds for masked
    documents. `since` None: as the law has it, nothing was chosen."""

    id: UUID
    mode: Literal["emergency", "regulation"]
    permitted: bool
    since: datetime | None
    masked: bool


Consent: TypeAlias = Stated | Chosen


def consents(actor: Actor, purpose: Purpose, record_id: UUID) -> list[Consent]:
    """Newest first, then the choices about emergencies. Raises `Refused`."""
    if actor.kind is ActorKind.PERSON:
        return reading(actor, purpose, record_id, _of_record, action=_READ)
    permit = permit_to_declare(actor, record_id, purpose=purpose, action=_READ_OWN)
    with open_record(permit, trace=Trace(_READ_OWN)) as cursor:
        return [*stated.of_record(cursor, record_id, professional_id=actor.id)]


def declare(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    until: datetime | None = None,
    express: bool = False,
    secret: bool = False,
) -> Stated:
    """As `declaring.declare`, and what came of it."""
    given = declaring.declare(actor, record_id=record_id, until=until, express=express, purpose=purpose, secret=secret)
    permit = permit_to_declare(actor, record_id, purpose=purpose)
    # The line is that of the declaration: to be told what one has just said is no act of its own.
    with open_record(permit, trace=None) as cursor:
        (made,) = stated.of_record(cursor, record_id, professional_id=actor.id, consent_id=given)
    return made


def give(actor: Actor, purpose: Purpose, *, record_id: UUID, to: Number, wish: Wish) -> Stated:
    """As `giving.give`, and what came of it."""
    given = giving.give(actor, purpose, record_id=record_id, to=to, wish=wish)
    return _made(actor, purpose, record_id, given, action="authorise")


def keep_out(actor: Actor, purpose: Purpose, *, record_id: UUID, to: Number) -> Stated:
    """As `giving.keep_out`, and what came of it."""
    given = giving.keep_out(actor, purpose, record_id=record_id, to=to)
    return _made(actor, purpose, record_id, given, action="block")


def _made(actor: Actor, purpose: Purpose, record_id: UUID, consent_id: UUID, *, action: str) -> Stated:
    forget(actor, record_id)
    permit = permit_of_holder(actor, purpose, record_id, action=action)
    # The line is that of the act: to be told what one has just said is none of its own.
    with open_record(permit, trace=None) as cursor:
        (made,) = stated.of_record(cursor, record_id, consent_id=consent_id)
    return made


def end(actor: Actor, purpose: Purpose, *, record_id: UUID, consent_id: UUID) -> Stated:
    """Ends one authorisation, now: by the holder any of the record's, by a professional one that they declared. What
    has ended stays as it is. Raises `Refused`, `NotThere`, `NotToEnd`."""
    permit = _permit_to_end(actor, purpose, record_id)
    try:
        with open_record(permit, trace=None, using=WRITER) as cursor:
            found = _to_end(cursor, permit, consent_id)
            goes_on = found.holds(clock.now())
            if goes_on:
                cursor.execute(_SQL["end_one"], {"record_id": record_id, "id": consent_id})
                changed(cursor, record_id, actor.id, found.hidden_from)
            note(cursor, permit, _trace_of_end(found) if goes_on else Trace(_read_as(actor)))
            (ended,) = stated.of_record(cursor, record_id, consent_id=consent_id)
    except (NotThere, NotToEnd) as error:
        # In a transaction of its own: the one above is undone.
        reason = "not-found" if isinstance(error, NotThere) else Reason.NOT_YOURS.value
        audit.refused(actor, purpose, record_id=record_id, action=_END, reason=reason, hidden_from=permit.quiet)
        raise
    forget(actor, record_id)
    return ended


def numbers(actor_ids: Iterable[UUID]) -> dict[UUID, str]:
    """RPPS numbers, of those who have one."""
    found = query(READER, _SQL["numbers"], {"ids": list(actor_ids)})
    return {row["actor_id"]: row["rpps"] for row in found}


def _read_as(actor: Actor) -> str:
    return _READ if actor.kind is ActorKind.PERSON else _READ_OWN


def _of_record(permit: Permit) -> list[Consent]:
    for_holders(permit, _READ)
    with open_record(permit, trace=Trace(_READ)) as cursor:
        return [*stated.of_record(cursor, permit.record_id), *_chosen(cursor, permit.record_id)]


def _permit_to_end(actor: Actor, purpose: Purpose, record_id: UUID) -> Permit:
    if actor.kind is not ActorKind.PERSON:
        return permit_to_declare(actor, record_id, purpose=purpose, action=_END)
    return permit_of_holder(actor, purpose, record_id, action=_END)


def _to_end(cursor: CursorWrapper, permit: Permit, consent_id: UUID) -> Stated:
    own = None if permit.capacity in HOLDERS else permit.actor.id
    found = stated.of_record(cursor, permit.record_id, professional_id=own, consent_id=consent_id)
    if not found:
        if own is None and consent_id in {each.id for each in _chosen(cursor, permit.record_id)}:
            raise NotToEnd
        raise NotThere
    (consent,) = found
    declared = consent.declared_by.id if consent.declared_by else None
    if not consent.permitted or own not in {None, declared}:
        raise NotToEnd
    return consent


def _trace_of_end(ended: Stated) -> Trace:
    return Trace(_END, ended.to.kind, ended.to.id, hidden_from=ended.hidden_from)


def _chosen(cursor: CursorWrapper, record_id: UUID) -> list[Chosen]:
    """One for each way in an emergency; their ids follow from the record's."""
    chosen, since = stated.choices(cursor, record_id)
    modes: tuple[tuple[Literal["emergency", "regulation"], bool], ...] = (
        ("emergency", chosen.emergency),
        ("regulation", chosen.regulation),
    )
    return [
        Chosen(
            id=uuid5(record_id, mode),
            mode=mode,
            permitted=permitted,
            since=since,
            masked=permitted and chosen.masked,
        )
        for mode, permitted in modes
    ]
