"""Acts on stored documents: who sees them, archived or not, superseded, withdrawn. Each keeps the metadata that it
changes as a version.

A label covers a document and the versions that it replaced: what is hidden must not come to light in an earlier
version, and what was withdrawn must not leave one behind.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent.access import Refused, permit_to_act, permit_to_withdraw
from carnet.consent.rules import As, Reason, Refusal
from carnet.documents import announcing, combining, versioning
from carnet.documents.models import Secrecy
from carnet.documents.planning import SECRET, WITHHELD, Replaced
from carnet.documents.powers import Act, Cause, acts_of, may
from carnet.documents.target import Target, find
from carnet.formats.fhir import errors, patch
from carnet.formats.fhir.patch import Change, Current, Patch
from carnet.formats.fhir.patch.model import AddLabel, Operation, SetLabels
from carnet.formats.terminology import labels
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Stale, Trace, command, note, open_record, raise_epoch, rows, statements

_UNANNOUNCED: Final = labels.INVISIBLE_PATIENT
_SQL = statements("carnet.documents")
_SHELF = statements("carnet.documents", "shelf.sql")
_MASKS = statements("carnet.documents", "masking.sql")


class NotThere(Exception):
    """Unknown and hidden alike."""


class VersionConflict(Exception):
    """The document has another version than the one that the caller knows."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The document as it stands now, `fhir` its text; `covered` are it and the versions that it replaced, as far as
    the act reached them."""

    id: UUID
    version: int
    fhir: str
    updated_at: datetime
    nothing: bool = False
    covered: tuple[UUID, ...] = ()


def change(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    document_id: UUID,
    wanted: Patch,
    version: int | None = None,
) -> Changed:
    """What a PATCH asks (TD3.3a to TD3.3d). `version` is the one that the caller knows (`If-Match`). Raises `Refused`,
    `NotThere`, `VersionConflict`, or `FhirError` for what the patch asks in vain."""
    return _decided(partial(_change, actor, purpose, record_id, document_id, lambda _: wanted, version))


def set_label(actor: Actor, purpose: Purpose, *, record_id: UUID, document_id: UUID, label: str, on: bool) -> Changed:
    """Puts a visibility label on a document or takes it off, whether it was there or not. Raises `Refused`, `NotThere`,
    or `FhirError` for a label that cannot stand beside another."""
    wanted = partial(_with_label if on else _without_label, label)
    return _decided(partial(_change, actor, purpose, record_id, document_id, wanted, None))


def _decided(act: Callable[[], Changed]) -> Changed:
    """Who may see what may change between the decision and the write: then it is decided once more."""
    try:
        return act()
    except Stale:
        return act()


def _with_label(label: str, _current: Current) -> Patch:
    return Patch((Operation(0, AddLabel(label, None)),))


def _without_label(label: str, current: Current) -> Patch:
    return Patch((Operation(0, SetLabels(tuple(current.labels - {label}))),))


def _change(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    document_id: UUID,
    wanting: Callable[[Current], Patch],
    version: int | None,
) -> Changed:
    """`wanting` tells what is wanted of the document as it stands."""
    permit = permit_to_act(actor, purpose, record_id, action="document-change")
    with _refusals(permit, document_id), open_record(permit, trace=None, using=WRITER) as cursor:
        found = _found(cursor, permit, document_id)
        if version is not None and version != found.version:
            raise VersionConflict
        wanted = wanting(found.current)
        asked = patch.apply(wanted, found.current, together=combining.allowed())
        if asked.nothing and not found.suspected(wanted):
            note(cursor, permit, _trace("document-read", document_id, found.labels))
            return Changed(found.id, found.version, found.fhir, found.updated_at, nothing=True)
        acts = acts_of(asked, suspected=found.secrecy == Secrecy.SUSPECTED)
        _allowed(permit, found, acts)
        if Act.HIDE_FROM_PATIENT in acts:
            _still_unseen(cursor, permit, found)
        return _do(cursor, permit, found, asked, acts, Cause.WITHDRAWN)


def withdraw(actor: Actor, purpose: Purpose, *, record_id: UUID, document_id: UUID, cause: Cause) -> Changed:
    """By its author, or by an operator who sees nothing of it; with every version that it replaced. Those who had
    opened it are listed."""
    return _decided(partial(_withdraw, actor, purpose, record_id, document_id, cause))


def _withdraw(actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID, cause: Cause) -> Changed:
    permit = permit_to_withdraw(actor, purpose, record_id, document_id)
    with _refusals(permit, document_id), open_record(permit, trace=None, using=WRITER) as cursor:
        found = _found(cursor, permit, document_id)
        _allowed(permit, found, (Act.WITHDRAW,))
        return _do(cursor, permit, found, Change(withdraw=True), (Act.WITHDRAW,), cause)


def _found(cursor: CursorWrapper, permit: Permit, document_id: UUID) -> Target:
    found = find(cursor, permit, document_id)
    if found is None:
        raise NotThere
    return found


@contextmanager
def _refusals(permit: Permit, document_id: UUID) -> Iterator[None]:
    """What is refused inside the transaction stands in the trail, in a transaction of its own."""
    try:
        yield
    except (NotThere, Refused) as error:
        audit.refused(
            permit.actor,
            permit.purpose,
            record_id=permit.record_id,
            action="document-change",
            reason="not-found" if isinstance(error, NotThere) else error.reason.value,
            target_kind="document",
            target_id=document_id,
            hidden_from=permit.quiet | (error.bits & WITHHELD if isinstance(error, _NotTheirs) else 0),
        )
        raise


class _NotTheirs(Refused):
    """Not theirs to do, to a document with these label bits."""

    def __init__(self, permit: Permit, bits: int) -> None:
        super().__init__(Refusal(Reason.NOT_YOURS), permit.actor)
        self.bits = bits


def _allowed(permit: Permit, found: Target, acts: Sequence[Act]) -> None:
    standing = As(permit.capacity)
    if not all(may(act, standing, own=found.own, secrecy=found.secrecy) for act in acts):
        raise _NotTheirs(permit, found.labels)


def _still_unseen(cursor: CursorWrapper, permit: Permit, found: Target) -> None:
    """What was announced was announced (R1111-53). Raises `FhirError`, which tells no more than that: not whether the
    patient has opened it."""
    with versioning.in_sight(cursor, permit):
        chain = versioning.chain(cursor, permit, found.id, onward=True)
        if announcing.shown(cursor, permit, chain, clock.now()):
            raise errors.failure("already-announced", expression="DocumentReference.securityLabel")


def _do(
    cursor: CursorWrapper, permit: Permit, found: Target, asked: Change, acts: Sequence[Act], cause: Cause
) -> Changed:
    now = clock.now()
    with versioning.in_sight(cursor, permit):
        # Whoever hides or shows means the document, whichever of its versions is named; what is withdrawn is that one
        # and what it replaced.
        chain = versioning.chain(cursor, permit, found.id, onward=bool(asked.add or asked.remove))
        for row in chain:
            versioning.change(cursor, permit, row, asked if row.id == found.id else _for_others(asked), now)
        if Act.HIDE_FROM_PATIENT in acts:
            announcing.withhold(cursor, permit, [row.id for row in chain if not row.labels & _UNANNOUNCED])
        cursor.execute(command(_SQL["lists_follow"]), (*permit.row(), [row.id for row in chain]))
        if asked.withdraw or WITHHELD & labels.mask_of(asked.remove):
            announcing.settle(cursor, permit.record_id, [row.id for row in chain])
        cursor.execute(_SQL["changed"], {"record_id": permit.record_id, "id": found.id, "told": found.status})
        after = rows(cursor)[0]
    for act in acts:
        note(cursor, permit, _line(act, found.id, found.labels | after["labels"]))
    if WITHHELD & labels.mask_of(asked.add | asked.remove):
        # Of whom the holder and the representatives are told may be another thing now.
        raise_epoch(cursor, permit.record_id)
    if SECRET & labels.mask_of(asked.remove):
        # A standing mask that told of secrets alone may tell of this document now.
        cursor.execute(command(_MASKS["follow"]), permit.row())
    if SECRET & labels.mask_of(asked.add):
        spread_secret(cursor, permit, tied(cursor, permit, [row.id for row in chain]), now)
    if asked.withdraw:
        cursor.execute(_SHELF["close_cases"], {"ids": [row.id for row in chain]})
        for row in chain:
            cursor.execute(command(_SQL["list_readers"]), (*permit.row(), row.id, cause.value))
    return Changed(found.id, after["version"], after["fhir"], now, covered=tuple(row.id for row in chain))


def tied(cursor: CursorWrapper, permit: Permit, document_ids: Sequence[UUID]) -> list[UUID]:
    """Open documents of the same act as one of these."""
    cursor.execute(_SQL["tied"], {"record_id": permit.record_id, "ids": list(document_ids)})
    return [row["document_id"] for row in rows(cursor)]


def _for_others(asked: Change) -> Change:
    """What an act on a document does to its other versions."""
    return Change(add=asked.add, remove=asked.remove, withdraw=asked.withdraw)


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A stored document, the new one that replaces it, and the label bits of both."""

    old: Replaced
    by: UUID
    bits: int


