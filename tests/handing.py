"""A code of entry, asked for by one operator and confirmed by another."""

from __future__ import annotations

from uuid import UUID

from carnet.records.entering import Handed
from carnet.rights import entrance, pairs
from tests import people


def a_code(record_id: UUID) -> Handed:
    one, other = (people.an_operator("support") for _ in range(2))
    reference = pairs.ask(one, record_id, pairs.Kind.ENTRY)
    (ask,) = [each for each in pairs.waiting(other) if each.reference == reference]
    pairs.confirm(other, ask.id)
    return entrance.at_counter(one, record_id)
