"""Two pairs of eyes: what lets somebody into another's record is asked for by one operator of the support and confirmed
by another. Both have seen the person, or the court's decision; neither sees anything of what the record holds.

Asked for and confirmed are lines in the record, and the holder is told when it is asked for: before anything opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.db import connections

from carnet.kernel import clock, happened
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER, Trace, query, rows, statements, steward
from carnet.kernel.db.constraints import violations
from carnet.kernel.happened import Happened
from carnet.kernel.ids import uuid7
from carnet.people import disowning, identity_cases
from carnet.people.identities import ENTRANCE
from carnet.people.identity_cases import bare, reference
from carnet.people.operators import note, support_only
from carnet.records.rules import Identity as Traits
from carnet.rights.parents import Who, of_person

_SQL = statements("carnet.rights", "pairs.sql")
ASKED_FOR: Final = timedelta(days=1)
"""How long a request waits for its second pair of eyes."""
GOOD_FOR: Final = timedelta(hours=1)
"""How long what was confirmed may be used by who asked."""
_KEPT: Final = timedelta(days=365)


class Kind(StrEnum):
    ENTRY = "entry"
    IDENTITY = "identity"
    GUARDIAN = "guardian"
    ERASING = "erasing"
    TRAITS = "traits"


_ASKED: Final = {
    Kind.ENTRY: "entry-code-asked",
    Kind.IDENTITY: "identity-asked",
    Kind.GUARDIAN: "guardian-asked",
    Kind.ERASING: "erasing-proposed",
    Kind.TRAITS: "traits-proposed",
}
_CONFIRMED: Final = {
    Kind.ENTRY: "entry-code-confirmed",
    Kind.IDENTITY: "identity-confirmed",
    Kind.ERASING: "erasing-confirmed",
}
"""A guardian's is the line of who appoints, and that of typed traits the line of who has read them."""
_ENTRANCES: Final = frozenset({Kind.ENTRY, Kind.IDENTITY, Kind.GUARDIAN})
"""Of which the holder is told at once, by mail too. An erasing is told when it is done, thirty days before its day."""


class State(StrEnum):
    """Of what is needed before something is done."""

    NONE = "none"
    WAITING = "waiting"
    READY = "ready"


class Fault(StrEnum):
    ONE_PAIR_OF_EYES = "one-pair-of-eyes"
    GONE = "gone"


class NotConfirmed(ValueError):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class AskFirst(Exception):
    """Another operator has to confirm it before."""

    def __init__(self, record_id: UUID) -> None:
        self.record_id = record_id
        super().__init__("ask-first")


@dataclass(frozen=True, slots=True)
class Guardianship:
    """What a court decided: whose guardian, under which measure, until which day, and what the decision is called."""

    person_id: UUID
    measure: str
    last_day: date
    reference: str


@dataclass(frozen=True, slots=True)
class Ask:
    """`mine`: of the operator who looks, who cannot confirm it."""

    id: UUID
    kind: Kind
    at: datetime
    mine: bool

    @property
    def reference(self) -> str:
        return reference(self.id)


Identity: TypeAlias = identity_cases.Case | disowning.Case
"""What is known of whoever would come in: the traits that a provider tells, or how a connection came about of which
somebody said that it was not theirs."""


@dataclass(frozen=True, slots=True)
class Case:
    """With the traits of whose record it is, and of who would be their guardian, whom the operator who asks has found
    by a whole number; `identity`: what would open their account."""

    ask: Ask
    record_id: UUID
    holder: Traits
    guardian: Who
    guardianship: Guardianship | None
    identity: Identity | None

    @property
    def name(self) -> str:
        return f"{self.holder.birth_given} {self.holder.birth_family}"


