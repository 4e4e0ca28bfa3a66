"""What an operator of the support records about a life: at a counter with the person, or with a proof in hand. Found by
a whole INS; no list; nothing of what the record holds."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import transaction

from carnet.kernel import audit, clock, config, happened
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Trace, locator, steward
from carnet.kernel.db.constraints import violations
from carnet.kernel.happened import Happened
from carnet.kernel.ids import uuid7
from carnet.people.accounts import own_turn
from carnet.people.operators import support_only
from carnet.records import life, opting
from carnet.records.ages import AGES
from carnet.records.entering import TooYoung
from carnet.records.life import ACTIONS, NotDone, Receipt, Standing
from carnet.records.models import Record
from carnet.records.numbers import record_of, system_of, whole
from carnet.records.queries import ins_key
from carnet.records.rules import (
    Act,
    Fault,
    Identity,
    OptOut,
    RecordState,
    Traits,
    Who,
    birthday,
    earliest_birth,
    fault,
    majority,
)
from carnet.records.traits import Odd, odd
from carnet.rights import pairs
from carnet.rights.life import ERASING

_LOOKED_UP: Final = "life-looked-up"
# The person is told by e-mail that something has changed; of a closed record nobody is told any more.
_TOLD_BEFORE: Final = frozenset({Act.CLOSE, Act.SUSPEND})
_TOLD: Final = frozenset({Act.RESUME, Act.REOPEN})
_OF_HEIRS: Final = frozenset({Act.GRANT_HEIRS, Act.REFUSE_HEIRS})


class Ground(StrEnum):
    """Fixed words, so that nothing about anybody's health is written there."""

    ASKED = "asked"
    IDENTITY = "identity"
    MISUSE = "misuse"
    FAULT = "fault"
    SETTLED = "settled"
    CERTIFICATE = "certificate"
    REGISTER = "register"
    MISTAKE = "mistake"
    CAUSE = "cause"
    MEMORY = "memory"
    RIGHTS = "rights"


class Claimant(StrEnum):
    """Who may ask after a death (L1110-4 V); of a minor, who had parental authority asks for everything."""

    HEIR = "heir"
    SPOUSE = "spouse"
    PARTNER = "partner"
    PARENT = "parent"


GROUNDS: Final[dict[Act, tuple[Ground, ...]]] = {
    Act.OPPOSE: (Ground.ASKED,),
    Act.CREATE: (Ground.ASKED,),
    Act.CLOSE: (Ground.ASKED,),
    Act.REOPEN: (Ground.ASKED,),
    Act.ASK_ERASING: (Ground.ASKED,),
    Act.WITHDRAW_ERASING: (Ground.ASKED,),
    Act.SUSPEND: (Ground.IDENTITY, Ground.MISUSE, Ground.FAULT),
    Act.RESUME: (Ground.SETTLED,),
    Act.RECORD_DEATH: (Ground.CERTIFICATE, Ground.REGISTER),
    Act.UNDO_DEATH: (Ground.MISTAKE,),
    Act.GRANT_HEIRS: (Ground.CAUSE, Ground.MEMORY, Ground.RIGHTS),
    Act.REFUSE_HEIRS: (Ground.CAUSE, Ground.MEMORY, Ground.RIGHTS),
}
"""What may be recorded at a counter, and on which ground."""


class Objected(ValueError):
    """The person said in their lifetime that their relatives may not ask."""


class NoClaimant(ValueError):
    """Who asks has not been said, or is nobody who may ask about this person."""


class OddTraits(ValueError):
    """What was typed cannot stand in a civil register."""

    def __init__(self, what: Odd) -> None:
        self.what = what
        super().__init__(what.value)


class NotThatDay(ValueError):
    """A death is of a day that has been, and not before the birth."""


def claimants(of: Standing) -> tuple[Claimant, ...]:
    """Who had parental authority asks about a person who died a minor."""
    young = of.died_on is not None and bool(of.birth_date) and of.died_on < majority(earliest_birth(of.birth_date))
    return tuple(each for each in Claimant if young or each is not Claimant.PARENT)


def may(of: Standing, act: Act) -> bool:
    """Whether it may be recorded now. Erasing is for the person alone, as in their own record: not before the age of an
    own access."""
    if act is Act.ASK_ERASING and _too_young(of):
        return False
    return fault(of.life, act, Who.COUNTER, clock.now()) is None


def _too_young(of: Standing) -> bool:
    return not of.birth_date or clock.now().date() < birthday(earliest_birth(of.birth_date), AGES.own_access)


def find(actor: Actor, number: str) -> UUID | None:
    """Found or not, it leaves a line: in the record, or in the security log. Raises `NotAnIns`, `TooMany`."""
    support_only(actor)
    own_turn(actor)
    found = record_of(number)
    if found is None:
        audit.refused(actor, Purpose.SUPPORT, record_id=None, action=_LOOKED_UP, reason="unknown")
    return found


def standing(actor: Actor, record_id: UUID) -> Standing | None:
    support_only(actor)
    with steward(actor, record_id, trace=Trace(_LOOKED_UP)) as cursor:
        return life.standing(cursor, record_id)


