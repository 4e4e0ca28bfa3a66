"""The index of stored documents, made anew from their texts: for those that came before it existed, and whenever its
form changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from carnet.documents import index
from carnet.documents.versioning import in_sight
from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import Trace, locator, rows, statements, steward, steward_permit

_SQL = statements("carnet.documents")


@dataclass(frozen=True, slots=True)
class Reindexed:
    """How many documents the record has, and of how many the index was another."""

    documents: int
    changed: int


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
        cursor.execute(_SQL["to_index"], {"record_id": record_id})
        found = rows(cursor)
        changed = 0
        for row in found:
            tokens, names = index.of_stored(row["id"], row["fhir"], labels_mask=row["labels"], archived=row["archived"])
            if (tokens, names) == (row["tokens"], row["names"]):
                continue
            values = {"record_id": record_id, "id": row["id"], "tokens": tokens, "names": names}
            cursor.execute(_SQL["index"], values)
            changed += 1
    return Reindexed(len(found), changed)
