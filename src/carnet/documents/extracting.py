"""Reads the text of deposited documents, by the system, after the deposit; nothing is shown to anybody."""

from __future__ import annotations

from time import monotonic
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connections, transaction

from carnet.documents import qualifying, texts
from carnet.documents.texts import EXTRACTOR, Read
from carnet.formats.terminology import labels
from carnet.kernel import jobs, vault
from carnet.kernel.actor import SYSTEM, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, command, rows, statements, steward

_SQL = statements("carnet.documents", "text.sql")

TASK: Final = "documents.extract_text"
_also: list[str] = []
_BATCH: Final = 20
_SECONDS: Final = 5.0
"""After which a run leaves the rest to the next, so that other work is done in between."""

_ANYBODY: Final = labels.MASQUE_PS | labels.INVISIBLE_PATIENT | labels.INVISIBLE_REPRESENTANTS_LEGAUX


def also(task: str) -> None:
    """The name of a task of a room above that reads deposited documents too; once, when the rooms are loaded."""
    if task not in _also:
        _also.append(task)


def ask(record_id: UUID) -> None:
    """Has what was deposited in a record read, in the transaction of the deposit."""
    for name in (TASK, *_also):
        jobs.enqueue(name, {"record_id": record_id}, key=str(record_id))


def extract(record_id: UUID) -> bool:
    """Reads documents of a record that no extractor has read, or an older one: some of them at a time. Whether more
    may be left. Raises `render.Busy`, and `vault.VaultError` when the store or its keys do not answer: then nothing is
    kept, and the same may succeed later."""
    with transaction.atomic(using=WRITER):
        _need_not_wait_for_the_disk()
        due = _due(record_id)
        began, done = monotonic(), []
        for document in due:
            done.append(texts.row(document, _read(record_id, document)))
            if monotonic() - began > _SECONDS:
                break
        if done:
            _keep(record_id, done)
            qualifying.complete(record_id, [each["id"] for each in due[: len(done)]])
    return len(done) < len(due) or len(due) == _BATCH


def _need_not_wait_for_the_disk() -> None:
    """A reading that is lost in a crash is lost with its job's end, and done again."""
    with connections[WRITER].cursor() as cursor:
        cursor.execute("set local synchronous_commit = off")


def _due(record_id: UUID) -> list[dict[str, Any]]:
    """Without the record's lock: a deposit does not wait for the reading of another."""
    with connections[WRITER].cursor() as cursor:
        cursor.execute(command(_SQL["due"]), (*_steward(record_id).row(), EXTRACTOR, _BATCH))
        return rows(cursor)


def _read(record_id: UUID, document: dict[str, Any]) -> Read:
    """A content that is missing or altered has raised its own alarm; it is not asked for again and again."""
    try:
        content = vault.read(document["blob_id"], record_id)
    except vault.ContentFault:
        return Read(fault="content")
    return texts.read(content, document["media_type"])


def _keep(record_id: UUID, done: list[dict[str, Any]]) -> None:
    # The line names no document and is told to nobody but auditors: it would tell of deposits out of their sight.
    trace = Trace("texts-extracted", hidden_from=_ANYBODY)
    with steward(SYSTEM, record_id, trace=trace) as cursor:
        cursor.execute(command(_SQL["keep"]), (*_steward(record_id).row(), orjson.dumps(done).decode()))


def _steward(record_id: UUID) -> Permit:
    return Permit(record_id, SYSTEM, Purpose.SYSTEM, "steward", 0, 0, "", -1)