def act(
    actor: Actor,
    *,
    record_id: UUID,
    act: Act,
    ground: Ground,
    died_on: date | None = None,
    claimant: Claimant | None = None,
) -> Receipt:
    """Raises `NotDone`, `NotThatDay`, `NoClaimant`, `Objected`, `TooYoung`; for an erasing that no colleague has
    confirmed, `AskFirst`."""
    support_only(actor)
    if ground not in GROUNDS.get(act, ()):
        raise NotDone(Fault.NOT_YOURS)
    if act in _OF_HEIRS and claimant is None:
        raise NoClaimant
    if act is Act.RECORD_DEATH and (died_on is None or died_on > clock.now().date()):
        raise NotThatDay
    with steward(actor, record_id, trace=Trace(ACTIONS[act], detail=ground.value)) as cursor:
        if act is Act.GRANT_HEIRS and OptOut.HEIRS in opting.opted_out(cursor, record_id):
            raise Objected
        found = life.standing(cursor, record_id)
        if found:
            _fits(found, act, died_on, claimant)
        if act in _TOLD_BEFORE:
            happened.tell(Happened("rights", record_id, actor.id))
        who = claimant.value if claimant else ""
        receipt = life.take(cursor, record_id, act, Who.COUNTER, ground=ground.value, claimant=who, died_on=died_on)
        if act in _TOLD:
            happened.tell(Happened("rights", record_id, actor.id))
        if act is Act.ASK_ERASING:
            pairs.take(actor, record_id, pairs.Kind.ERASING)
            happened.tell(Happened(ERASING, record_id, actor.id))
    return receipt


def ask_erasing(actor: Actor, record_id: UUID) -> None:
    """Another operator, who sees the person too, confirms it before: what is erased does not come back, and who has no
    address for notices would learn of it too late. Nothing where it waits already, or may not be done."""
    found = standing(actor, record_id)
    waits = pairs.state(actor, record_id, pairs.Kind.ERASING)[0] is not pairs.State.NONE
    if found and may(found, Act.ASK_ERASING) and not waits:
        pairs.ask(actor, record_id, pairs.Kind.ERASING)


def _fits(of: Standing, act: Act, died_on: date | None, claimant: Claimant | None) -> None:
    """What is said goes with who it is about. Raises `NoClaimant`, `NotThatDay`, `TooYoung`."""
    if act in _OF_HEIRS and claimant not in claimants(of):
        raise NoClaimant
    if act is Act.ASK_ERASING and _too_young(of):
        raise TooYoung
    if of.birth_date and died_on and died_on < earliest_birth(of.birth_date):
        raise NotThatDay


def oppose_unknown(actor: Actor, *, number: str, traits: Traits, givens: str = "") -> Receipt:
    """For who was never told, and has no record: nothing opens for them any more. With `givens` (all of them), sex and
    birth place they can sign in and change their mind. Raises `NotAnIns`, `Violation`, `OddTraits`."""
    return _found(actor, Act.OPPOSE, RecordState.OPPOSED, _identity(number, traits, givens))


def create_unknown(actor: Actor, *, number: str, traits: Traits, givens: str) -> Receipt:
    """For who was never told, or had theirs erased, and wants one: it waits for them, empty. Raises `NotAnIns`,
    `Violation`, `OddTraits`."""
    return _found(actor, Act.CREATE, RecordState.UNOPENED, _identity(number, traits, givens))


def _identity(number: str, traits: Traits, givens: str) -> Identity:
    oid, ins = system_of(number), whole(number)
    identity = Identity(
        oid,
        ins,
        traits.birth_family,
        traits.birth_given,
        birth_givens=givens,
        sex=traits.sex or "U",
        birth_date=traits.birth_date,
        birth_place=traits.birth_place.upper(),
    )
    if wrong := odd(identity):
        raise OddTraits(wrong)
    return identity


def _found(actor: Actor, act: Act, state: RecordState, identity: Identity) -> Receipt:
    support_only(actor)
    new_id, trusted = uuid7(), not config.load().codes_by_two
    trace = Trace(ACTIONS[act], detail=Ground.ASKED.value)
    with violations(), steward(actor, new_id, trace=trace, founding=True) as cursor:
        locator.add(cursor, locator.INS, ins_key(identity.ins_oid, identity.ins), new_id)
        if trusted:
            locator.add(cursor, locator.TRAITS, _key(identity), new_id)
        Record.objects.using(WRITER).create(id=new_id, state=state.value, state_since=clock.now(), **asdict(identity))
        receipt = life.receipt(new_id, act, Who.COUNTER, Ground.ASKED.value)
    if not trusted:
        pairs.ask(actor, new_id, pairs.Kind.TRAITS)
    return receipt


def _key(identity: Identity) -> str:
    return Traits(identity.birth_family, identity.birth_given, identity.birth_date).key


def unread(actor: Actor, record_id: UUID) -> bool:
    """Whether nobody comes into this record by their traits, because one operator alone has typed them."""
    found, holder = standing(actor, record_id), _identity_of(actor, record_id)
    if found is None or holder is None or found.life.state is RecordState.JOINED:
        return False
    return record_id not in locator.find(locator.TRAITS, _key(holder), using=WRITER)


def ask_reading(actor: Actor, record_id: UUID) -> None:
    """Anew, where the first request was refused or came too late."""
    if unread(actor, record_id) and pairs.state(actor, record_id, pairs.Kind.TRAITS)[0] is pairs.State.NONE:
        pairs.ask(actor, record_id, pairs.Kind.TRAITS)


def confirm_traits(actor: Actor, case_id: UUID) -> None:
    """By another operator, who has seen the paper too: from now on the person comes in by these traits. Raises
    `NotConfirmed`."""
    with transaction.atomic(using=WRITER):
        record_id = pairs.traits_confirmed(actor, case_id)
        holder = _identity_of(actor, record_id)
        with steward(actor, record_id, trace=Trace("traits-confirmed")) as cursor:
            if holder is not None:
                locator.add(cursor, locator.TRAITS, _key(holder), record_id)


def _identity_of(actor: Actor, record_id: UUID) -> Identity | None:
    with steward(actor, record_id, trace=None):
        found = Record.objects.using(WRITER).filter(id=record_id).values(*Identity.__dataclass_fields__).first()
    return Identity(**found) if found else None
