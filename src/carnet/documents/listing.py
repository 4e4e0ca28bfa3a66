"""The lists of a submission: its set, and the folders that it makes or changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.documents import index
from carnet.documents.models import ListKind, Status
from carnet.documents.planning import SECRET, WITHHELD
from carnet.documents.row import Row
from carnet.documents.rules import DepositRefused, Fault, refuse
from carnet.documents.submission import Listed, NewFolder, Submission
from carnet.formats.entry import Author, DocumentEntry
from carnet.formats.fhir import write_list
from carnet.formats.submission import Folder, SubmissionSet
from carnet.formats.terminology import document_types, labels
from carnet.kernel.db import Permit, rows, statements
from carnet.kernel.ids import fhir_id, from_fhir_id, short, uuid7

_SQL = statements("carnet.documents")
_NOTHING = "0" * 256


@dataclass(slots=True)
class Lists:
    """The rows of the set and of new folders, what they hold, and the folders to change. `documents` are those in
    folders, whose locks are to be drawn from what they hold; `hidden_from` the label bits of those who see nothing of
    what changes in the folders."""

    submission_set: Listed
    folders: tuple[Listed, ...] = ()
    columns: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    documents: list[UUID] = field(default_factory=list)
    hidden_from: int = 0


@dataclass(frozen=True, slots=True)
class _Stored:
    """One's own folder as it stands."""

    version: int
    fhir: str
    items: frozenset[UUID]


def rows_of(
    cursor: CursorWrapper,
    permit: Permit,
    submission: Submission,
    made: Sequence[Row],
    ids: Mapping[str, UUID],
    now: datetime,
) -> Lists:
    """`ids` are the documents of the submission by full URL. Raises `DepositRefused` for a folder or an item that is
    not known."""
    stored = _stored_folders(cursor, permit, submission.folders)
    folders = [
        (new, _folder_id(new), _items(cursor, permit, new, ids, number))
        for number, new in enumerate(submission.folders)
    ]
    set_id = uuid7()
    lists = Lists(
        submission_set=Listed(fhir_id(permit.record_id, set_id), 1, new=True),
        folders=tuple(
            Listed(fhir_id(permit.record_id, folder_id), _next(stored, folder_id), new=folder_id not in stored)
            for _, folder_id, _ in folders
        ),
    )
    metadata = submission.submission_set or _own_set(permit, made, now)
    lists.columns.append(_set_columns(permit, metadata, set_id, now) | _lock(made))
    lists.items += _list_items(
        permit, set_id, documents=(row.id for row in made), children=(folder_id for _, folder_id, _ in folders)
    )
    for new, folder_id, items in folders:
        lists.documents += items
        version = _next(stored, folder_id)
        columns = _folder_columns(permit, new.folder, folder_id, version, now)
        if folder_id in stored:
            lists.changes.append(columns)
        else:
            lists.columns.append(columns)
        lists.items += _list_items(permit, folder_id, documents=items, version=version)
    if folders:
        moved = [
            _moved(stored.get(folder_id), columns["fhir"], items)
            for (_, folder_id, items), columns in zip(folders, _columns_of(lists, folders), strict=True)
        ]
        lists.hidden_from = _hidden_from(cursor, permit, made, {each for group in moved for each in group})
    return lists


def _next(stored: Mapping[UUID, _Stored], folder_id: UUID) -> int:
    return stored[folder_id].version + 1 if folder_id in stored else 1


def _columns_of(lists: Lists, folders: Sequence[tuple[NewFolder, UUID, list[UUID]]]) -> list[dict[str, Any]]:
    by_id = {columns["id"]: columns for columns in (*lists.columns, *lists.changes)}
    return [by_id[folder_id] for _, folder_id, _ in folders]


def _moved(before: _Stored | None, fhir: str, items: Sequence[UUID]) -> frozenset[UUID]:
    """The documents by whose sight one may know that a folder changed: what was put in or taken out; all that it
    holds when the folder itself says something else, or nothing changed."""
    held = frozenset(items)
    if before is None or _said(before.fhir) != _said(fhir) or held == before.items:
        return held
    return held ^ before.items


def _said(fhir: str) -> dict[str, Any]:
    return {name: value for name, value in orjson.loads(fhir).items() if name not in {"meta", "date"}}


def _hidden_from(cursor: CursorWrapper, permit: Permit, made: Sequence[Row], documents: Collection[UUID]) -> int:
    """The bits of `WITHHELD` of those from whom all these documents are kept."""
    cursor.execute(_SQL["visible"], {"record_id": permit.record_id, "ids": list(documents)})
    known = {row["id"]: row["labels"] for row in rows(cursor)} | {row.id: row.hidden.bits for row in made}
    bits = [known.get(each, 0) for each in documents]
    if not bits:
        return 0
    # Who represents a minor sees neither what is kept from them nor what is withheld from the patient.
    patient = labels.INVISIBLE_PATIENT if all(each & labels.INVISIBLE_PATIENT for each in bits) else 0
    return patient | (SECRET if all(each & WITHHELD for each in bits) else 0)


