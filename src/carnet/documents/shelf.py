"""The holder's own order among the documents: pins, folders, tags, and what is not theirs. Only the holder and who
represents them see it or change it; an act on a document that they may not see finds nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.consent.access import reading
from carnet.consent.holders import permit_of_holder
from carnet.consent.queries import keeps_secrets
from carnet.documents.changing import NotThere
from carnet.documents.mask_models import MaskKind
from carnet.documents.planning import SECRET
from carnet.documents.queries import masked_by
from carnet.documents.shelf_rules import Fault, ShelfRefused, folder_name, tags_of
from carnet.formats.terminology import labels
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, hot, note, open_record, rows, statements
from carnet.kernel.ids import uuid7
from carnet.records.rules import earliest_birth, majority

_SQL = statements("carnet.documents", "shelf.sql")
_CHANGED = "shelf-changed"
_LOOKED = "folders-read"


@dataclass(frozen=True, slots=True)
class FolderName:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands. `labels` are its own codes, `masked_by` the kinds of the standing masks that cover it;
    `own`: deposited by the reader; `minor`: the holder is, or a guardian represents them."""

    title: str
    labels: frozenset[str]
    masked_by: frozenset[MaskKind]
    pinned: bool
    folder_id: UUID | None
    tags: tuple[str, ...]
    not_mine: bool
    own: bool
    minor: bool
    folders: tuple[FolderName, ...]


def place(actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID) -> Place | None:
    """None for unknown and for hidden alike."""
    found = reading(
        actor,
        purpose,
        record_id,
        lambda permit: hot(_SQL["place"], permit, (document_id,)),
        action="document-place",
        target_kind="document",
        target_id=document_id,
    )
    if not found:
        return None
    row = found[0]
    of_age = majority(earliest_birth(row.pop("birth")))
    folders = orjson.loads(row["folders"]) if row["folders"] else []
    named = tuple(FolderName(UUID(each), name) for each, name in folders)
    told = {
        "folders": named,
        "tags": tuple(row["tags"]),
        "labels": frozenset(labels.codes_of(row["labels"])),
        "masked_by": masked_by(row["labels"]),
    }
    minor = clock.now().date() < of_age
    return Place(**row | told, minor=minor or reading(actor, purpose, record_id, _guarded, action=_LOOKED))


def _guarded(permit: Permit) -> bool:
    with open_record(permit, trace=None) as cursor:
        return keeps_secrets(cursor, permit)


def arrange(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    document_id: UUID,
    tags: Sequence[str],
    pinned: bool,
    folder_id: UUID | None = None,
    new_folder: str = "",
) -> None:
    """Everything at once: `new_folder` names one to be made, or one that is there already. Raises `ShelfRefused`,
    `NotThere`."""
    kept = list(tags_of(tags))
    with opened(actor, purpose, record_id) as (cursor, permit):
        known = _folders(cursor, permit)
        if new_folder:
            folder_id = _folder_named(cursor, permit, known, folder_name(new_folder))
        elif folder_id is not None and folder_id not in known:
            raise ShelfRefused(Fault.FOLDER_UNKNOWN)
        put(cursor, permit, document_id, pinned=pinned, tags=kept, folder_id=folder_id, filed=True)


def folders(actor: Actor, purpose: Purpose, record_id: UUID) -> tuple[FolderName, ...]:
    """Those that this reader may know, by name."""
    return reading(actor, purpose, record_id, _folder_names, action=_LOOKED)


def _folder_names(permit: Permit) -> tuple[FolderName, ...]:
    with open_record(permit, trace=Trace(_LOOKED)) as cursor:
        known = _folders(cursor, permit)
    named = (FolderName(each, name) for each, name in known.items())
    return tuple(sorted(named, key=lambda folder: (folder.name.casefold(), folder.id)))


