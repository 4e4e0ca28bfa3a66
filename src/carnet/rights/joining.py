"""Two records of one person become one: one operator of the support proposes it with a proof in hand, another confirms
it, and what lies in the record that nobody has ever opened goes into the other. Nothing that either holds is shown.

What somebody said or decided in the record that waits would be lost, or would decide over the other: where there is any
of it, the two stay two. What professionals were allowed at a visit ends with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from carnet.documents import moving
from carnet.documents.retying import Untied
from carnet.documents.versioning import in_sight
from carnet.kernel import clock, happened
from carnet.kernel.actor import SYSTEM, Actor
from carnet.kernel.db import WRITER, Trace, locator, query, statements, steward, steward_permit
from carnet.kernel.db.constraints import violations
from carnet.kernel.happened import Happened
from carnet.kernel.ids import uuid7
from carnet.kernel.jobs import enqueue
from carnet.people.accounts import wait_for_ones_turn
from carnet.people.identity_cases import Proof, bare, reference
from carnet.people.operators import note, support_only
from carnet.people.queries import person_of
from carnet.records import life
from carnet.records.models import FormerNumber, Record
from carnet.records.queries import ins_key
from carnet.records.rules import Act, RecordState, Who
from carnet.rights import counter

_SQL = statements("carnet.rights", "joining.sql")
TASK: Final = "rights.join"
CONFIRMED: Final = "confirmed"
REFUSED: Final = "refused"
_TOLD_FOR: Final = timedelta(days=30)


class Fault(StrEnum):
    """Why two records stay two; the face has the words."""

    UNKNOWN = "unknown"
    SAME = "same"
    OTHER_BIRTH = "other-birth"
    OTHER_SEX = "other-sex"
    OPENED = "opened"
    WORDS = "words"
    NOT_OPEN = "not-open"
    CLASH = "clash"
    TIES = "ties"
    ONE_PAIR_OF_EYES = "one-pair-of-eyes"
    GONE = "gone"


class NotJoined(ValueError):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Traits:
    """Of one of the two, as papers have them."""

    name: str
    birth_date: str
    sex: str
    number: str


@dataclass(frozen=True, slots=True)
class Case:
    """`mine`: of the operator who looks, who cannot confirm it."""

    id: UUID
    waiting: Traits
    final: Traits
    proof: Proof
    at: datetime
    mine: bool

    @property
    def reference(self) -> str:
        return reference(self.id)


@dataclass(frozen=True, slots=True)
class _Side:
    id: UUID
    state: RecordState
    birth_date: str
    sex: str
    words: bool


def propose(actor: Actor, *, waiting: str, final: str, proof: Proof) -> str:
    """Two whole INS. The reference of the case. Raises `NotAnIns`, `TooMany`, `NotJoined`, `Violation`."""
    support_only(actor)
    with transaction.atomic(using=WRITER):
        wait_for_ones_turn(actor)
    record_id, into_id = counter.find(actor, waiting), counter.find(actor, final)
    if record_id is None or into_id is None:
        raise NotJoined(Fault.UNKNOWN)
    _check(record_id, into_id)
    case_id = uuid7()
    with violations(), transaction.atomic(using=WRITER):
        values = {"id": case_id, "record_id": record_id, "into_id": into_id, "proof": proof.value}
        query(WRITER, _SQL["propose"], values | {"actor_id": actor.id, "at": clock.now()})
        note(actor, "joining-proposed", "joining", case_id, proof.value)
    return reference(case_id)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What waits, by its reference alone."""

    id: UUID
    at: datetime

    @property
    def reference(self) -> str:
        return reference(self.id)


def cases(actor: Actor, *, after: UUID | None = None, named: str = "", limit: int | None = None) -> list[Proposed]:
    """Those that wait for a second pair of eyes, the oldest first, after the case `after`; `named`: by its
    reference."""
    support_only(actor)
    note(actor, "joinings-read", "joining")
    found = query(WRITER, _SQL["open"], {"after": after, "named": bare(named), "limit": limit})
    return [Proposed(**row) for row in found]


def how_many(actor: Actor) -> int:
    support_only(actor)
    return int(query(WRITER, _SQL["how_many"], {})[0]["open"])


def undone(actor: Actor) -> list[tuple[str, Fault, datetime]]:
    """Those that were confirmed and could not be done after all, and why, the newest first."""
    support_only(actor)
    found = query(WRITER, _SQL["came_to_nothing"], {"since": clock.now() - _TOLD_FOR})
    return [(reference(row["id"]), Fault(row["fault"]), row["at"]) for row in found]


def case(actor: Actor, case_id: UUID) -> Case | None:
    """With the traits of both; to have read them is a line in either."""
    support_only(actor)
    row = _open(case_id)
    if row is None:
        return None
    waiting, final = (_traits(actor, row[name]) for name in ("record_id", "into_id"))
    return Case(case_id, waiting, final, Proof(row["proof"]), row["at"], row["proposed_by"] == actor.id)


def refuse(actor: Actor, case_id: UUID) -> None:
    """Raises `NotJoined` when it is gone."""
    support_only(actor)
    with transaction.atomic(using=WRITER):
        _decide(actor, case_id, REFUSED)
        note(actor, "joining-refused", "joining", case_id)


