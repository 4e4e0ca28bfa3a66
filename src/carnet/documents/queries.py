"""Reading documents: every function takes the actor and the purpose, and leaves its line in the trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import orjson

from carnet.consent.access import reading
from carnet.documents import containing
from carnet.documents.mask_models import MaskKind
from carnet.formats.fhir import write_list
from carnet.formats.fhir.search import Words
from carnet.formats.terminology import document_types, labels
from carnet.kernel import vault
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Trace, hot, rows, statements, steward
from carnet.kernel.ids import fhir_id
from carnet.people import queries as people

_SQL = statements("carnet.documents")

MOST = 1000
WHOLE = 5000
"""Of a list in which a professional chooses: a heavy record has 1 200."""
_ABOVE_LABELS = 8


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """What a list shows. `mine`: deposited by the reader. `labels` has MASQUE_PS for what is masked one by one and for
    what standing masks cover; `masked_by` are the kinds of these."""

    id: UUID
    status: str
    title: str
    type_label: str
    category_label: str
    labels: frozenset[str]
    masked_by: frozenset[MaskKind]
    created_at: datetime
    service_start: datetime | None
    author_label: str
    organisation_label: str
    media_type: str
    size: int
    deposited_at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class Document(DocumentLine):
    unique_id: str
    version: int
    sha256: bytes
    blob_id: UUID
    fhir: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Content:
    """The original bytes, streamed and verified chunk by chunk."""

    document: Document
    chunks: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Version:
    version: int
    at: datetime
    fhir: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who opened a document last, at `opened_at`, before it was corrected or withdrawn."""

    id: UUID
    name: str
    cause: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ends: its last entry by what the answer is sorted by, and by id."""

    key: tuple[Decimal, ...]
    id: UUID


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search: FHIR texts in UTF-8, the count of all matches, and where the next page continues."""

    entries: tuple[bytes, ...]
    total: int
    next: Position | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search asks of the rows (`formats.fhir.search`): alternatives in `statuses` and `ids`, where None asks
    nothing; the other criteria; words that stand in the document; what to sort by ("-" before a descending one), newest
    first when nothing."""

    statuses: Sequence[str] | None = None
    ids: Sequence[UUID] | None = None
    criteria: Mapping[str, Any] | None = None
    sort: Sequence[str] | None = None
    words: Sequence[Words] = ()


def search(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    asked: Asked,
    *,
    after: Position | None = None,
    limit: int = 50,
) -> Found:
    """DocumentReferences; `limit` 0 counts only."""
    found = _searched(actor, purpose, record_id, "search", asked, after, limit)[0]
    ids, texts = found["ids"] or (), found["texts"] or ()
    last = limit - 1
    further = Position(_key(found["keys"][last]), ids[last]) if limit and len(ids) > limit else None
    return Found(tuple(texts[:limit]), found["total"], further)


def _key(text: str) -> tuple[Decimal, ...]:
    """Of an array of numbers, as PostgreSQL writes it."""
    return tuple(map(Decimal, text.strip("{}").split(",")))


def search_lists(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    asked: Asked,
    *,
    after: Position | None = None,
    limit: int = 50,
) -> Found:
    """Submission sets and folders, each with the items that this reader may see."""
    found = _searched(actor, purpose, record_id, "lists", asked, after, limit)
    page = [row for row in found if row["id"]][:limit]
    return Found(tuple(_with_items(record_id, row) for row in page), found[0]["total"], _next(page, found, limit))


def _searched(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    statement: str,
    asked: Asked,
    after: Position | None,
    limit: int,
) -> list[dict[str, Any]]:
    before = (
        "documents-search",
        list(asked.statuses) if asked.statuses is not None else None,
    )
    then = (
        orjson.dumps(asked.criteria).decode() if asked.criteria else None,
        list(asked.sort) if asked.sort else None,
        list(after.key) if after else None,
        after.id if after else None,
        limit + 1 if limit else 0,
    )
    return reading(
        actor,
        purpose,
        record_id,
        lambda permit: hot(_SQL[statement], permit, (*before, containing.ids(permit, asked.words, asked.ids), *then)),
        action="documents-search",
        target_kind="documents",
    )


def _next(page: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]], limit: int) -> Position | None:
    return Position(tuple(page[-1]["key"]), page[-1]["id"]) if page and len(found) > limit else None


def _with_items(record_id: UUID, row: Mapping[str, Any]) -> bytes:
    references = [f"DocumentReference/{fhir_id(record_id, each)}" for each in row["items"]]
    references += [f"List/{fhir_id(record_id, each)}" for each in row["lists"]]
    return write_list.with_items(row["fhir"], references)


def versions(
    actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID, version: int | None = None
) -> list[Version]:
    """The versions of a document's metadata that this reader may see, newest first, or that one; none for unknown
    and for hidden alike."""
    found = reading(
        actor,
        purpose,
        record_id,
        lambda permit: hot(_SQL["versions"], permit, (document_id, version)),
        action="document-read",
        target_kind="document",
        target_id=document_id,
    )
    return [Version(**row) for row in found]


def list_versions(
    actor: Actor, purpose: Purpose, record_id: UUID, list_id: UUID, version: int | None = None
) -> list[Version]:
    """The versions of a submission set or a folder in which something changed for this reader, newest first, or that
    one; none for unknown and for hidden alike."""
    found = reading(
        actor,
        purpose,
        record_id,
        lambda permit: hot(_SQL["list_versions"], permit, (list_id, version)),
        action="documents-search",
        target_kind="documents",
    )
    return [Version(row["version"], row["at"], _with_items(record_id, row).decode()) for row in found]


def readers(actor: Actor, record_id: UUID, document_id: UUID) -> list[Reader]:
    """The professionals who had opened a document that was corrected or withdrawn: for those who must tell them."""
    trace = Trace("readers-told", "document", document_id)
    with steward(actor, record_id, trace=trace) as cursor:
        cursor.execute(_SQL["readers"], {"record_id": record_id, "id": document_id})
        found = rows(cursor)
    names = people.names({row["reader_id"] for row in found})
    return [Reader(row["reader_id"], names.get(row["reader_id"], ""), row["cause"], row["opened_at"]) for row in found]


def list_documents(actor: Actor, purpose: Purpose, record_id: UUID, *, most: int = MOST) -> list[DocumentLine]:
    """The current documents that this reader may see, newest first."""
    found = reading(
        actor,
        purpose,
        record_id,
        lambda permit: hot(_SQL["lines"], permit, ("documents-list", most)),
        action="documents-list",
        target_kind="documents",
    )
    return [DocumentLine(**plain(row)) for row in found]


def read_document(
    actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID, *, action: str = "document-read"
) -> Document | None:
    """None for unknown and for hidden alike."""
    found = reading(
        actor,
        purpose,
        record_id,
        lambda permit: hot(_SQL["open"], permit, (document_id, action)),
        action=action,
        target_kind="document",
        target_id=document_id,
    )
    return document_of(found[0]) if found else None


def document_of(row: dict[str, Any]) -> Document:
    """Of a row of `record.document_open`."""
    return Document(**plain(row))


def content(
    actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID, *, action: str = "document-open"
) -> Content | None:
    """The original byte for byte; its first chunk is verified before this returns."""
    document = read_document(actor, purpose, record_id, document_id, action=action)
    return Content(document, vault.open(document.blob_id, record_id)) if document else None


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row of documents with the words for its numbers, as `DocumentLine` has them."""
    kind = document_types.by_ordinal(row.pop("type_ordinal"))
    codes, covered = _words_of(row["labels"])
    return {
        **row,
        "labels": codes,
        "masked_by": covered,
        "type_label": kind.display if kind else "Document",
        "category_label": kind.category_label if kind else "",
    }


@cache
def _words_of(bits: int) -> tuple[frozenset[str], frozenset[MaskKind]]:
    """A list has a thousand rows, and a few combinations of bits."""
    covered = masked_by(bits)
    return frozenset(labels.codes_of(bits | (labels.MASQUE_PS if covered else 0))), covered


def masked_by(bits: int) -> frozenset[MaskKind]:
    """The kinds of the standing masks in the label bits that a function of documents answers: they stand eight bits
    higher than the labels."""
    return frozenset(kind for kind in MaskKind if bits >> _ABOVE_LABELS & kind.bit)
