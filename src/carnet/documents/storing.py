"""Writing a submission: its rows are made under the record's lock, and stored in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.documents import changing, extracting, index, listing, texts
from carnet.documents.again import as_before
from carnet.documents.authors import author_of, label_of
from carnet.documents.changing import Overtaken
from carnet.documents.models import Secrecy, Status
from carnet.documents.planning import SECRET, Around, Hidden, Plan, Replaced, check, hidden
from carnet.documents.rules import DepositRefused, Fault, refuse
from carnet.documents.submission import Deposited, Submission, Submitted
from carnet.documents.ties import SUSPICION
from carnet.formats.entry import Author
from carnet.formats.fhir import document_reference
from carnet.formats.terminology import document_types
from carnet.kernel import clock, jobs, vault
from carnet.kernel.db import WRITER, Permit, Trace, command, locator, open_record, rows, statements
from carnet.kernel.ids import fhir_id, short, uuid7
from carnet.kernel.vault import StoredBlob

_SQL = statements("carnet.documents")


class CameBefore(Exception):
    """The same submission was stored a moment ago."""


@dataclass(frozen=True, slots=True)
class Row:
    """A document about to be stored; `late` is one's own correction that came before it."""

    plan: Plan
    id: UUID
    blob: StoredBlob
    hidden: Hidden
    replaced: tuple[Replaced, ...]
    late: UUID | None
    fhir: str

    def replaces_id(self, record_id: UUID) -> str | None:
        """The document that this one says it replaces: of another type it may be out of its readers' sight."""
        return shown(record_id, self.plan, self.replaced)


def store(
    permit: Permit,
    submission: Submission,
    fresh: Sequence[Plan],
    blobs: Sequence[StoredBlob],
    *,
    before: Mapping[str, UUID],
) -> Submitted:
    """`before` are documents of the submission that are here already, by full URL."""
    now = submission.at or clock.now()
    authors = [author_of(plan.new.entry.authors) for plan in fresh]
    with open_record(permit, trace=None, using=WRITER) as cursor:
        around = _around(cursor, permit, submission, fresh, now)
        if around.own:
            raise CameBefore
        if around.set_taken:
            again = None if fresh else as_before(cursor, permit, submission, before.values())
            if again is None:
                raise DepositRefused(Fault.SET_USED)
            return again
        check(fresh, around, submission.superseded)
        minor = around.of_minor(now)
        given = hidden(fresh, around, minor=minor)
        made = [_row(permit, around, *each, now) for each in zip(fresh, given, blobs, strict=True)]
        ids = {**before, **{row.plan.new.full_url: row.id for row in made}}
        lists = listing.rows_of(cursor, permit, submission, made, ids, now)
        for row in made:
            vault.register(cursor, row.blob)
        columns = [_columns(permit, row, author, now) for row, author in zip(made, authors, strict=True)]
        stored = {
            "documents": columns,
            "texts": [texts.unread(each) for each in columns],
            "late": [{"id": row.late, "replaces_id": row.id} for row in made if row.late],
            "links": [link for row in made for link in _links(permit, row, now, minor=minor)],
            "lists": lists.columns,
            "items": lists.items,
            "authors": [permit.actor.id, *filter(None, authors)],
            "locators": [
                each for row, author in zip(made, authors, strict=True) for each in _located(permit, row, author)
            ],
            "trace": [{"action": "document-deposit", "id": row.id, "labels": row.hidden.bits} for row in made],
        }
        cursor.execute(command(_SQL["store"]), (*permit.row(), orjson.dumps(stored).decode()))
        _overtake(cursor, permit, made, now)
        _keep_secret(cursor, permit, made, around, now)
        lists.change(cursor, permit)
        jobs.enqueue(extracting.TASK, {"record_id": permit.record_id}, key=str(permit.record_id))
    return Submitted(tuple(_done(permit, row) for row in made), lists.submission_set, lists.folders)


def foresee(permit: Permit, submission: Submission, planned: Sequence[Plan]) -> None:
    """What would be wrong with a submission in this record, told after its line stands in the trail."""
    with open_record(permit, trace=Trace("deposit-checked", "document"), using=WRITER) as cursor:
        around = _around(cursor, permit, submission, planned, clock.now())
    refuse(
        [
            DepositRefused(Fault.OTHER_CONTENT, position=plan.position)
            for plan in planned
            if around.own.get(plan.unique_id, plan.sha256.hex()) != plan.sha256.hex()
        ]
    )
    check([plan for plan in planned if plan.unique_id not in around.own], around, submission.superseded)


