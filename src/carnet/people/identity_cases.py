"""Identities that no record could be told to be theirs for sure: each waits for the support, who sees its traits and
nothing of anybody's health, and ties it to the record of a whole INS after having seen a proof, or lets it go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction

from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER, query, statements
from carnet.people.operators import note, support_only
from carnet.people.pivot import Pivot

_SQL = statements("carnet.people", "identity_cases.sql")
KEPT: Final = timedelta(days=90)
_REFERENCE: Final = 8


class Proof(StrEnum):
    """What the operator has seen: the strong documents of the national rules, or a decision about the name."""

    CARD = "card"
    PASSPORT = "passport"
    PERMIT = "permit"
    REGISTER = "register"


class Why(StrEnum):
    """Why a case is let go."""

    NO_RECORD = "no-record"
    NOT_THEM = "not-them"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Case:
    id: UUID
    family: str
    givens: str
    birth_date: str
    sex: str
    birth_place: str
    reason: str
    at: datetime

    @property
    def reference(self) -> str:
        return reference(self.id)

    @property
    def pivot(self) -> Pivot:
        return Pivot(self.family, self.givens, self.birth_date, self.sex, self.birth_place)


def reference(case_id: UUID) -> str:
    """Short enough to be read out."""
    text = case_id.hex[-_REFERENCE:].upper()
    return f"{text[:4]}-{text[4:]}"


def bare(text: str) -> str:
    """A reference as it is read out, without what stands between."""
    return "".join(each for each in text.lower() if each.isalnum())[: _REFERENCE + 1]


def note_case(*, issuer: str, subject: str, pivot: Pivot, reason: str) -> str:
    """Its reference; the same identity again is the same case."""
    kept = {"family": 200, "givens": 200, "birth_date": 10, "sex": 1, "birth_place": 5}
    values: dict[str, Any] = {name: getattr(pivot, name)[:most] for name, most in kept.items()}
    values |= {"id": uuid4(), "issuer": issuer, "subject": subject, "reason": reason, "at": clock.now()}
    return reference(query(WRITER, _SQL["note"], values)[0]["id"])


def forget(*, issuer: str, subject: str) -> None:
    query(WRITER, _SQL["forget"], {"issuer": issuer, "subject": subject})


def purge() -> None:
    query(WRITER, _SQL["purge"], {"before": clock.now() - KEPT})


def cases(actor: Actor, *, after: UUID | None = None, named: str = "", limit: int = 200) -> list[Case]:
    """The oldest first, those that came later than `after`; none when that one is gone. `named`: by the reference that
    the person gives. To have read them is a line."""
    support_only(actor)
    note(actor, "identities-read", "identity")
    values = {"after": after, "named": bare(named), "limit": limit}
    return [_case(row) for row in query(WRITER, _SQL["open"], values)]


def how_many(actor: Actor) -> int:
    support_only(actor)
    return int(query(WRITER, _SQL["how_many"], {})[0]["open"])


def case(actor: Actor, case_id: UUID) -> Case | None:
    support_only(actor)
    found = query(WRITER, _SQL["one"], {"id": case_id})
    return _case(found[0]) if found else None


def dismiss(actor: Actor, case_id: UUID, why: Why) -> bool:
    """They stay outside; a new sign-in is a new case. False when the case is gone."""
    support_only(actor)
    with transaction.atomic(using=WRITER):
        gone = query(WRITER, _SQL["take"], {"id": case_id})
        if gone:
            note(actor, "identity-dismissed", "identity", case_id, why.value)
    return bool(gone)


def take(case_id: UUID) -> tuple[str, str] | None:
    """Issuer and subject, once: inside the transaction of the act."""
    found = query(WRITER, _SQL["take"], {"id": case_id})
    return (found[0]["issuer"], found[0]["subject"]) if found else None


def _case(row: dict[str, Any]) -> Case:
    return Case(**row)
