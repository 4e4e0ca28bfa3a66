"""Brings the cast into the house.

Every step looks first whether it has been done: an interrupted loading goes on, a second one adds nothing.
The operators come last: who finds them knows that links and states were set, and leaves alone what people
have changed since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from carnet.consent import access, switches
from carnet.consent import actions as consent
from carnet.demo import cast
from carnet.demo.cast import Clinician, Resident, Software, Staff, actor_id, organisation_id, record_id
from carnet.demo.entrance import actor_of, add_organisations, add_professional, deposit, is_here, open_record
from carnet.demo.measured import state_measures
from carnet.demo.own_words import say_own_words
from carnet.demo.places import ORGANISATIONS
from carnet.demo.stories import documents
from carnet.demo.words import moment
from carnet.kernel import context
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import READER, WRITER, query
from carnet.people import actions as people
from carnet.people import queries
from carnet.records.actions import set_state
from carnet.records.rules import RecordState

_SINCE = moment("2023-03-01")


def load_cast(now: datetime) -> int:
    """The cast with its links and documents; answers how many documents were added."""
    with context.use("demo-data"):
        if _complete():
            closed = {resident.key for resident in cast.RESIDENTS if resident.state is RecordState.CLOSED}
            return deposit(
                (story for story in documents() if story.patient.key not in closed and not is_here(story)), now
            )
        add_organisations(ORGANISATIONS)
        _add_residents()
        for member in (*cast.CLINICIANS, *cast.SOFTWARE):
            _add(member)
        _link()
        added = deposit((story for story in documents() if not is_here(story)), now)
        state_measures(now)
        say_own_words()
        _close_records(now)
        _finish(now)
    return added


def _complete() -> bool:
    return queries.actor_by_key(cast.STAFF[-1].key) is not None


def _add_residents() -> None:
    """A record that will be closed is open until its documents are in."""
    for resident in cast.RESIDENTS:
        state = RecordState.ACTIVE if resident.state is RecordState.CLOSED else resident.state
        reason = "Opposition de la personne" if state is RecordState.OPPOSED else ""
        open_record(resident.identity, state, record_id(resident.key), reason=reason)
        _add(resident)


def _add(member: Resident | Clinician | Software | Staff) -> None:
    if queries.actor_by_key(member.key) is not None:
        return
    with transaction.atomic(using=WRITER):
        _add_actor(member)
        if not isinstance(member, Software):
            people.add_sign_in(issuer=cast.REALM, subject=cast.subject(member), actor_id=actor_id(member.key))


def _add_actor(member: Resident | Clinician | Software | Staff) -> None:
    key = member.key
    if isinstance(member, Resident):
        people.add_person(actor_id=actor_id(key), key=key, name=member.identity.name, record_id=record_id(key))
    elif isinstance(member, Clinician):
        add_professional(member.professional, member.capacity, member.system)
        for clinician, place, role in cast.SITUATIONS:
            if clinician == key:
                people.add_situation(
                    professional_id=actor_id(key), organisation_id=organisation_id(place.key), role=role, since=_SINCE
                )
    elif isinstance(member, Software):
        people.add_client(
            actor_id=actor_id(key),
            key=key,
            name=member.name,
            organisation_id=organisation_id(member.organisation.key),
            reads_own=key != "assurance",
            acts_for_professionals=member.acts_for_professionals,
            scope=member.scope,
        )
    else:
        people.add_operator(actor_id=actor_id(key), key=key, name=member.name, role=member.role)


def _link() -> None:
    for patient, professional in cast.ATTENDING:
        if not _known(patient, professional).attending:
            _link_record(patient, professional)
    for patient, professional in cast.AUTHORISED:
        if not _known(patient, professional).authorised:
            consent.authorise(
                _holder(patient),
                Purpose.SELF,
                record_id=record_id(patient),
                professional_id=actor_id(professional),
                since=_SINCE,
            )
    for patient, professional in cast.BLOCKED:
        if not _known(patient, professional).blocked:
            consent.block(
                _holder(patient),
                Purpose.SELF,
                record_id=record_id(patient),
                professional_id=actor_id(professional),
                since=_SINCE,
            )


def _link_record(patient: str, professional: str) -> None:
    """Family, care and médecin traitant in one transaction, so that the last tells of the others."""
    record, since = record_id(patient), _born(patient)
    with transaction.atomic(using=WRITER):
        for child, parent in cast.REPRESENTED:
            if child == patient:
                people.represent(SYSTEM, record_id=record, representative_id=actor_id(parent), since=since)
        for cared_for, carer, rights in cast.CARED_FOR:
            if cared_for == patient:
                people.care_for(SYSTEM, record_id=record, carer_id=actor_id(carer), rights=rights, since=_SINCE)
        consent.set_attending(SYSTEM, record_id=record, professional_id=actor_id(professional), since=since)


@dataclass(frozen=True, slots=True)
class _Known:
    attending: bool
    authorised: bool
    blocked: bool


def _known(patient: str, professional: str) -> _Known:
    statement = "select own from record.access_facts(%s, %s, null)"
    own = access.loaded(query(READER, statement, (record_id(patient), actor_id(professional)))[0]["own"])
    return _Known(*(bool(own[name]) for name in ("attending", "authorisations", "blocked")))


def _holder(patient: str) -> Actor:
    """What was remembered of the holder is forgotten: the links made just now have moved it."""
    holder = actor_of(patient)
    access.forget(holder, record_id(patient))
    return holder


def _born(key: str) -> datetime:
    resident = next(each for each in cast.RESIDENTS if each.key == key)
    return max(moment(resident.identity.born.isoformat()), moment("2016-09-01"))


def _close_records(now: datetime) -> None:
    closed_on = now.replace(year=now.year - 1, month=11, day=3)
    for resident in cast.RESIDENTS:
        if resident.state is RecordState.CLOSED:
            reason = "À la demande du titulaire"
            set_state(
                SYSTEM,
                record_id=record_id(resident.key),
                state=RecordState.CLOSED,
                reason=reason,
                at=closed_on,
            )


def _let_carers_in() -> None:
    setting = next(each for each in switches.settings() if each.name == "carers")
    if setting.latest is None:
        source = "Démonstration : l'accès des aidants y est ouvert"
        switches.turn("carers", value=True, effective=switches.today(), source=source)


def _finish(now: datetime) -> None:
    _let_carers_in()
    with transaction.atomic(using=WRITER):
        for deputy, principal, kind, before, after in cast.DEPUTIES:
            people.add_deputy(
                deputy_id=actor_id(deputy),
                principal_id=actor_id(principal),
                kind=kind,
                since=now - timedelta(days=before),
                until=now + timedelta(days=after) if after else None,
            )
        for member in cast.STAFF:
            _add(member)
