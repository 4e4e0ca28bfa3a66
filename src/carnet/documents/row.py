"""A document of a submission as its row will be: decided, with its FHIR text, its index, its ties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from carnet.documents import index
from carnet.documents.announcing import Instants
from carnet.documents.authors import label_of
from carnet.documents.mask_models import MaskKind
from carnet.documents.models import Status
from carnet.documents.planning import SECRET, Around, Hidden, Plan, Replaced
from carnet.formats.entry import Author
from carnet.formats.fhir import document_reference
from carnet.formats.terminology import document_types
from carnet.kernel.db import Permit, locator
from carnet.kernel.ids import fhir_id, short, uuid7
from carnet.kernel.vault import StoredBlob


@dataclass(frozen=True, slots=True)
class Row:
    """A document about to be stored; `late` is one's own correction that came before it; `waits` until when it is
    withheld from the patient, if it is."""

    plan: Plan
    id: UUID
    blob: StoredBlob
    hidden: Hidden
    replaced: tuple[Replaced, ...]
    late: UUID | None
    fhir: str
    waits: Instants | None

    @property
    def named(self) -> Replaced | None:
        """The document that this one says it replaces."""
        return _named(self.plan, self.replaced)


def of(
    permit: Permit,
    around: Around,
    plan: Plan,
    given: Hidden,
    waits: Instants | None,
    blob: StoredBlob,
    now: datetime,
) -> Row:
    document_id, entry = uuid7(), plan.new.entry
    identifier = fhir_id(permit.record_id, document_id)
    replaced, late = around.replaced_by(plan.new), around.waiting.get(plan.unique_id)
    named = _named(plan, replaced)
    text = document_reference.write(
        replace(entry, category=document_types.class_of(plan.kind.code, plan.kind.system), replaces=_unique_ids(named)),
        fhir_id=identifier,
        patient_id=short(permit.record_id),
        version=1,
        last_updated=now,
        status="superseded" if late else "current",
        labels_mask=given.bits,
        size=blob.size,
        sha1=blob.sha1,
        content_url=f"Binary/{identifier}",
        entry_uuid=document_id,
        replaces_id=_address(permit, named),
        archived=plan.new.archived,
    ).decode()
    return Row(plan, document_id, blob, given, replaced, late, text, waits)


def _named(plan: Plan, replaced: Iterable[Replaced]) -> Replaced | None:
    """Of another type it may be out of its readers' sight: it is not named then."""
    return next((old for old in replaced if old.type_ordinal == plan.kind.ordinal), None)


def _unique_ids(named: Replaced | None) -> tuple[str, ...]:
    return (named.unique_id,) if named else ()


def _address(permit: Permit, named: Replaced | None) -> str | None:
    return fhir_id(permit.record_id, named.id) if named else None


def columns(permit: Permit, row: Row, author_id: UUID | None, now: datetime) -> dict[str, Any]:
    plan, entry = row.plan, row.plan.new.entry
    author = entry.authors[0] if entry.authors else Author()
    organisation = author.organisation or entry.custodian
    tokens, names = index.of_document(
        plan.new,
        document_id=row.id,
        bits=row.hidden.bits,
        replaces=_unique_ids(row.named),
        replaces_id=_address(permit, row.named),
    )
    return _handed(plan) | {
        "record_id": permit.record_id,
        "id": row.id,
        "unique_id": entry.unique_id,
        "status": (Status.SUPERSEDED if row.late else Status.CURRENT).value,
        "version": 1,
        "type_ordinal": plan.kind.ordinal,
        "type_code": plan.kind.code,
        "type_system": plan.kind.system,
        "class_code": plan.kind.class_code,
        "title": entry.title or plan.kind.display,
        "labels": row.hidden.bits,
        "created_at": entry.created,
        "service_start": entry.act.start,
        "service_stop": entry.act.end,
        "author_label": label_of(author),
        "organisation_label": organisation.name if organisation else "",
        "depositor_id": permit.actor.id,
        "author_id": author_id,
        "organisation_id": permit.actor.organisation,
        "media_type": entry.media_type,
        "size": row.blob.size,
        "sha256": f"\\x{row.blob.sha256.hex()}",
        "blob_id": row.blob.id,
        "deposited_at": now,
        "updated_at": now,
        "replaces_id": row.replaced[0].id if row.replaced else None,
        "replaces_unique_id": entry.replaces[0] if entry.replaces else "",
        "archived": plan.new.archived,
        "secrecy": row.hidden.secrecy.value,
        "tokens": tokens,
        "names": names,
        "fhir": row.fhir,
        "notice_at": row.waits.notice_at if row.waits else None,
        "release_at": row.waits.release_at if row.waits else None,
    }


def _handed(plan: Plan) -> dict[str, Any]:
    handed = plan.new.handed
    if handed is None:
        return {}
    return {"readers": handed.readers, "readers_until": handed.until, "standing": MaskKind.HANDED.bit}


def located(permit: Permit, row: Row, author_id: UUID | None) -> list[dict[str, str]]:
    """How the document is found without its record's name: by the house, and by those whose own it is."""
    unique_id = row.plan.unique_id
    named = [(locator.UNIQUE_ID, unique_id)]
    named += [(locator.OWN, locator.own(actor, unique_id)) for actor in {permit.actor.id, author_id} if actor]
    return [{"kind": kind, "digest": locator.digest(kind, name).hex()} for kind, name in named]


def links(permit: Permit, row: Row, now: datetime, *, represented: bool) -> list[dict[str, Any]]:
    """Kept where there may be secrets: in the records of whom somebody represents, and for what is secret."""
    secret = bool(row.hidden.bits & SECRET)
    if not represented and not secret:
        return []
    digests = row.plan.ties | row.plan.betrays if secret else row.plan.ties
    return [
        {
            "record_id": permit.record_id,
            "digest": f"\\x{digest}",
            "document_id": row.id,
            "secret": secret,
            "at": now,
        }
        for digest in sorted(digests)
    ]