def _around(
    cursor: CursorWrapper, permit: Permit, submission: Submission, fresh: Sequence[Plan], now: datetime
) -> Around:
    replaced = [unique_id for plan in fresh for unique_id in plan.new.entry.replaces]
    given = submission.submission_set
    cursor.execute(
        command(_SQL["prepare"]),
        (
            *permit.row(),
            [plan.unique_id for plan in fresh],
            replaced,
            [identifier for plan in fresh for identifier in plan.new.replaces_ids],
            given.unique_id if given else None,
            _bytes(digest for plan in fresh for digest in plan.ties),
            _bytes(digest for plan in fresh for digest in plan.suspicions),
            now - SUSPICION,
        ),
    )
    found = rows(cursor)[0]["found"]
    return Around.of(orjson.loads(found) if isinstance(found, str) else found)


def _bytes(digests: Iterable[str]) -> list[bytes]:
    return [bytes.fromhex(digest) for digest in digests]


def _row(permit: Permit, around: Around, plan: Plan, given: Hidden, blob: StoredBlob, now: datetime) -> Row:
    document_id, entry = uuid7(), plan.new.entry
    identifier = fhir_id(permit.record_id, document_id)
    replaced, late = around.replaced_by(plan.new), around.waiting.get(plan.unique_id)
    text = document_reference.write(
        replace(entry, category=document_types.class_of(plan.kind.code, plan.kind.system), replaces=()),
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
        replaces_id=shown(permit.record_id, plan, replaced),
        archived=plan.new.archived,
    ).decode()
    return Row(plan, document_id, blob, given, replaced, late, text)


def shown(record_id: UUID, plan: Plan, replaced: Iterable[Replaced]) -> str | None:
    return next((fhir_id(record_id, old.id) for old in replaced if old.type_ordinal == plan.kind.ordinal), None)


def _columns(permit: Permit, row: Row, author_id: UUID | None, now: datetime) -> dict[str, Any]:
    plan, entry = row.plan, row.plan.new.entry
    author = entry.authors[0] if entry.authors else Author()
    organisation = author.organisation or entry.custodian
    tokens, names = index.of_document(row, row.replaces_id(permit.record_id))
    return {
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
        "service_start": entry.period.start,
        "service_stop": entry.period.end,
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
    }


def _located(permit: Permit, row: Row, author_id: UUID | None) -> list[dict[str, str]]:
    """How the document is found without its record's name: by the house, and by those whose own it is."""
    unique_id = row.plan.unique_id
    named = [(locator.UNIQUE_ID, unique_id)]
    named += [(locator.OWN, locator.own(actor, unique_id)) for actor in {permit.actor.id, author_id} if actor]
    return [{"kind": kind, "digest": locator.digest(kind, name).hex()} for kind, name in named]


def _links(permit: Permit, row: Row, now: datetime, *, minor: bool) -> list[dict[str, Any]]:
    """Kept where there may be secrets: in the records of minors, and for what is secret."""
    secret = bool(row.hidden.bits & SECRET)
    if not minor and not secret:
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


def _overtake(cursor: CursorWrapper, permit: Permit, made: Sequence[Row], now: datetime) -> None:
    overtaken = [Overtaken(old, row.id, row.hidden.bits | old.labels) for row in made for old in row.replaced]
    if overtaken:
        changing.supersede(cursor, permit, overtaken, now)


def _keep_secret(cursor: CursorWrapper, permit: Permit, made: Sequence[Row], around: Around, now: datetime) -> None:
    """Open documents of the same act, which came before the secret, are kept from the representatives from now on."""
    secrets = {digest for row in made if row.hidden.bits & SECRET for digest in row.plan.ties}
    tied = {document_id for digest, document_id in around.tied if digest in secrets}
    if tied:
        changing.keep_secret(cursor, permit, tied, now)


def _done(permit: Permit, row: Row) -> Deposited:
    return Deposited(
        record_id=permit.record_id,
        id=row.id,
        fhir_id=fhir_id(permit.record_id, row.id),
        version=1,
        fhir=row.fhir,
        new=True,
        warnings=row.plan.new.entry.warnings,
        secrecy=row.hidden.secrecy.value if row.hidden.secrecy is not Secrecy.ASKED else "",
    )
