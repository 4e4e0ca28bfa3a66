"""Opening a document to read it on its page: its content, the versions around it, and who it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.consent import seers
from carnet.consent.access import reading
from carnet.consent.rules import As
from carnet.documents import pictures, queries
from carnet.documents.mask_models import MaskKind
from carnet.documents.pictures import Picture
from carnet.documents.powers import Act, may
from carnet.formats.folding import Term
from carnet.formats.terminology import document_types, labels
from carnet.kernel import vault
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import Permit, command, open_record, rows, statements

_OPEN = statements("carnet.documents")["open"]
_SQL = statements("carnet.documents", "reading.sql")
_MOST_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class Around:
    """Another version of a document, `step` versions later (earlier below 0)."""

    id: UUID
    title: str
    created_at: datetime
    deposited_at: datetime
    step: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose record it is; `birth_date` may tell the year or the month alone."""

    name: str
    birth_date: str


@dataclass(frozen=True, slots=True)
class Opened:
    """`around`: newest first. `seers`: the professionals who may see this document now. `hit`: the first page with what
    is looked for, by what was read of it after the deposit; 0 when no page has it, None when that is not known.
    `pictures`: those that this reader added, and that became its pages. `acts`: what a professional may do to it."""

    content: queries.Content
    around: tuple[Around, ...]
    holder: Holder
    seers: tuple[seers.Seer, ...]
    hit: int | None
    pictures: tuple[Picture, ...]
    archived: bool
    acts: frozenset[Act]


def opened(
    actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID, terms: Sequence[Term] = ()
) -> Opened | None:
    """None for unknown and for hidden alike. The first chunk of the content is verified before this returns."""
    found = reading(
        actor,
        purpose,
        record_id,
        lambda permit: _opened(permit, document_id, terms),
        action="document-open",
        target_kind="document",
        target_id=document_id,
    )
    if found is None:
        return None
    document, beside = found
    return Opened(queries.Content(document, vault.open(document.blob_id, record_id)), *beside)


def part(actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID) -> queries.Content | None:
    """For the image of one page of a document that is being read."""
    return queries.content(actor, purpose, record_id, document_id, action="document-page")


_Beside = tuple[
    tuple[Around, ...], Holder, tuple[seers.Seer, ...], int | None, tuple[Picture, ...], bool, frozenset[Act]
]


def _opened(permit: Permit, document_id: UUID, terms: Sequence[Term]) -> tuple[queries.Document, _Beside] | None:
    # The function that opens writes the line of the trail.
    with open_record(permit, trace=None) as cursor:
        cursor.execute(command(_OPEN), (*permit.row(), document_id, "document-open"))
        found = rows(cursor)
        if not found:
            return None
        ordinal = found[0]["type_ordinal"]
        document = queries.document_of(found[0])
        asked: dict[str, Any] = {"record_id": permit.record_id, "id": document_id, "most": _MOST_VERSIONS}
        cursor.execute(_SQL["around"], asked)
        around = tuple(_around(row) for row in rows(cursor))
        seen_by = _seers(cursor, permit.record_id, document, ordinal)
        kept = pictures.of(cursor, permit.record_id, document_id) if document.mine else ()
        hit, powers = _hit(cursor, asked, terms), _powers(cursor, permit, document_id)
        return document, (around, _holder(cursor, asked), seen_by, hit, kept, *powers)


def _powers(cursor: CursorWrapper, permit: Permit, document_id: UUID) -> tuple[bool, frozenset[Act]]:
    """Whether it is archived, and what may be done to it; for professionals, whose page offers it."""
    if permit.actor.kind is not ActorKind.PROFESSIONAL:
        return False, frozenset()
    asked = {"record_id": permit.record_id, "id": document_id, "actor_id": permit.actor.id}
    cursor.execute(_SQL["own"], asked)
    (row,) = rows(cursor)
    standing = As(permit.capacity)
    return row["archived"], frozenset(act for act in Act if may(act, standing, own=row["own"], secrecy=row["secrecy"]))


def _hit(cursor: CursorWrapper, asked: Mapping[str, Any], terms: Sequence[Term]) -> int | None:
    if not terms:
        return None
    ways = [[f" {word} " for word in way] for term in terms for way in ((term.joined,), term.parts)]
    cursor.execute(_SQL["hit"], {**asked, "ways": orjson.dumps(ways).decode()})
    return next((row["page"] for row in rows(cursor)), None)


def _seers(cursor: CursorWrapper, record_id: UUID, document: queries.Document, ordinal: int) -> tuple[seers.Seer, ...]:
    if MaskKind.HANDED in document.masked_by:
        return seers.holding(cursor, record_id, document.id)
    return seers.of(cursor, record_id, ordinal, labels.mask_of(document.labels))


def _around(row: dict[str, Any]) -> Around:
    kind = document_types.by_ordinal(row.pop("type_ordinal"))
    return Around(**{**row, "title": row["title"] or (kind.display if kind else "Document")})


def _holder(cursor: CursorWrapper, asked: Mapping[str, Any]) -> Holder:
    cursor.execute(_SQL["holder"], asked)
    (row,) = rows(cursor)
    name = f"{row['used_given'] or row['birth_given']} {row['used_family'] or row['birth_family']}"
    return Holder(name, row["birth_date"] or "")
