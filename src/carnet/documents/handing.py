"""Documents that a person puts into the hands of chosen professionals: seen by these, and otherwise by the record's own
people alone, until they are taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import and_
from typing import Any, Final
from uuid import UUID

from carnet.consent.access import reading
from carnet.consent.actions import changed, kept_secret
from carnet.consent.facts import INVISIBLE_REPRESENTANTS_LEGAUX
from carnet.consent.holders import for_holders, permit_of_holder
from carnet.consent.queries import confidentiality
from carnet.consent.rules import may_be_handed
from carnet.documents import changing, hands
from carnet.documents.actions import submit
from carnet.documents.changing import NotThere
from carnet.documents.powers import Cause
from carnet.documents.submission import Deposited, Handed, NewDocument, Submission
from carnet.formats.entry import DocumentEntry, replace
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, note, open_record, rows, statements
from carnet.people import queries as people
from carnet.people.queries import Professional

__all__ = ["Fault", "HandRefused", "InHands", "Reader", "hand", "in_hands", "take_back"]

_SQL = statements("carnet.documents", "handing.sql")
_CONSENT = statements("carnet.consent")
TAKEN: Final = "document-taken-back"
_READ: Final = "handed-read"
MOST_READERS: Final = 20


class Fault(StrEnum):
    NOBODY = "nobody"
    TOO_MANY = "too-many"
    UNKNOWN = "unknown"
    BLOCKED = "blocked"
    NOT_THEIRS = "not-theirs"


class HandRefused(Exception):
    """Nothing was handed to anybody; `who` is the professional it is about."""

    def __init__(self, fault: Fault, who: str = "") -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.who = who


@dataclass(frozen=True, slots=True)
class Reader:
    """`first` and `last`: when they opened it."""

    professional: Professional
    since: datetime
    until: datetime | None
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class InHands:
    """`readers`: those who hold it now; none when it was taken back, or the term is over. `former`: who held it and
    opened it. `about`: what was chosen to be in it."""

    id: UUID
    title: str
    at: datetime
    readers: tuple[Reader, ...]
    former: tuple[Reader, ...] = ()
    about: str = ""
    mine: bool = True

    @property
    def until(self) -> datetime | None:
        return max((each.until for each in self.readers if each.until), default=None)


def hand(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    entry: DocumentEntry,
    content: bytes,
    readers: Collection[UUID],
    until: datetime | None = None,
    instead_of: UUID | None = None,
    about: str = "",
) -> Deposited:
    """A new document for these alone, until then. `instead_of`: one of these that it replaces, which nobody holds any
    more. Raises `HandRefused`, `NotThere`, `Refused`, `DepositRefused`."""
    permit = permit_of_holder(actor, purpose, record_id, action=hands.HANDED)
    chosen = tuple(dict.fromkeys(readers))
    _check(actor, purpose, record_id, chosen)
    if instead_of is not None and instead_of not in {each.id for each in in_hands(actor, purpose, record_id)}:
        raise NotThere
    hidden_from = _secret(permit, chosen)
    if hidden_from:
        entry = replace(entry, labels=entry.labels | {"INVISIBLE_REPRESENTANTS_LEGAUX"})
    replaced = (instead_of,) if instead_of else ()
    new = NewDocument(entry, content, replaced, handed=Handed(chosen, until, hidden_from, about))
    try:
        return submit(actor, purpose, record_id=record_id, submission=Submission((new,))).documents[0]
    except hands.Blocked as blocked:
        known = people.professionals([blocked.professional_id])
        raise HandRefused(Fault.BLOCKED, known[blocked.professional_id].name) from None


def _check(actor: Actor, purpose: Purpose, record_id: UUID, chosen: Sequence[UUID]) -> None:
    if not chosen:
        raise HandRefused(Fault.NOBODY)
    if len(chosen) > MOST_READERS:
        raise HandRefused(Fault.TOO_MANY)
    known = people.professionals(chosen)
    blocked = {each.professional.id for each in confidentiality(actor, purpose, record_id).blocked}
    for each in chosen:
        who = known.get(each)
        if who is None or people.actor_by_id(each) is None:
            raise HandRefused(Fault.UNKNOWN)
        if each in blocked:
            raise HandRefused(Fault.BLOCKED, who.name)
        if not may_be_handed(who.capacity):
            raise HandRefused(Fault.NOT_THEIRS, who.name)


def _secret(permit: Permit, chosen: Sequence[UUID]) -> int:
    """Whom a minor lets in by a secret is not told of by a list of names either."""
    with open_record(permit, trace=None) as cursor:
        secrets = [kept_secret(cursor, permit, each) for each in chosen]
    return INVISIBLE_REPRESENTANTS_LEGAUX if any(secrets) else 0


def take_back(actor: Actor, purpose: Purpose, *, record_id: UUID, document_id: UUID) -> None:
    """In one act, from everybody: gone with their next request. The document goes as well, if whoever takes it back
    put it there; otherwise it stays with the record's own people. Raises `NotThere`."""
    permit = permit_of_holder(actor, purpose, record_id, action=TAKEN)
    with open_record(permit, trace=None, using=WRITER) as cursor:
        cursor.execute(_SQL["handed"], {"record_id": record_id, "actor_id": actor.id})
        found = next((row for row in rows(cursor) if row["id"] == document_id), None)
        if found is None:
            raise NotThere
        ended = hands.end(cursor, permit, hands.replaced(cursor, permit, document_id))
        for each, hidden_from in ended:
            note(cursor, permit, Trace(TAKEN, "professional", each, hidden_from=hidden_from))
        changed(cursor, record_id, actor.id, reduce(and_, (bits for _, bits in ended)) if ended else 0)
    if found["mine"]:
        changing.withdraw(actor, purpose, record_id=record_id, document_id=document_id, cause=Cause.WITHDRAWN)