def supersede(cursor: CursorWrapper, permit: Permit, overtaken: Collection[Overtaken], now: datetime) -> None:
    """What is replaced stands so everywhere; who had opened it is listed, to be told of the correction. The line of the
    trail names the new document: it is told to those who may see that one."""
    with versioning.in_sight(cursor, permit):
        for each in overtaken:
            versioning.supersede(cursor, permit, each.old, now)
    for each in overtaken:
        note(cursor, permit, _trace("document-superseded", each.by, each.bits))
        cursor.execute(command(_SQL["list_readers"]), (*permit.row(), each.old.id, Cause.CORRECTED.value))


def keep_secret(
    cursor: CursorWrapper,
    permit: Permit,
    document_ids: Collection[UUID],
    now: datetime,
    *,
    why: Secrecy = Secrecy.LINKED,
) -> list[UUID]:
    """Documents of an act that turns out to be a secret are kept from the representatives as well; answers those that
    were open until then."""
    asked = Change(add=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}))
    done: list[UUID] = []
    with versioning.in_sight(cursor, permit):
        for document_id in document_ids:
            for row in versioning.chain(cursor, permit, document_id, onward=True):
                if row.labels & SECRET or row.id in done:
                    continue
                versioning.change(cursor, permit, row, asked, now)
                done.append(row.id)
        cursor.execute(command(_SQL["lists_follow"]), (*permit.row(), done))
        cursor.execute(_SQL["mark_secret"], {"record_id": permit.record_id, "ids": done, "why": why.value})
    for document_id in done:
        note(cursor, permit, _trace(Act.HIDE_FROM_REPRESENTATIVES.value, document_id, SECRET))
    return done