def file(
    actor: Actor, purpose: Purpose, *, record_id: UUID, document_id: UUID, folder: str, like: UUID | None = None
) -> None:
    """A document that was just added, into the folder of this name ("" for none); its pin and its tags are those of
    `like`, the document that it replaces. Raises `ShelfRefused`, `NotThere`."""
    with opened(actor, purpose, record_id) as (cursor, permit):
        folder_id = _folder_named(cursor, permit, _folders(cursor, permit), folder_name(folder)) if folder else None
        cursor.execute(_SQL["place_of"], {"record_id": record_id, "id": like})
        place = next(iter(rows(cursor)), {"pinned": False, "tags": []})
        put(cursor, permit, document_id, **place, folder_id=folder_id, filed=True)


def rename_folder(actor: Actor, purpose: Purpose, *, record_id: UUID, folder_id: UUID, name: str) -> None:
    """Raises `ShelfRefused`, `NotThere`."""
    wanted = folder_name(name)
    with _folder(actor, purpose, record_id, folder_id) as (cursor, values):
        cursor.execute(_SQL["rename_folder"], values | {"name": wanted})


def remove_folder(actor: Actor, purpose: Purpose, *, record_id: UUID, folder_id: UUID) -> None:
    """The documents in it stay in the record. Raises `NotThere`."""
    with _folder(actor, purpose, record_id, folder_id) as (cursor, values):
        cursor.execute(_SQL["empty_folder"], values)
        cursor.execute(_SQL["remove_folder"], values)


@contextmanager
def opened(actor: Actor, purpose: Purpose, record_id: UUID) -> Iterator[tuple[CursorWrapper, Permit]]:
    """A record entered to write by its holder or who represents them; the body writes the line of its act."""
    permit = permit_of_holder(actor, purpose, record_id, action=_CHANGED)
    with open_record(permit, trace=None, using=WRITER) as cursor:
        yield cursor, permit


@contextmanager
def _folder(
    actor: Actor, purpose: Purpose, record_id: UUID, folder_id: UUID
) -> Iterator[tuple[CursorWrapper, dict[str, Any]]]:
    with opened(actor, purpose, record_id) as (cursor, permit):
        if folder_id not in _folders(cursor, permit):
            raise NotThere
        yield cursor, {"record_id": record_id, "id": folder_id}
        note(cursor, permit, Trace(_CHANGED))


def put(
    cursor: CursorWrapper,
    permit: Permit,
    document_id: UUID,
    *,
    action: str = _CHANGED,
    pinned: bool | None = None,
    tags: list[str] | None = None,
    folder_id: UUID | None = None,
    filed: bool = False,
    not_mine: bool | None = None,
) -> UUID:
    """What is None stays as it is; the folder unless `filed`. The line is told to whoever may see the document.
    Answers who deposited it."""
    values: dict[str, Any] = {"record_id": permit.record_id, "id": document_id}
    cursor.execute(_SQL["document"], values)
    found = rows(cursor)
    if not found:
        raise NotThere
    changes = {"pinned": pinned, "tags": tags, "folder_id": folder_id, "filed": filed, "not_mine": not_mine}
    cursor.execute(_SQL["put"], values | changes)
    note(cursor, permit, Trace(action, "document", document_id, hidden_from=found[0]["labels"] & SECRET))
    depositor: UUID = found[0]["depositor_id"]
    return depositor


def _folders(cursor: CursorWrapper, permit: Permit) -> dict[UUID, str]:
    """Those that who acts may know, by id."""
    cursor.execute(_SQL["folders"], {"record_id": permit.record_id, "actor_id": permit.actor.id})
    return {row["id"]: row["name"] for row in rows(cursor)}


def _folder_named(cursor: CursorWrapper, permit: Permit, known: dict[UUID, str], name: str) -> UUID:
    same = [each for each, other in known.items() if other.casefold() == name.casefold()]
    if same:
        return same[0]
    made = uuid7()
    cursor.execute(
        _SQL["add_folder"],
        {"record_id": permit.record_id, "id": made, "name": name, "actor_id": permit.actor.id},
    )
    return made
