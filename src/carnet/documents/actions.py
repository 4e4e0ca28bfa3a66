"""Putting documents into a record. The bytes are durable before the row that points to them is committed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from carnet.consent.access import kept_quiet, permit_to_deposit
from carnet.consent.facts import Wish
from carnet.documents import hands, storing
from carnet.documents.again import check_same, looked_up
from carnet.documents.pictures import NewPicture
from carnet.documents.planning import WITHHELD, Plan, check_personal, plans
from carnet.documents.rules import DepositRefused, Fault, refuse
from carnet.documents.storing import CameBefore, Rehearsed
from carnet.documents.submission import Deposited, Listed, NewDocument, Submission, Submitted
from carnet.formats.entry import DocumentEntry
from carnet.formats.terminology import labels
from carnet.kernel import audit, vault
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, Stale, hot, statements
from carnet.kernel.db.constraints import Violation, violations
from carnet.kernel.ids import fhir_id
from carnet.kernel.vault import StoredBlob

__all__ = ["Deposited", "deposit", "foresee", "submit", "traced_refusals"]

_SQL = statements("carnet.documents")
_ACTION = "document-deposit"


def deposit(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    entry: DocumentEntry,
    content: bytes,
    replaces_ids: Collection[UUID] = (),
    pictures: Sequence[NewPicture] = (),
    deposited_at: datetime | None = None,
) -> Deposited:
    """Stores one document with its metadata; see `submit`."""
    new = NewDocument(entry, content, tuple(replaces_ids), pictures=tuple(pictures))
    done = submit(actor, purpose, record_id=record_id, submission=Submission((new,), at=deposited_at))
    return done.documents[0]


def submit(actor: Actor, purpose: Purpose, *, record_id: UUID, submission: Submission) -> Submitted:
    """Stores all of a submission or nothing of it; what was deposited before is not stored again. Raises `Refused`,
    `DepositRefused` with every fault."""
    with traced_refusals(actor, purpose, record_id, labels_asked(submission)):
        try:
            return _submit(permit_to_deposit(actor, purpose, record_id, action=_ACTION), submission)
        except Stale:
            # Who may see what changed between the decision and the write: decide once more.
            return _submit(permit_to_deposit(actor, purpose, record_id, action=_ACTION), submission)


def foresee(actor: Actor, purpose: Purpose, *, record_id: UUID, submission: Submission) -> Submitted:
    """Raises or answers what `submit` would: all is done as it does, and undone, but the line of the trail that says
    so. The ids of the answer are of nothing."""
    permit = permit_to_deposit(actor, purpose, record_id, action=_ACTION)
    planned = plans(record_id, submission)
    check_personal(permit, planned)
    storing.note_check(permit, submission, planned)
    return _submit(permit, submission, rehearsed=True)


def labels_asked(submission: Submission) -> frozenset[str]:
    """Of all its documents."""
    return frozenset().union(*(new.entry.labels for new in submission.documents))


@contextmanager
def traced_refusals(
    actor: Actor, purpose: Purpose, record_id: UUID | None, asked: frozenset[str] = frozenset()
) -> Iterator[None]:
    """A deposit that is refused stands in the trail, once, in a transaction of its own. Those from whom it was to be
    withheld, by the labels `asked` or because it is tied to a secret, are not told of the attempt either, nor who knows
    nothing of the depositor."""
    try:
        yield
    except DepositRefused as refused:
        if not refused.traced:
            refused.traced = True
            quiet = kept_quiet(actor, purpose, record_id, Wish.DEPOSIT) if record_id else 0
            audit.refused(
                actor,
                purpose,
                record_id=record_id,
                action=_ACTION,
                reason=refused.code,
                target_kind="document",
                hidden_from=quiet | (refused.hidden_from | labels.mask_of(asked)) & WITHHELD,
            )
        raise


def _submit(permit: Permit, submission: Submission, *, rehearsed: bool = False) -> Submitted:
    planned = plans(permit.record_id, submission)
    check_personal(permit, planned)
    before = _before(permit, planned, submission.superseded, rehearsed=rehearsed)
    fresh = [plan for plan in planned if plan.unique_id not in before]
    if not fresh and not submission.folders and before:
        return _as_before(permit, planned, before)
    blobs: list[StoredBlob] = []
    beside: list[StoredBlob] = []
    try:
        for plan in fresh:
            put = vault.described if rehearsed else vault.put
            blobs.append(put(permit.record_id, plan.new.content))
            for picture in plan.new.pictures:
                beside.append(vault.put(permit.record_id, picture.read()))  # noqa: PERF401  (those stored must be known)
        with violations():
            stored = storing.store(
                permit, submission, fresh, blobs, beside, before=_ids_of(before, planned), rehearsed=rehearsed
            )
    except Rehearsed as undone:
        stored = undone.submitted
    except CameBefore:
        # The same submission at the same instant: the other one won.
        _forget([*blobs, *beside])
        return _submit(permit, submission, rehearsed=rehearsed)
    except Violation as error:
        _forget([*blobs, *beside])
        raise _clash(error, fresh) from error
    except (Stale, DepositRefused, hands.Blocked):
        _forget([*blobs, *beside])
        raise
    documents = {done.id: done for done in stored.documents}
    by_plan = {plan.unique_id: documents[done.id] for plan, done in zip(fresh, stored.documents, strict=True)}
    ordered = tuple(by_plan.get(plan.unique_id) or before[plan.unique_id][0] for plan in planned)
    return Submitted(ordered, stored.submission_set, stored.folders)


_Before = dict[str, tuple[Deposited, UUID | None]]


def _before(permit: Permit, planned: Sequence[Plan], superseded: Collection[UUID], *, rehearsed: bool) -> _Before:
    """One's own documents of the same identifier and bytes, with the set in which they came; with other bytes, or more
    asked of them, they are faults."""
    if not planned:
        return {}
    found = (
        looked_up(permit, planned)
        if rehearsed
        else hot(_SQL["again"], permit, ([plan.unique_id for plan in planned], [plan.sha256 for plan in planned]))
    )
    other = {row["unique_id"] for row in found if not row["same"]}
    refuse([DepositRefused(Fault.OTHER_CONTENT, position=plan.position) for plan in planned if plan.unique_id in other])
    if found:
        known = {row["unique_id"]: row["labels"] for row in found}
        check_same(permit, [plan for plan in planned if plan.unique_id in known], known, superseded)
    return {row["unique_id"]: (_deposited(permit, row), row["set_id"]) for row in found}


def _deposited(permit: Permit, row: Mapping[str, Any]) -> Deposited:
    identifier = fhir_id(permit.record_id, row["id"])
    return Deposited(permit.record_id, row["id"], identifier, row["version"], row["fhir"], new=False)


def _ids_of(before: _Before, planned: Sequence[Plan]) -> dict[str, UUID]:
    """Documents that are here already, by their name inside the submission."""
    return {plan.new.full_url: before[plan.unique_id][0].id for plan in planned if plan.unique_id in before}


def _as_before(permit: Permit, planned: Sequence[Plan], before: _Before) -> Submitted:
    known = [before[plan.unique_id] for plan in planned]
    set_id = next((each for _, each in known if each), known[0][0].id)
    listed = Listed(fhir_id(permit.record_id, set_id), 1, new=False)
    return Submitted(tuple(done for done, _ in known), listed)


def _clash(error: Violation, fresh: Sequence[Plan]) -> DepositRefused:
    """Somebody else's document, set or folder bears the identifier: it says only that it cannot be used."""
    if error.constraint == "documents_list_unique_id":
        return DepositRefused(Fault.SET_USED)
    return DepositRefused(Fault.ID_UNUSABLE, position=fresh[0].position if len(fresh) == 1 else None)


def _forget(blobs: Sequence[StoredBlob]) -> None:
    for blob in blobs:
        if blob.stored_sha256:
            vault.forget(blob)
