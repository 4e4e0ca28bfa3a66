"""Who may see a document now, by the decision itself: what its holder is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent.access import facts_of
from carnet.consent.rules import As, Grant, Wish, decide
from carnet.formats.terminology import professions, systems
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import rows, statements

_SQL = statements("carnet.consent", "seers.sql")
_PURPOSES = {ActorKind.PROFESSIONAL: Purpose.CARE, ActorKind.PERSON: Purpose.REPRESENTATIVE}
_ORDER = (As.ATTENDING, As.REPRESENTATIVE, As.AUTHORISED, As.TEAM, As.DEPUTY)


@dataclass(frozen=True, slots=True)
class Seer:
    """A professional or a representative; `profession` in French words, "" for a representative."""

    id: UUID
    name: str
    capacity: As
    profession: str
    organisation: str


def of(cursor: CursorWrapper, record_id: UUID, type_ordinal: int, labels: int) -> tuple[Seer, ...]:
    """In a record that has been entered, of a document of that type with those labels: the médecin traitant,
    representatives, and authorised professionals. Its author, who sees it in any case, is not looked for."""
    cursor.execute(_SQL["candidates"], {"record_id": record_id})
    found = [seer for row in rows(cursor) if (seer := _seer(row, type_ordinal, labels))]
    return tuple(sorted(found, key=lambda seer: _ORDER.index(seer.capacity)))


def _seer(row: dict[str, Any], type_ordinal: int, labels: int) -> Seer | None:
    actor = Actor(ActorKind(row["kind"]), row["seer_id"], row["name"], None, None, row["actor_epoch"])
    purpose = _PURPOSES.get(actor.kind)
    decision = decide(facts_of(row, actor, purpose, Wish.READ)) if purpose else None
    if not isinstance(decision, Grant) or decision.types[type_ordinal] != "1" or decision.hidden & labels:
        return None
    return Seer(actor.id, actor.name, decision.capacity, _profession(row), row["organisation"] or "")


def _profession(row: dict[str, Any]) -> str:
    """The speciality says more than the profession."""
    speciality = professions.display(systems.R38, row["speciality"] or "")
    return speciality or professions.display(row["profession_system"] or "", row["profession_code"] or "")
