"""Pictures that a person added and that became the pages of a document: kept byte for byte for who added them. Others
see the document, which has nothing of what a camera notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.consent.access import reading
from carnet.kernel import vault
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, command, open_record, rows, statements
from carnet.kernel.vault import StoredBlob

_OPEN = statements("carnet.documents")["open"]
_SQL = statements("carnet.documents", "pictures.sql")


@dataclass(frozen=True, slots=True)
class NewPicture:
    """`read` gives its bytes in parts, from the start each time."""

    name: str
    media_type: str
    read: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Picture:
    """`number` is that of its page, from 1; `name` what the person's device called it."""

    number: int
    name: str
    media_type: str
    size: int
    blob_id: UUID


def keep(
    cursor: CursorWrapper,
    permit: Permit,
    made: Iterable[tuple[UUID, Sequence[NewPicture]]],
    blobs: Iterable[StoredBlob],
) -> None:
    """The rows of the pictures of each document, in the transaction of its deposit, which has registered `blobs`: the
    contents of all of them, in order."""
    every = [(document_id, *each) for document_id, pictures in made for each in enumerate(pictures, start=1)]
    if every:
        kept = [_row(permit, *each, blob) for each, blob in zip(every, blobs, strict=True)]
        cursor.execute(_SQL["keep"], {"pictures": orjson.dumps(kept).decode()})


def _row(permit: Permit, document_id: UUID, number: int, picture: NewPicture, blob: StoredBlob) -> dict[str, Any]:
    return {
        "record_id": permit.record_id,
        "document_id": document_id,
        "position": number,
        "added_by": permit.actor.id,
        "name": picture.name,
        "media_type": picture.media_type,
        "size": blob.size,
        "sha256": f"\\x{blob.sha256.hex()}",
        "blob_id": blob.id,
    }


def of(cursor: CursorWrapper, record_id: UUID, document_id: UUID) -> tuple[Picture, ...]:
    """Those that this reader added, while the record is open."""
    cursor.execute(_SQL["of_document"], {"record_id": record_id, "id": document_id})
    return tuple(Picture(**row) for row in rows(cursor))


def find(
    actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID, number: int
) -> tuple[Picture, Iterator[bytes]] | None:
    """One of them, byte for byte; None for unknown, hidden, and added by somebody else alike. The first part of the
    content is verified before this returns."""
    found = reading(
        actor,
        purpose,
        record_id,
        lambda permit: _find(permit, document_id, number),
        action="document-open",
        target_kind="document",
        target_id=document_id,
    )
    return (found, vault.open(found.blob_id, record_id)) if found else None


def _find(permit: Permit, document_id: UUID, number: int) -> Picture | None:
    # The function that opens writes the line of the trail.
    with open_record(permit, trace=None) as cursor:
        cursor.execute(command(_OPEN), (*permit.row(), document_id, "document-open"))
        if not rows(cursor):
            return None
        return next((each for each in of(cursor, permit.record_id, document_id) if each.number == number), None)
