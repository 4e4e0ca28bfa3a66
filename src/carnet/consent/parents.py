"""A parent who represents a child asks the other one to represent the child too. Whoever has the code says yes with a
proof of the link, or no; nothing is open before an operator has looked at the proof (`rights.parents`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from carnet.consent.access import permit_to_stand, reading
from carnet.consent.answering import answer, brought, decided
from carnet.consent.facts import As
from carnet.consent.holders import for_holders, permit_of_holder
from carnet.consent.inviting import LONGEST_NAME, LONGEST_WHY, MOST_A_DAY, PARENT, WAITS, Channel, digest, fresh_code
from carnet.kernel import clock, config
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import READER, WRITER, Permit, Trace, as_actor, note, open_record, rows, statements
from carnet.kernel.ids import short, uuid7
from carnet.kernel.vault import passing
from carnet.people import queries as people
from carnet.people.models import CareInvitation, ParentCase
from carnet.records.rules import earliest_birth, majority

_SQL = statements("carnet.consent", "inviting.sql")
_READ: Final = "parents-read"
MOST: Final = 2
_NUMBER: Final = 8


class Proof(StrEnum):
    """What shows that somebody is the other parent."""

    BOOKLET = "booklet"
    BIRTH = "birth"
    JUDGEMENT = "judgement"


class Fault(StrEnum):
    """Why it is not done; the face has the words."""

    NO_NAME = "no-name"
    GROWN = "grown"
    BOTH = "both"
    UNDER_WAY = "under-way"
    TOO_OFTEN = "too-often"


class ParentRefused(ValueError):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Representative:
    person_id: UUID
    name: str
    kind: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Invitation:
    id: UUID
    name: str
    channel: Channel
    at: datetime
    until_answer: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's, that an operator looks into; why it was refused is told to them alone."""

    id: UUID
    name: str
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Parents:
    """Who represents the holder now, and what is under way. `birth`: the holder's date, as it is known. `until`: the
    day on which it ended for the parents, by age."""

    birth: str
    until: date | None
    representatives: tuple[Representative, ...]
    invitations: tuple[Invitation, ...]
    requests: tuple[Request, ...]

    @property
    def full(self) -> bool:
        return sum(each.kind != "guardian" for each in self.representatives) >= MOST

    @property
    def under_way(self) -> bool:
        asked = any(each.state == "pending" for each in self.invitations)
        return asked or any(each.state == "waiting" for each in self.requests)


@dataclass(frozen=True, slots=True)
class Offer:
    """`child` and `by` are names: of whom they would represent, and of the parent who asks."""

    record_id: UUID
    id: UUID
    by_id: UUID
    child: str
    by: str
    why: str
    until_answer: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """A proof that has been checked and kept among the contents that pass."""

    proof: Proof
    content_id: UUID
    media_type: str


@dataclass(frozen=True, slots=True)
class Own:
    """One's own request. `reason` and `words` are those of a refusal."""

    record_id: UUID
    id: UUID
    child: str
    proof: Proof
    at: datetime
    until: datetime
    state: str
    reason: str
    words: str

    @property
    def number(self) -> str:
        return number(self.id)


def number(case_id: UUID) -> str:
    """By which the person and the support speak of it."""
    tail = short(case_id)[-_NUMBER:].upper()
    return f"{tail[: _NUMBER // 2]}-{tail[_NUMBER // 2 :]}"


def around(actor: Actor, purpose: Purpose, record_id: UUID) -> Parents:
    return reading(actor, purpose, record_id, _around, action=_READ)


def _around(permit: Permit) -> Parents:
    for_holders(permit, _READ)
    values: dict[str, Any] = {"record_id": permit.record_id, "asks": PARENT}
    with open_record(permit, trace=Trace(_READ)) as cursor:
        found = [_all(cursor, name, values) for name in ("birth", "representatives", "invitations", "parent_cases")]
    (whose,), represent, asked, cases = found
    represent, until = _by_age(whose["birth"], represent)
    names = people.names({row["person_id"] for row in (*represent, *cases)})
    return Parents(
        whose["birth"],
        until,
        tuple(
            Representative(row["person_id"], names.get(row["person_id"], ""), row["kind"], row["since"], row["until"])
            for row in represent
        ),
        tuple(
            Invitation(row["id"], row["given"], Channel(row["channel"]), row["at"], row["until_answer"], row["state"])
            for row in asked
        ),
        tuple(Request(row["id"], names.get(row["person_id"], ""), row["at"], row["state"]) for row in cases),
    )


def _by_age(birth: str, links: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], date | None]:
    """A parent's link stays as it was when the child comes of age: what it lets them do has ended."""
    grown = majority(earliest_birth(birth)) if birth else None
    if grown is None or clock.now().date() < grown:
        return links, None
    left = [each for each in links if each["kind"] == "guardian"]
    return left, grown if len(left) < len(links) else None


def invite(
    actor: Actor, purpose: Purpose, *, record_id: UUID, name: str, why: str = "", channel: Channel
) -> tuple[UUID, str]:
    """The invitation, and its code, which is kept nowhere but with who gets it. Raises `Refused`, `ParentRefused`."""
    if not name or len(name) > LONGEST_NAME or len(why) > LONGEST_WHY:
        raise ParentRefused(Fault.NO_NAME)
    code, now, invitation_id = fresh_code(channel), clock.now(), uuid7()
    with _by_a_parent(actor, purpose, record_id, "parent-invited") as (cursor, permit):
        _room(cursor, record_id)
        CareInvitation.objects.using(WRITER).create(
            record_id=record_id,
            id=invitation_id,
            digest=digest(code),
            channel=channel.value,
            invited_by=actor.id,
            given=name,
            why=why,
            rights=[],
            acts=False,
            until=None,
            at=now,
            until_answer=now + WAITS[channel],
            state="pending",
            asks=PARENT,
        )
        note(cursor, permit, Trace("parent-invited"))
    return invitation_id, code


