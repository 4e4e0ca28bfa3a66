"""What somebody else would read in a record, by the decision itself: for its holder, who looks at it with their eyes.
On the facts as they are, or as they would be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent.access import facts_of
from carnet.consent.caring import Right
from carnet.consent.facts import NO_TYPES, Authorisation, Care, Choices, Clinician, Decision, Facts, Span, Wish
from carnet.consent.rules import decide
from carnet.formats.terminology import systems
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import rows, statements
from carnet.people import queries as people
from carnet.people.rules import Capacity

_SQL = statements("carnet.consent")
_DOCTOR, _PHARMACIST, _NURSE = "10", "21", "60"


class Profile(StrEnum):
    """Nobody in particular: a doctor, a pharmacist and a nurse whom the holder would authorise, emergency medicine and
    the centre 15 once they have said why, a doctor without any right, a carer whom the holder would let read
    documents."""

    DOCTOR = "doctor"
    PHARMACIST = "pharmacist"
    NURSE = "nurse"
    EMERGENCY = "emergency"
    REGULATION = "regulation"
    STRANGER = "stranger"
    CARER = "carer"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody by their id, for a purpose, or a profile. `supposed`: as if the holder authorised them now, in so many
    words; `blocked`: as if the holder blocked them now, `unblocked`: as if they did so no more;
    `choices`: as if these were the holder's for emergencies; `masking`: as if the documents asked about were masked."""

    who: UUID | Profile
    purpose: Purpose = Purpose.CARE
    supposed: bool = False
    blocked: bool = False
    unblocked: bool = False
    choices: Choices | None = None
    masking: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """`actor_id` is None for nobody in particular. `as_author` is the decision that holds as soon as something of their
    own lies in the record: whoever asks may not know of all that does."""

    actor_id: UUID | None
    decision: Decision
    as_author: Decision
    represents: bool = False


_PROFESSIONS: Final = {
    Profile.DOCTOR: _DOCTOR,
    Profile.PHARMACIST: _PHARMACIST,
    Profile.NURSE: _NURSE,
    Profile.EMERGENCY: _DOCTOR,
    Profile.REGULATION: _DOCTOR,
    Profile.STRANGER: _DOCTOR,
}


def sight(cursor: CursorWrapper, record_id: UUID, holder: Actor, reader: Reader) -> Sight | None:
    """In a record that has been entered. None for somebody who is no professional in practice and does not represent
    the holder: nothing is told of them."""
    if isinstance(reader.who, Profile):
        decision = decide(_as_supposed(_profiled(cursor, record_id, holder, reader.who), reader))
        return Sight(None, decision, decision)
    actor = people.actor_by_id(reader.who)
    if actor is None or actor.kind not in {ActorKind.PROFESSIONAL, ActorKind.PERSON}:
        return None
    purpose = _as_person(reader) if actor.kind is ActorKind.PERSON else reader.purpose
    facts = facts_of(_facts(cursor, record_id, actor.id), replace(actor, regulates=True), purpose, Wish.READ)
    linked = facts.cares if purpose is Purpose.CARER else facts.represents or facts.guards
    if actor.kind is ActorKind.PERSON and not linked:
        return None
    facts = _as_supposed(facts, reader)
    return Sight(
        actor.id,
        decide(replace(facts, is_author=False)),
        decide(replace(facts, is_author=True)),
        represents=purpose is Purpose.REPRESENTATIVE,
    )


def _as_person(reader: Reader) -> Purpose:
    return Purpose.CARER if reader.purpose is Purpose.CARER else Purpose.REPRESENTATIVE


def _facts(cursor: CursorWrapper, record_id: UUID, actor_id: UUID) -> dict[str, Any]:
    # Wherever they practise: what they would read at one of their places.
    cursor.execute(_SQL["access_facts"], (record_id, actor_id, None))
    (row,) = rows(cursor)
    return row


def _as_supposed(facts: Facts, reader: Reader) -> Facts:
    if reader.supposed:
        facts = replace(facts, own=_authorised(facts.own, facts))
    if reader.blocked:
        facts = replace(facts, own=replace(facts.own, authorisations=(), blocked=(Span(facts.now),)))
    if reader.unblocked:
        facts = replace(facts, own=replace(facts.own, blocked=()))
    return replace(facts, choices=reader.choices) if reader.choices else facts


def _authorised(own: Clinician, facts: Facts) -> Clinician:
    return replace(own, authorisations=(*own.authorisations, Authorisation(Span(facts.now), express=True)))


def _profiled(cursor: CursorWrapper, record_id: UUID, holder: Actor, profile: Profile) -> Facts:
    """What the record and the house say is as it is; the reader is supposed."""
    found = facts_of(_facts(cursor, record_id, holder.id), holder, Purpose.SELF, Wish.READ)
    facts = Facts(
        wish=Wish.READ,
        purpose=Purpose.CARE,
        actor=ActorKind.PROFESSIONAL,
        now=found.now,
        state=found.state,
        holder_birth=found.holder_birth,
        choices=found.choices,
        switches=found.switches,
        rules_until=found.rules_until,
    )
    if profile is Profile.CARER:
        cares = (Care(Span(found.now), frozenset({Right.DOCUMENTS.value})),)
        return replace(facts, actor=ActorKind.PERSON, purpose=Purpose.CARER, cares=cares)
    own = _clinician(cursor, _PROFESSIONS[profile])
    match profile:
        case Profile.EMERGENCY:
            return replace(facts, own=own, purpose=Purpose.EMERGENCY, emergencies=(Span(found.now),))
        case Profile.REGULATION:
            own = replace(own, capacity=Capacity.REGULATION)
            broken = (Span(found.now),)
            return replace(facts, own=own, purpose=Purpose.REGULATION, emergencies=broken, regulates=True)
        case Profile.STRANGER:
            return replace(facts, own=own)
    return replace(facts, own=_authorised(own, facts))


def _clinician(cursor: CursorWrapper, profession: str) -> Clinician:
    cursor.execute(_SQL["matrix_of"], {"system": systems.G15, "code": profession})
    found = next(iter(rows(cursor)), None)
    if found is None:
        return Clinician(Capacity.CARE, NO_TYPES)
    return Clinician(Capacity.CARE, found["types"], matrix_in_team=found["team_only"])
