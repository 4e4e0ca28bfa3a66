"""What waits for its announcement (R1111-53): two weeks after the deposit at the latest the holder is told, in neutral
words, that there is something to speak of with a professional; a month after it, the document shows itself. The
instants stand in the document's own row and in the queue, so that nobody has to watch a clock."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from carnet.consent.access import reading
from carnet.documents import versioning
from carnet.documents.announcement_models import UpdateNotice
from carnet.documents.planning import SECRET
from carnet.documents.powers import Act
from carnet.formats.fhir.patch import Change
from carnet.formats.terminology import labels
from carnet.kernel import clock, happened, jobs
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, command, note, open_record, raise_epoch, rows, statements, steward
from carnet.kernel.db.record import steward_permit
from carnet.kernel.happened import Happened
from carnet.kernel.ids import uuid7

_SQL = statements("carnet.documents")
_OWN = statements("carnet.documents", "announcing.sql")
_FRANCE: Final = ZoneInfo("Europe/Paris")
_WITHHELD: Final = labels.INVISIBLE_PATIENT
_ANYBODY: Final = labels.MASQUE_PS | labels.INVISIBLE_PATIENT | labels.INVISIBLE_REPRESENTANTS_LEGAUX
NOTICE, RELEASE = "announcements.notice", "announcements.release"
WAITS: Final = "waiting"
"""The fact that there is something to speak of with a professional."""
_TOLD_FOR: Final = timedelta(days=17)
"""From the notice until about the release."""


@dataclass(frozen=True, slots=True)
class Instants:
    notice_at: datetime
    release_at: datetime


def instants(withheld_at: datetime) -> Instants:
    """Two weeks and one month after it, in France; the 31st of a month is the last day of a shorter one."""
    local = withheld_at.astimezone(_FRANCE)
    year, month = local.year + local.month // 12, local.month % 12 + 1
    day = min(local.day, monthrange(year, month)[1])
    return Instants(local + timedelta(days=14), local.replace(year=year, month=month, day=day))


def foresee(record_id: UUID, document_ids: Iterable[UUID], withheld_at: datetime) -> None:
    """Asks for both, in the transaction that withholds the documents."""
    at = instants(withheld_at)
    for each in document_ids:
        foresee_at(record_id, each, at)


def foresee_at(record_id: UUID, document_id: UUID, at: Instants) -> None:
    """At instants that stand already; at once where they are past. A document that came from another record has the
    name that it had there: the jobs of there are not these."""
    for task, due in ((NOTICE, at.notice_at), (RELEASE, at.release_at)):
        args = {"record_id": record_id, "document_id": document_id}
        jobs.enqueue(task, args, key=f"{record_id} {document_id}", run_at=due)


def tell(record_id: UUID, document_id: UUID) -> None:
    """The holder that there is something, when it still waits."""
    with steward(SYSTEM, record_id, trace=_unseen()) as cursor:
        permit = steward_permit(SYSTEM, record_id)
        with versioning.in_sight(cursor, permit):
            cursor.execute(_OWN["waiting"], {"record_id": record_id, "id": document_id, "withheld": _WITHHELD})
            found = rows(cursor)
        if not found or found[0]["notice_at"] > clock.now():
            return
        cursor.execute(command(_OWN["as_holder"]), permit.row())
        hidden_from = found[0]["labels"] & SECRET
        UpdateNotice.objects.using(WRITER).create(
            record_id=record_id, id=uuid7(), at=clock.now(), hidden_from=hidden_from
        )
        # Without the document: who helps is told of documents alone, and of this one nobody.
        happened.tell(Happened(WAITS, record_id, SYSTEM.id, hidden_from))


def release(record_id: UUID, document_id: UUID) -> None:
    """Shows the document, with what it replaced, to the patient, when it still waits and its time has come."""
    now = clock.now()
    shown = Change(remove=frozenset({"INVISIBLE_PATIENT"}))
    with steward(SYSTEM, record_id, trace=_unseen()) as cursor:
        permit = steward_permit(SYSTEM, record_id)
        with versioning.in_sight(cursor, permit):
            cursor.execute(_OWN["waiting"], {"record_id": record_id, "id": document_id, "withheld": _WITHHELD})
            found = rows(cursor)
            if not found or found[0]["release_at"] > now:
                return
            chain = versioning.chain(cursor, permit, document_id, onward=False)
            for row in chain:
                if row.labels & _WITHHELD:
                    versioning.change(cursor, permit, row, shown, now)
            cursor.execute(command(_SQL["lists_follow"]), (*permit.row(), [row.id for row in chain]))
        hidden_from = found[0]["labels"] & SECRET
        note(cursor, permit, Trace(Act.SHOW_TO_PATIENT.value, "document", document_id, hidden_from=hidden_from))
        raise_epoch(cursor, record_id)
        happened.tell(Happened("document", record_id, SYSTEM.id, hidden_from, document_id))


def told(actor: Actor, purpose: Purpose, record_id: UUID) -> bool:
    """Whether the holder is to be told that there is something to speak of. For a page that leaves its own line."""

    def read(permit: Permit) -> bool:
        with open_record(permit, trace=None) as cursor:
            cursor.execute(_OWN["told"], {"record_id": record_id, "since": clock.now() - _TOLD_FOR})
            return bool(rows(cursor)[0]["told"])

    return reading(actor, purpose, record_id, read, action="documents-list", target_kind="documents")


def _unseen() -> Trace:
    """To look whether it is time is nothing that anybody but auditors is told: it would tell of what is withheld."""
    return Trace("announcement-due", hidden_from=_ANYBODY)
