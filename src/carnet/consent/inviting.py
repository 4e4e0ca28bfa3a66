"""The holder asks somebody to help them, changes what they may do, or ends it. Every function takes the actor and the
purpose, and is for the holder of age or the guardian of a protected adult (dmp_rules 8.6)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.backends.utils import CursorWrapper

from carnet.consent.access import forget, permit_to_act, reading
from carnet.consent.actions import changed
from carnet.consent.caring import Right
from carnet.consent.holders import for_holders, permit_of_holder
from carnet.kernel import clock, config
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, note, open_record, rows, statements
from carnet.kernel.ids import uuid7
from carnet.people import queries as people
from carnet.people.models import CareInvitation
from carnet.records.life import ALPHABET
from carnet.records.rules import earliest_birth, majority

_SQL = statements("carnet.consent", "inviting.sql")
_READ: Final = "carers-read"
_CODE: Final = 12
LONGEST_NAME: Final = 60
MOST_A_DAY: Final = 10
"""Invitations of one record, so that nobody is mailed without end."""
LONGEST_WHY: Final = 200
_FRANCE: Final = ZoneInfo("Europe/Paris")
CARER: Final = "carer"
PARENT: Final = "parent"
"""What an invitation asks somebody to be."""


class Channel(StrEnum):
    MAIL = "mail"
    PAPER = "paper"


WAITS: Final = {Channel.MAIL: timedelta(days=7), Channel.PAPER: timedelta(days=30)}


class Fault(StrEnum):
    """Why it is not done; the face has the words."""

    NO_NAME = "no-name"
    NO_RIGHT = "no-right"
    PAST = "past"
    TOO_LONG = "too-long"
    TOO_MANY = "too-many"
    TOO_OFTEN = "too-often"
    TOO_MANY_HELPED = "too-many-helped"
    MINOR = "minor"
    ALREADY = "already"


class CareRefused(ValueError):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Given:
    """What a carer may do. `until` None: without end."""

    rights: frozenset[str]
    acts: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is asked to help: `name` by which the holder knows them, `why` in the holder's words."""

    name: str
    why: str
    given: Given


@dataclass(frozen=True, slots=True)
class Carer:
    id: UUID
    carer_id: UUID
    name: str
    given: Given
    since: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """`state` as it is now: pending, accepted, refused, cancelled or expired."""

    id: UUID
    name: str
    channel: Channel
    given: Given
    at: datetime
    until_answer: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Around:
    """Who helps now, and whom the holder asked, newest first. `most`: how many there may be; `minor`: nobody may be
    asked, since whoever looks after them represents them."""

    carers: tuple[Carer, ...]
    invitations: tuple[Invitation, ...]
    most: int
    minor: bool

    @property
    def full(self) -> bool:
        return len(self.carers) + sum(each.state == "pending" for each in self.invitations) >= self.most


def around(actor: Actor, purpose: Purpose, record_id: UUID) -> Around:
    return reading(actor, purpose, record_id, _around, action=_READ)


def _around(permit: Permit) -> Around:
    for_holders(permit, _READ)
    with open_record(permit, trace=Trace(_READ)) as cursor:
        cursor.execute(_SQL["carers"], {"record_id": permit.record_id})
        carers = rows(cursor)
        cursor.execute(_SQL["invitations"], {"record_id": permit.record_id, "asks": CARER})
        asked = rows(cursor)
        minor = _is_minor(cursor, permit.record_id)
    names = people.names({row["carer_id"] for row in carers})
    return Around(
        tuple(
            Carer(row["id"], row["carer_id"], names.get(row["carer_id"], ""), _given(row), row["since"])
            for row in carers
        ),
        tuple(
            Invitation(
                row["id"],
                row["given"],
                Channel(row["channel"]),
                _given(row),
                row["at"],
                row["until_answer"],
                row["state"],
            )
            for row in asked
        ),
        config.load().carers_most,
        minor,
    )


def _given(row: dict[str, Any]) -> Given:
    return Given(frozenset(row["rights"]), acts=row["acts"], until=row["until"])


def invite(actor: Actor, purpose: Purpose, *, record_id: UUID, asked: Asked, channel: Channel) -> tuple[UUID, str]:
    """The invitation, and its code, which is kept nowhere but with who gets it. Raises `Refused`, `CareRefused`."""
    if not asked.name or len(asked.name) > LONGEST_NAME or len(asked.why) > LONGEST_WHY:
        raise CareRefused(Fault.NO_NAME)
    within = _within(asked.given)
    code = fresh_code(channel)
    now, invitation_id = clock.now(), uuid7()
    with _own(actor, purpose, record_id, "carer-invited") as (cursor, permit):
        _room(cursor, record_id, with_pending=True)
        CareInvitation.objects.using(WRITER).create(
            record_id=record_id,
            id=invitation_id,
            digest=digest(code),
            channel=channel.value,
            invited_by=actor.id,
            given=asked.name,
            why=asked.why,
            rights=sorted(within.rights),
            acts=within.acts,
            until=within.until,
            at=now,
            until_answer=now + WAITS[channel],
            state="pending",
        )
        note(cursor, permit, Trace("carer-invited"))
    return invitation_id, code


