"""« Voir comme… » in the structured record: which of the facts that its holder knows a reader would be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent.seeing import Reader
from carnet.documents import preview
from carnet.documents.preview import Preview
from carnet.health.queries import Line, lines
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import rows, statements

_SQL: Final = statements("carnet.health")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The holder's facts, newest first; a fact is told by one of its sources at least."""

    documents: Preview
    told: tuple[Line, ...]
    untold: tuple[Line, ...]


def foresee(actor: Actor, purpose: Purpose, record_id: UUID, reader: Reader) -> Foreseen | None:
    """None for an unknown reader. Raises `Refused` for whoever is not the holder, nor represents them."""

    def sources_in_sight(cursor: CursorWrapper) -> frozenset[UUID]:
        cursor.execute(_SQL["sources_in_sight"], {"record_id": record_id})
        return frozenset(row["source_id"] for row in rows(cursor))

    found = preview.preview(actor, purpose, record_id, reader, also=sources_in_sight)
    if found is None:
        return None
    sources = {line.id for line in found.shown} | found.also
    known = lines(actor, purpose, record_id)
    return Foreseen(
        found,
        tuple(line for line in known if not sources.isdisjoint(line.sources)),
        tuple(line for line in known if sources.isdisjoint(line.sources)),
    )
