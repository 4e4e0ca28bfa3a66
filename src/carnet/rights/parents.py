"""The proof of somebody who says that they are a child's other parent: an operator of the support looks at it, and says
yes or no. It is deleted with the answer, or when it has waited too long; no representation arises otherwise but by the
insurance's feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent.answering import still_theirs
from carnet.consent.parents import Proof, number
from carnet.kernel import clock, happened
from carnet.kernel.actor import SYSTEM, Actor
from carnet.kernel.db import WRITER, Trace, as_reviewer, note, review, rows, statements, steward, steward_permit
from carnet.kernel.happened import Happened
from carnet.kernel.vault import passing
from carnet.notify.rules import Kind
from carnet.notify.telling import tell_person
from carnet.people import actions as people_actions
from carnet.people import operators, queries
from carnet.people.operators import support_only
from carnet.records.queries import existence
from carnet.records.rules import earliest_birth, majority
from carnet.rights.grounds import REFUSAL

_SQL = statements("carnet.rights", "families.sql")
END: Final = "rights.proofs"
LONGEST_WORDS: Final = 300


class Fault(StrEnum):
    """Why it is not accepted; the face has the words."""

    GROWN = "grown"
    SHUT_OUT = "shut-out"
    BOTH = "both"
    ALREADY = "already"
    UNINVITED = "uninvited"


class NotAccepted(ValueError):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class NoReason(ValueError):
    """It is refused for a reason, which the person reads."""


@dataclass(frozen=True, slots=True)
class Who:
    """By name and birth date alone; "" where nobody has told it."""

    name: str
    birth_date: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    id: UUID
    at: datetime
    until: datetime
    proof: Proof

    @property
    def number(self) -> str:
        return number(self.id)


@dataclass(frozen=True, slots=True)
class Case:
    """`shut_out`: a court's decision ended what this person was here."""

    id: UUID
    child: Who
    person: Who
    by: Who
    proof: Proof
    media_type: str
    at: datetime
    until: datetime
    shut_out: bool

    @property
    def number(self) -> str:
        return number(self.id)


def cases(actor: Actor, *, after: UUID | None = None, named: str = "", limit: int | None = None) -> list[Waiting]:
    """The oldest first, after the request `after`; `named`: by its number. To have read them is a line."""
    support_only(actor)
    operators.note(actor, "parents-read", "identity")
    with as_reviewer() as cursor:
        asked = _numbered(cursor, named) if named else None
        found = _open(cursor, asked, after=after, limit=limit) if asked or not named else []
    return [Waiting(row["id"], row["at"], row["until"], Proof(row["proof"])) for row in found]


def how_many(actor: Actor) -> int:
    support_only(actor)
    with as_reviewer() as cursor:
        return len(_all(cursor, "waiting", {}))


def _numbered(cursor: CursorWrapper, named: str) -> UUID | None:
    wanted = "".join(filter(str.isalnum, named)).upper()
    known = (row["id"] for row in _all(cursor, "waiting", {}))
    return next((each for each in known if number(each).replace("-", "") == wanted), None)


def case(actor: Actor, case_id: UUID) -> Case | None:
    """Whose it is, to be held against the paper. It leaves a line in the child's record."""
    support_only(actor)
    row = _one(case_id)
    if row is None:
        return None
    asked = {"record_id": row["record_id"], "person_id": row["person_id"]}
    with steward(actor, row["record_id"], trace=Trace("parent-case-read", "person", row["person_id"])) as cursor:
        shut_out = _all(cursor, "shut_out", asked)[0]["shut_out"]
    return Case(
        row["id"],
        _of_record(actor, row["record_id"]),
        of_person(actor, row["person_id"]),
        of_person(actor, row["invited_by"]),
        Proof(row["proof"]),
        row["media_type"],
        row["at"],
        row["until"],
        shut_out,
    )


def proof(actor: Actor, case_id: UUID) -> tuple[str, bytes] | None:
    """Its media type and its bytes; who opened it is a line of the child's record. None when it is gone."""
    support_only(actor)
    row = _one(case_id)
    if row is None or row["content_id"] is None:
        return None
    with steward(actor, row["record_id"], trace=Trace("parent-proof-read", "person", row["person_id"])):
        return row["media_type"], passing.read(row["content_id"])


def accept(actor: Actor, case_id: UUID) -> bool:
    """They represent the child from now on; both are told. False when the case is gone. Raises `NotAccepted`."""
    support_only(actor)
    row = _one(case_id)
    if row is None:
        return False
    record_id, person_id = row["record_id"], row["person_id"]
    with steward(actor, record_id, trace=None) as cursor:
        if not _close(cursor, actor, row, "accepted"):
            return False
        _may_represent(cursor, row)
        people_actions.represent(
            actor,
            record_id=record_id,
            representative_id=person_id,
            since=clock.now(),
            ground=row["proof"],
            basis="proof",
        )
        happened.tell(Happened("rights", record_id, actor.id))
        _answered(row)
    return True


