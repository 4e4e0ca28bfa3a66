"""What to say to an operator who cannot go on alone."""

from __future__ import annotations

from uuid import UUID

from carnet.kernel.actor import Actor
from carnet.kernel.db.constraints import Violation
from carnet.rights import pairs
from carnet.rights.pairs import Kind, State


def asked_of_another(who: Actor, record_id: UUID, identity_id: UUID) -> str:
    """That this identity opens this account is asked for, unless it waits already. "", or why it cannot be."""
    if pairs.state(who, record_id, Kind.IDENTITY, identity_id)[0] is State.WAITING:
        return ""
    try:
        pairs.ask(who, record_id, Kind.IDENTITY, identity_id=identity_id)
    except Violation as refused:
        return refused.message
    return ""


def second_look(who: Actor, identity_id: UUID) -> dict[str, str]:
    """For the page of an identity: whether a request waits for other eyes or has been confirmed, and its number."""
    state, number = pairs.state_of_identity(who, identity_id)
    return {"second": state.value, "second_number": number}
