"""A professional whom the holder named administrator blocks another in their name (dmp_rules 3.7), where the setting
`administrator_blocks` lets them. To unblock stays with the holder."""

from __future__ import annotations

from uuid import UUID

from carnet.consent import switches
from carnet.consent.access import Refused, permit_to_act
from carnet.consent.actions import NotToBlock, add_block, attending_now, kept_secret
from carnet.consent.facts import As, Decision, Grant, Reason, Refusal
from carnet.kernel import audit
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Trace, note, open_record


def may_block(standing: Decision) -> bool:
    """As whom they read, by the decision; the setting is looked at last."""
    named = isinstance(standing, Grant) and standing.capacity is As.ADMINISTRATOR
    return named and switches.value("administrator_blocks")


def block(actor: Actor, *, record_id: UUID, professional_id: UUID) -> None:
    """Reading stops on the next request, deposit goes on; the holder reads of it in their trail and is told as of any
    change of rights; a minor's representatives are not, of whom they know nothing. Raises `Refused`, or `NotToBlock`
    for a médecin traitant and for oneself."""
    permit = permit_to_act(actor, Purpose.CARE, record_id, action="block")
    if permit.capacity != As.ADMINISTRATOR or not switches.value("administrator_blocks"):
        reason = Reason.NOT_YOURS.value
        audit.refused(actor, Purpose.CARE, record_id=record_id, action="block", reason=reason, hidden_from=permit.quiet)
        raise Refused(Refusal(Reason.NOT_YOURS), actor)
    with open_record(permit, trace=None, using=WRITER) as cursor:
        if professional_id == actor.id or professional_id in attending_now(cursor, record_id):
            raise NotToBlock
        # Of an administrator whom a secret let in, nothing shows either.
        hidden_from = kept_secret(cursor, permit, professional_id) | permit.quiet
        add_block(cursor, permit, professional_id, hidden_from=hidden_from)
        note(cursor, permit, Trace("block", "professional", professional_id, hidden_from=hidden_from))
