"""Who holds a document that was put into their hands: the rows, written under the record's lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent.actions import changed
from carnet.documents.submission import Handed
from carnet.kernel.db import Permit, Trace, command, note, rows, statements
from carnet.kernel.ids import uuid7

__all__ = ["HANDED", "Blocked", "end", "give", "replaced"]

_SQL = statements("carnet.documents", "handing.sql")
_CONSENT = statements("carnet.consent")
HANDED: Final = "document-handed"


class Blocked(Exception):
    """A block came in between: what would be given would come back with its end."""

    def __init__(self, professional_id: UUID) -> None:
        super().__init__(str(professional_id))
        self.professional_id = professional_id


def give(cursor: CursorWrapper, permit: Permit, made: Sequence[tuple[UUID, Handed | None]], now: datetime) -> None:
    """In the transaction that stores the documents, under the record's lock. Raises `Blocked`."""
    for document_id, handed in made:
        if handed is None:
            continue
        asked: dict[str, Any] = {
            "record_id": permit.record_id,
            "document_id": document_id,
            "given_by": permit.actor.id,
            "since": now,
            "until": handed.until,
            "hidden_from": handed.hidden_from,
            "about": handed.about,
            "ids": [uuid7() for _ in handed.readers],
            "readers": list(handed.readers),
        }
        cursor.execute(_SQL["blocked"], asked)
        for row in rows(cursor):
            raise Blocked(row["professional_id"])
        cursor.execute(_SQL["give"], asked)
        # What it replaces is in nobody's hands from now on.
        end(cursor, permit, [each for each in replaced(cursor, permit, document_id) if each != document_id])
        for each in handed.readers:
            note(cursor, permit, Trace(HANDED, "professional", each, hidden_from=handed.hidden_from))
        changed(cursor, permit.record_id, permit.actor.id, handed.hidden_from)


def replaced(cursor: CursorWrapper, permit: Permit, document_id: UUID) -> list[UUID]:
    cursor.execute(_SQL["replaced"], {"record_id": permit.record_id, "ids": [document_id]})
    return [row["id"] for row in rows(cursor)]


def end(cursor: CursorWrapper, permit: Permit, documents: Sequence[UUID]) -> list[tuple[UUID, int]]:
    """From whom they were taken, each with the label bits of those who are not to learn of it."""
    cursor.execute(_CONSENT["end_shares_of"], {"record_id": permit.record_id, "documents": list(documents)})
    ended = [(row["professional_id"], row["hidden_from"]) for row in rows(cursor)]
    cursor.execute(command(_CONSENT["readers_follow"]), permit.row())
    return ended
