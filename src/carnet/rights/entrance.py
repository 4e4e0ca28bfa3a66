"""Who hands out a code of entry, and who comes in by it: the support at a counter, or a professional at a visit, with
the person before them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from carnet.consent.access import permit_to_declare
from carnet.kernel import config, happened
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER, Trace, open_record, steward
from carnet.kernel.happened import Happened
from carnet.kernel.ids import uuid7
from carnet.people import actions as people
from carnet.people import identities, queries
from carnet.people.operators import support_only
from carnet.records import entering
from carnet.records.entering import Handed

GIVEN: Final = "entry-code-given"


class HasAnAccount(ValueError):
    """Who came in before gets a new way in at a counter alone."""


class NotHere(Exception):
    """Nothing here proves that the person is there: a professional alone could come in as their patient."""


def at_counter(actor: Actor, record_id: UUID) -> Handed:
    """A first way in, or a new one for who lost theirs: the holder is told at once where they want to be. Raises
    `entering.NotOpen`, `entering.TooYoung`."""
    support_only(actor)
    with steward(actor, record_id, trace=Trace(GIVEN)) as cursor:
        handed = entering.hand_out(cursor, record_id, actor)
        happened.tell(Happened("rights", record_id, actor.id))
    return handed


def at_visit(actor: Actor, record_id: UUID) -> Handed:
    """A first way in, never a new one: else a professional could come into the record of any patient. Raises `Refused`,
    `HasAnAccount`, `NotHere`, `entering.NotOpen`, `entering.TooYoung`."""
    permit = permit_to_declare(actor, record_id, action=GIVEN)
    if not config.load().codes_at_visits:
        raise NotHere
    if queries.person_of(record_id) is not None:
        raise HasAnAccount
    with open_record(permit, trace=Trace(GIVEN), using=WRITER) as cursor:
        return entering.hand_out(cursor, record_id, actor)


def holder(record_id: UUID) -> Actor | None:
    """Whose record it is: their account, made now for who never had one; None for one that was put out of use."""
    known = queries.person_of(record_id)
    if known is None:
        name = entering.name_of(record_id)
        known = people.add_person(actor_id=uuid7(), key=None, name=name, record_id=record_id)
        identities.tell_of_own_access(record_id, known)
    return queries.actor_by_id(known)