def ask(
    actor: Actor,
    record_id: UUID,
    kind: Kind,
    guardianship: Guardianship | None = None,
    identity_id: UUID | None = None,
) -> str:
    """The reference of the request; `identity_id` is the case of the one identity that it is about. Raises `Violation`
    while another of that kind waits for this record."""
    support_only(actor)
    now, case_id, of = clock.now(), uuid7(), {"record_id": record_id, "kind": kind.value}
    said: dict[str, Any] = {"person_id": None, "measure": "", "last_day": None, "reference": ""}
    if guardianship:
        said = {name: getattr(guardianship, name) for name in said}
    said["identity_id"] = identity_id
    with violations(), steward(actor, record_id, trace=Trace(_ASKED[kind])):
        query(WRITER, _SQL["lapse"], of | {"since": now - ASKED_FOR})
        query(WRITER, _SQL["lay"], of | said | {"id": case_id, "actor_id": actor.id, "at": now})
        if kind in _ENTRANCES:
            tell_entrance(record_id, actor)
    return reference(case_id)


def waiting(actor: Actor, *, after: UUID | None = None, named: str = "", limit: int | None = None) -> list[Ask]:
    """The oldest first, after the request `after`; `named`: by its reference."""
    support_only(actor)
    note(actor, "second-looks-read", "second-look")
    asked = {"after": after, "named": bare(named), "limit": limit, "since": clock.now() - ASKED_FOR}
    found = query(WRITER, _SQL["open"], asked)
    return [Ask(row["id"], Kind(row["kind"]), row["at"], row["asked_by"] == actor.id) for row in found]


def how_many(actor: Actor) -> int:
    support_only(actor)
    return int(query(WRITER, _SQL["how_many"], {"since": clock.now() - ASKED_FOR})[0]["open"])


def case(actor: Actor, case_id: UUID) -> Case | None:
    """To have read whose it is is a line in their record."""
    support_only(actor)
    row = _open(case_id)
    if row is None:
        return None
    with steward(actor, row["record_id"], trace=Trace("life-looked-up")) as cursor:
        cursor.execute(_SQL["holder"], {"record_id": row["record_id"]})
        known = rows(cursor)[0]
    holder = Traits(**{name: known[name] for name in Traits.__dataclass_fields__})
    kind, whom = Kind(row["kind"]), _guardianship(row)
    guardian = of_person(actor, whom.person_id) if whom else Who("")
    asked = Ask(case_id, kind, row["at"], row["asked_by"] == actor.id)
    return Case(asked, row["record_id"], holder, guardian, whom, _identity(actor, row))


def state(actor: Actor, record_id: UUID, kind: Kind, identity_id: UUID | None = None) -> tuple[State, str]:
    """Whether this operator may go on with this record, and the reference of what waits."""
    of = {"record_id": record_id, "kind": kind.value, "identity_id": identity_id}
    return _state(actor, query(WRITER, _SQL["latest"], of | _now()))


def state_of_identity(actor: Actor, identity_id: UUID) -> tuple[State, str]:
    """The same of an identity, whichever record it is to open."""
    support_only(actor)
    of = {"kind": Kind.IDENTITY.value, "identity_id": identity_id}
    return _state(actor, query(WRITER, _SQL["of_identity"], of | _now()))


def _now() -> dict[str, Any]:
    now = clock.now()
    return {"since": now - ASKED_FOR, "good": now - GOOD_FOR}


def _state(actor: Actor, found: list[dict[str, Any]]) -> tuple[State, str]:
    row = next(iter(found), None)
    if row is None or (row["decision"] and row["asked_by"] != actor.id):
        return State.NONE, ""
    return (State.READY if row["decision"] else State.WAITING), reference(row["id"])


def take(actor: Actor, record_id: UUID, kind: Kind, identity_id: UUID | None = None) -> None:
    """Uses up what was confirmed, in the transaction of what it was confirmed for. Raises `AskFirst`."""
    now = clock.now()
    of = {"record_id": record_id, "kind": kind.value, "identity_id": identity_id}
    if not query(WRITER, _SQL["take"], of | {"actor_id": actor.id, "at": now, "good": now - GOOD_FOR}):
        raise AskFirst(record_id)


def needed(actor: Actor, identity_id: UUID) -> Callable[[UUID], None]:
    """`take`, for this identity alone, of whichever record the act turns out to be about."""
    return lambda record_id: take(actor, record_id, Kind.IDENTITY, identity_id)


