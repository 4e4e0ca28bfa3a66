"""What ties the documents that come from a record to those of the record of the same person into which they come, and
what a minor keeps secret in either of the two.

Ties are kept as hashes under the name of their record. They are made anew from what the documents say, and compared
with those that there were: where one is not explained, nothing is moved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.documents import changing, versioning
from carnet.documents.changing import Overtaken
from carnet.documents.intake import CDA_TYPES
from carnet.documents.models import Secrecy, Status
from carnet.documents.planning import digests
from carnet.documents.ties import SUSPICION, asked_by, ties, written_by
from carnet.formats.cda import header
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.xml import parse
from carnet.formats.entry import DocumentEntry, replace
from carnet.formats.fhir import read_stored
from carnet.kernel import vault
from carnet.kernel.db import Permit, command, rows, statements

_SQL = statements("carnet.documents", "moving.sql")
_DOCUMENTS: Final = statements("carnet.documents")
Row = dict[str, Any]
Content = Callable[[], bytes]


class Untied(Exception):
    """What a document was tied to cannot be told any more."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A stored document with its ties, as rows: `digest` in hexadecimal."""

    row: Row
    links: Sequence[Row]

    @classmethod
    def of(cls, documents: Iterable[Row], links: Iterable[Row]) -> list[Linked]:
        by_document: dict[UUID, list[Row]] = {}
        for each in links:
            by_document.setdefault(each["document_id"], []).append(each)
        return [cls(row, by_document.get(row["id"], [])) for row in documents]


def retied(found: Iterable[Linked], from_id: UUID, into_id: UUID) -> list[Row]:
    """The rows of the ties under the name of the other record. Raises `Untied`."""
    return [row for each in found for row in _retied(each, from_id, into_id)]


def _retied(found: Linked, from_id: UUID, into_id: UUID) -> list[Row]:
    lacking = {each["digest"] for each in found.links}
    made: dict[str, str] = {}
    for entry in _entries(found.row, from_id):
        if lacking <= made.keys():
            break
        for name in ties(entry) | written_by(entry):
            made[_digest(from_id, name)] = _digest(into_id, name)
    if not lacking <= made.keys():
        raise Untied
    return [each["row"] | {"record_id": into_id, "digest": f"\\x{made[each['digest']]}"} for each in found.links]


def _digest(record_id: UUID, name: str) -> str:
    return next(iter(digests(record_id, [name])))


def _entries(row: Row, record_id: UUID) -> Iterable[DocumentEntry]:
    """What the metadata say, then what the document says itself, which is opened only where that is asked for."""
    stored = read_stored.read(row["row"]["fhir"]).entry
    named = row["row"]["replaces_unique_id"]
    yield replace(stored, replaces=(*stored.replaces, named) if named else stored.replaces)
    own = _header(row, record_id)
    if own is not None:
        yield own


def _header(row: Row, record_id: UUID) -> DocumentEntry | None:
    if row["row"]["media_type"] not in CDA_TYPES:
        return None
    try:
        return header.read(parse(vault.read(row["blob_id"], record_id)))
    except (CdaError, vault.ContentFault):
        return None


def follow(cursor: CursorWrapper, permit: Permit, came: Mapping[UUID, UUID | None], now: datetime) -> None:
    """What came and what was there are judged by each other, as if the one had been deposited after the other: `came`
    are the documents, with that of here which each corrects. In a record in which all is in sight."""
    for document_id, corrected in came.items():
        if corrected:
            _correct(cursor, permit, document_id, corrected, now)
    asked: dict[str, Any] = {"record_id": permit.record_id, "came": list(came)}
    _in_sight(cursor, permit)
    cursor.execute(_SQL["newly_tied"], asked)
    tied = [row["id"] for row in rows(cursor)]
    tied += changing.tied(cursor, permit, tied)
    if tied:
        changing.keep_secret(cursor, permit, tied, now)
    _suspect(cursor, permit, list(came), now)
    _in_sight(cursor, permit)


def _in_sight(cursor: CursorWrapper, permit: Permit) -> None:
    cursor.execute(command(_DOCUMENTS["lift"]), permit.row())


def _correct(cursor: CursorWrapper, permit: Permit, document_id: UUID, corrected: UUID, now: datetime) -> None:
    _in_sight(cursor, permit)
    old = next(row for row in versioning.chain(cursor, permit, corrected, onward=False) if row.id == corrected)
    if old.status == Status.CURRENT:
        changing.supersede(cursor, permit, [Overtaken(old, document_id, old.labels)], now)
    changing.inherit(cursor, permit, document_id, old.labels, now)


def _suspect(cursor: CursorWrapper, permit: Permit, came: Collection[UUID], now: datetime) -> None:
    """What the professional of a secret act asked for, as far as the documents say who asked."""
    asked: dict[str, Any] = {"record_id": permit.record_id, "came": list(came), "within": SUSPICION}
    _in_sight(cursor, permit)
    cursor.execute(_SQL["suspect"], asked)
    requested = [
        {"id": row["id"], "digests": sorted(digests(permit.record_id, asked_by(entry)))}
        for row in rows(cursor)
        if row["media_type"] in CDA_TYPES
        and (entry := _header({"row": row, "blob_id": row["blob_id"]}, permit.record_id))
    ]
    cursor.execute(_SQL["suspected"], asked | {"requested": orjson.dumps(requested).decode()})
    found = [row["id"] for row in rows(cursor)]
    if found:
        changing.keep_secret(cursor, permit, found, now, why=Secrecy.SUSPECTED)
