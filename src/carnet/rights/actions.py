"""The copy of a whole record for whom it belongs to: asked for, made by a job, offered for some days, taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from carnet.consent.access import Refused, permit_to_copy, reading
from carnet.consent.holders import permit_of_holder
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, open_record, rows, statements
from carnet.kernel.ids import uuid7
from carnet.kernel.jobs import enqueue
from carnet.kernel.vault import passing
from carnet.people.queries import actor_by_id, person_of
from carnet.rights.archive import Archive
from carnet.rights.models import Export

OFFERED: Final = timedelta(days=7)
TASK: Final = "rights.export"
_EXPORT: Final = "export"
_SQL = statements("carnet.rights")


def ask(actor: Actor, purpose: Purpose, *, record_id: UUID) -> Export:
    """One at a time: the one that is being made, or a new one in the place of the last. Raises `Refused`."""
    permit = permit_of_holder(actor, purpose, record_id, action=_EXPORT)
    with open_record(permit, trace=Trace("export-asked"), using=WRITER):
        now = clock.now()
        # Also one that has ended, and waits to be dropped.
        known: Export | None = _all(actor, record_id).select_for_update().first()
        if known is not None and known.content_id is None and not known.refused and known.until > now:
            return known
        if known is not None:
            _drop(known)
        export = Export.objects.using(WRITER).create(
            id=uuid7(),
            record_id=record_id,
            actor_id=actor.id,
            purpose=purpose.value,
            asked_at=now,
            until=now + OFFERED,
        )
        enqueue(TASK, {"export_id": export.id})
    return export


def make(export_id: UUID) -> None:
    """The job. What was withdrawn from the asker in the meantime is not made any more; what the asker has dropped is
    not kept."""
    export = Export.objects.using(WRITER).filter(id=export_id, content_id=None, refused=False).first()
    if export is None:
        return
    permit = _still(export)
    this = Export.objects.using(WRITER).filter(id=export_id)
    if permit is None:
        this.update(refused=True)
        return
    archive = Archive(permit)
    kept = passing.keep(archive.stream(), until=export.until)
    made = {"documents": len(archive.kept), "copied": archive.copied, "lacking": archive.lacking, "size": kept.size}
    if not this.update(content_id=kept.id, **made):
        passing.drop([kept.id])


def _still(export: Export) -> Permit | None:
    actor = actor_by_id(export.actor_id)
    try:
        return permit_of_holder(actor, Purpose(export.purpose), export.record_id, action=_EXPORT) if actor else None
    except Refused:
        return None


def offered(actor: Actor, purpose: Purpose, *, record_id: UUID) -> Export | None:
    """What this person has asked for, made or not. Raises `Refused`."""

    def read(permit: Permit) -> Export | None:
        found: Export | None = _of(actor, record_id).first()
        return None if found is not None and _outdated(permit, found) else found

    return reading(actor, purpose, record_id, read, action=_EXPORT)


def take(actor: Actor, purpose: Purpose, *, record_id: UUID) -> tuple[Export, Iterator[bytes]] | None:
    """The copy, in verified parts; None when there is none to take. Raises `Refused`, `vault.ContentFault`."""
    permit = permit_of_holder(actor, purpose, record_id, action=_EXPORT)
    export = _of(actor, record_id).exclude(content_id=None).first()
    if export is None or export.content_id is None or _outdated(permit, export):
        return None
    parts = passing.open(export.content_id)
    with open_record(permit, trace=Trace("export-taken")):
        return export, parts


def copy(record_id: UUID) -> Archive:
    """What the holder may see, for the operator of the machine who hands it to them; of a closed record too. Raises
    `Refused` where there is none."""
    permit = permit_to_copy(record_id)
    with open_record(permit, trace=Trace("export-taken")):
        return Archive(permit, reader=person_of(record_id))


def drop(actor: Actor, purpose: Purpose, *, record_id: UUID) -> None:
    permit = permit_of_holder(actor, purpose, record_id, action=_EXPORT)
    with open_record(permit, trace=Trace("export-dropped"), using=WRITER):
        for export in _of(actor, record_id).select_for_update():
            _drop(export)


def drop_ended() -> int:
    """How many offers have ended; their contents end by themselves."""
    return Export.objects.using(WRITER).filter(until__lte=clock.now()).delete()[0]


def _drop(export: Export) -> None:
    if export.content_id:
        passing.drop([export.content_id])
    export.delete()


def _outdated(permit: Permit, export: Export) -> bool:
    """A document of the copy is not in this reader's sight any more: withdrawn, or kept from them since."""
    if export.content_id is None:
        return False
    with open_record(permit, trace=None) as cursor:
        cursor.execute(_SQL["in_sight"], {"record_id": permit.record_id, "ids": export.copied})
        return bool(rows(cursor)[0]["documents"] < len(export.copied))


def _of(actor: Actor, record_id: UUID) -> Any:
    return _all(actor, record_id).filter(until__gt=clock.now())


def _all(actor: Actor, record_id: UUID) -> Any:
    return Export.objects.using(WRITER).filter(actor_id=actor.id, record_id=record_id)