def cancel(actor: Actor, purpose: Purpose, *, record_id: UUID, invitation_id: UUID) -> bool:
    """Its code opens nothing any more. False for one that was answered."""
    permit = permit_of_holder(actor, purpose, record_id, action="parent-cancelled")
    with open_record(permit, trace=None, using=WRITER) as cursor:
        done = bool(_all(cursor, "cancel", {"record_id": record_id, "id": invitation_id, "asks": PARENT}))
        if done:
            note(cursor, permit, Trace("parent-cancelled"))
    return done


@contextmanager
def _by_a_parent(
    actor: Actor, purpose: Purpose, record_id: UUID, action: str
) -> Iterator[tuple[CursorWrapper, Permit]]:
    """Of a minor alone, and by who represents them: neither the child nor a court's guardian makes a parent."""
    permit = permit_of_holder(actor, purpose, record_id, action=action)
    with open_record(permit, trace=None, using=WRITER) as cursor:
        birth = _all(cursor, "birth", {"record_id": record_id})[0]["birth"]
        if permit.capacity != As.REPRESENTATIVE or clock.now().date() >= majority(earliest_birth(birth)):
            raise ParentRefused(Fault.GROWN)
        yield cursor, permit


def _room(cursor: CursorWrapper, record_id: UUID) -> None:
    (row,) = _all(cursor, "parents_now", {"record_id": record_id})
    if row["parents"] >= MOST:
        raise ParentRefused(Fault.BOTH)
    if row["asked"] or row["waiting"]:
        raise ParentRefused(Fault.UNDER_WAY)
    if row["lately"] >= MOST_A_DAY:
        raise ParentRefused(Fault.TOO_OFTEN)


def offered(code: str) -> Offer:
    """Raises `answering.NotThere`."""
    with transaction.atomic(using=READER), connections[READER].cursor() as cursor:
        row = brought(cursor, code, PARENT)
    holder = people.person_of(row["record_id"])
    names = people.names({each for each in (holder, row["invited_by"]) if each})
    child = names.get(holder, "") if holder else ""
    invited_by = row["invited_by"]
    by = names.get(invited_by, "")
    return Offer(row["record_id"], row["id"], invited_by, child, by, row["why"], row["until_answer"])


def stand(actor: Actor, code: str, given: Given) -> UUID:
    """Says that they are the other parent: the case that an operator looks into. The proof belongs to it from now on.
    Raises `Refused`, `answering.NotThere`."""
    return decided(lambda who, brings: _stand(who, brings, given), actor, code)


def _stand(actor: Actor, code: str, given: Given) -> UUID:
    offer, case_id, now = offered(code), uuid7(), clock.now()
    permit = permit_to_stand(actor, offer.record_id)
    with open_record(permit, trace=None, using=WRITER) as cursor:
        # Under the record's lock it is looked at anew: a code is used once.
        row = brought(cursor, code, PARENT)
        ParentCase.objects.using(WRITER).create(
            record_id=permit.record_id,
            id=case_id,
            person_id=actor.id,
            invited_by=row["invited_by"],
            proof=given.proof.value,
            content_id=given.content_id,
            media_type=given.media_type,
            at=now,
            until=proof_until(now),
            state="waiting",
        )
        answer(cursor, permit, row["id"], "accepted")
        note(cursor, permit, Trace("parent-answered"))
    return case_id


def proof_until(now: datetime) -> datetime:
    """How long a proof waits for its answer."""
    return now + timedelta(days=config.load().proof_days)


def refuse(actor: Actor, code: str) -> UUID:
    """The record that stays shut. Raises `Refused`, `answering.NotThere`."""
    return decided(_refuse, actor, code)


def _refuse(actor: Actor, code: str) -> UUID:
    offer = offered(code)
    permit = permit_to_stand(actor, offer.record_id)
    with open_record(permit, trace=Trace("parent-declined"), using=WRITER) as cursor:
        row = brought(cursor, code, PARENT)
        answer(cursor, permit, row["id"], "refused")
    return offer.record_id


def own(actor: Actor) -> list[Own]:
    """What this person asked for, newest first."""
    with as_actor(actor) as cursor:
        found = _all(cursor, "own_cases", {"id": actor.id})
    holders = {row["record_id"]: people.person_of(row["record_id"]) for row in found}
    names = people.names({each for each in holders.values() if each})
    return [
        Own(
            row["record_id"],
            row["id"],
            names.get(holder, "") if (holder := holders[row["record_id"]]) else "",
            Proof(row["proof"]),
            row["at"],
            row["until"],
            row["state"],
            row["reason"],
            row["words"],
        )
        for row in found
    ]


def take_back(actor: Actor, *, record_id: UUID, case_id: UUID) -> bool:
    """Their own request, before it has its answer: the proof is gone at once. Raises `Refused`."""
    permit = permit_to_stand(actor, record_id)
    values = {"record_id": record_id, "id": case_id, "person_id": actor.id}
    with open_record(permit, trace=None, using=WRITER) as cursor:
        held = _all(cursor, "case_content", values)
        done = bool(_all(cursor, "take_back", values))
        if done:
            passing.drop([row["content_id"] for row in held if row["content_id"]])
            note(cursor, permit, Trace("parent-took-back"))
    return done


def _all(cursor: CursorWrapper, statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    cursor.execute(_SQL[statement], values)
    return rows(cursor)
