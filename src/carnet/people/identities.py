"""Whose record it is, for somebody whom a provider has proved and whom we do not know yet: it gives no number, only the
traits of the civil register. Exactly one qualified identity with all of them, and without an account, is
theirs. Anything else waits for an operator, who has seen the person or their papers; it is never guessed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from carnet.kernel import audit, clock, config, happened
from carnet.kernel.actor import SYSTEM, Actor, ActorKind, Purpose
from carnet.kernel.db import WRITER, Trace, rows, steward
from carnet.kernel.db.constraints import Violation
from carnet.kernel.happened import Happened
from carnet.people import accounts, actions, identity_cases
from carnet.people.identity_cases import Case, Proof
from carnet.people.operators import support_only
from carnet.people.pivot import Pivot, firsts, meant, proves, somebody_else, too_young, written
from carnet.people.queries import actor_by_id, actor_for_identity, person_of
from carnet.records import entering
from carnet.records.ages import AGES
from carnet.records.numbers import record_of
from carnet.records.queries import Holder, bearing, existence
from carnet.records.rules import Identity, RecordState, Stage, Traits, birthday, earliest_birth, stage

ENTRANCE: Final = "entrance"
"""Somebody may come into an account by a way that the support opens: asked for, confirmed, or done. Whoever holds the
account is told each time, whatever they chose (`notify.rules`)."""
OWN_ACCESS: Final = "rights"
"""A child who signs in beside the parents is, for these, a right that has changed."""


class Stop(StrEnum):
    """Why an identity is left to an operator."""

    INCOMPLETE = "incomplete"
    NOBODY = "nobody"
    SEVERAL = "several"
    ACCOUNT = "account"
    MINOR = "minor"
    DECEASED = "deceased"


class NoRecord(Exception):
    """No record has this number."""


class OtherBirth(Exception):
    """The record of this number is of somebody born on another day: a slip of the hand, or somebody else."""


class NotNow(Exception):
    """This record takes nobody in: its holder has died."""


class TooYoung(Exception):
    """A child whose parents look after the record, below the age of an own access (`records.ages`)."""


@dataclass(frozen=True, slots=True)
class Known:
    actor: Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """`reference` is what the person tells the operator."""

    reference: str


@dataclass(frozen=True, slots=True)
class Young:
    """Below the age of an own access: no operator could let them in, so that none is asked."""


def arrive(*, issuer: str, subject: str, pivot: Pivot) -> Known | Waiting | Young:
    """The account of whoever comes for the first time, made for the record that is theirs beyond doubt, or the case
    that an operator will look into."""
    if pivot.dated and too_young(pivot, clock.now().date()):
        return Young()
    found = _whose(pivot)
    if isinstance(found, Stop):
        return Waiting(identity_cases.note_case(issuer=issuer, subject=subject, pivot=pivot, reason=found.value))
    try:
        return Known(_link(issuer, subject, found))
    except Violation:
        # The same person in another window, a moment ago; or somebody else's account for this record.
        known = actor_for_identity(issuer, subject)
        if known:
            return Known(known)
        case = identity_cases.note_case(issuer=issuer, subject=subject, pivot=pivot, reason=Stop.ACCOUNT.value)
        return Waiting(case)


def came_to_have_one(*, account: Actor, issuer: str, subject: str, pivot: Pivot) -> None:
    """An account without a record, whose holder helped others alone, or had it erased: one that has come into being
    since, and is theirs beyond doubt, is theirs from this sign-in on. Anything else leaves the account as it is."""
    found = _whose(pivot) if pivot.dated and not too_young(pivot, clock.now().date()) else Stop.INCOMPLETE
    if isinstance(found, Stop):
        return
    with suppress(Violation):
        _give(account, issuer, subject, found)


def _give(account: Actor, issuer: str, subject: str, holder: Holder) -> None:
    with transaction.atomic(using=WRITER):
        if not actions.give_record(account.id, holder.record_id):
            return
        entering.call_off(holder.record_id)
        _note_own(account, holder.record_id)
        identity_cases.forget(issuer=issuer, subject=subject)
        tell_of_own_access(holder.record_id, account.id)


def _note_own(account: Actor, record_id: UUID) -> None:
    audit.done(
        account,
        Purpose.SELF,
        record_id=record_id,
        capacity="holder",
        action="account-linked",
        target_kind="account",
        target_id=account.id,
    )


def _whose(pivot: Pivot) -> Holder | Stop:
    if not pivot.whole:
        return Stop.INCOMPLETE
    possible = {holder.record_id: holder for holder in _possible(pivot)}
    if len(possible) > 1:
        return Stop.SEVERAL
    holder = next((each for each in possible.values() if proves(pivot, each.identity)), None)
    if holder is None:
        return Stop.NOBODY
    if holder.state is RecordState.DECEASED:
        return Stop.DECEASED
    if person_of(holder.record_id) is not None:
        return Stop.ACCOUNT
    return Stop.MINOR if too_young(pivot, clock.now().date()) else holder


def _possible(pivot: Pivot) -> Iterator[Holder]:
    """Everybody whom these traits do not exclude: a second one, however incomplete, is one too many."""
    for given in firsts(pivot.givens):
        for birth in meant(pivot.birth_date):
            for holder in bearing(Traits(pivot.family, given, birth, pivot.sex)):
                if holder.identity.birth_place.upper() in {"", pivot.birth_place.upper()}:
                    yield holder


def _link(issuer: str, subject: str, holder: Holder) -> Actor:
    with transaction.atomic(using=WRITER):
        actor = open_account(holder)
        actions.add_sign_in(issuer=issuer, subject=subject, actor_id=actor.id)
        _note_own(actor, holder.record_id)
        identity_cases.forget(issuer=issuer, subject=subject)
        tell_of_own_access(holder.record_id, actor.id)
    return _now(actor.id)


def tell_of_own_access(record_id: UUID, account_id: UUID) -> None:
    """The parents of who signs in beside them from now on, where the rules say so."""
    with steward(SYSTEM, record_id, trace=None) as cursor:
        cursor.execute("select r.birth_date::text as birth from record.records_record r where r.id = %s", (record_id,))
        birth = earliest_birth(rows(cursor)[0]["birth"])
        if AGES.parents_told and stage(birth, clock.now().date()) is Stage.OWN:
            happened.tell(Happened(OWN_ACCESS, record_id, account_id))


def open_account(holder: Holder) -> Actor:
    """Inside the transaction of the act. A code that one hand gave to somebody without an account is no way into one
    that is in use."""
    entering.call_off(holder.record_id)
    who = holder.identity
    given, family = who.used_given or who.birth_given, who.used_family or who.birth_family
    name = f"{given.title()} {family}"
    actor_id = actions.add_person(actor_id=uuid4(), key=None, name=name, record_id=holder.record_id)
    return Actor(ActorKind.PERSON, actor_id, name)


def tie(actor: Actor, case: Case, *, number: str, proof: Proof, by_two: Callable[[UUID], None]) -> bool:
    """An operator ties a case to the record of a whole INS, after having seen a proof, and whose it is
    (`holder_to_compare`): they sign in to it from now on. Into an account that there is already, into any where a first
    code needs two, and into one whose holder has another sex or name, nobody is let by one operator alone: `by_two`
    raises until another has confirmed it for that record. False when the case is gone. Raises
    `NotAnIns`, `TooMany`, `NoRecord`, `OtherBirth`, `NotNow`, `TooYoung`: each leaves it as it is."""
    support_only(actor)
    holder = holder_of(actor, written(case.birth_date), number)
    with transaction.atomic(using=WRITER):
        whose = identity_cases.take(case.id)
        if whose is None:
            return False
        account_id = account_of(holder, by_two, doubted=somebody_else(case.pivot, holder.identity))
        actions.add_sign_in(issuer=whose[0], subject=whose[1], actor_id=account_id)
        note_linked(actor, holder.record_id, account_id, proof)
        tell_of_own_access(holder.record_id, account_id)
    return True


def holder_to_compare(actor: Actor, case: Case, number: str) -> Identity:
    """The holder of the record of a whole INS, to be held against the case before the act: a line of their record. It
    counts as a record that was looked up. Raises as `tie`."""
    support_only(actor)
    accounts.own_turn(actor)
    holder = holder_of(actor, written(case.birth_date), number)
    with steward(actor, holder.record_id, trace=Trace("life-looked-up")):
        return holder.identity


def account_of(holder: Holder, by_two: Callable[[UUID], None], *, doubted: bool = False) -> UUID:
    """Their account, made now for who has none. `doubted`: nothing but what the operator wrote says that it is theirs,
    or the traits speak against it, so that even a first account takes two. Inside the transaction of the act."""
    known = person_of(holder.record_id)
    if known is not None or doubted or config.load().codes_by_two:
        by_two(holder.record_id)
    return known or open_account(holder).id


def note_linked(actor: Actor, record_id: UUID, account_id: UUID, proof: Proof) -> None:
    """Where the holder reads it, and their mail, inside the transaction of the act."""
    audit.done(
        actor,
        Purpose.SUPPORT,
        record_id=record_id,
        capacity="steward",
        action="identity-linked",
        target_kind="account",
        target_id=account_id,
        detail=proof.value,
    )
    with steward(actor, record_id, trace=None):
        happened.tell(Happened(ENTRANCE, record_id, actor.id))


def holder_of(actor: Actor, births: Collection[str], number: str) -> Holder:
    """Of a whole INS, born on one of these days as we may have written it. Each number that leads to nobody counts
    among the look-ups of this operator. Raises `NotAnIns`, `TooMany`, `NoRecord`, `OtherBirth`, `NotNow`."""
    record_id = record_of(number)
    with transaction.atomic(using=WRITER):
        accounts.wait_for_ones_turn(actor)
        holder = existence(actor, record_id)
        if holder is None or not holder.state.exists or holder.identity.birth_date not in births:
            audit.refused(
                actor,
                Purpose.SUPPORT,
                record_id=holder.record_id if holder else None,
                action=accounts.LOOKED_UP,
                reason="unknown",
                target_kind="identity",
            )
    if holder is None or not holder.state.exists:
        raise NoRecord
    if holder.state is RecordState.DECEASED:
        raise NotNow
    if clock.now().date() < birthday(earliest_birth(holder.identity.birth_date), AGES.own_access):
        raise TooYoung
    if holder.identity.birth_date not in births:
        raise OtherBirth
    return holder


def _now(actor_id: UUID) -> Actor:
    found = actor_by_id(actor_id)
    if found is None:
        raise LookupError
    return found
