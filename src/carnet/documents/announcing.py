"""What waits for its announcement (R1111-53): two weeks after the deposit at the latest the holder is told, in neutral
words, that there is something to speak of with a professional; a month after it, the document shows itself. The
instants stand in the document's own row and in the queue, so that nobody has to watch a clock.

There is one month for a document and for what replaces it, from the first deposit that is withheld. What was announced
was announced: it is not withheld again."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db.backends.utils import CursorWrapper

from carnet.consent.access import reading
from carnet.documents import versioning
from carnet.documents.announcement_models import UpdateNotice
from carnet.documents.planning import SECRET, Replaced
from carnet.documents.powers import Act
from carnet.formats.fhir.patch import Change
from carnet.formats.terminology import labels
from carnet.kernel import clock, happened, jobs
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, command, note, open_record, raise_epoch, rows, statements, steward
from carnet.kernel.db.record import steward_permit
from carnet.kernel.happened import Happened

_SQL = statements("carnet.documents")
_OWN = statements("carnet.documents", "announcing.sql")
_FRANCE: Final = ZoneInfo("Europe/Paris")
_WITHHELD: Final = labels.INVISIBLE_PATIENT
_ANYBODY: Final = labels.MASQUE_PS | labels.INVISIBLE_PATIENT | labels.INVISIBLE_REPRESENTANTS_LEGAUX
# What brings a document itself before the eyes of who reads it.
_READINGS: Final = ("document-open", "document-page", "document-read")
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


@dataclass(frozen=True, slots=True)
class Past:
    """Of a document that is not withheld: `withheld` before, so that it has been announced since; `opened` by the
    holder or by who represents them."""

    deposited_at: datetime
    withheld: bool
    opened: bool

    def shown(self, now: datetime) -> bool:
        return self.withheld or self.opened or instants(self.deposited_at).release_at <= now


def shown(cursor: CursorWrapper, permit: Permit, chain: Sequence[Replaced], now: datetime) -> bool:
    """Whether the patient has had one of these documents before their eyes, or their month is over: then it is too late
    to withhold them. Between `lift` and `lower`."""
    return any(each.shown(now) for each in _past(cursor, permit, chain))


def withhold(cursor: CursorWrapper, permit: Permit, document_ids: Collection[UUID]) -> None:
    """What is withheld after its deposit waits as if it had been from the first, and both are asked for. Between `lift`
    and `lower`, once it bears the label."""
    values: dict[str, Any] = {"record_id": permit.record_id, "ids": list(document_ids), "withheld": _WITHHELD}
    cursor.execute(_OWN["withheld"], values)
    for row in rows(cursor):
        at = instants(row["deposited_at"])
        cursor.execute(_OWN["wait"], {**values, "id": row["id"], "notice": at.notice_at, "release": at.release_at})
        foresee(permit.record_id, row["id"], at)


def of_replacement(cursor: CursorWrapper, permit: Permit, old: Replaced, now: datetime) -> Instants | None:
    """Until when that waits which comes now, withheld, in the place of `old`: as long as `old` does; None when `old`
    was announced, which is not taken back. Where nothing was ever withheld it waits from now on: a next version may
    state what is to be announced, and leaves the one before in sight."""
    with versioning.in_sight(cursor, permit):
        chain = versioning.chain(cursor, permit, old.id, onward=False)
        if not old.labels & _WITHHELD and any(each.withheld for each in _past(cursor, permit, chain)):
            return None
        cursor.execute(_OWN["first"], {"record_id": permit.record_id, "ids": [row.id for row in chain]})
        found = rows(cursor)[0]
    return Instants(**found) if found["release_at"] else instants(now)


def too_late(cursor: CursorWrapper, permit: Permit, late: UUID, now: datetime) -> bool:
    """Whether one's own correction, which came before what it corrects, was shown already: that does not come withheld
    after it, since the correction would be withheld with it."""
    with versioning.in_sight(cursor, permit):
        return shown(cursor, permit, versioning.chain(cursor, permit, late, onward=True), now)


def _past(cursor: CursorWrapper, permit: Permit, chain: Sequence[Replaced]) -> list[Past]:
    open_ones = [row.id for row in chain if not row.labels & _WITHHELD]
    cursor.execute(_OWN["trail_in_sight"])
    asked: dict[str, Any] = {"record_id": permit.record_id, "ids": open_ones, "withheld": _WITHHELD}
    cursor.execute(_OWN["past"], asked | {"readings": list(_READINGS)})
    return [Past(**row) for row in rows(cursor)]


def foresee(record_id: UUID, document_id: UUID, at: Instants) -> None:
    """Asks for both, in the transaction that withholds the document; at once where the instants are past. A document
    that came from another record has the name that it had there: the jobs of there are not these."""
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
        if _written(record_id, document_id):
            return
        hidden_from = found[0]["labels"] & SECRET
        _write(record_id, document_id, hidden_from=SECRET, until=None)
        if not hidden_from:
            _write(record_id, document_id, hidden_from=0, until=found[0]["release_at"])
        # Without the document: who helps is told of documents alone, and of this one nobody.
        happened.tell(Happened(WAITS, record_id, SYSTEM.id, hidden_from))


def _written(record_id: UUID, document_id: UUID) -> bool:
    """The job ran before, to where nobody noted that it had."""
    own = _named(record_id, document_id, SECRET)
    return UpdateNotice.objects.using(WRITER).filter(record_id=record_id, id=own).exists()


def _write(record_id: UUID, document_id: UUID, *, hidden_from: int, until: datetime | None) -> None:
    UpdateNotice.objects.using(WRITER).create(
        record_id=record_id,
        id=_named(record_id, document_id, hidden_from),
        at=clock.now(),
        hidden_from=hidden_from,
        until=until,
    )


def _named(record_id: UUID, document_id: UUID, hidden_from: int) -> UUID:
    """From a document to what was told of it, and never back: a row that somebody sees names no document."""
    return uuid5(record_id, f"{document_id} {hidden_from}")


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
            settle(cursor, record_id, [row.id for row in chain])
        hidden_from = found[0]["labels"] & SECRET
        note(cursor, permit, Trace(Act.SHOW_TO_PATIENT.value, "document", document_id, hidden_from=hidden_from))
        raise_epoch(cursor, record_id)
        happened.tell(Happened("document", record_id, SYSTEM.id, hidden_from, document_id))


def settle(cursor: CursorWrapper, record_id: UUID, document_ids: Collection[UUID]) -> None:
    """Between `lift` and `lower`, after something changed in these: the holder is told no more once nothing waits. Who
    represents them is told until these show themselves to them too, or their month is over: that something was
    withdrawn, or turned out to be a secret, changes nothing of what they were told already."""
    cursor.execute(_OWN["trail_in_sight"])
    values: dict[str, Any] = {"record_id": record_id, "withheld": _WITHHELD, "unseen": _WITHHELD | SECRET}
    cursor.execute(_OWN["settle"], values)
    cursor.execute(_OWN["in_the_open"], {**values, "ids": list(document_ids)})
    told = [_named(record_id, row["id"], 0) for row in rows(cursor)]
    cursor.execute(_OWN["settle_for_others"], {**values, "ids": told})


def told(actor: Actor, purpose: Purpose, record_id: UUID) -> bool:
    """Whether who opens the record is to be told that there is something to speak of. For a page that leaves its own
    line."""

    def read(permit: Permit) -> bool:
        values: dict[str, Any] = {
            "record_id": record_id,
            "since": clock.now() - _TOLD_FOR,
            "own": not permit.hidden & SECRET,
        }
        with open_record(permit, trace=None) as cursor:
            cursor.execute(_OWN["told"], values)
            return bool(rows(cursor)[0]["told"])

    return reading(actor, purpose, record_id, read, action="documents-list", target_kind="documents")


def _unseen() -> Trace:
    """To look whether it is time is nothing that anybody but auditors is told: it would tell of what is withheld."""
    return Trace("announcement-due", hidden_from=_ANYBODY)
