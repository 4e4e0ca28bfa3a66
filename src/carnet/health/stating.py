"""What somebody says themselves: the person, who represents or helps them, a professional. It stands beside what
documents say, is corrected or taken back by whose it is, and overwrites nobody's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID, uuid5

import orjson
from django.db import IntegrityError
from django.db.backends.utils import CursorWrapper

from carnet.consent.access import Refused, permit_to_state
from carnet.consent.represented import representation
from carnet.consent.rules import As, Reason, Refusal
from carnet.documents.models import Status
from carnet.documents.writing import signed
from carnet.formats.clinical.model import Entry, Kind, Observation
from carnet.formats.clinical.reading import Read
from carnet.formats.entry import Author, Identifier
from carnet.formats.terminology import document_types, labels
from carnet.formats.terminology.noting import Note
from carnet.health import goals
from carnet.health import rows as rows_of
from carnet.health.models import SaidBy
from carnet.health.rows import Source
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, command, note, open_record, raise_epoch, rows, statements
from carnet.kernel.ids import uuid7
from carnet.records.queries import existence

_SQL = statements("carnet.health")

# The type of document by which the access matrix says who reads it: that of what one would have written instead.
_OF_PERSON: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.MEASURE: "29274-8",
        Kind.RESULT: "DOCPAT05",
        Kind.TREATMENT: "DOCPAT02",
        Kind.PRESCRIPTION: "DOCPAT02",
        Kind.DISPENSATION: "DOCPAT02",
    }
)
_OF_PROFESSIONAL: Final[Mapping[Kind, str]] = MappingProxyType({Kind.MEASURE: "29274-8", Kind.VACCINATION: "87273-9"})
_NOTES: Final = MappingProxyType(
    {
        Kind.PROBLEM: Note.PROBLEM,
        Kind.ALLERGY: Note.ALLERGY,
        Kind.VACCINATION: Note.VACCINATION,
        Kind.MEASURE: Note.MEASURE,
    }
)
_PROFILE: Final = "DOCPAT08"
SECRET: Final = labels.INVISIBLE_REPRESENTANTS_LEGAUX
_SUMMARY: Final = "60591-5"


class NotYours(Exception):
    """What was to be corrected or taken back is not there, or not this person's to change: both are the same."""


@dataclass(frozen=True, slots=True)
class Stated:
    """`id` names the words themselves (to correct or take them back), `fact` the entry that they are."""

    id: UUID
    fact: UUID


def may_state(actor: Actor, purpose: Purpose, record_id: UUID, kind: Note | None = None) -> None:
    """Raises `Refused` before anything is asked. `kind`: of a professional, what they want to note."""
    permit_to_state(actor, purpose, record_id, action="entry-stated", note=kind or "")


def note_of(entry: Entry) -> Note | None:
    """What a professional notes by it; None for what nobody notes without a document."""
    if isinstance(entry, Observation) and entry.code.code_of(goals.SYSTEM):
        return Note.TARGET
    return _NOTES.get(entry.kind)


def state(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    entry: Entry,
    masked: bool = False,
    secret: bool = False,
    instead_of: UUID | None = None,
    sending: UUID | None = None,
) -> Stated:
    """Keeps an entry in the words of the actor; `instead_of` are words of before, which it corrects. `sending` names
    the form: sent twice it is one entry, as long as that has not been taken back. `masked` hides it from
    professionals; `secret` keeps it, and that it was said, from those who represent the holder (R1111-50): the holder
    decides so, and of whom somebody represents a professional, whose visit of which they do not know does the same.
    What a professional may not say without a document is refused. Raises `Refused`, or `NotYours` and then nothing is
    kept."""
    permit = permit_to_state(actor, purpose, record_id, action="entry-stated", note=_asked(actor, entry))
    _within(permit, entry.kind)
    asked = (labels.MASQUE_PS if masked else 0) | (SECRET if secret else 0)
    signed_entry = _signed(permit, entry)
    try:
        return _keep(permit, _row(permit, signed_entry, asked, _named(permit, sending)), instead_of)
    except IntegrityError:
        if sending is None:
            raise
        # What that form said was taken back, and is said again.
        return _keep(permit, _row(permit, signed_entry, asked, uuid7()), instead_of)


def has_stated(actor: Actor, purpose: Purpose, *, record_id: UUID, sending: UUID) -> bool:
    """Whether what that form said stands already. Raises `Refused`."""
    permit = permit_to_state(actor, purpose, record_id, action="entry-stated")
    with open_record(permit, trace=None, using=WRITER) as cursor:
        return _before(cursor, permit, _named(permit, sending)) is not None


def _named(permit: Permit, sending: UUID | None) -> UUID:
    """Nobody else's form, and none for another record, leads to the same."""
    return uuid5(permit.actor.id, f"{permit.record_id} {sending}") if sending else uuid7()