def confirm(actor: Actor, case_id: UUID) -> None:
    """Who asked may go on, within the hour. Raises `NotConfirmed`."""
    row = settled_by_another(actor, case_id)
    action = _CONFIRMED.get(Kind(row["kind"]))
    if action is None or (row["kind"] == Kind.IDENTITY.value and _identity(actor, row) is None):
        raise NotConfirmed(Fault.GONE)
    with steward(actor, row["record_id"], trace=Trace(action)):
        _decide(actor, case_id, "confirmed")
        if Kind(row["kind"]) in _ENTRANCES:
            tell_entrance(row["record_id"], actor)


def tell_entrance(record_id: UUID, actor: Actor) -> None:
    """The holder, whatever they chose; who represents them, where they want to be. In the record that was entered."""
    happened.tell(Happened(ENTRANCE, record_id, actor.id))


def settled_by_another(actor: Actor, case_id: UUID) -> dict[str, Any]:
    """What waits, for an operator who is not the one who asked. Raises `NotConfirmed`."""
    support_only(actor)
    row = _open(case_id)
    if row is None:
        raise NotConfirmed(Fault.GONE)
    if row["asked_by"] == actor.id:
        raise NotConfirmed(Fault.ONE_PAIR_OF_EYES)
    return row


def guardianship_confirmed(actor: Actor, case_id: UUID) -> tuple[UUID, Guardianship]:
    """Of which record, and what. In the transaction of whoever appoints. Raises `NotConfirmed`."""
    row = settled_by_another(actor, case_id)
    whom = _guardianship(row)
    if whom is None:
        raise NotConfirmed(Fault.GONE)
    _decide(actor, case_id, "confirmed")
    return row["record_id"], whom


def traits_confirmed(actor: Actor, case_id: UUID) -> UUID:
    """Of which record somebody else has read the traits too. In the transaction of whoever lets them count. Raises
    `NotConfirmed`."""
    row = settled_by_another(actor, case_id)
    if row["kind"] != Kind.TRAITS.value:
        raise NotConfirmed(Fault.GONE)
    _decide(actor, case_id, "confirmed")
    record_id: UUID = row["record_id"]
    return record_id


def refuse(actor: Actor, case_id: UUID) -> None:
    """Also by who asked: they call it off. Raises `NotConfirmed` when it is gone."""
    support_only(actor)
    _decide(actor, case_id, "refused")
    note(actor, "second-look-refused", "second-look", case_id)


def code_is_asked(record_id: UUID) -> bool:
    """Whether an operator waits with this record for a colleague, or may hand out the code now."""
    return bool(query(WRITER, _SQL["asked"], {"record_id": record_id, "kind": Kind.ENTRY.value} | _now()))


def call_off_code(holder: Actor, record_id: UUID) -> None:
    """No operator goes on with a code for this record. In the transaction of the holder who says so."""
    of = {"record_id": record_id, "kind": Kind.ENTRY.value, "actor_id": holder.id, "at": clock.now()}
    query(WRITER, _SQL["call_off"], of)


def purge() -> None:
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["purge"], {"before": clock.now() - _KEPT})


def _decide(actor: Actor, case_id: UUID, decision: str) -> None:
    values = {"id": case_id, "decision": decision, "actor_id": actor.id, "at": clock.now()}
    if not query(WRITER, _SQL["decide"], values):
        raise NotConfirmed(Fault.GONE)


def _open(case_id: UUID) -> dict[str, Any] | None:
    values = {"id": case_id, "since": clock.now() - ASKED_FOR}
    return next(iter(query(WRITER, _SQL["one"], values)), None)


def _identity(actor: Actor, row: dict[str, Any]) -> Identity | None:
    """None once its case was decided."""
    identity_id = row["identity_id"]
    return identity_id and (identity_cases.case(actor, identity_id) or disowning.case(actor, identity_id))


def _guardianship(row: dict[str, Any]) -> Guardianship | None:
    if row["kind"] != Kind.GUARDIAN.value or row["person_id"] is None or row["last_day"] is None:
        return None
    return Guardianship(row["person_id"], row["measure"], row["last_day"], row["reference"])
