"""Reads deposited documents into entries, by the system, after the deposit; nothing is shown to anybody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from carnet.formats.cda import entries as cda
from carnet.formats.cda.errors import CdaError
from carnet.formats.clinical.reading import Fault, Read
from carnet.formats.fhir import entries as fhir
from carnet.formats.terminology import labels
from carnet.health import rows as rows_of
from carnet.health.models import SaidBy
from carnet.health.rows import Source
from carnet.kernel import clock, vault
from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import WRITER, Trace, command, note, query, rows, statements, steward, steward_permit

_SQL = statements("carnet.health")

TASK: Final = "health.read"
EXTRACTOR: Final = 4
"""To be raised with every change of what is read: `carnet extract` then reads everything again."""

CDA: Final = ("text/xml", "application/xml", "application/xslt+xml")
FHIR: Final = ("application/fhir+json",)
_BATCH: Final = 20
_SECONDS: Final = 5.0
"""After which a run leaves the rest to the next, so that other work is done in between."""

_ANYBODY: Final = labels.MASQUE_PS | labels.INVISIBLE_PATIENT | labels.INVISIBLE_REPRESENTANTS_LEGAUX
_POSITION: Final = re.compile(r"\[\d+\]")


def read_record(record_id: UUID) -> bool:
    """Reads documents of a record that no extractor has read, or an older one: some of them at a time. Whether more may
    be left. Raises `vault.VaultError` when the store or its keys do not answer: then nothing is kept, and the same may
    succeed later. Where the holder does not want it nothing is read, and what was read is dropped."""
    with transaction.atomic(using=WRITER):
        _need_not_wait_for_the_disk()
        if not _wanted(record_id):
            _drop(record_id)
            return False
        due = _due(record_id)
        began, done = monotonic(), []
        for document in due:
            done.append((document, _read(record_id, document)))
            if monotonic() - began > _SECONDS:
                break
        if done:
            keep(record_id, done)
    return len(done) < len(due) or len(due) == _BATCH


def _need_not_wait_for_the_disk() -> None:
    """A reading that is lost in a crash is lost with its job's end, and done again."""
    with connections[WRITER].cursor() as cursor:
        cursor.execute("set local synchronous_commit = off")


def _wanted(record_id: UUID) -> bool:
    with connections[WRITER].cursor() as cursor:
        cursor.execute(command(_SQL["wanted"]), steward_permit(SYSTEM, record_id).row())
        return bool(rows(cursor)[0]["wanted"])


@dataclass(frozen=True, slots=True)
class Document:
    """One that is to be read; `first_at` is when it was read before."""

    id: UUID
    blob_id: UUID
    media_type: str
    created_at: datetime
    depositor_id: UUID
    first_at: datetime | None = None


def _due(record_id: UUID) -> list[Document]:
    """Without the record's lock: a deposit does not wait for the reading of another."""
    with connections[WRITER].cursor() as cursor:
        permit = steward_permit(SYSTEM, record_id).row()
        cursor.execute(command(_SQL["due"]), (*permit, EXTRACTOR, [*CDA, *FHIR], _BATCH))
        return [Document(**row) for row in rows(cursor)]


def _read(record_id: UUID, document: Document) -> Read:
    """A content that is missing or altered has raised its own alarm; it is not asked for again and again."""
    try:
        content = vault.read(document.blob_id, record_id)
    except vault.ContentFault:
        return Read(faults=(Fault("content", ""),))
    return read(content, document.media_type)


def read(content: bytes, media_type: str) -> Read:
    """The entries of a document; what is no document of its type has one fault, and none."""
    if media_type in FHIR:
        return fhir.read_document(content)
    try:
        return cda.read(content)
    except CdaError as error:
        return Read(faults=(Fault(error.code, ""),))


def keep(record_id: UUID, done: Sequence[tuple[Document, Read]]) -> None:
    """Puts what was read in the place of what was read of the same documents before."""
    # The line names no document and is told to nobody but auditors: it would tell of deposits out of their sight.
    trace = Trace("entries-extracted", hidden_from=_ANYBODY)
    kept = [_kept(record_id, document, read) for document, read in done]
    permit = steward_permit(SYSTEM, record_id).row()
    with steward(SYSTEM, record_id, trace=trace) as cursor:
        cursor.execute(command(_SQL["keep"]), (*permit, orjson.dumps(kept).decode()))
        _report(cursor, done)


def _kept(record_id: UUID, document: Document, read: Read) -> dict[str, Any]:
    source = Source(
        record_id=record_id,
        id=document.id,
        said_by=SaidBy.DOCUMENT.value,
        stated_at=document.created_at,
        known_at=document.first_at or clock.now(),
    )
    return {
        "document_id": source.id,
        "extractor": EXTRACTOR,
        "at": source.known_at,
        "faults": len(read.faults),
        "statements": list(rows_of.of(source, read)),
    }


def _drop(record_id: UUID) -> None:
    permit = steward_permit(SYSTEM, record_id)
    with steward(SYSTEM, record_id, trace=None) as cursor:
        cursor.execute(command(_SQL["drop"]), permit.row())
        if rows(cursor)[0]["dropped"]:
            note(cursor, permit, Trace("entries-dropped", hidden_from=_ANYBODY))


def _report(cursor: CursorWrapper, done: Sequence[tuple[Document, Read]]) -> None:
    now = clock.now()
    faults = Counter((d.depositor_id, each.code, _anywhere(each)) for d, read in done for each in read.faults)
    for (depositor_id, code, path), times in sorted(faults.items(), key=str):
        counted: dict[str, Any] = {"depositor_id": depositor_id, "code": code, "path": path, "times": times}
        cursor.execute(_SQL["report"], {**counted, "extractor": EXTRACTOR, "now": now})


def _anywhere(fault: Fault) -> str:
    """The same fault of many documents stands at one place, whatever the number of its element."""
    return _POSITION.sub("", fault.path)


def unread() -> list[dict[str, Any]]:
    """What could not be read, by depositor and place, the most frequent first; of this extractor alone."""
    return query("reader", _SQL["unread"], {"extractor": EXTRACTOR})