def in_hands(actor: Actor, purpose: Purpose, record_id: UUID) -> tuple[InHands, ...]:
    """What is, or was, in somebody's hands, newest first, with who opened it. For the holder and who represents them;
    raises `Refused` for everybody else."""

    def read(permit: Permit) -> list[Any]:
        for_holders(permit, _READ)
        with open_record(permit, trace=Trace(_READ)) as cursor:
            cursor.execute(_SQL["handed"], {"record_id": record_id, "actor_id": actor.id})
            found = rows(cursor)
            ids = [row["id"] for row in found]
            cursor.execute(_CONSENT["shares"], {"record_id": record_id, "documents": ids})
            shares = rows(cursor)
            cursor.execute(_SQL["openings"], {"record_id": record_id, "ids": ids})
            return [found, shares, rows(cursor)]

    found, shares, openings = reading(actor, purpose, record_id, read, action=_READ)
    known = people.professionals({row["professional_id"] for row in shares}) if shares else {}
    opened = {(row["document_id"], row["professional_id"]): (row["first"], row["last"]) for row in openings}
    return tuple(_in_hands(row, shares, known, opened) for row in found)


def _in_hands(
    row: dict[str, Any],
    shares: Sequence[dict[str, Any]],
    known: dict[UUID, Professional],
    opened: dict[tuple[UUID, UUID], tuple[datetime, datetime]],
) -> InHands:
    each = [
        (
            share["holds"],
            Reader(
                known[share["professional_id"]],
                share["since"],
                share["until"],
                *opened.get((row["id"], share["professional_id"]), (None, None)),
            ),
        )
        for share in shares
        if share["document_id"] == row["id"] and share["professional_id"] in known
    ]
    former = tuple(reader for holds, reader in each if not holds and reader.first)
    about = next((share["about"] for share in shares if share["document_id"] == row["id"]), "")
    now = tuple(reader for holds, reader in each if holds)
    return InHands(row["id"], row["title"], row["deposited_at"], now, former, about, row["mine"])