def change(actor: Actor, purpose: Purpose, *, record_id: UUID, link_id: UUID, given: Given) -> bool:
    """From the next request of theirs. False for a link that is not there, or has ended."""
    within = _within(given)
    values: dict[str, Any] = {"rights": sorted(within.rights), "acts": within.acts, "until": within.until}
    return _on_link(actor, purpose, record_id, link_id, "carer-changed", "change", values)


def end(actor: Actor, purpose: Purpose, *, record_id: UUID, link_id: UUID) -> bool:
    return _on_link(actor, purpose, record_id, link_id, "carer-ended", "end", {})


def _on_link(
    actor: Actor, purpose: Purpose, record_id: UUID, link_id: UUID, action: str, how: str, values: dict[str, Any]
) -> bool:
    permit = permit_of_holder(actor, purpose, record_id, action=action)
    with open_record(permit, trace=None, using=WRITER) as cursor:
        cursor.execute(_SQL[how], {"record_id": record_id, "id": link_id, **values})
        done = rows(cursor)
        for row in done:
            note(cursor, permit, Trace(action, "person", row["carer_id"]))
            changed(cursor, record_id, actor.id)
    forget(actor, record_id)
    return bool(done)


def cancel(actor: Actor, purpose: Purpose, *, record_id: UUID, invitation_id: UUID) -> bool:
    """Its code opens nothing any more. False for one that was answered."""
    permit = permit_of_holder(actor, purpose, record_id, action="carer-cancelled")
    with open_record(permit, trace=None, using=WRITER) as cursor:
        cursor.execute(_SQL["cancel"], {"record_id": record_id, "id": invitation_id, "asks": CARER})
        done = bool(rows(cursor))
        if done:
            note(cursor, permit, Trace("carer-cancelled"))
    return done


def leave(actor: Actor, record_id: UUID) -> None:
    """The carer's own end to it. Raises `Refused` for who does not help."""
    permit = permit_to_act(actor, Purpose.CARER, record_id, action="carer-left")
    with open_record(permit, trace=Trace("carer-left"), using=WRITER) as cursor:
        cursor.execute(_SQL["leave"], {"record_id": record_id, "carer_id": actor.id})
        changed(cursor, record_id, actor.id)
    forget(actor, record_id)


@contextmanager
def _own(actor: Actor, purpose: Purpose, record_id: UUID, action: str) -> Iterator[tuple[CursorWrapper, Permit]]:
    """Of a minor nobody is made the carer: whoever looks after them represents them."""
    permit = permit_of_holder(actor, purpose, record_id, action=action)
    with open_record(permit, trace=None, using=WRITER) as cursor:
        if _is_minor(cursor, record_id):
            raise CareRefused(Fault.MINOR)
        yield cursor, permit


def _is_minor(cursor: CursorWrapper, record_id: UUID) -> bool:
    cursor.execute(_SQL["birth"], {"record_id": record_id})
    return clock.now().date() < majority(earliest_birth(rows(cursor)[0]["birth"]))


def room(cursor: CursorWrapper, record_id: UUID) -> None:
    """Raises `CareRefused` when nobody more may help in a record that has been entered to write."""
    _room(cursor, record_id, with_pending=False)


def _room(cursor: CursorWrapper, record_id: UUID, *, with_pending: bool) -> None:
    cursor.execute(_SQL["how_many"], {"record_id": record_id})
    (row,) = rows(cursor)
    if row["helping"] + (row["asked"] if with_pending else 0) >= config.load().carers_most:
        raise CareRefused(Fault.TOO_MANY)
    if with_pending and row["lately"] >= MOST_A_DAY:
        raise CareRefused(Fault.TOO_OFTEN)


def longest() -> datetime | None:
    """The latest end that the house allows, at the midnight that ends a day in France; None where there is none."""
    most = config.load().carer_days
    last = clock.now().astimezone(_FRANCE).date() + timedelta(days=most)
    return datetime.combine(last + timedelta(days=1), time(), _FRANCE) if most else None


def _within(given: Given) -> Given:
    """What the house allows. Without an end it lasts for the longest that is allowed, if there is one."""
    rights = frozenset(given.rights) & {right.value for right in Right}
    if not rights:
        raise CareRefused(Fault.NO_RIGHT)
    end = longest()
    if given.until is not None and given.until <= clock.now():
        raise CareRefused(Fault.PAST)
    if end and given.until and given.until > end:
        raise CareRefused(Fault.TOO_LONG)
    return Given(rights, given.acts, given.until or end)


def fresh_code(channel: Channel) -> str:
    if channel is Channel.MAIL:
        return secrets.token_urlsafe(32)
    return "".join(secrets.choice(ALPHABET) for _ in range(_CODE))


def digest(code: str) -> bytes:
    """Of a code as it is typed from paper, too."""
    bare = "".join(code.split()).replace("-", "").upper() if len(code) < _LONG else code
    return sha256(bare.encode(errors="replace")).digest()


_LONG: Final = 30
