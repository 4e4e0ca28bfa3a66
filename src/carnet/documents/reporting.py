"""A document that its holder says is not theirs: out of their own list at once, and on the operators' list until it is
withdrawn or the report is taken back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connections

from carnet.documents import changing
from carnet.documents.changing import NotThere
from carnet.documents.powers import Cause
from carnet.documents.report_models import LONGEST_WORDS
from carnet.documents.shelf import opened, put
from carnet.formats.text.tidy import readable
from carnet.kernel import audit
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.kernel.ids import uuid7
from carnet.people import queries as people

__all__ = [
    "LONGEST_WORDS",
    "PAGE",
    "Case",
    "WordsTooLong",
    "how_many",
    "open_case",
    "open_cases",
    "report",
    "settle",
    "take_back",
]

PAGE: Final = 50
_SQL = statements("carnet.documents", "shelf.sql")


class WordsTooLong(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Case:
    """What an operator may know: which document and who deposited it, and nothing of what it says."""

    id: UUID
    record_id: UUID
    document_id: UUID
    depositor_id: UUID
    at: datetime


def report(actor: Actor, purpose: Purpose, *, record_id: UUID, document_id: UUID, words: str) -> None:
    """By the holder or who represents them. Raises `Refused`, `NotThere`, `WordsTooLong`."""
    words = readable(words)
    if len(words) > LONGEST_WORDS:
        raise WordsTooLong
    with opened(actor, purpose, record_id) as (cursor, permit):
        depositor_id = put(cursor, permit, document_id, action="document-reported", not_mine=True)
        values = {"record_id": record_id, "id": document_id, "report_id": uuid7(), "actor_id": actor.id}
        cursor.execute(_SQL["report"], values | {"words": words})
        cursor.execute(_SQL["open_case"], values | {"depositor_id": depositor_id})


def take_back(actor: Actor, purpose: Purpose, *, record_id: UUID, document_id: UUID) -> None:
    """It stands in the list again. Raises `Refused`, `NotThere`."""
    with opened(actor, purpose, record_id) as (cursor, permit):
        put(cursor, permit, document_id, action="document-report-taken-back", not_mine=False)
        cursor.execute(_SQL["close_cases"], {"ids": [document_id]})


def open_cases(actor: Actor, *, about: UUID | None = None, after: UUID | None = None, limit: int = PAGE) -> list[Case]:
    """Oldest first, after the case `after`, of every document or of one; for operators of the support,
    `PermissionError` for everybody else."""
    _support_only(actor)
    audit.done(actor, Purpose.SUPPORT, record_id=None, capacity="account", action="reports-read")
    return [Case(**row) for row in query(READER, _SQL["cases"], {"about": about, "after": after, "limit": limit})]


def how_many(actor: Actor) -> int:
    _support_only(actor)
    return int(query(READER, _SQL["how_many_cases"], {})[0]["open"])


def open_case(actor: Actor, case_id: UUID) -> Case | None:
    """None when it is settled, or never was."""
    _support_only(actor)
    return next((Case(**row) for row in query(READER, _SQL["case"], {"id": case_id})), None)


def settle(actor: Actor, case_id: UUID, *, remove: bool) -> None:
    """An operator of the support takes the document out of the record, or closes the case without doing so. What is
    settled already stays so."""
    case = open_case(actor, case_id)
    if case is None:
        return
    if remove:
        with suppress(NotThere):
            changing.withdraw(
                actor,
                Purpose.SUPPORT,
                record_id=case.record_id,
                document_id=case.document_id,
                cause=Cause.WRONG_PATIENT,
            )
    audit.done(actor, Purpose.SUPPORT, record_id=None, capacity="account", action="report-settled")
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["close_cases"], {"ids": [case.document_id]})


def _support_only(actor: Actor) -> None:
    if actor.kind is not ActorKind.OPERATOR or people.operator_role(actor.id) != "support":
        raise PermissionError("Only the support deals with reports.")