def refuse(actor: Actor, case_id: UUID, *, reason: str, words: str = "") -> bool:
    """For a reason of the list, and words for the person if need be. False when the case is gone. Raises `NoReason`."""
    support_only(actor)
    if reason not in REFUSAL or len(words) > LONGEST_WORDS or not (words.isprintable() or not words):
        raise NoReason
    row = _one(case_id)
    if row is None:
        return False
    with steward(actor, row["record_id"], trace=None) as cursor:
        if not _close(cursor, actor, row, "refused", reason=reason, words=words):
            return False
        trace = Trace("parent-refused", "person", row["person_id"], reason)
        note(cursor, steward_permit(actor, row["record_id"]), trace)
        _answered(row)
    return True


def end_overdue() -> int:
    """The job: what has waited too long has no answer, and the proof is gone. The person is told."""
    with as_reviewer(WRITER) as cursor:
        late = _all(cursor, "overdue", {})
    for row in late:
        with steward(SYSTEM, row["record_id"], trace=None) as cursor:
            review(cursor)
            values = {"record_id": row["record_id"], "id": row["id"], "reason": "", "words": ""}
            cursor.execute(_SQL["close_case"], values | {"state": "expired", "actor_id": SYSTEM.id})
            note(cursor, steward_permit(SYSTEM, row["record_id"]), Trace("parent-expired", "person", row["person_id"]))
            passing.drop([row["content_id"]] if row["content_id"] else [])
            _answered(row)
    return len(late)


def _may_represent(cursor: CursorWrapper, row: dict[str, Any]) -> None:
    """Raises `NotAccepted`, which undoes what the transaction did. A request does not outlive the right of the parent
    who invited."""
    record_id, person_id = row["record_id"], row["person_id"]
    cursor.execute("select r.birth_date::text as birth from record.records_record r where r.id = %s", (record_id,))
    if clock.now().date() >= majority(earliest_birth(rows(cursor)[0]["birth"])):
        raise NotAccepted(Fault.GROWN)
    (standing,) = _all(cursor, "shut_out", {"record_id": record_id, "person_id": person_id})
    if standing["already"]:
        raise NotAccepted(Fault.ALREADY)
    if standing["shut_out"]:
        raise NotAccepted(Fault.SHUT_OUT)
    if standing["others"] > 1:
        raise NotAccepted(Fault.BOTH)
    if not still_theirs(record_id, row["invited_by"]):
        raise NotAccepted(Fault.UNINVITED)


def _close(
    cursor: CursorWrapper, actor: Actor, row: dict[str, Any], state: str, *, reason: str = "", words: str = ""
) -> bool:
    """In a record that has been entered: the case has its answer, and the proof is gone with it."""
    review(cursor)
    values = {"record_id": row["record_id"], "id": row["id"]}
    held = _all(cursor, "lock_case", values)
    if not held:
        return False
    cursor.execute(
        _SQL["close_case"], values | {"state": state, "reason": reason, "words": words, "actor_id": actor.id}
    )
    passing.drop([each["content_id"] for each in held if each["content_id"]])
    return True


def _answered(row: dict[str, Any]) -> None:
    """The one who asked, and the parent who let them: neither learns by mail what the answer is."""
    for person_id in {row["person_id"], row["invited_by"]}:
        tell_person(person_id, row["record_id"], Kind.ANSWER)


def _one(case_id: UUID) -> dict[str, Any] | None:
    with as_reviewer() as cursor:
        return next(iter(_open(cursor, case_id)), None)


def _open(
    cursor: CursorWrapper, case_id: UUID | None, *, after: UUID | None = None, limit: int | None = None
) -> list[dict[str, Any]]:
    return _all(cursor, "open_cases", {"id": case_id, "after": after, "limit": limit})


def _of_record(actor: Actor, record_id: UUID) -> Who:
    found = existence(actor, record_id)
    if found is None:
        return Who("")
    who = found.identity
    return Who(f"{who.birth_given.title()} {who.birth_family}", who.birth_date, who.birth_given.title())


def of_person(actor: Actor, person_id: UUID) -> Who:
    """As their own record has it; by the name of the account where they have none."""
    person = queries.actor_by_id(person_id)
    record_id = queries.record_of(person) if person else None
    if record_id is not None:
        return _of_record(actor, record_id)
    return Who(queries.names([person_id]).get(person_id, ""))


def _all(cursor: CursorWrapper, statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    cursor.execute(_SQL[statement], values)
    return rows(cursor)
