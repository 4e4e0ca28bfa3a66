"""The documents of a record that turns out to be the second one of the same person: put into the other, each with its
versions, its lists, its ties, its labels and whose it is, under the names that it has.

The contents are read with the key of the one and written with the key of the other before anything is committed; the
rows follow in one transaction. It may be done again: what has come stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.documents import announcing, extracting, index, retying, texts
from carnet.documents.announcing import Instants
from carnet.documents.models import Status
from carnet.documents.planning import WITHHELD
from carnet.documents.retying import Linked, Untied, retied
from carnet.documents.versioning import in_sight
from carnet.formats.terminology import labels
from carnet.kernel import clock, vault
from carnet.kernel.actor import SYSTEM
from carnet.kernel.db import Trace, command, locator, note, raise_epoch, rows, statements, steward, steward_permit
from carnet.kernel.ids import short

_SQL = statements("carnet.documents", "moving.sql")
_DOCUMENTS: Final = statements("carnet.documents")
JOINED: Final = "documents-joined"

Row = dict[str, Any]


class Clash(Exception):
    """Both records have a document of that identifier, and they are not the same, or more is kept from somebody in the
    one that would come: people find out which is whose."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a record holds of documents, as its rows are, and who has deposited or written in it."""

    record_id: UUID
    documents: list[Row]
    versions: list[Row]
    links: list[Row]
    lists: list[Row]
    list_versions: list[Row]
    items: list[Row]
    authors: list[UUID]

    def tied(self, into_id: UUID) -> list[Row]:
        """Raises `Untied`: also where what was withdrawn stays behind and is a secret to which others would be tied."""
        if {each["document_id"] for each in self.links} - {row["id"] for row in self.documents}:
            raise Untied
        return retied(Linked.of(self.documents, self.links), self.record_id, into_id)


@dataclass(frozen=True, slots=True)
class Received:
    """How many documents came; `hidden_from` are the label bits of those who may see none of it, and are not told that
    something came."""

    documents: int
    hidden_from: int


def held(record_id: UUID) -> Held:
    with steward(SYSTEM, record_id, trace=None) as cursor, in_sight(cursor, steward_permit(SYSTEM, record_id)):
        documents = _all(cursor, "documents", record_id)
        ids = [row["id"] for row in documents]
        return Held(
            record_id,
            documents,
            versions=_all(cursor, "versions", record_id, ids),
            links=_all(cursor, "links", record_id, ids),
            lists=_all(cursor, "lists", record_id),
            list_versions=_all(cursor, "list_versions", record_id),
            items=_all(cursor, "items", record_id, ids),
            authors=[row["actor_id"] for row in _all(cursor, "authors", record_id)],
        )


def check(moved: Held, into_id: UUID) -> None:
    """Raises `Clash`, `Untied`, before anything is done."""
    moved.tied(into_id)
    with steward(SYSTEM, into_id, trace=None) as cursor, in_sight(cursor, steward_permit(SYSTEM, into_id)):
        _same(cursor, moved, into_id)


def receive(moved: Held, into_id: UUID) -> Received:
    """One that is there already, with the same content, does not come twice."""
    permit = steward_permit(SYSTEM, into_id)
    with steward(SYSTEM, into_id, trace=None) as cursor, in_sight(cursor, permit):
        instead = _same(cursor, moved, into_id)
        fresh = [row for row in moved.documents if row["id"] not in instead]
        lists = _new_lists(cursor, moved, into_id)
        blobs = {row["id"]: vault.put(into_id, vault.open(row["blob_id"], moved.record_id)) for row in fresh}
        try:
            _store(cursor, moved, into_id, fresh, lists, instead, blobs)
        except BaseException:
            for blob in blobs.values():
                vault.forget(blob)
            raise
        _foresee(fresh, into_id)
        came: dict[UUID, UUID | None] = {row["id"]: _corrected(row, instead) for row in fresh}
        retying.follow(cursor, permit, came, clock.now())
        hidden_from = _hidden_from(cursor, into_id, [_here(row, instead) for row in moved.documents])
        note(cursor, permit, Trace(JOINED, "documents", hidden_from=hidden_from))
        # Of whom the holder and the representatives are told may be another thing now.
        raise_epoch(cursor, into_id)
        extracting.ask(into_id)
    return Received(len(fresh), hidden_from)


def _here(row: Row, instead: Mapping[UUID, UUID]) -> UUID:
    found: UUID = row["id"]
    return instead.get(found, found)


def _corrected(row: Row, instead: Mapping[UUID, UUID]) -> UUID | None:
    replaced = row["row"]["replaces_id"]
    return instead.get(UUID(replaced)) if replaced else None


def _hidden_from(cursor: CursorWrapper, into_id: UUID, ids: list[UUID]) -> int:
    cursor.execute(_SQL["seen_of"], {"record_id": into_id, "ids": ids})
    return int(rows(cursor)[0]["labels"]) & WITHHELD


def _foresee(fresh: Iterable[Row], into_id: UUID) -> None:
    """What waits for its announcement goes on waiting until its own instants. That something waits is told anew: who
    would have been told before had no account."""
    for each in (row["row"] for row in fresh):
        if each["labels"] & labels.INVISIBLE_PATIENT and each["release_at"]:
            notice_at, release_at = (datetime.fromisoformat(each[name]) for name in ("notice_at", "release_at"))
            announcing.foresee(into_id, UUID(each["id"]), Instants(notice_at, release_at))


