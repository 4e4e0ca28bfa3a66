"""A professional says, at the visit, that the person consents (R1111-46: by any means, spoken too)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from carnet.consent.access import forget, permit_to_declare
from carnet.consent.actions import Grantee, add_authorisation
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Trace, open_record
from carnet.kernel.db.constraints import violations

_FRANCE: Final = ZoneInfo("Europe/Paris")
LONGEST: Final = timedelta(days=366)


class TooLong(ValueError):
    """A consent that somebody else declares has an end, a year ahead at most: without end is for the person to say."""


def this_visit(now: datetime) -> datetime:
    """Until the end of the day, in France."""
    tomorrow = (now.astimezone(_FRANCE) + timedelta(days=1)).date()
    return datetime.combine(tomorrow, time(), _FRANCE)


def declare(
    actor: Actor,
    *,
    record_id: UUID,
    until: datetime | None = None,
    express: bool = False,
    purpose: Purpose = Purpose.CARE,
) -> UUID:
    """Opens the record to the professional who says so: for this visit, or until a day within a year. The person reads
    it in the trail and among those whom they authorised, and may end it. `express`: in so many words, as occupational
    medicine needs. Raises `Refused`, `TooLong`."""
    now = clock.now()
    end = until or this_visit(now)
    if not now < end <= now + LONGEST:
        raise TooLong
    permit = permit_to_declare(actor, record_id, purpose=purpose)
    trace = Trace("declare", "professional", actor.id)
    with violations(), open_record(permit, trace=trace, using=WRITER) as cursor:
        given = add_authorisation(
            cursor,
            record_id,
            Grantee("professional", actor.id),
            by=actor.id,
            until=end,
            express=express,
            declared_by=actor.id,
        )
    forget(actor, record_id)
    return given
