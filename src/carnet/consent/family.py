"""The records that a person may open: their own, those of whom they represent, and those of whom they help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from carnet.consent.access import facts_of, permit_for_life, reading
from carnet.consent.facts import Grant, Wish
from carnet.consent.rules import decide
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import READER, Permit, Trace, open_record, query, rows, statements
from carnet.people import queries as people
from carnet.people.queries import Caring
from carnet.records.rules import Handover, RecordState, earliest_birth, handover, majority

_SQL = statements("carnet.consent", "family.sql")
_FACTS = statements("carnet.consent")["access_facts"]
_READ: Final = "book-read"
_FRANCE: Final = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Book:
    """What stands on the cover of a record that one opens for its holder: the given name in use, the sex, the birth
    date as it is known, and who else represents them. `guarded`: as a protected adult. `waits`: whether there is
    something that one has not seen."""

    record_id: UUID
    given: str
    sex: str
    birth_date: str
    others: tuple[str, ...]
    guarded: bool = False
    waits: bool = False


def represented(actor: Actor, since: Mapping[UUID, datetime | None] | None = None) -> list[Book]:
    """Each record is opened for itself, and says so in its trail; one that the decision would refuse is left alone.
    `since`: by record, when they were last there, for what came later."""
    found = []
    for record_id in people.represented(actor):
        (row,) = query(READER, _FACTS, (record_id, actor.id, actor.organisation))
        if isinstance(decide(facts_of(row, actor, Purpose.REPRESENTATIVE, Wish.READ)), Grant):
            cover = partial(_cover, since=since[record_id] if since is not None else None)
            found.append(reading(actor, Purpose.REPRESENTATIVE, record_id, cover, action=_READ))
        elif row["state"] == RecordState.CLOSED and isinstance(
            decide(facts_of(row, actor, Purpose.REPRESENTATIVE, Wish.LIFE)), Grant
        ):
            # Who closed it finds it again, to open it.
            found.append(_cover(permit_for_life(actor, record_id, purpose=Purpose.REPRESENTATIVE, action=_READ)))
    return found


def helped(actor: Actor) -> list[tuple[Book, Caring]]:
    """The same, of those whom they help: the given name is what a carer is told."""
    found = []
    for care in people.cared_for(actor):
        (row,) = query(READER, _FACTS, (care.record_id, actor.id, actor.organisation))
        if isinstance(decide(facts_of(row, actor, Purpose.CARER, Wish.READ)), Grant):
            found.append((reading(actor, Purpose.CARER, care.record_id, _name, action=_READ), care))
    return found


@dataclass(frozen=True, slots=True)
class Grown:
    """A child whom one represented, and who is alone in charge since that day; `name` is that of their account."""

    name: str
    since: date


def grown(actor: Actor) -> list[Grown]:
    """For some months after the day. Nothing of the record is opened for it."""
    found = []
    for record_id in people.represented(actor):
        (row,) = query(READER, _FACTS, (record_id, actor.id, actor.organisation))
        facts = facts_of(row, actor, Purpose.REPRESENTATIVE, Wish.READ)
        if not any(span.holds(facts.now) for span in facts.represents) or not facts.holder_birth:
            continue
        birth, today = earliest_birth(facts.holder_birth), facts.now.astimezone(_FRANCE).date()
        if handover(birth, today) is Handover.DONE:
            holder = people.person_of(record_id)
            found.append(Grown(people.names([holder]).get(holder, "") if holder else "", majority(birth)))
    return found


def own_birth(actor: Actor, record_id: UUID) -> date | None:
    """Of the holder of that record, as the decision knows it; nothing of the record is opened for it."""
    (row,) = query(READER, _FACTS, (record_id, actor.id, actor.organisation))
    return earliest_birth(row["holder_birth"]) if row["is_holder"] and row["holder_birth"] else None


def _name(permit: Permit) -> Book:
    with open_record(permit, trace=Trace(_READ)) as cursor:
        cursor.execute(_SQL["cover"], {"record_id": permit.record_id, "actor_id": permit.actor.id})
        (row,) = rows(cursor)
        return Book(row["id"], row["given"], "", "", ())


def _cover(permit: Permit, since: datetime | None = None) -> Book:
    values = {"record_id": permit.record_id, "actor_id": permit.actor.id, "since": since}
    with open_record(permit, trace=Trace(_READ)) as cursor:
        cursor.execute(_SQL["cover"], values)
        (row,) = rows(cursor)
        cursor.execute(_SQL["others"], values)
        others = tuple(other["name"] for other in rows(cursor))
        cursor.execute(_SQL["waits"], values)
        return _book(row, others, waits=bool(rows(cursor)[0]["waits"]))


def _book(row: dict[str, Any], others: tuple[str, ...], *, waits: bool) -> Book:
    return Book(row["id"], row["given"], row["sex"], row["birth_date"], others, row["guarded"], waits)
