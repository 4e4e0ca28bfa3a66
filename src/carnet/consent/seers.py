"""Who may see a document now, by the decision itself: what its holder is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    return tuple(
        seer
        for seer, grant in _granted(cursor, record_id)
        if grant.types[type_ordinal] == "1" and not grant.hidden & labels
    )


def everybody(cursor: CursorWrapper, record_id: UUID) -> tuple[Seer, ...]:
    """Whoever may read in this record now by a right that the holder, the law or a representation gives them."""
    return tuple(seer for seer, _ in _granted(cursor, record_id))


def _granted(cursor: CursorWrapper, record_id: UUID) -> list[tuple[Seer, Grant]]:
    cursor.execute(_SQL["candidates"], {"record_id": record_id})
    found = [pair for row in rows(cursor) if (pair := _seer(row))]
    return sorted(found, key=lambda pair: _ORDER.index(pair[0].capacity))


def _seer(row: dict[str, Any]) -> tuple[Seer, Grant] | None:
    actor = Actor(ActorKind(row["kind"]), row["seer_id"], row["name"], None, None, row["actor_epoch"])
    purpose = _PURPOSES.get(actor.kind)
    decision = decide(replace(facts_of(row, actor, purpose, Wish.READ), is_author=False)) if purpose else None
    if not isinstance(decision, Grant):
        return None
    return Seer(actor.id, actor.name, decision.capacity, _profession(row), row["organisation"] or ""), decision


def _profession(row: dict[str, Any]) -> str:
    """The speciality says more than the profession."""
    speciality = professions.display(systems.R38, row["speciality"] or "")
    return speciality or professions.display(row["profession_system"] or "", row["profession_code"] or "")