def _stored_folders(cursor: CursorWrapper, permit: Permit, folders: Sequence[NewFolder]) -> dict[UUID, _Stored]:
    """One's own folders that are to be changed; another is not known here."""
    wanted = [new.folder_id for new in folders if new.folder_id]
    if not wanted:
        return {}
    pairs = [from_fhir_id(text) for text in wanted]
    ids = [pair[1] for pair in pairs if pair and pair[0] == permit.record_id]
    values: dict[str, Any] = {"record_id": permit.record_id, "ids": ids, "actor_id": permit.actor.id}
    cursor.execute(_SQL["own_folders"], values)
    found = {row["id"]: _Stored(row["version"], row["fhir"], frozenset(row["items"])) for row in rows(cursor)}
    unknown = [number for number, new in enumerate(folders) if new.folder_id and _folder_id(new) not in found]
    refuse([DepositRefused(Fault.FOLDER_UNKNOWN, folder=number) for number in unknown])
    return found


def _folder_id(new: NewFolder) -> UUID:
    pair = from_fhir_id(new.folder_id) if new.folder_id else None
    return pair[1] if pair else uuid7()


def _items(cursor: CursorWrapper, permit: Permit, new: NewFolder, ids: Mapping[str, UUID], number: int) -> list[UUID]:
    """Documents of the same submission, and stored ones that the depositor may see; `number` is the folder's."""
    pairs = [from_fhir_id(text) for text in new.references]
    stored = [pair[1] for pair in pairs if pair and pair[0] == permit.record_id]
    if len(stored) < len(pairs) or any(url not in ids for url in new.documents):
        raise DepositRefused(Fault.ITEM_UNKNOWN, folder=number)
    if stored:
        cursor.execute(_SQL["visible"], {"record_id": permit.record_id, "ids": stored})
        if {row["id"] for row in rows(cursor)} != set(stored):
            raise DepositRefused(Fault.ITEM_UNKNOWN, folder=number)
    return list(dict.fromkeys([*(ids[url] for url in new.documents), *stored]))


def _own_set(permit: Permit, made: Sequence[Row], now: datetime) -> SubmissionSet:
    """The set of a deposit that brings none (ITI-105, a bare CDA): its source is the first document's author."""
    entry = made[0].plan.new.entry if made else None
    author = entry.authors[0] if entry and entry.authors else Author(device=permit.actor.name)
    return SubmissionSet(
        source_id=f"2.25.{permit.actor.id.int}",
        date=now,
        designation=_class_of(entry) if entry else None,
        author=author,
        organisation=author.organisation,
    )


def _class_of(entry: DocumentEntry) -> Any:
    return document_types.class_of(entry.type.code, entry.type.system) or entry.category


def _set_columns(permit: Permit, metadata: SubmissionSet, set_id: UUID, now: datetime) -> dict[str, Any]:
    text = write_list.submission_set(
        metadata,
        fhir_id=fhir_id(permit.record_id, set_id),
        patient_id=short(permit.record_id),
        version=1,
        last_updated=now,
        entry_uuid=set_id,
    ).decode()
    keys = index.of_set(metadata, entry_uuid=set_id)
    return _columns(permit, ListKind.SUBMISSION_SET, set_id, metadata, 1, now) | keys | {"fhir": text}


def _folder_columns(permit: Permit, folder: Folder, folder_id: UUID, version: int, now: datetime) -> dict[str, Any]:
    text = write_list.folder(
        folder,
        fhir_id=fhir_id(permit.record_id, folder_id),
        patient_id=short(permit.record_id),
        version=version,
        last_updated=now,
        entry_uuid=folder_id,
    ).decode()
    keys = index.of_folder(folder, entry_uuid=folder_id)
    return _columns(permit, ListKind.FOLDER, folder_id, folder, version, now) | keys | {"fhir": text}


def _columns(
    permit: Permit, kind: ListKind, list_id: UUID, metadata: SubmissionSet | Folder, version: int, now: datetime
) -> dict[str, Any]:
    """`types` and `labels` lock the list until they are drawn from what it holds."""
    return {
        "record_id": permit.record_id,
        "id": list_id,
        "kind": kind.value,
        "unique_id": metadata.unique_id,
        "status": Status.CURRENT.value,
        "version": version,
        "types": _NOTHING,
        "labels": 0,
        "date": metadata.date,
        "depositor_id": permit.actor.id,
        "author_id": None,
        "updated_at": now,
    }


def _lock(made: Sequence[Row]) -> dict[str, Any]:
    """What a new set shares with all its documents: their types, and the labels that every one has."""
    types = list(_NOTHING)
    for row in made:
        types[row.plan.kind.ordinal] = "1"
    bits = reduce(and_, (row.hidden.bits for row in made)) if made else 0
    return {"types": "".join(types), "labels": bits}


def _list_items(
    permit: Permit, list_id: UUID, *, documents: Iterable[UUID], children: Iterable[UUID] = (), version: int = 1
) -> list[dict[str, Any]]:
    members = [("document_id", each) for each in documents] + [("child_id", each) for each in children]
    empty = {
        "record_id": permit.record_id,
        "list_id": list_id,
        "list_version": version,
        "document_id": None,
        "child_id": None,
    }
    return [empty | {"position": position, name: each} for position, (name, each) in enumerate(members)]
