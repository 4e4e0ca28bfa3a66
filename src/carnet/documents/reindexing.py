"""The index of stored documents and lists, made anew from their texts: for those that came before it existed, and
whenever its form changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.documents import index
from carnet.documents.versioning import in_sight
from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import Trace, locator, rows, statements, steward, steward_permit

_SQL = statements("carnet.documents")


@dataclass(frozen=True, slots=True)
class Reindexed:
    """How many documents the record has, of how many the index was another, and of how many lists."""

    documents: int
    changed: int
    lists: int = 0


def records() -> Iterator[UUID]:
    """Those that hold a document, or held one."""
    return locator.records(locator.UNIQUE_ID)


def reindex(record_id: UUID) -> Reindexed:
    """Under the record's lock, by the system: nobody is told anything of a document, and none gets a version."""
    permit = steward_permit(SYSTEM, record_id)
    with (
        steward(SYSTEM, record_id, trace=Trace("documents-reindexed", "documents")) as cursor,
        in_sight(cursor, permit),
    ):
        documents = _rows(cursor, record_id, "to_index")
        changed = sum(_put(cursor, record_id, "index", row, _of_document(row)) for row in documents)
        lists = _rows(cursor, record_id, "lists_to_index")
        moved = sum(_put(cursor, record_id, "index_list", row, _of_list(row)) for row in lists)
    return Reindexed(len(documents), changed, moved)


_Index = tuple[list[int], list[str]]


def _rows(cursor: CursorWrapper, record_id: UUID, statement: str) -> list[dict[str, Any]]:
    cursor.execute(_SQL[statement], {"record_id": record_id})
    return rows(cursor)


def _of_document(row: dict[str, Any]) -> _Index:
    return index.of_stored(row["id"], row["fhir"], labels_mask=row["labels"], archived=row["archived"])


def _of_list(row: dict[str, Any]) -> _Index:
    return index.of_stored_list(row["id"], row["kind"], row["fhir"])


def _put(cursor: CursorWrapper, record_id: UUID, statement: str, row: dict[str, Any], made: _Index) -> bool:
    """Whether the index was another."""
    tokens, names = made
    if (tokens, names) == (row["tokens"], row["names"]):
        return False
    cursor.execute(_SQL[statement], {"record_id": record_id, "id": row["id"], "tokens": tokens, "names": names})
    return True
