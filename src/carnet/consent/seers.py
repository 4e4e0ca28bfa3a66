"""Who may see a document now, by the decision itself: what its holder is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent.access import facts_of
from carnet.consent.holders import permit_of_holder
from carnet.consent.rules import MASQUE_PS, As, Grant, Wish, decide
from carnet.formats.terminology import professions, systems
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import open_record, rows, statements
from carnet.people import queries as people

_SQL = statements("carnet.consent", "seers.sql")
_QUERIES = statements("carnet.consent")
_PURPOSES: Final = {ActorKind.PROFESSIONAL: Purpose.CARE, ActorKind.PERSON: Purpose.REPRESENTATIVE}
# Who may see what is masked, as the médecin traitant does: by what the holder said, or in somebody's place.
BESIDE_ATTENDING: Final = frozenset({As.COORDINATING, As.ADMINISTRATOR, As.DEPUTY})
_ORDER = (
    As.ATTENDING,
    As.REPRESENTATIVE,
    As.COORDINATING,
    As.ADMINISTRATOR,
    As.AUTHORISED,
    As.TEAM,
    As.DEPUTY,
    As.CARER,
    As.EMERGENCY,
    As.REGULATION,
)


@dataclass(frozen=True, slots=True)
class Seer:
    """A professional, a representative or a carer; `profession` in French words, "" for the last two. `group`: all of
    an organisation, of one of its services, or a team, as such."""

    id: UUID
    name: str
    capacity: As
    profession: str = ""
    organisation: str = ""
    purpose: Purpose = Purpose.CARE
    group: Literal["", "organisation", "service", "team"] = ""


_Pair = tuple[Seer, Grant]


def of(cursor: CursorWrapper, record_id: UUID, type_ordinal: int, labels: int) -> tuple[Seer, ...]:
    """In a record that has been entered, of a document of that type with those labels: the médecin traitant,
    representatives, authorised professionals, organisations and teams, and whoever reads in an emergency. Its author,
    who sees it in any case, is not looked for."""
    return _once(_granted(cursor, record_id), lambda grant: _in_sight(grant, type_ordinal, labels))


def holding(cursor: CursorWrapper, record_id: UUID, document_id: UUID) -> tuple[Seer, ...]:
    """Of a document that the holder put into the hands of professionals, these."""
    cursor.execute(_QUERIES["shares"], {"record_id": record_id, "documents": [document_id]})
    ids = [row["professional_id"] for row in rows(cursor) if row["holds"]]
    known = people.professionals(ids) if ids else {}
    found = [known[each] for each in dict.fromkeys(ids) if each in known]
    return tuple(Seer(each.id, each.name, As.RECIPIENT, each.profession, each.organisation) for each in found)


def everybody(cursor: CursorWrapper, record_id: UUID) -> tuple[Seer, ...]:
    """Whoever may read in this record now by a right that the holder, the law or a representation gives them, or in an
    emergency."""
    return _once(_granted(cursor, record_id), lambda _: True)


def of_masked(actor: Actor, purpose: Purpose, record_id: UUID) -> tuple[Seer, ...]:
    """Who sees what is masked now beside the médecin traitant and the author: whoever stands in for them, and whom the
    holder let. For the holder or who represents them, before an act whose line is the only one. Raises `Refused`."""
    permit = permit_of_holder(actor, purpose, record_id, action="masking-foreseen")
    with open_record(permit, trace=None) as cursor:
        found = _once(_granted(cursor, record_id), lambda grant: not grant.hidden & MASQUE_PS)
    return tuple(each for each in found if each.capacity in BESIDE_ATTENDING)


def groups_that_see(cursor: CursorWrapper, record_id: UUID, type_ordinal: int, labels: int) -> frozenset[UUID]:
    """Of `everybody`, the organisations and teams of which somebody sees such a document."""
    return frozenset(seer.id for seer, grant in _groups(cursor, record_id) if _in_sight(grant, type_ordinal, labels))


def _in_sight(grant: Grant, type_ordinal: int, labels: int) -> bool:
    return grant.types[type_ordinal] == "1" and not grant.hidden & labels


def _once(pairs: Iterable[_Pair], sees: Callable[[Grant], bool]) -> tuple[Seer, ...]:
    """Each by the first of their rights that lets them see."""
    found: dict[UUID, Seer] = {}
    for seer, grant in pairs:
        if sees(grant):
            found.setdefault(seer.id, seer)
    return tuple(found.values())


def _granted(cursor: CursorWrapper, record_id: UUID) -> list[_Pair]:
    cursor.execute(_SQL["candidates"], {"record_id": record_id})
    found = [pair for row in rows(cursor) if (pair := _seer(row))]
    return sorted([*found, *_groups(cursor, record_id)], key=lambda pair: _ORDER.index(pair[0].capacity))


def _groups(cursor: CursorWrapper, record_id: UUID) -> list[_Pair]:
    cursor.execute(_SQL["groups"], {"record_id": record_id, "capacities": people.IN_A_GROUP})
    return [_group(row) for row in rows(cursor)]


def _seer(row: dict[str, Any]) -> _Pair | None:
    # Whoever broke the glass for the centre 15 was said to answer for it.
    actor = Actor(ActorKind(row["kind"]), row["seer_id"], row["name"], None, None, row["actor_epoch"], regulates=True)
    purpose = Purpose(row["mode"]) if row["mode"] else _PURPOSES.get(actor.kind)
    decision = decide(replace(facts_of(row, actor, purpose, Wish.READ), is_author=False)) if purpose else None
    # Who holds single documents alone, and nothing else any more, is told of with those (`holding`).
    if purpose is None or not isinstance(decision, Grant) or decision.capacity is As.RECIPIENT:
        return None
    seer = Seer(actor.id, actor.name, decision.capacity, _profession(row), row["organisation"] or "", purpose)
    return seer, decision


def _group(row: dict[str, Any]) -> _Pair:
    """What its members read together, each within what their profession allows."""
    types = "".join("1" if "1" in each else "0" for each in zip(*(row["matrices"] or ["0" * 256]), strict=True))
    return Seer(row["id"], row["name"], As.TEAM, group=row["kind"]), Grant(As.TEAM, types, MASQUE_PS)


def _profession(row: dict[str, Any]) -> str:
    """The speciality says more than the profession."""
    speciality = professions.display(systems.R38, row["speciality"] or "")
    return speciality or professions.display(row["profession_system"] or "", row["profession_code"] or "")