def _all(cursor: CursorWrapper, name: str, record_id: UUID, ids: Iterable[UUID] = ()) -> list[Row]:
    cursor.execute(_SQL[name], {"record_id": record_id, "ids": list(ids)})
    return [{**row, "row": _loaded(row.get("row"))} for row in rows(cursor)]


def _loaded(row: Any) -> Any:
    return orjson.loads(row) if isinstance(row, str | bytes) else row


def _same(cursor: CursorWrapper, moved: Held, into_id: UUID) -> dict[UUID, UUID]:
    """Which documents are there already, and as which."""
    asked: dict[str, Any] = {
        "record_id": into_id,
        "unique_ids": [row["unique_id"] for row in moved.documents],
        "ids": [row["id"] for row in moved.documents],
    }
    cursor.execute(_SQL["known"], asked)
    known = {row["unique_id"]: row for row in rows(cursor)}
    found = {}
    for row in moved.documents:
        there = known.get(row["unique_id"])
        if there and (there["sha256"] != row["sha256"] or there["status"] == Status.WITHDRAWN):
            raise Clash
        if there and row["row"]["labels"] & ~there["labels"]:
            raise Clash
        if there:
            found[row["id"]] = there["id"]
    return found


def _new_lists(cursor: CursorWrapper, moved: Held, into_id: UUID) -> list[Row]:
    asked: dict[str, Any] = {
        "record_id": into_id,
        "unique_ids": [row["unique_id"] for row in moved.lists if row["unique_id"]],
        "ids": [row["id"] for row in moved.lists],
    }
    cursor.execute(_SQL["known_lists"], asked)
    there = {each for row in rows(cursor) for each in (row["id"], row["unique_id"]) if each}
    return [row for row in moved.lists if there.isdisjoint({row["id"], row["unique_id"]})]


def _store(
    cursor: CursorWrapper,
    moved: Held,
    into_id: UUID,
    fresh: list[Row],
    lists: list[Row],
    instead: Mapping[UUID, UUID],
    blobs: Mapping[UUID, vault.StoredBlob],
) -> None:
    documents = [_document(row, moved.record_id, into_id, blobs[row["id"]].id, instead) for row in fresh]
    came, listed = {str(row["id"]) for row in fresh}, {str(row["id"]) for row in lists}

    def of(found: Iterable[Row], key: str, among: set[str]) -> list[Row]:
        return [_renamed(each["row"], moved.record_id, into_id) for each in found if each["row"][key] in among]

    stored = {
        "blobs": [vault.row_of(blob) for blob in blobs.values()],
        "documents": documents,
        "texts": [texts.unread(each) for each in documents],
        "late": [],
        "links": [row for row in moved.tied(into_id) if row["document_id"] in came],
        "lists": [_list(row, moved.record_id, into_id) for row in lists],
        "items": [_item(each, instead) for each in of(moved.items, "list_id", listed)],
        "folders": [],
        "listed": sorted(came),
        "authors": moved.authors,
        "locators": [each for row in documents for each in _located(row)],
        "trace": [],
    }
    permit = steward_permit(SYSTEM, into_id).row()
    cursor.execute(command(_SQL["receive"]), (*permit, orjson.dumps(stored).decode()))
    # `receive` takes out of sight what it put in.
    cursor.execute(command(_DOCUMENTS["lift"]), permit)
    for name, found in (
        ("receive_versions", of(moved.versions, "document_id", came)),
        ("receive_list_versions", of(moved.list_versions, "list_id", listed)),
    ):
        cursor.execute(_SQL[name], (orjson.dumps(found).decode(),))


def _document(row: Row, from_id: UUID, into_id: UUID, blob_id: UUID, instead: Mapping[UUID, UUID]) -> Row:
    found = _renamed(row["row"], from_id, into_id)
    replaced = found["replaces_id"]
    found |= {"blob_id": blob_id, "standing": 0}
    found["replaces_id"] = instead.get(UUID(replaced), replaced) if replaced else None
    tokens, names = index.of_stored(row["id"], found["fhir"], labels_mask=found["labels"], archived=found["archived"])
    return found | {"tokens": tokens, "names": names}


def _list(row: Row, from_id: UUID, into_id: UUID) -> Row:
    found = _renamed(row["row"], from_id, into_id)
    tokens, names = index.of_stored_list(row["id"], row["kind"], found["fhir"])
    return found | {"tokens": tokens, "names": names}


def _item(row: Row, instead: Mapping[UUID, UUID]) -> Row:
    document = row["document_id"]
    return row | {"document_id": instead.get(UUID(document), document) if document else None}


def _renamed(row: Row, from_id: UUID, into_id: UUID) -> Row:
    """FHIR ids carry the record: what names the one names the other. The document's own part stays."""
    found = row | {"record_id": into_id}
    if "fhir" in row:
        found["fhir"] = row["fhir"].replace(short(from_id), short(into_id))
    return found


def _located(row: Row) -> list[Row]:
    actors = {row["depositor_id"], row["author_id"]} - {None}
    named = [(locator.UNIQUE_ID, row["unique_id"])]
    named += [(locator.OWN, locator.own(UUID(each), row["unique_id"])) for each in sorted(actors)]
    return [{"kind": kind, "digest": locator.digest(kind, name).hex()} for kind, name in named]