def spread_secret(cursor: CursorWrapper, permit: Permit, document_ids: Collection[UUID], now: datetime) -> None:
    """These are kept from the representatives, and so is every open document that they lead to, whichever of their
    versions bears the name that leads there."""
    kept: set[UUID] = set()
    reached = set(document_ids)
    while reached:
        kept |= reached
        kept.update(keep_secret(cursor, permit, reached, now))
        reached = set(tied(cursor, permit, list(kept)))


def inherit(cursor: CursorWrapper, permit: Permit, document_id: UUID, bits: int, now: datetime) -> None:
    """A correction that came before what it corrects is hidden from whom that is hidden, as if it had come after."""
    done: dict[UUID, Change] = {}
    with versioning.in_sight(cursor, permit):
        for row in versioning.chain(cursor, permit, document_id, onward=True):
            if missing := bits & ~row.labels:
                done[row.id] = Change(add=frozenset(labels.codes_of(missing)))
                versioning.change(cursor, permit, row, done[row.id], now)
        if bits & _UNANNOUNCED:
            announcing.withhold(cursor, permit, [each for each in done if "INVISIBLE_PATIENT" in done[each].add])
        cursor.execute(command(_SQL["lists_follow"]), (*permit.row(), list(done)))
    for each, asked in done.items():
        for act in acts_of(asked):
            note(cursor, permit, _line(act, each, bits))


def _line(act: Act, document_id: UUID, bits: int) -> Trace:
    """What was withdrawn is in nobody's sight, and so would be a line that names it: this one names none, and is kept
    from whom the document was kept."""
    if act is Act.WITHDRAW:
        return Trace(act.value, hidden_from=bits & WITHHELD)
    return _trace(act.value, document_id, bits)


def _trace(action: str, document_id: UUID, bits: int) -> Trace:
    """An act on what a minor keeps secret carries its own mark for good."""
    return Trace(action, "document", document_id, hidden_from=bits & SECRET)
