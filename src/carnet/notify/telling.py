"""From a fact to the notices of those who want to know: the holder, and who represents them; never who did it, and
never whom it is hidden from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from carnet.consent.facts import INVISIBLE_PATIENT, INVISIBLE_REPRESENTANTS_LEGAUX
from carnet.kernel import clock, jobs
from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import WRITER, Trace, rows, statements, steward
from carnet.kernel.happened import Happened
from carnet.kernel.ids import uuid7
from carnet.kernel.jobs.args import Argument
from carnet.notify.models import Contact, Notice
from carnet.notify.rules import Kind
from carnet.records.rules import earliest_birth, majority

_SQL = statements("carnet.notify")
TELL: Final = "notify.tell"
SEND: Final = "notify.send"
# Ten documents of one stay are one mail.
_TOGETHER: Final = timedelta(hours=1)
_ANYBODY: Final = 7
_KNOWN: Final = frozenset(kind.value for kind in Kind)


def ask(fact: Happened) -> None:
    """In the transaction of the fact."""
    if fact.kind in _KNOWN and not fact.hidden_from & INVISIBLE_PATIENT:
        args: dict[str, Argument] = {
            "record_id": fact.record_id,
            "actor_id": fact.actor_id,
            "kind": fact.kind,
            "hidden_from": fact.hidden_from,
        }
        jobs.enqueue(TELL, args)


def tell(record_id: UUID, actor_id: UUID, kind: Kind, hidden_from: int) -> None:
    now = clock.now()
    people = _recipients(record_id, with_representatives=not hidden_from & INVISIBLE_REPRESENTANTS_LEGAUX)
    wanting = Contact.objects.using(WRITER).filter(
        person_id__in=people - {actor_id}, verified_at__isnull=False, kinds__contains=[kind.value]
    )
    with transaction.atomic(using=WRITER):
        for contact in wanting:
            about: dict[str, object] = {"person_id": contact.person_id, "record_id": record_id, "kind": kind.value}
            if kind is not Kind.EMERGENCY and _told(about, now - _TOGETHER):
                continue
            notice = Notice.objects.using(WRITER).create(id=uuid7(), at=now, **about)
            jobs.enqueue(SEND, {"notice_id": notice.id}, key=str(notice.id))


def _told(about: dict[str, object], since: datetime) -> bool:
    return Notice.objects.using(WRITER).filter(**about, at__gt=since).exists()


def _recipients(record_id: UUID, *, with_representatives: bool) -> set[UUID]:
    # To look whom to tell is nothing that a reader of the trail is told of: it would tell of what is hidden from them.
    with steward(SYSTEM, record_id, trace=Trace("notices-made", hidden_from=_ANYBODY)) as cursor:
        cursor.execute(_SQL["recipients"], {"record_id": record_id})
        found = rows(cursor)
    today = clock.now().date()
    return {
        row["person_id"]
        for row in found
        if not row["represents"] or (with_representatives and today < majority(earliest_birth(row["birth"])))
    }
