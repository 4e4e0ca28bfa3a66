"""Apps that somebody lets into a record for themselves or as a parent: for how long the right behind it goes on.

Who comes of age decides anew: what was let in before ends on that day, by whomever."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from carnet.consent.access import permit_quietly, permit_to_act
from carnet.consent.family import own_birth
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Trace, open_record
from carnet.people import granting
from carnet.people import queries as people
from carnet.records.rules import majority

OWN: Final = frozenset({Purpose.SELF, Purpose.REPRESENTATIVE})
"""For whom apps are let in: a carer lets none in, and has no whole copy either."""
_FRANCE: Final = ZoneInfo("Europe/Paris")


def may(actor: Actor, purpose: Purpose, record_id: UUID) -> bool:
    """As of now, without a line: nobody has asked yet."""
    return purpose in OWN and permit_quietly(actor, purpose, record_id) is not None


def let_in(actor: Actor, purpose: Purpose, record_id: UUID, client_id: UUID) -> datetime | None:
    """Says so in the record's trail; the instant at which the right behind it ends, None for none. Raises `Refused`."""
    permit = permit_to_act(actor, purpose, record_id, action="app-let-in")
    with open_record(permit, trace=Trace("app-let-in", "client", client_id), using=WRITER):
        pass
    ends = [each for each in (permit.until, _ahead(actor, purpose, record_id)) if each]
    return min(ends, default=None)


def put_out(actor: Actor, client_id: UUID) -> None:
    """A line in each record where it was let in, as far as whoever puts it out still has a right there."""
    for held in granting.let_in(actor):
        if held.client_id == client_id and held.record_id:
            permit = permit_quietly(actor, held.purpose, held.record_id)
            if permit:
                with open_record(permit, trace=Trace("app-put-out", "client", client_id), using=WRITER):
                    pass


def goes_on(actor_id: UUID, purpose: Purpose, record_id: UUID, since: datetime) -> bool:
    """Whether what was let in then may still be there: not after the right has ended, nor when its holder has come of
    age meanwhile."""
    actor = people.actor_by_id(actor_id)
    if actor is None or permit_quietly(actor, purpose, record_id) is None:
        return False
    return purpose is not Purpose.SELF or not before_of_age(actor, record_id, since)


def before_of_age(actor: Actor, record_id: UUID, at: datetime) -> bool:
    """Whether the holder, of age now, was not yet so then."""
    grown = came_of_age(actor, record_id)
    return grown is not None and at < grown <= clock.now()


def came_of_age(actor: Actor, record_id: UUID) -> datetime | None:
    """The instant, past or to come, of the holder's own record; None when nobody knows."""
    birth = own_birth(actor, record_id)
    return _midnight(majority(birth)) if birth else None


def _ahead(actor: Actor, purpose: Purpose, record_id: UUID) -> datetime | None:
    grown = came_of_age(actor, record_id) if purpose is Purpose.SELF else None
    return grown if grown and grown > clock.now() else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _FRANCE)