def _keep(permit: Permit, row: dict[str, Any], instead_of: UUID | None) -> Stated:
    with open_record(permit, trace=None, using=WRITER) as cursor:
        before = _before(cursor, permit, row["source_id"])
        if before:
            return before
        bits = _kept_from(cursor, permit, row["labels"])
        hidden = _labels(cursor, permit, instead_of)
        kept = orjson.dumps(row | {"labels": bits}).decode()
        cursor.execute(command(_SQL["state"]), (*permit.row(), kept, instead_of))
        if not rows(cursor)[0]["kept"]:
            raise NotYours
        action = "entry-amended" if instead_of else "entry-stated"
        _noted(cursor, permit, action, bits | hidden)
    return Stated(row["source_id"], row["fact"])


def _before(cursor: CursorWrapper, permit: Permit, statement_id: UUID) -> Stated | None:
    cursor.execute(_SQL["stated_before"], (permit.record_id, statement_id, permit.actor.id))
    found = rows(cursor)
    return Stated(found[0]["source_id"], found[0]["fact"]) if found else None


def _within(permit: Permit, kind: Kind) -> None:
    """A carer says something of the kinds that they were given to act for, and of no other."""
    if permit.purpose is Purpose.CARER and permit.types[_type_of(kind, by_person=True)] != "1":
        reason = Reason.NOT_YOURS
        audit.refused(
            permit.actor, permit.purpose, record_id=permit.record_id, action="entry-stated", reason=reason.value
        )
        raise Refused(Refusal(reason), permit.actor, permit.record_id)


def retract(actor: Actor, purpose: Purpose, *, record_id: UUID, statement_id: UUID) -> None:
    """Takes back what was said. Raises `Refused`, `NotYours`."""
    permit = permit_to_state(actor, purpose, record_id, action="entry-retracted")
    with open_record(permit, trace=None, using=WRITER) as cursor:
        before = _labels(cursor, permit, statement_id)
        cursor.execute(command(_SQL["retract"]), (*permit.row(), statement_id))
        if not rows(cursor)[0]["kept"]:
            raise NotYours
        _noted(cursor, permit, "entry-retracted", before)


def _asked(actor: Actor, entry: Entry) -> str:
    return note_of(entry) or entry.kind.value if actor.kind is ActorKind.PROFESSIONAL else ""


def _kept_from(cursor: CursorWrapper, permit: Permit, asked: int) -> int:
    """The label bits that words get, of which these are asked: a secret where there is somebody to keep it from."""
    if permit.actor.kind is not ActorKind.PROFESSIONAL:
        return asked if permit.capacity == As.HOLDER else asked & ~SECRET
    wanted = asked | (permit.quiet & SECRET)
    if wanted & SECRET and not representation(cursor, permit.record_id).has_secrets:
        return wanted & ~SECRET
    return wanted


def _labels(cursor: CursorWrapper, permit: Permit, statement_id: UUID | None) -> int:
    """Of words of before, as far as they are in sight: what is done with a secret carries its mark for good."""
    if statement_id is None:
        return 0
    cursor.execute(_SQL["stated_labels"], (permit.record_id, statement_id))
    return reduce(or_, (row["labels"] for row in rows(cursor)), 0)


def _noted(cursor: CursorWrapper, permit: Permit, action: str, hides: int) -> None:
    """From whom the words are kept, their line is kept too; and of whom they are told may be another thing now."""
    note(cursor, permit, Trace(action, "entry", hidden_from=hides & SECRET))
    if hides & SECRET:
        raise_epoch(cursor, permit.record_id)


def _row(permit: Permit, entry: Entry, asked: int, statement_id: UUID) -> dict[str, Any]:
    """`asked` are the label bits that it is to have."""
    now = clock.now()
    by_person = permit.actor.kind is ActorKind.PERSON
    said_by = SaidBy.PERSON if by_person else SaidBy.PROFESSIONAL
    source = Source(permit.record_id, statement_id, said_by.value, stated_at=now, known_at=now)
    (row,) = rows_of.of(source, Read((entry,)))
    return {
        **row,
        "dropped": False,
        "gathered": False,
        "type_ordinal": _type_of(entry.kind, by_person=by_person),
        "labels": asked,
        "status": Status.CURRENT.value,
        "depositor_id": permit.actor.id,
        "author_id": None if by_person else permit.actor.id,
        "standing": 0,
    }


def _type_of(kind: Kind, *, by_person: bool) -> int:
    code = _OF_PERSON.get(kind, _PROFILE) if by_person else _OF_PROFESSIONAL.get(kind, _SUMMARY)
    return document_types.known(code).ordinal


def _signed(permit: Permit, entry: Entry) -> Entry:
    """A professional signs; so does the holder. Who else of theirs wrote is told by name beside the entry."""
    if permit.actor.kind is ActorKind.PROFESSIONAL:
        return replace(entry, by=signed(permit.actor, None))
    return replace(entry, by=_holder(permit) if permit.capacity == As.HOLDER else None)


def _holder(permit: Permit) -> Author:
    known = existence(permit.actor, permit.record_id)
    if known is None:
        raise Refused(Refusal(Reason.NO_RECORD), permit.actor)
    who = known.identity
    family, given = who.used_family or who.birth_family, (who.used_given or who.birth_given).title()
    return Author(identifier=Identifier(who.ins_oid, who.ins), family=family, given=given)
