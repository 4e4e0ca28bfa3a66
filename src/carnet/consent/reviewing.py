"""Accesses to be looked into: emergencies, and those that the holder does not recognise. Operators see who, when and
which way, and nothing of why or of what was read; the holder follows what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent.actions import add_block, changed, end_emergencies, kept_secret
from carnet.consent.holders import permit_of_holder
from carnet.consent.models import LONGEST_WORDS, DisputeWords, Review
from carnet.formats.text.tidy import readable
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, as_reviewer, note, open_record, review, rows, statements, steward
from carnet.kernel.ids import short, uuid7
from carnet.people import queries as people
from carnet.people.queries import Professional

_SQL = statements("carnet.consent", "reviewing.sql")
ANSWERED_WITHIN: Final = timedelta(days=7)
PAGE: Final = 50
_MOST: Final = 200
_NUMBER: Final = 8


class Kind(StrEnum):
    EMERGENCY = "emergency"
    REGULATION = "regulation"
    DISPUTE = "dispute"


class Verdict(StrEnum):
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


def _number(case_id: UUID) -> str:
    """By which the holder, the support and the establishment speak of a case."""
    tail = short(case_id)[-_NUMBER:].upper()
    return f"{tail[: _NUMBER // 2]}-{tail[_NUMBER // 2 :]}"


class Unknown(Exception):
    """No professional of this id."""


class WordsTooLong(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Case:
    """`at`: when the record was opened in an emergency, or an access disputed; `accessed_at`: when who is disputed was
    last there before, None for not at all. `due_at`: by when it is to be answered; `closed_at` and `verdict` when it
    was. `words`: what the person says of it, which the holder and who represents them read alone."""

    id: UUID
    record_id: UUID
    kind: Kind
    professional: Professional
    at: datetime
    due_at: datetime
    closed_at: datetime | None = None
    verdict: Verdict | None = None
    accessed_at: datetime | None = None
    words: str = ""

    @property
    def number(self) -> str:
        return _number(self.id)


def dispute(actor: Actor, purpose: Purpose, *, record_id: UUID, professional_id: UUID, words: str = "") -> None:
    """« Je ne connais pas cette personne »: reading stops at once, in an emergency too, and an operator looks into it,
    without what the person says of it: that stays in the record. The line of the trail says what was disputed, as far
    as those who read it are told of it. The médecin traitant is looked into without being blocked: who it is changes
    with the insurance. Again is no second case. Raises `Refused`, `Unknown`, `WordsTooLong`."""
    words = readable(words)
    if len(words) > LONGEST_WORDS:
        raise WordsTooLong
    if not people.professionals([professional_id]):
        raise Unknown
    permit = permit_of_holder(actor, purpose, record_id, action="access-disputed")
    values = {"record_id": record_id, "professional_id": professional_id}
    with open_record(permit, trace=None, using=WRITER) as cursor:
        hidden_from = kept_secret(cursor, permit, professional_id)
        cursor.execute(_SQL["last_access"], values)
        last = rows(cursor)[0]
        way = last["way"] if hidden_from else _as_told_to_all(cursor, permit, values)
        note(cursor, permit, Trace("access-disputed", "professional", professional_id, way, hidden_from))
        cursor.execute(_SQL["standing"], values | {"hidden": permit.hidden})
        standing = rows(cursor)[0]
        now = clock.now()
        if not standing["disputed"]:
            case_id = uuid7()
            Review.objects.using(WRITER).create(
                id=case_id,
                kind=Kind.DISPUTE.value,
                at=now,
                accessed_at=last["at"],
                due_at=now + ANSWERED_WITHIN,
                hidden_from=hidden_from,
                **values,
            )
            if words:
                DisputeWords.objects.using(WRITER).create(
                    record_id=record_id, id=case_id, said_by=actor.id, words=words, at=now, hidden_from=hidden_from
                )
        if not standing["attending"]:
            _stop(cursor, permit, professional_id, blocked=standing["blocked"], hidden_from=hidden_from)


def _as_told_to_all(cursor: CursorWrapper, permit: Permit, values: dict[str, Any]) -> str:
    """What was disputed, for a line that representatives read too."""
    cursor.execute(_SQL["as_representative"], values)
    cursor.execute(_SQL["last_access"], values)
    way: str = rows(cursor)[0]["way"]
    cursor.execute(_SQL["as_oneself"], {"hidden": permit.hidden, "discreet": permit.discreet})
    return way


def _stop(cursor: CursorWrapper, permit: Permit, professional_id: UUID, *, blocked: bool, hidden_from: int) -> None:
    """A block may not have kept out who broke the glass."""
    if not blocked:
        add_block(cursor, permit, professional_id, hidden_from=hidden_from)
    elif end_emergencies(cursor, permit, professional_id):
        changed(cursor, permit.record_id, permit.actor.id, hidden_from)


def cases(actor: Actor, purpose: Purpose, record_id: UUID) -> list[Case]:
    """What the holder does not recognise, and what became of it, newest first. It is their own doing, on pages that
    leave a line of their own: it leaves none."""
    permit = permit_of_holder(actor, purpose, record_id, action="disputes-read")
    with open_record(permit, trace=None) as cursor:
        cursor.execute(_SQL["disputes"], {"record_id": record_id, "hidden": permit.hidden, "limit": _MOST})
        return _cases(rows(cursor))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many cases wait, how many of them beyond the day on which they were due, and which by their numbers."""

    count: int
    late: int
    numbered: dict[str, UUID]


