"""Reading documents: every function takes the actor and the purpose, and leaves its line in the trail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from carnet.consent.access import reading
from carnet.formats.terminology import document_types, labels
from carnet.kernel import vault
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import hot, statements

_SQL = statements("carnet.documents")

MOST = 1000


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """What a list shows. `mine`: deposited by the reader."""

    id: UUID
    status: str
    title: str
    type_label: str
    category_label: str
    labels: frozenset[str]
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
class Found:
    """One page of a search: stored FHIR texts, the count of all matches, where the next page continues."""

    entries: tuple[str, ...]
    total: int
    last: tuple[datetime, UUID] | None
    more: bool


def search(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    *,
    statuses: Sequence[str] | None,
    unique_ids: Sequence[str] | None = None,
    ids: Sequence[UUID] | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Found:
    after_at, after_id = after or (None, None)
    wanted = (
        "documents-search",
        list(statuses) if statuses is not None else None,
        list(unique_ids) if unique_ids is not None else None,
        list(ids) if ids is not None else None,
        after_at,
        after_id,
        limit + 1,
    )
    found = reading(
        actor,
        purpose,
        record_id,
        lambda permit: hot(_SQL["search"], permit, wanted),
        action="documents-search",
        target_kind="documents",
    )
    page = found[:limit]
    return Found(
        entries=tuple(row["fhir"] for row in page),
        total=found[0]["total"] if found else 0,
        last=(page[-1]["created_at"], page[-1]["id"]) if page else None,
        more=len(found) > limit,
    )


def list_documents(actor: Actor, purpose: Purpose, record_id: UUID) -> list[DocumentLine]:
    """The current documents that this reader may see, newest first."""
    found = reading(
        actor,
        purpose,
        record_id,
        lambda permit: hot(_SQL["lines"], permit, ("documents-list", MOST)),
        action="documents-list",
        target_kind="documents",
    )
    return [DocumentLine(**_plain(row)) for row in found]


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
    return Document(**_plain(found[0])) if found else None


def content(actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID) -> Content | None:
    """The original byte for byte; its first chunk is verified before this returns."""
    document = read_document(actor, purpose, record_id, document_id, action="document-open")
    return Content(document, vault.open(document.blob_id, record_id)) if document else None


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    kind = document_types.by_ordinal(row.pop("type_ordinal"))
    return {
        **row,
        "labels": frozenset(labels.codes_of(row["labels"])),
        "type_label": kind.display if kind else "Document",
        "category_label": kind.category_label if kind else "",
    }
