"""« C'est une erreur »: what one source states, a document or a professional's own note, is reported to whoever made it
and followed. It stays as it is until they correct it: nobody's words are overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connections
from django.db.backends.utils import CursorWrapper

from carnet.consent.access import reading
from carnet.consent.holders import permit_of_holder
from carnet.documents.changing import NotThere
from carnet.documents.planning import SECRET
from carnet.formats.text.tidy import readable
from carnet.health.profile_models import LONGEST_WORDS
from carnet.kernel import audit
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import READER, WRITER, Permit, Trace, note, open_record, query, rows, statements
from carnet.kernel.ids import uuid7
from carnet.people import queries as people

__all__ = [
    "PAGE",
    "Case",
    "Followed",
    "Reported",
    "WordsTooLong",
    "close",
    "followed",
    "how_many",
    "of_document",
    "open_cases",
    "pending",
    "report",
    "take_back",
]

PAGE: Final = 50
_SQL = statements("carnet.health", "profile.sql")


class WordsTooLong(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Case:
    """What the support may know: which document, or that it is a note (`noted`), who put it in, since when."""

    id: UUID
    record_id: UUID
    source_id: UUID
    noted: bool
    depositor_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Reported:
    """What the person says is wrong: the fact as the document has it, and their words."""

    fact: UUID
    label: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """An error as who reported it follows it. `label` is "" once nothing of the line stands, and `who` wrote it."""

    fact: UUID
    source_id: UUID
    at: datetime
    answered_at: datetime | None
    corrected: bool
    label: str
    who: str


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


def pending(actor: Actor, purpose: Purpose, record_id: UUID) -> frozenset[tuple[UUID, UUID]]:
    """Which fact of which source is reported, as far as this reader may know. Raises `Refused`."""

    def read(permit: Permit) -> frozenset[tuple[UUID, UUID]]:
        # Beside a reading that leaves the line of this act.
        with open_record(permit, trace=None) as cursor:
            cursor.execute(_SQL["reports"], {"record_id": record_id})
            return frozenset((row["fact"], row["source_id"]) for row in rows(cursor) if not row["answered_at"])

    return reading(actor, purpose, record_id, read, action="entries-list", target_kind="entries")


def followed(actor: Actor, purpose: Purpose, record_id: UUID) -> tuple[Followed, ...]:
    """For the holder and who represents them, as far as each may know. Raises `Refused`."""
    permit = permit_of_holder(actor, purpose, record_id, action="entries-list")
    with open_record(permit, trace=Trace("entries-list", "entries")) as cursor:
        cursor.execute(_SQL["followed"], {"record_id": record_id})
        found = rows(cursor)
    names = people.names({row["depositor_id"] for row in found}) if found else {}
    return tuple(_followed(row, names) for row in found)


def _followed(row: dict[str, Any], names: Mapping[UUID, str]) -> Followed:
    wrote = row.pop("depositor_id")
    return Followed(**row, who=names.get(wrote, ""))


def report(actor: Actor, purpose: Purpose, *, record_id: UUID, fact: UUID, source_id: UUID, words: str) -> None:
    """By the holder or who represents them; reported once, it stays so. Raises `Refused`, `NotThere` and
    `WordsTooLong`."""
    words = readable(words)
    if len(words) > LONGEST_WORDS:
        raise WordsTooLong
    permit = permit_of_holder(actor, purpose, record_id, action="fact-reported")
    values = {"record_id": record_id, "fact": fact, "source_id": source_id, "report_id": uuid7()}
    with open_record(permit, trace=None, using=WRITER) as cursor:
        stated = _stated(cursor, values)
        cursor.execute(_SQL["report"], values | stated | {"actor_id": actor.id, "words": words})
        if rows(cursor):
            cursor.execute(_SQL["open_case"], values | stated)
        note(cursor, permit, _trace("reported", source_id, stated))


def take_back(actor: Actor, purpose: Purpose, *, record_id: UUID, fact: UUID, source_id: UUID) -> None:
    """Raises `Refused`, `NotThere`."""
    permit = permit_of_holder(actor, purpose, record_id, action="fact-report-taken-back")
    values = {"record_id": record_id, "fact": fact, "source_id": source_id}
    with open_record(permit, trace=None, using=WRITER) as cursor:
        stated = _stated(cursor, values)
        cursor.execute(_SQL["take_back"], values)
        ended = [row["id"] for row in rows(cursor)]
        if not ended:
            raise NotThere
        cursor.execute(_SQL["close_case"], {"ids": ended})
        note(cursor, permit, _trace("report-taken-back", source_id, stated))


def _stated(cursor: CursorWrapper, values: Mapping[str, Any]) -> dict[str, Any]:
    cursor.execute(_SQL["stated_in"], dict(values))
    found = rows(cursor)
    if not found:
        raise NotThere
    return found[0]


def _trace(what: str, source_id: UUID, stated: Mapping[str, Any]) -> Trace:
    """From whom the source is kept, that it was reported is kept too. A note has no title to name it by."""
    hidden = stated["labels"] & SECRET
    if stated["noted"]:
        return Trace(f"note-{what}", "entry", hidden_from=hidden)
    return Trace(f"fact-{what}", "document", source_id, hidden_from=hidden)


def open_cases(actor: Actor, *, about: UUID | None = None, after: UUID | None = None, limit: int = PAGE) -> list[Case]:
    """Oldest first, after the case `after`, of every document and note or of one; for operators of the support,
    `PermissionError` for everybody else."""
    _support_only(actor)
    audit.done(actor, Purpose.SUPPORT, record_id=None, capacity="account", action="reports-read")
    return [Case(**row) for row in query(READER, _SQL["cases"], {"about": about, "after": after, "limit": limit})]


def how_many(actor: Actor) -> int:
    _support_only(actor)
    return int(query(READER, _SQL["how_many_cases"], {})[0]["open"])


def close(actor: Actor, case_id: UUID) -> None:
    """The support has passed it on to who deposited the document or wrote the note. What the person said stays where
    they said it."""
    _support_only(actor)
    audit.done(actor, Purpose.SUPPORT, record_id=None, capacity="account", action="report-settled")
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["close_case"], {"ids": [case_id]})


def _support_only(actor: Actor) -> None:
    if actor.kind is not ActorKind.OPERATOR or people.operator_role(actor.id) != "support":
        raise PermissionError("Only the support deals with reports.")