def waiting(actor: Actor) -> Waiting:
    _support_only(actor)
    with as_reviewer() as cursor:
        cursor.execute(_SQL["waiting"])
        found = rows(cursor)
    numbered = {_number(row["id"]).replace("-", ""): row["id"] for row in found}
    return Waiting(len(found), sum(row["late"] for row in found), numbered)


def open_cases(actor: Actor, *, after: UUID | None = None, limit: int = _MOST) -> list[Case]:
    """Those that are due soonest first, after the case `after`, for operators of the support; `PermissionError` for
    everybody else."""
    return _open(actor, {"id": None, "after": after, "limit": limit})


def open_case(actor: Actor, case_id: UUID) -> Case | None:
    """None when it is closed, or never was."""
    return next(iter(_open(actor, {"id": case_id, "after": None, "limit": 1})), None)


def _open(actor: Actor, asked: dict[str, Any]) -> list[Case]:
    _support_only(actor)
    audit.done(actor, Purpose.SUPPORT, record_id=None, capacity="account", action="reviews-read")
    with as_reviewer() as cursor:
        cursor.execute(_SQL["open"], asked)
        found = rows(cursor)
    return _cases(found)


def close(actor: Actor, case_id: UUID, verdict: Verdict) -> None:
    """The holder reads the verdict in the trail. What is closed stays so."""
    _support_only(actor)
    with as_reviewer() as cursor:
        cursor.execute(_SQL["one"], {"id": case_id})
        found = rows(cursor)
    if not found:
        return
    of = found[0]
    trace = Trace("review-closed", "professional", of["professional_id"], verdict.value, of["hidden_from"])
    with steward(actor, of["record_id"], trace=trace) as cursor:
        values = {"id": case_id, "actor_id": actor.id, "verdict": verdict.value}
        review(cursor)
        cursor.execute(_SQL["close"], values)


def _cases(found: Iterable[dict[str, Any]]) -> list[Case]:
    found = list(found)
    known = people.professionals({row["professional_id"] for row in found})
    return [
        Case(
            id=row["id"],
            record_id=row["record_id"],
            kind=Kind(row["kind"]),
            professional=known[row["professional_id"]],
            at=row["at"],
            due_at=row["due_at"],
            closed_at=row["closed_at"],
            verdict=Verdict(row["verdict"]) if row["verdict"] else None,
            accessed_at=row["accessed_at"],
            words=row.get("words") or "",
        )
        for row in found
        if row["professional_id"] in known
    ]


def _support_only(actor: Actor) -> None:
    if actor.kind is not ActorKind.OPERATOR or people.operator_role(actor.id) != "support":
        raise PermissionError("Only the support looks into accesses.")
