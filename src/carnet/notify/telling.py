"""From a fact to the notices of those who want to know: the holder, who represents them, and their médecin traitant of
an emergency; never who did it, and never whom it is hidden from. Made in the transaction of the fact, in the record
that it has entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction
from django.db.models.functions import Now

from carnet.consent.facts import INVISIBLE_PATIENT, INVISIBLE_REPRESENTANTS_LEGAUX
from carnet.kernel import clock, jobs
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER, rows, statements
from carnet.kernel.happened import Happened
from carnet.kernel.ids import uuid7
from carnet.notify import contacts
from carnet.notify.models import Contact, Notice
from carnet.notify.rules import ALWAYS, OF_ACCOUNT, Kind
from carnet.people import disowning
from carnet.people import queries as people
from carnet.records.rules import earliest_birth, majority

_SQL = statements("carnet.notify")
SEND: Final = "notify.send"
# What comes within the hour after a mail is one more at its end; each emergency has its own.
TOGETHER: Final = timedelta(hours=1)
# Of what waits for its announcement, another mail would tell that there is more than one.
_SAID_ONCE: Final = {Kind.WAITING.value}
_OTHERWISE: Final = {Kind.FIRST_ACCESS.value, Kind.CARED.value, Kind.ALERT.value, Kind.APPS.value}
_KNOWN: Final = frozenset(kind.value for kind in Kind) - _OTHERWISE - {kind.value for kind in ALWAYS}


def tell(fact: Happened) -> None:
    if fact.kind == disowning.ADDRESS_VOID:
        _forget_address(fact)
    if fact.kind in OF_ACCOUNT:
        _tell_holder(fact)
    if fact.kind == Kind.ALERT and fact.target_id:
        _tell_professional(fact.target_id, Kind.ALERT)
    if fact.kind == Kind.ENTRANCE:
        _tell_representatives(fact)
    if fact.kind not in _KNOWN or fact.hidden_from & INVISIBLE_PATIENT:
        return
    for person_id in wanting(fact):
        put_together(person_id, fact.record_id, fact.kind)


def _forget_address(fact: Happened) -> None:
    holder = people.person_of(fact.record_id)
    if holder:
        contacts.forget_of(holder)


def _tell_holder(fact: Happened) -> None:
    holder = people.person_of(fact.record_id)
    if holder:
        put(holder, fact.record_id, fact.kind)


def _tell_professional(actor_id: UUID, kind: Kind) -> None:
    """Without the record; each emergency for itself, as for the holder."""
    row = Contact.objects.using(WRITER).filter(person_id=actor_id, verified_at__isnull=False).first()
    if row and kind.value in row.kinds:
        put(actor_id, None, kind)


def _tell_representatives(fact: Happened) -> None:
    """Of a way into the holder's account, as of any right that changes: where they want to be told."""
    for person_id in wanting(replace(fact, kind=Kind.RIGHTS.value), representatives=True):
        put_together(person_id, fact.record_id, Kind.RIGHTS)


def tell_account(person: Actor) -> None:
    """Of one's own account, not of a record: whoever has an address is told, whatever they chose."""
    record_id = people.record_of(person)
    if record_id:
        with transaction.atomic(using=WRITER):
            put(person.id, record_id, Kind.SECURITY)


def tell_person(person_id: UUID, record_id: UUID, kind: Kind) -> None:
    """One person, whatever they chose; nothing for who has no address. In the transaction of the fact."""
    if Contact.objects.using(WRITER).filter(person_id=person_id, verified_at__isnull=False).exists():
        put(person_id, record_id, kind)


def put_together(person_id: UUID, record_id: UUID, kind: str) -> bool:
    """As `put`, no more than one an hour and none lost; whether there is a notice more. One that is still to come, or
    that was made in this transaction, tells of this as well: it leaves after both."""
    last = None
    if kind != Kind.EMERGENCY:
        values: dict[str, Any] = {"person_id": person_id, "record_id": record_id, "kind": kind, "together": TOGETHER}
        with connections[WRITER].cursor() as cursor:
            cursor.execute(_SQL["lately"], values)
            (last,) = rows(cursor)
    if last and last["at"] and (last["ahead"] or kind in _SAID_ONCE):
        return False
    put(person_id, record_id, kind, at=last["at"] + TOGETHER if last and last["at"] else None)
    return True


def put(person_id: UUID, record_id: UUID | None, kind: str, *, at: datetime | None = None) -> None:
    """In the transaction of the fact; `at`: when it leaves, None for now. By the clock of the database, which tells
    what is of the same transaction."""
    notice = Notice(id=uuid7(), person_id=person_id, record_id=record_id, kind=kind, at=at or Now(), since=Now())
    notice.save(using=WRITER, force_insert=True)
    jobs.enqueue(SEND, {"notice_id": notice.id}, key=str(notice.id), run_at=at)


def wanting(fact: Happened, *, representatives: bool = False) -> list[UUID]:
    """One look, which finds nobody for most records. In a record that has been entered; `representatives` alone, or
    all."""
    values: dict[str, Any] = {
        "record_id": fact.record_id,
        "actor_id": fact.actor_id,
        "kind": fact.kind,
    }
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["wanting"], values)
        found = [row for row in rows(cursor) if _may_know(row, fact)]
    return [row["person_id"] for row in found if row["represents"] or not representatives]


def _may_know(row: dict[str, Any], fact: Happened) -> bool:
    """A parent until the holder comes of age, a guardian as long as they are one, and nothing of what is kept from
    them."""
    if not row["represents"]:
        return True
    minor = clock.now().date() < majority(earliest_birth(row["birth"]))
    return (minor or row["represents"] == "guardian") and not fact.hidden_from & INVISIBLE_REPRESENTANTS_LEGAUX
