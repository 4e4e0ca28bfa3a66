"""Putting a document into a record. The bytes are durable before the row that points to them is committed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from hashlib import sha256
from operator import or_
from typing import Any
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.consent.access import permit_to_deposit
from carnet.documents.models import Document, Status
from carnet.documents.rules import DepositRefused, Fault, label_bits, type_of
from carnet.formats import rpps
from carnet.formats.entry import Author, DocumentEntry, replace
from carnet.formats.fhir import document_reference
from carnet.formats.terminology import document_types, labels
from carnet.formats.terminology.document_types import DocumentType
from carnet.kernel import audit, clock, vault
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Stale, Trace, locator, note, open_record, rows, statements
from carnet.kernel.db.constraints import Violation, violations
from carnet.kernel.ids import fhir_id, short, uuid7
from carnet.kernel.vault import StoredBlob
from carnet.people import queries as people

_SQL = statements("carnet.documents")
_TITLES = {"DR": "Dr", "DOCTEUR": "Dr", "PR": "Pr", "PROFESSEUR": "Pr"}


@dataclass(frozen=True, slots=True)
class Deposited:
    """`new` is False when the same submission had been deposited before: nothing was added."""

    record_id: UUID
    id: UUID
    fhir_id: str
    version: int
    fhir: str
    new: bool
    warnings: tuple[str, ...] = ()


def deposit(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    entry: DocumentEntry,
    content: bytes,
    replaces_ids: Collection[UUID] = (),
    deposited_at: datetime | None = None,
) -> Deposited:
    """Stores a document with its metadata. `content` has been checked (`vault.check`); raises `Refused`,
    `DepositRefused`. `replaces_ids` are documents of this record named by their id, besides those that the entry
    names by uniqueId. `deposited_at` is the demonstration's, which tells a past."""
    what = _What(entry, content, tuple(replaces_ids), deposited_at)
    with traced_refusals(actor, purpose, record_id):
        try:
            return _deposit(permit_to_deposit(actor, purpose, record_id, action="document-deposit"), what)
        except Stale:
            # Who may see what changed between the decision and the write: decide once more.
            return _deposit(permit_to_deposit(actor, purpose, record_id, action="document-deposit"), what)


@contextmanager
def traced_refusals(actor: Actor, purpose: Purpose, record_id: UUID | None) -> Iterator[None]:
    """A deposit that is refused stands in the trail, once, in a transaction of its own."""
    try:
        yield
    except DepositRefused as refused:
        if not refused.traced:
            refused.traced = True
            audit.refused(
                actor,
                purpose,
                record_id=record_id,
                action="document-deposit",
                reason=refused.code,
                target_kind="document",
            )
        raise


@dataclass(frozen=True, slots=True)
class _What:
    entry: DocumentEntry
    content: bytes
    replaces_ids: tuple[UUID, ...]
    at: datetime | None


def _deposit(permit: Permit, what: _What) -> Deposited:
    entry, content = what.entry, what.content
    kind, bits = type_of(entry), label_bits(entry.labels)
    again = _deposited_before(permit, entry.unique_id, content)
    if again:
        return again
    blob = vault.put(permit.record_id, content)
    try:
        with violations():
            return _insert(permit, what, kind, bits, blob)
    except Violation as error:
        vault.forget(blob)
        # Another submission of the same identifier came first: ours at the same instant, or somebody else's.
        again = _deposited_before(permit, entry.unique_id, content)
        if again:
            return again
        raise DepositRefused(Fault.ID_UNUSABLE) from error
    except (Stale, DepositRefused):
        vault.forget(blob)
        raise


def _deposited_before(permit: Permit, unique_id: str, content: bytes) -> Deposited | None:
    """One's own earlier submission of the same bytes; the same identifier with other bytes is refused."""
    with open_record(permit, trace=None, using=WRITER) as cursor:
        cursor.execute(_SQL["own_by_unique_id"], (permit.record_id, unique_id, permit.actor.id))
        found = rows(cursor)
        if not found:
            return None
        row = found[0]
        if bytes(row["sha256"]) != sha256(content).digest():
            raise DepositRefused(Fault.OTHER_CONTENT)
        note(cursor, permit, _trace("document-deposit-again", row["id"], row["labels"]))
    identifier = fhir_id(permit.record_id, row["id"])
    return Deposited(permit.record_id, row["id"], identifier, row["version"], row["fhir"], new=False)


def _trace(action: str, document_id: UUID, bits: int) -> Trace:
    """An act on what a minor keeps secret carries its own mark for good."""
    return Trace(action, "document", document_id, hidden_from=bits & labels.INVISIBLE_REPRESENTANTS_LEGAUX)


