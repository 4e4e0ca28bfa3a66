"""The consents in a professional's own name, for one who is blocked: they are told of what has ended, as anybody is
whose consent the person has withdrawn."""

from __future__ import annotations

from uuid import UUID

from carnet.consent import stated
from carnet.consent.access import permit_to_deposit
from carnet.consent.stated import Stated
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Trace, open_record

_ACTION = "standing-read"


def consents(actor: Actor, record_id: UUID) -> list[Stated]:
    """Newest first. With the permit that a block leaves: whoever may declare may deposit. Raises `Refused`."""
    permit = permit_to_deposit(actor, Purpose.CARE, record_id, action=_ACTION)
    with open_record(permit, trace=Trace(_ACTION)) as cursor:
        return stated.of_record(cursor, record_id, professional_id=actor.id)
