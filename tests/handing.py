"""What one operator asks for and another confirms: a code of entry, and the rest."""

from __future__ import annotations

from uuid import UUID

from carnet.kernel.actor import Actor
from carnet.records.entering import Handed
from carnet.rights import entrance, pairs
from tests import people


def a_code(record_id: UUID) -> Handed:
    one = people.an_operator("support")
    confirmed(one, record_id, pairs.Kind.ENTRY)
    return entrance.at_counter(one, record_id)


def confirmed(one: Actor, record_id: UUID, kind: pairs.Kind) -> None:
    """Asked for by this operator, who may go on within the hour."""
    other, reference = people.an_operator("support"), pairs.ask(one, record_id, kind)
    (ask,) = [each for each in pairs.waiting(other) if each.reference == reference]
    pairs.confirm(other, ask.id)