def _insert(permit: Permit, what: _What, kind: DocumentType, asked: int, blob: StoredBlob) -> Deposited:
    entry, document_id, now = what.entry, uuid7(), what.at or clock.now()
    author_id = _author(entry.authors)
    identifier = fhir_id(permit.record_id, document_id)
    with open_record(permit, trace=None, using=WRITER) as cursor:
        replaced = _replaced(cursor, permit, what)
        late = _replacement_waits(cursor, permit, entry.unique_id)
        # A correction is seen by nobody who did not see what it corrects; lifting a label is an act of its own.
        bits = asked | reduce(or_, (old["labels"] for old in replaced), 0)
        shown = [old["id"] for old in replaced if old["type_ordinal"] == kind.ordinal]
        text = document_reference.write(
            replace(entry, category=document_types.class_of(kind.code, kind.system), replaces=()),
            fhir_id=identifier,
            patient_id=short(permit.record_id),
            version=1,
            last_updated=now,
            status="superseded" if late else "current",
            labels_mask=bits,
            size=blob.size,
            sha1=blob.sha1,
            content_url=f"Binary/{identifier}",
            entry_uuid=document_id,
            replaces_id=fhir_id(permit.record_id, shown[0]) if shown else None,
        ).decode()
        vault.register(cursor, blob)
        status = Status.SUPERSEDED if late else Status.CURRENT
        _create(permit, entry, kind, bits, blob, document_id, author_id, now, status, text, replaced)
        note(cursor, permit, _trace("document-deposit", document_id, bits))
        for old in replaced:
            _supersede(cursor, permit, old, now)
            note(cursor, permit, _trace("document-superseded", document_id, bits | old["labels"]))
        if late:
            cursor.execute(_SQL["link"], {"record_id": permit.record_id, "id": late, "replaces_id": document_id})
        cursor.execute(
            "insert into record.consent_authorship (record_id, actor_id)"
            " select %s, a from unnest(%s::uuid[]) a on conflict do nothing",
            (permit.record_id, [a for a in (permit.actor.id, author_id) if a]),
        )
        locator.add(cursor, locator.UNIQUE_ID, entry.unique_id, permit.record_id)
    return Deposited(permit.record_id, document_id, identifier, 1, text, new=True, warnings=tuple(entry.warnings))


def _create(
    permit: Permit,
    entry: DocumentEntry,
    kind: DocumentType,
    bits: int,
    blob: StoredBlob,
    document_id: UUID,
    author_id: UUID | None,
    now: datetime,
    status: Status,
    text: str,
    replaced: Sequence[dict[str, Any]],
) -> None:
    author = entry.authors[0] if entry.authors else Author()
    organisation = author.organisation or entry.custodian
    Document.objects.using(WRITER).create(
        record_id=permit.record_id,
        id=document_id,
        unique_id=entry.unique_id,
        status=status.value,
        type_ordinal=kind.ordinal,
        type_code=kind.code,
        type_system=kind.system,
        class_code=kind.class_code,
        title=entry.title or kind.display,
        labels=bits,
        created_at=entry.created,
        service_start=entry.period.start,
        author_label=_label(author),
        organisation_label=organisation.name if organisation else "",
        depositor_id=permit.actor.id,
        author_id=author_id,
        organisation_id=permit.actor.organisation,
        media_type=entry.media_type,
        size=blob.size,
        sha256=blob.sha256,
        blob_id=blob.id,
        deposited_at=now,
        updated_at=now,
        replaces_id=replaced[0]["id"] if replaced else None,
        replaces_unique_id=entry.replaces[0] if entry.replaces else "",
        fhir=text,
    )


def _replaced(cursor: CursorWrapper, permit: Permit, what: _What) -> list[dict[str, Any]]:
    """One's own documents that this one replaces. A uniqueId that is not here is no error: the link is kept (ten
    official samples have one); an id must be known, and neither may have been replaced already."""
    unique_ids, ids = list(what.entry.replaces), list(what.replaces_ids)
    if not unique_ids and not ids:
        return []
    cursor.execute(
        _SQL["replaced"],
        {"record_id": permit.record_id, "unique_ids": unique_ids, "ids": ids, "actor_id": permit.actor.id},
    )
    found = rows(cursor)
    if set(ids) - {row["id"] for row in found}:
        raise DepositRefused(Fault.REPLACED_UNKNOWN)
    if any(row["status"] != Status.CURRENT for row in found):
        raise DepositRefused(Fault.REPLACED_SUPERSEDED)
    return found


def _replacement_waits(cursor: CursorWrapper, permit: Permit, unique_id: str) -> UUID | None:
    """Whether one's correction came before what it corrects: then this one is superseded from the start."""
    cursor.execute(
        _SQL["replacement_waiting"],
        {"record_id": permit.record_id, "unique_id": unique_id, "actor_id": permit.actor.id},
    )
    found = rows(cursor)
    return found[0]["id"] if found else None


def _supersede(cursor: CursorWrapper, permit: Permit, old: dict[str, Any], now: datetime) -> None:
    version = old["version"] + 1
    resource = orjson.loads(old["fhir"])
    resource["status"] = Status.SUPERSEDED.value
    resource["meta"] |= {"versionId": str(version), "lastUpdated": now.isoformat(timespec="milliseconds")}
    cursor.execute(
        _SQL["supersede"],
        {
            "record_id": permit.record_id,
            "id": old["id"],
            "version": version,
            "at": now,
            "fhir": orjson.dumps(resource).decode(),
        },
    )


def _author(authors: Sequence[Author]) -> UUID | None:
    """The first author whom the directory knows: a professional keeps sight of what he wrote."""
    for author in authors:
        if author.identifier and author.identifier.system == rpps.PROFESSIONAL_OID:
            try:
                national = rpps.professional(author.identifier.value)
            except rpps.RppsError:
                continue
            known = people.professional_of_rpps(national.number) if national.kind == "RPPS" else None
            if known:
                return known
    return None


def _label(author: Author) -> str:
    """ "Dr Charles Boileau": the title if there is one, never the civility."""
    title = _TITLES.get(author.suffix.upper().rstrip("."), "")
    name = " ".join(part for part in (title, author.given, author.family) if part)
    return name or author.device
