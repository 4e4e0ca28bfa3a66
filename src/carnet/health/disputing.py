"""« C'est une erreur »: what one document states is reported to whoever made it, and followed. It stays as it is until
they correct it: nobody's words are overwritten."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connections

from carnet.consent.access import reading
from carnet.consent.holders import permit_of_holder
from carnet.documents.changing import NotThere
from carnet.documents.planning import SECRET
from carnet.health.profile_models import LONGEST_WORDS
from carnet.kernel import audit
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import READER, WRITER, Permit, Trace, note, open_record, query, rows, statements
from carnet.kernel.ids import uuid7
from carnet.people import queries as people

__all__ = ["Case", "Reported", "WordsTooLong", "close", "of_document", "open_cases", "report", "take_back"]

_SQL = statements("carnet.health", "profile.sql")


class WordsTooLong(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Case:
    """What the support may know: which document, who deposited it, since when."""

    id: UUID
    record_id: UUID
    document_id: UUID
    depositor_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Reported:
    """What the person says is wrong: the fact as the document has it, and their words."""

    fact: UUID
    label: str
    words: str
    at: datetime


def of_document(actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID) -> tuple[Reported, ...]:
    """For who opens the document: its author, and whoever else may. Raises `Refused`."""

    def read(permit: Permit) -> tuple[Reported, ...]:
        # The opening of the document left its line.
        with open_record(permit, trace=None) as cursor:
            cursor.execute(_SQL["reports_of"], {"record_id": record_id, "document_id": document_id})
            return tuple(Reported(**row) for row in rows(cursor))

    return reading(
        actor, purpose, record_id, read, action="document-read", target_kind="document", target_id=document_id
    )


def report(actor: Actor, purpose: Purpose, *, record_id: UUID, fact: UUID, document_id: UUID, words: str) -> None:
    """By the holder or who represents them; reported once, it stays so. Raises `Refused`, `NotThere` and
    `WordsTooLong`."""
    words = "".join(char for char in words if char in "\n\t" or unicodedata.category(char)[0] != "C").strip()
    if len(words) > LONGEST_WORDS:
        raise WordsTooLong
    permit = permit_of_holder(actor, purpose, record_id, action="fact-reported")
    values = {"record_id": record_id, "fact": fact, "document_id": document_id, "report_id": uuid7()}
    with open_record(permit, trace=None, using=WRITER) as cursor:
        cursor.execute(_SQL["stated_in"], values)
        found = rows(cursor)
        if not found:
            raise NotThere
        cursor.execute(_SQL["report"], values | found[0] | {"actor_id": actor.id, "words": words})
        if rows(cursor):
            cursor.execute(_SQL["open_case"], values | {"depositor_id": found[0]["depositor_id"]})
        note(cursor, permit, Trace("fact-reported", "document", document_id, hidden_from=found[0]["labels"] & SECRET))


def take_back(actor: Actor, purpose: Purpose, *, record_id: UUID, fact: UUID, document_id: UUID) -> None:
    """Raises `Refused`, `NotThere`."""
    permit = permit_of_holder(actor, purpose, record_id, action="fact-report-taken-back")
    values = {"record_id": record_id, "fact": fact, "document_id": document_id}
    with open_record(permit, trace=None, using=WRITER) as cursor:
        cursor.execute(_SQL["stated_in"], values)
        found = rows(cursor)
        cursor.execute(_SQL["take_back"], values)
        ended = [row["id"] for row in rows(cursor)]
        if not found or not ended:
            raise NotThere
        cursor.execute(_SQL["close_case"], {"ids": ended})
        hidden = found[0]["labels"] & SECRET
        note(cursor, permit, Trace("fact-report-taken-back", "document", document_id, hidden_from=hidden))


def open_cases(actor: Actor, limit: int = 200) -> list[Case]:
    """Oldest first, for operators of the support; `PermissionError` for everybody else."""
    _support_only(actor)
    audit.done(actor, Purpose.SUPPORT, record_id=None, capacity="account", action="reports-read")
    return [Case(**row) for row in query(READER, _SQL["cases"], {"limit": limit})]


def close(actor: Actor, case_id: UUID) -> None:
    """The support has passed it on to who deposited the document. What the person said stays where they said it."""
    _support_only(actor)
    audit.done(actor, Purpose.SUPPORT, record_id=None, capacity="account", action="report-settled")
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["close_case"], {"ids": [case_id]})


def _support_only(actor: Actor) -> None:
    if actor.kind is not ActorKind.OPERATOR or people.operator_role(actor.id) != "support":
        raise PermissionError("Only the support deals with reports.")
