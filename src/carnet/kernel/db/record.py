"""Entering a record: what the access decision allows becomes settings that the row policies compare with.

Settings are local to one transaction, so a recycled connection shows nothing. The database compares the
three epochs of the permit (record, actor, rules) with its own and answers *stale* when one has moved:
a withdrawn right ends with the very next request, whichever process had remembered it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.utils import DatabaseError

from carnet.kernel import context
from carnet.kernel.actor import Actor, ActorKind, Purpose

READER = "reader"
WRITER = "default"

_STALE = "CN001"


class Stale(Exception):
    """A remembered permit no longer holds: the decision must be taken anew."""


@dataclass(frozen=True, slots=True)
class Permit:
    """What the database must know of a grant.

    `types` holds 256 characters 0 or 1, one per document type by ordinal; `hidden` the label bits that this
    reader may not see; `trail` whether the record's trail may be read; `until` when a fact changes by itself. `quiet`
    are the label bits of those from whom the lines of this reader are kept; `discreet` of whom this reader is not told,
    as JSON (`carnet.kernel.db.policies`).
    """

    record_id: UUID
    actor: Actor
    purpose: Purpose
    capacity: str
    record_epoch: int
    rules_epoch: int
    types: str
    hidden: int
    trail: bool = False
    until: datetime | None = None
    quiet: int = 0
    discreet: str = ""
    _before: tuple[Any, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.actor.confined_from(self.record_id):
            raise PermissionError("What this actor came with is for another record alone.")
        # Once, for a permit that is remembered; as texts, which are the quickest to send.
        before = (
            str(self.record_id),
            self.actor.kind.value,
            str(self.actor.id),
            str(self.actor.organisation) if self.actor.organisation else None,
            self.purpose.value,
            self.capacity,
            self.actor.epoch,
            self.record_epoch,
            self.rules_epoch,
            self.until.isoformat() if self.until else None,
            self.types,
            self.hidden,
            self.trail,
        )
        object.__setattr__(self, "_before", before)

    def row(self) -> tuple[Any, ...]:
        """The fields of the composite type `app.permit`, in its order."""
        here = context.current()
        return (*self._before, here.door, str(here.request_id), self.quiet, self.discreet)


@dataclass(frozen=True, slots=True)
class Trace:
    """The line that an opening leaves in the record's trail. `hidden_from` carries label bits."""

    action: str
    target_kind: str = "record"
    target_id: UUID | None = None
    detail: str = ""
    hidden_from: int = 0

    def row(self) -> tuple[Any, ...]:
        return (self.action, self.target_kind, self.target_id, self.detail, self.hidden_from)


# Fixed words only: every value is bound.
PERMIT = "row(" + ", ".join(["%s"] * 17) + ")::app.permit"
_ENTER = {READER: f"select record.enter({PERMIT})", WRITER: f"select record.enter_to_write({PERMIT})"}
_NOTE = f"select trail.note(p, %s, 'done', %s, %s, %s, %s) from (select {PERMIT} as p) x"  # noqa: S608


@contextmanager
def stale_if_told() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) == _STALE:
            raise Stale from error
        raise


@contextmanager
def open_record(permit: Permit, *, trace: Trace | None, using: str = READER) -> Iterator[CursorWrapper]:
    """One transaction inside one record. No trail, no answer: `trace` is None only where the body itself
    writes the line of its act (`kernel.audit.note`)."""
    with stale_if_told(), transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(_ENTER[using], permit.row())
        if trace is not None:
            note(cursor, permit, trace)
        yield cursor


@contextmanager
def as_actor(actor: Actor) -> Iterator[CursorWrapper]:
    """Outside every record: of what links records with people, the row policies show to each their own."""
    with transaction.atomic(using=READER), connections[READER].cursor() as cursor:
        cursor.execute("select set_config('carnet.actor', %s, true)", (str(actor.id),))
        yield cursor


@contextmanager
def as_reviewer(using: str = READER) -> Iterator[CursorWrapper]:
    """Outside every record, the cases of all of them: for who has been found to be of the support."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        review(cursor)
        yield cursor


def review(cursor: CursorWrapper) -> None:
    """The same, within the transaction of an act."""
    cursor.execute("select set_config('carnet.reviews', 'yes', true)")


_STEWARDS = frozenset({ActorKind.SYSTEM, ActorKind.OPERATOR})


def steward_permit(actor: Actor, record_id: UUID) -> Permit:
    """Of the system or an operator, with no document in sight (no type, every label hidden)."""
    if actor.kind not in _STEWARDS:
        raise PermissionError("Only the system and operators act on a record's life without its holder.")
    return Permit(record_id, actor, Purpose.SYSTEM, "steward", 0, 0, "", -1)


@contextmanager
def steward(actor: Actor, record_id: UUID, *, trace: Trace | None, founding: bool = False) -> Iterator[CursorWrapper]:
    """Enters a record for an act on its life or its links. `founding` makes the record's scope first. `trace` is None
    only where the body looks first whether there is anything to do, and writes the line of its act itself."""
    permit = steward_permit(actor, record_id)
    with transaction.atomic(using=WRITER), connections[WRITER].cursor() as cursor:
        cursor.execute(f"select record.enter_as_steward({PERMIT}, %s)", (*permit.row(), founding))
        if trace is not None:
            note(cursor, permit, trace)
        yield cursor


def raise_epoch(cursor: CursorWrapper, record_id: UUID) -> None:
    """After every act that changes who may see what: remembered grants of this record end here."""
    cursor.execute("update record.kernel_scope set epoch = epoch + 1 where record_id = %s", (record_id,))


def hot(statement: str, permit: Permit, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """One hot function in autocommit: one round trip that enters, reads and writes its trail line.

    `statement` holds `{permit}` where the function takes its permit, before every other parameter.
    """
    with stale_if_told():
        reader: Any = connections[READER]
        found: list[dict[str, Any]] = reader.ask(command(statement), (*permit.row(), *parameters))
        return found


def command(statement: str) -> str:
    """A statement with `{permit}` where it takes one, for a cursor that has entered the record."""
    return statement.replace("{permit}", PERMIT)


def rows(cursor: CursorWrapper) -> list[dict[str, Any]]:
    result = cursor.cursor.pgresult
    names = [result.fname(number).decode() for number in range(result.nfields)]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def note(cursor: CursorWrapper, permit: Permit, trace: Trace) -> None:
    """One line of the trail inside the caller's transaction."""
    cursor.execute(_NOTE, (*trace.row(), *permit.row()))


def query(using: str, statement: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[dict[str, Any]]:
    """A statement on tables without health content."""
    with connections[using].cursor() as cursor:
        cursor.execute(statement, parameters)
        return rows(cursor)
