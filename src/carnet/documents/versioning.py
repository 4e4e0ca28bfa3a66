"""The next version of a stored document: it is written in the place of the one before it, whose metadata are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.documents import index
from carnet.documents.models import Secrecy, Status
from carnet.documents.planning import SECRET, Replaced
from carnet.formats.fhir import patch, times
from carnet.formats.fhir.patch import Change
from carnet.formats.terminology import labels
from carnet.kernel.db import Permit, command, rows, statements

_SQL = statements("carnet.documents")


@contextmanager
def in_sight(cursor: CursorWrapper, permit: Permit) -> Iterator[None]:
    """The act has been decided; what it touches beyond the sight of who acts comes into sight for it alone."""
    cursor.execute(command(_SQL["lift"]), permit.row())
    yield
    cursor.execute(command(_SQL["lower"]), permit.row())


def chain(cursor: CursorWrapper, permit: Permit, document_id: UUID, *, onward: bool) -> list[Replaced]:
    """The document and what it replaced; `onward` also what replaced it."""
    cursor.execute(command(_SQL["chain"]), (*permit.row(), document_id, onward))
    return [Replaced(unique_id="", **row) for row in rows(cursor)]


def change(cursor: CursorWrapper, permit: Permit, row: Replaced, asked: Change, now: datetime) -> None:
    """One document; `secrecy` ends with the label, and becomes the depositor's word when he confirms it."""
    bits = (row.labels | labels.mask_of(asked.add)) & ~labels.mask_of(asked.remove)
    archived = row.archived if asked.archived is None else asked.archived
    text = patch.updated(row.fhir, asked, version=row.version + 1, last_updated=now)
    _store(
        cursor,
        permit,
        row,
        status=Status.WITHDRAWN if asked.withdraw else Status(row.status),
        bits=bits,
        archived=archived,
        secrecy=_secrecy(row, bits),
        tokens=index.moved(row.tokens, patch.current(row.fhir), patch.current(text)),
        text=text,
        now=now,
    )


def _secrecy(row: Replaced, bits: int) -> str:
    if not bits & SECRET:
        return Secrecy.NONE
    return Secrecy.ASKED if row.secrecy in {Secrecy.NONE, Secrecy.SUSPECTED} else row.secrecy


def supersede(cursor: CursorWrapper, permit: Permit, row: Replaced, now: datetime) -> None:
    resource = orjson.loads(row.fhir)
    resource["status"] = Status.SUPERSEDED.value
    resource["meta"] |= {"versionId": str(row.version + 1), "lastUpdated": times.instant(now)}
    _store(
        cursor,
        permit,
        row,
        status=Status.SUPERSEDED,
        bits=row.labels,
        archived=row.archived,
        secrecy=row.secrecy,
        tokens=row.tokens,
        text=orjson.dumps(resource).decode(),
        now=now,
    )


def _store(
    cursor: CursorWrapper,
    permit: Permit,
    row: Replaced,
    *,
    status: str,
    bits: int,
    archived: bool,
    secrecy: str,
    tokens: list[int],
    text: str,
    now: datetime,
) -> None:
    values: tuple[Any, ...] = (row.id, str(status), bits, archived, str(secrecy), tokens, text, now)
    cursor.execute(command(_SQL["change"]), (*permit.row(), *values))
