"""A professional says, at the visit, that the person consents (R1111-46: by any means, spoken too)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from carnet.consent.access import forget, permit_to_declare
from carnet.consent.actions import Grantee, add_authorisation
from carnet.consent.facts import INVISIBLE_REPRESENTANTS_LEGAUX
from carnet.consent.rules import BY_EXPRESS
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Trace, note, open_record
from carnet.kernel.db.constraints import violations
from carnet.people import queries as people

_FRANCE: Final = ZoneInfo("Europe/Paris")
LONGEST: Final = timedelta(days=366)


class TooLong(ValueError):
    """A consent that somebody else declares has an end, a year ahead at most: without end is for the person to say."""


class NotExpress(ValueError):
    """Who judges whether somebody is fit opens a record with a consent in so many words alone (L1111-17 IV and V)."""


def this_visit(now: datetime) -> datetime:
    """Until the end of the day, in France."""
    tomorrow = (now.astimezone(_FRANCE) + timedelta(days=1)).date()
    return datetime.combine(tomorrow, time(), _FRANCE)


def express_needed(actor: Actor) -> bool:
    known = people.professionals([actor.id]).get(actor.id)
    return known is not None and known.capacity in BY_EXPRESS


def declare(
    actor: Actor,
    *,
    record_id: UUID,
    until: datetime | None = None,
    express: bool = False,
    purpose: Purpose = Purpose.CARE,
    secret: bool = False,
) -> UUID:
    """Opens the record to the professional who says so: for this visit, or until a day within a year. The person reads
    it in the trail and among those whom they authorised, and may end it. `express`: in so many words, as occupational
    medicine needs. `secret`: a minor or a protected adult consents, and keeps the visit from who represents them
    (L1111-5): they learn neither of the consent nor of what is done by it. Raises `Refused`, `TooLong`,
    `NotExpress`."""
    now = clock.now()
    end = until or this_visit(now)
    if not now < end <= now + LONGEST:
        raise TooLong
    # Before the record is looked at: else who is blocked in it, and refused, is told apart from who is not.
    if not express and express_needed(actor):
        raise NotExpress
    permit = permit_to_declare(actor, record_id, purpose=purpose)
    hidden_from = INVISIBLE_REPRESENTANTS_LEGAUX if secret else 0
    with violations(), open_record(permit, trace=None, using=WRITER) as cursor:
        given = add_authorisation(
            cursor,
            permit,
            Grantee("professional", actor.id),
            until=end,
            express=express,
            declared_by=actor.id,
            hidden_from=hidden_from,
        )
        # After the right: whoever knows of it is told of the act.
        note(cursor, permit, Trace("declare", "professional", actor.id, hidden_from=hidden_from))
    forget(actor, record_id)
    return given
