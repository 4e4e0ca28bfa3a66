"""What somebody says themselves: the person, who represents or helps them, a professional. It stands beside what
documents say, is corrected or taken back by whose it is, and overwrites nobody's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import orjson
from django.db.backends.utils import CursorWrapper

from carnet.consent.access import Refused, permit_to_state
from carnet.consent.rules import As, Reason, Refusal
from carnet.documents.models import Status
from carnet.documents.writing import signed
from carnet.formats.clinical.model import Entry, Kind
from carnet.formats.clinical.reading import Read
from carnet.formats.entry import Author, Identifier
from carnet.formats.terminology import document_types, labels
from carnet.health import rows as rows_of
from carnet.health.models import SaidBy
from carnet.health.rows import Source
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, command, note, open_record, rows, statements
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


def may_state(actor: Actor, purpose: Purpose, record_id: UUID) -> None:
    """Raises `Refused` before anything is asked."""
    permit_to_state(actor, purpose, record_id, action="entry-stated")


def state(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    entry: Entry,
    masked: bool = False,
    secret: bool = False,
    instead_of: UUID | None = None,
) -> Stated:
    """Keeps an entry in the words of the actor; `instead_of` are words of before, which it corrects. `masked` hides it
    from professionals; `secret` keeps it, and that it was said, from those who represent the holder (R1111-50): the
    holder alone decides so. Raises `Refused`, or `NotYours` and then nothing is kept."""
    permit = permit_to_state(actor, purpose, record_id, action="entry-stated")
    _within(permit, entry.kind)
    bits = (labels.MASQUE_PS if masked else 0) | (SECRET if secret and permit.capacity == As.HOLDER else 0)
    row = _row(permit, _signed(permit, entry), bits)
    with open_record(permit, trace=None, using=WRITER) as cursor:
        quiet = (bits | (_kept_from(cursor, permit, instead_of) if instead_of else 0)) & SECRET
        trace = Trace("entry-amended" if instead_of else "entry-stated", "entry", hidden_from=quiet)
        cursor.execute(command(_SQL["state"]), (*permit.row(), orjson.dumps(row).decode(), instead_of))
        if not rows(cursor)[0]["kept"]:
            raise NotYours
        note(cursor, permit, trace)
    return Stated(row["source_id"], row["fact"])


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
        quiet = _kept_from(cursor, permit, statement_id) & SECRET
        cursor.execute(command(_SQL["retract"]), (*permit.row(), statement_id))
        if not rows(cursor)[0]["kept"]:
            raise NotYours
        note(cursor, permit, Trace("entry-retracted", "entry", hidden_from=quiet))


def _kept_from(cursor: CursorWrapper, permit: Permit, statement_id: UUID) -> int:
    """What is done with a secret carries its mark for good."""
    cursor.execute(_SQL["kept_from"], (permit.record_id, statement_id))
    return int(rows(cursor)[0]["labels"])


def _row(permit: Permit, entry: Entry, bits: int) -> dict[str, Any]:
    now = clock.now()
    by_person = permit.actor.kind is ActorKind.PERSON
    said_by = SaidBy.PERSON if by_person else SaidBy.PROFESSIONAL
    source = Source(permit.record_id, uuid7(), said_by.value, stated_at=now, known_at=now)
    (row,) = rows_of.of(source, Read((entry,)))
    return {
        **row,
        "dropped": False,
        "type_ordinal": _type_of(entry.kind, by_person=by_person),
        "labels": bits,
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
