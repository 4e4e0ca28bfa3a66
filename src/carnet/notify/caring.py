"""Who helps is told of something new among what they were given, and of nothing else: once the document is there, it is
looked for as they would, under their own permit. What is masked, withheld, secret or of another kind is not there."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from carnet.consent.access import permit_quietly
from carnet.kernel import jobs
from carnet.kernel.actor import Purpose
from carnet.kernel.db import READER, WRITER, open_record, rows, statements
from carnet.kernel.happened import Happened
from carnet.notify import telling
from carnet.notify.rules import Kind
from carnet.people import queries as people

_SQL = statements("carnet.notify")
TELL: Final = "notify.cared"
_KINDS: Final = {Kind.DOCUMENT.value, Kind.CORRECTION.value}


def look(fact: Happened) -> None:
    """In the transaction of the fact, and in its record: where nobody who helps wants to know, nothing is done."""
    if fact.target_id is None or fact.kind not in _KINDS:
        return
    values: dict[str, Any] = {"record_id": fact.record_id, "actor_id": fact.actor_id, "kind": Kind.CARED.value}
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["carers_wanting"], values)
        found = rows(cursor)
    for row in found:
        about = {"record_id": fact.record_id, "document_id": fact.target_id, "person_id": row["person_id"]}
        jobs.enqueue(TELL, about, key=f"{fact.target_id}/{row['person_id']}")


def tell(record_id: UUID, document_id: UUID, person_id: UUID) -> bool:
    """Whether there was anything to tell."""
    if not _sees(person_id, record_id, document_id):
        return False
    with transaction.atomic(using=WRITER):
        return telling.put_together(person_id, record_id, Kind.CARED.value)


def _sees(person_id: UUID, record_id: UUID, document_id: UUID) -> bool:
    actor = people.actor_by_id(person_id)
    permit = permit_quietly(actor, Purpose.CARER, record_id) if actor else None
    if permit is None:
        return False
    with open_record(permit, trace=None, using=READER) as cursor:
        cursor.execute(_SQL["in_sight"], {"record_id": record_id, "id": document_id})
        return bool(rows(cursor))


def still_helps(person_id: UUID, record_id: UUID) -> bool:
    actor = people.actor_by_id(person_id)
    return actor is not None and permit_quietly(actor, Purpose.CARER, record_id) is not None
