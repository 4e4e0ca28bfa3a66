"""A submission that comes again: it adds nothing, and is answered by what it left the first time. One that asks more
than that is not the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.documents.planning import Plan, check_again
from carnet.documents.submission import Listed, Submission, Submitted
from carnet.kernel.db import WRITER, Permit, command, open_record, rows, statements
from carnet.kernel.ids import fhir_id, from_fhir_id

_SQL = statements("carnet.documents")


class _UndoneError(Exception):
    """Nothing that was noted stays."""


def looked_up(permit: Permit, planned: Sequence[Plan]) -> list[dict[str, Any]]:
    """What has come already of these documents, as `hot` asks it, without a line that they came again."""
    found: list[dict[str, Any]] = []
    values = ([plan.unique_id for plan in planned], [plan.sha256 for plan in planned])
    with suppress(_UndoneError), open_record(permit, trace=None, using=WRITER) as cursor:
        cursor.execute(command(_SQL["again"]), (*permit.row(), *values))
        found = rows(cursor)
        raise _UndoneError
    return found


def check_same(permit: Permit, known: Sequence[Plan], labels: Mapping[str, int], superseded: Collection[UUID]) -> None:
    """Raises what is asked now of documents that are here already, and was not then. `labels` as `check_again` has
    them."""
    ids = {*superseded, *(each for plan in known for each in plan.new.replaces_ids)}
    unique_ids = {each for plan in known for each in plan.new.entry.replaces}
    current: set[str] = set()
    if ids or unique_ids:
        # The line that they came again stands in the trail already.
        with open_record(permit, trace=None) as cursor:
            values = {"record_id": permit.record_id, "actor_id": permit.actor.id}
            cursor.execute(_SQL["own_current"], values | {"ids": list(ids), "unique_ids": list(unique_ids)})
            current = {text for row in rows(cursor) for text in (str(row["id"]), row["unique_id"])}
    check_again(known, labels, current, superseded)


def as_before(
    cursor: CursorWrapper, permit: Permit, submission: Submission, documents: Collection[UUID]
) -> Submitted | None:
    """The set and the folders of one's own submission of the same identifier, when `documents`, all of this one, are
    what that one brought, and its folders are the same; else None."""
    unique_id = submission.submission_set.unique_id if submission.submission_set else None
    values = {"record_id": permit.record_id, "unique_id": unique_id, "actor_id": permit.actor.id}
    cursor.execute(_SQL["own_set"], values)
    found = rows(cursor)
    set_id = next((row["set_id"] for row in found), None)
    folders = [(row["folder_id"], row["unique_id"]) for row in found if row["folder_id"]]
    brought = {row["document_id"] for row in found if row["document_id"]}
    if set_id is None or not brought <= set(documents) or not _same(submission, folders):
        return None
    versions = {row["folder_id"]: row["version"] for row in found}
    listed = tuple(Listed(fhir_id(permit.record_id, each), versions[each], new=False) for each, _ in folders)
    return Submitted((), Listed(fhir_id(permit.record_id, set_id), 1, new=False), listed)


def _same(submission: Submission, folders: Sequence[tuple[UUID, str | None]]) -> bool:
    """As many folders, each under its identifier, or the very one that was to be changed."""
    if len(submission.folders) != len(folders):
        return False
    for new, (folder_id, unique_id) in zip(submission.folders, folders, strict=True):
        named = from_fhir_id(new.folder_id) if new.folder_id else None
        if new.folder.unique_id != unique_id or (named and named[1] != folder_id):
            return False
    return True