def confirm(actor: Actor, case_id: UUID, proof: Proof) -> None:
    """By another operator, who has seen a proof too; the join follows. Raises `NotJoined`."""
    support_only(actor)
    row = _open(case_id)
    if row is None:
        raise NotJoined(Fault.GONE)
    if row["proposed_by"] == actor.id:
        raise NotJoined(Fault.ONE_PAIR_OF_EYES)
    _check(row["record_id"], row["into_id"])
    with transaction.atomic(using=WRITER):
        _decide(actor, case_id, CONFIRMED)
        note(actor, "joining-confirmed", "joining", case_id, proof.value)
        enqueue(TASK, {"case_id": case_id}, key=str(case_id))


def carry_out(case_id: UUID) -> None:
    """All of it or none of it; nothing where it has been done. What came in between is told to the support, and the
    record may be proposed again."""
    with transaction.atomic(using=WRITER):
        row = next(iter(query(WRITER, _SQL["confirmed"], {"id": case_id})), None)
        if row is None:
            return
        try:
            _join(case_id, row["record_id"], row["into_id"])
        except NotJoined as refused:
            query(WRITER, _SQL["undone"], {"id": case_id, "fault": refused.fault.value})


def _join(case_id: UUID, record_id: UUID, into_id: UUID) -> None:
    with transaction.atomic(using=WRITER), _faults():
        _check(record_id, into_id)
        moved = moving.held(record_id)
        numbers = _end(record_id)
        received = moving.receive(moved, into_id)
        _known_as(record_id, into_id, numbers)
        query(WRITER, _SQL["done"], {"id": case_id, "at": clock.now(), "documents": received.documents})
        happened.tell(Happened("rights", into_id, SYSTEM.id, received.hidden_from))


def _check(record_id: UUID, into_id: UUID) -> None:
    if record_id == into_id:
        raise NotJoined(Fault.SAME)
    waiting, final = _side(record_id), _side(into_id)
    if waiting is None or final is None:
        raise NotJoined(Fault.UNKNOWN)
    fault = refusal(waiting, final)
    if fault is None and person_of(record_id) is not None:
        fault = Fault.OPENED
    if fault is not None:
        raise NotJoined(fault)
    with _faults():
        moving.check(moving.held(record_id), into_id)


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except moving.Clash:
        raise NotJoined(Fault.CLASH) from None
    except Untied:
        raise NotJoined(Fault.TIES) from None
    except life.NotDone:
        raise NotJoined(Fault.OPENED) from None


def refusal(waiting: _Side, final: _Side) -> Fault | None:
    """Closed by default: the one was never opened, the other is open, and both are of one birth and sex."""
    if waiting.state is not RecordState.UNOPENED:
        return Fault.OPENED
    if waiting.words:
        return Fault.WORDS
    if not final.state.open:
        return Fault.NOT_OPEN
    if waiting.birth_date != final.birth_date:
        return Fault.OTHER_BIRTH
    if {waiting.sex, final.sex} == {"F", "M"}:
        return Fault.OTHER_SEX
    return None


def _side(record_id: UUID) -> _Side | None:
    with steward(SYSTEM, record_id, trace=None) as cursor, in_sight(cursor, steward_permit(SYSTEM, record_id)):
        cursor.execute(_SQL["as_its_own_people"])
        cursor.execute(_SQL["side"], {"record_id": record_id})
        row = cursor.fetchone()
    return _Side(row[0], RecordState(row[1]), row[2], row[3], row[4]) if row else None


def _traits(actor: Actor, record_id: UUID) -> Traits:
    with steward(actor, record_id, trace=Trace("life-looked-up")) as cursor:
        cursor.execute(_SQL["traits"], {"record_id": record_id})
        name, birth_date, sex, number = cursor.fetchone()
    return Traits(name, birth_date, sex, number)


def _end(record_id: UUID) -> list[tuple[str, str, datetime]]:
    """The record that waited is none any more; the numbers by which it was found."""
    with steward(SYSTEM, record_id, trace=Trace(life.ACTIONS[Act.JOIN])) as cursor:
        life.take(cursor, record_id, Act.JOIN, Who.SYSTEM)
        known = Record.objects.using(WRITER).get(id=record_id)
        former = FormerNumber.objects.using(WRITER).filter(record_id=record_id)
        numbers = [(each.ins_oid, each.ins, each.until) for each in former]
    return [*numbers, (known.ins_oid, known.ins, clock.now())]


def _known_as(record_id: UUID, into_id: UUID, numbers: list[tuple[str, str, datetime]]) -> None:
    """Who still writes under a former number finds the record that there is. The line of the act is that of the
    documents that came."""
    with steward(SYSTEM, into_id, trace=None) as cursor:
        # Of what is withdrawn nobody finds anything; the rest is found where it lies now.
        locator.leave(cursor, (locator.UNIQUE_ID, locator.OWN, locator.TRAITS), record_id)
        for oid, ins, until in numbers:
            locator.lead(cursor, locator.INS, ins_key(oid, ins), record_id, into_id)
            FormerNumber.objects.using(WRITER).create(record_id=into_id, id=uuid7(), ins_oid=oid, ins=ins, until=until)


def _open(case_id: UUID) -> dict[str, Any] | None:
    return next(iter(query(WRITER, _SQL["one"], {"id": case_id})), None)


def _decide(actor: Actor, case_id: UUID, decision: str) -> None:
    values = {"id": case_id, "decision": decision, "actor_id": actor.id, "at": clock.now()}
    if not query(WRITER, _SQL["decide"], values):
        raise NotJoined(Fault.GONE)
