"""The verbs by which demonstration people enter the house: always those that every face uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from carnet.demo.cast import actor_id, organisation_id
from carnet.demo.cda import build
from carnet.demo.identifiers import INS_TEST, unique_id
from carnet.demo.model import Document, Identity, Organisation, Professional
from carnet.demo.words import moment, upper
from carnet.documents import intake
from carnet.kernel.actor import SYSTEM, Actor, ActorKind, Purpose
from carnet.kernel.db import locator
from carnet.people import actions as people
from carnet.people import queries
from carnet.people.rules import Capacity
from carnet.records.actions import open_record_for
from carnet.records.queries import record_of_ins
from carnet.records.rules import Identity as Traits
from carnet.records.rules import RecordState

_OPENED = moment("2016-09-01")
_SOON_AFTER = timedelta(minutes=15)
# A document that waits for its announcement came in three days ago: well before it opens by itself.
_WAITING = timedelta(days=3)


def add_organisations(organisations: Sequence[Organisation]) -> None:
    known = queries.organisation_names([organisation_id(place.key) for place in organisations])
    for place in organisations:
        identifier = organisation_id(place.key)
        if identifier not in known:
            people.add_organisation(organisation_id=identifier, identifier=f"1{place.finess}", name=place.name)


def add_professional(who: Professional, capacity: Capacity = Capacity.CARE, system: str = "G15") -> None:
    people.add_professional(
        actor_id=actor_id(who.key),
        key=who.key,
        rpps=who.rpps or None,
        family=who.family,
        given=who.given,
        title=who.civility,
        profession_system=system,
        profession_code=who.profession,
        speciality=who.speciality,
        capacity=capacity,
        organisation_id=organisation_id(who.organisation.key),
    )


def actor_of(key: str) -> Actor:
    found = queries.actor_by_key(key)
    if found is None:
        raise LookupError(f"No actor bears the key {key}.")
    return found


def open_record(identity: Identity, state: RecordState, wanted: UUID, *, reason: str = "") -> UUID:
    """The record of this person, opened when it was not: at birth, or when records began."""
    known = record_of_ins(INS_TEST, identity.ins)
    born = datetime.combine(identity.born, _OPENED.timetz())
    return known or open_record_for(
        SYSTEM,
        identity=_traits(identity),
        state=state,
        reason=reason,
        at=max(born, _OPENED),
        record_id=wanted,
    )


def _traits(identity: Identity) -> Traits:
    family, given = upper(identity.family), upper(identity.given)
    return Traits(
        ins_oid=INS_TEST,
        ins=identity.ins,
        birth_family=family,
        birth_given=given,
        birth_givens=upper(identity.givens),
        used_family=family,
        used_given=given,
        sex=identity.sex,
        birth_date=identity.born.isoformat(),
        birth_place=identity.birth_place,
    )


def is_here(document: Document) -> bool:
    return bool(locator.find(locator.UNIQUE_ID, unique_id(document.key)))


def deposit(batch: Iterable[Document], now: datetime) -> int:
    """Deposits documents as their depositors would have, when they would have; answers how many were new."""
    depositors: dict[str, Actor] = {}
    count = 0
    for document in batch:
        if document.depositor not in depositors:
            depositors[document.depositor] = actor_of(document.depositor)
        actor = depositors[document.depositor]
        done = intake.deposit_cda(
            actor,
            Purpose.DEPOSIT if actor.kind is ActorKind.CLIENT else Purpose.CARE,
            data=build(document),
            labels=document.labels,
            deposited_at=_arrival(document, now),
        )
        count += done.new
    return count


def _arrival(document: Document, now: datetime) -> datetime:
    if "INVISIBLE_PATIENT" in document.labels:
        return now - _WAITING
    return min(document.at + _SOON_AFTER, now)
