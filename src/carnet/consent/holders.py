"""What is for the holder of a record alone, and for who represents them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from carnet.consent.access import Refused, permit_to_act
from carnet.consent.facts import As
from carnet.consent.rules import Reason, Refusal
from carnet.kernel import audit
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit

HOLDERS: Final = frozenset({As.HOLDER.value, As.REPRESENTATIVE.value})


def permit_of_holder(actor: Actor, purpose: Purpose, record_id: UUID, *, action: str) -> Permit:
    """For an act that is theirs. Raises `Refused`, with its line, for whoever reads the record by another right."""
    permit = permit_to_act(actor, purpose, record_id, action=action)
    for_holders(permit, action)
    return permit


def for_holders(permit: Permit, action: str) -> None:
    """The same, of a permit to read."""
    if permit.capacity in HOLDERS:
        return
    reason = Reason.NOT_YOURS
    audit.refused(
        permit.actor,
        permit.purpose,
        record_id=permit.record_id,
        action=action,
        reason=reason.value,
        hidden_from=permit.quiet,
    )
    raise Refused(Refusal(reason), permit.actor, permit.record_id)
