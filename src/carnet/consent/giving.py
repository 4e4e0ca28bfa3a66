"""To whom the holder of a record, or who represents them, may open it, and whom they may keep out: one rule, whichever
face asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from carnet.consent import actions, asking, seeing, stated, switches
from carnet.consent.actions import Blocked, Grantee, NotToBlock
from carnet.consent.asking import Answer
from carnet.consent.declaring import this_visit
from carnet.consent.holders import permit_of_holder
from carnet.consent.queries import keeps_secrets
from carnet.consent.represented import representation
from carnet.consent.rules import BY_EXPRESS, INVISIBLE_REPRESENTANTS_LEGAUX, As, Decision, Reason, Refusal
from carnet.consent.seeing import Reader
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, open_record
from carnet.people import disowning, settling
from carnet.people import queries as people
from carnet.people.rules import Capacity

_GIVES: Final = "authorise"
_BLOCKS: Final = "block"
NOT_GIVEN: Final = "not-given-"
"""Before a `Why`, as the trail has it: a reason of another name than those of the decision."""


class Why(StrEnum):
    """Why there is nothing to give, or nobody to keep out: nobody is known by that number; the law gives the médecin
    traitant access; blocked already; nobody practises there; the decision says no all the same; no professional; only
    in so many words; no secret of theirs to keep; not to be shown what is masked; the child is to be asked; a
    secretary, whose right is that of whom they work for; not for longer than a visit while the account settles."""

    UNKNOWN = "unknown"
    ATTENDING = "attending"
    BLOCKED = "blocked"
    EMPTY = "empty"
    LAW = "law"
    GROUP = "group"
    EXPRESS = "express"
    SECRET = "secret"  # noqa: S105  (no password)
    UNMASKED = "unmasked"
    CHILD = "child"
    SECRETARY = "secretary"
    SETTLING = "settling"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """`reason`: by what the decision says no, where it is the law's."""

    why: Why
    reason: Reason | None = None


class NotGiven(Exception):
    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(hindrance.why.value)
        self.hindrance = hindrance


@dataclass(frozen=True, slots=True)
class Number:
    """Of the directory: an RPPS number, or a national structure identifier."""

    kind: Literal["professional", "organisation"]
    value: str


@dataclass(frozen=True, slots=True)
class Wish:
    """`answer`: what a parent says that the child said. `proven`: that it is the holder has been shown otherwise than
    by a code of which nobody knows yet into whose hands it came."""

    until: datetime | None = None
    express: bool = False
    secret: bool = False
    unmasked: bool = False
    answer: Answer | None = None
    proven: bool = False

    @property
    def lasts(self) -> bool:
        """Longer than a visit."""
        return self.until is None or self.until > this_visit(clock.now())


@dataclass(frozen=True, slots=True)
class Footing:
    """How somebody stands to a record, as far as who asks may know. `capacity` is None for a team or an organisation,
    of which `members` is how many would read by it; `supposed` the decision if they were authorised in so many words,
    None for who is not in practice any more. `keeps_secrets`: who asks has somebody to keep a secret from;
    `asks_child`: they are a parent who asks the child."""

    capacity: Capacity | None
    attending: bool
    blocked: bool
    members: int
    supposed: Decision | None
    keeps_secrets: bool
    asks_child: bool

    @property
    def to_give(self) -> Hindrance | None:
        """None where something may be given."""
        if self.attending:
            return Hindrance(Why.ATTENDING)
        if self.blocked:
            return Hindrance(Why.BLOCKED)
        if self.capacity is None:
            return None if self.members else Hindrance(Why.EMPTY)
        if self.supposed is None:
            return Hindrance(Why.UNKNOWN)
        if self.capacity is Capacity.SECRETARIAT:
            return Hindrance(Why.SECRETARY)
        return Hindrance(Why.LAW, self.supposed.reason) if isinstance(self.supposed, Refusal) else None

    @property
    def to_block(self) -> Hindrance | None:
        if self.capacity is None:
            return Hindrance(Why.GROUP)
        if self.attending:
            return Hindrance(Why.ATTENDING)
        return Hindrance(Why.BLOCKED) if self.blocked else None

    @property
    def may_be_secret(self) -> bool:
        """Of who belongs to a team or an organisation, what is given to it cannot be kept."""
        return self.keeps_secrets and self.capacity is not None


def by_express(capacity: Capacity | None) -> bool:
    """Those of whom the law asks an express consent: who judge whether somebody is fit, at work or as a firefighter."""
    return capacity in BY_EXPRESS


def trusted_as(capacity: Capacity | None) -> Literal["coordinating", "administrator", ""]:
    """As whom the holder may let them see what is masked (the administrator: a switch), "" for not at all."""
    if capacity is Capacity.COORDINATING:
        return "coordinating"
    return "administrator" if capacity is Capacity.CARE and switches.value("administrator_sees_masked") else ""


def footing(actor: Actor, purpose: Purpose, *, record_id: UUID, to: Grantee, action: str = _GIVES) -> Footing | None:
    """Before an act, whose line is the only one. None for nobody, and for no group. Raises `Refused` for whoever is not
    the holder, nor represents them."""
    permit = permit_of_holder(actor, purpose, record_id, action=action)
    with open_record(permit, trace=None) as cursor:
        return _of_professional(cursor, permit, to.id) if to.kind == "professional" else _of_group(cursor, permit, to)


def _of_professional(cursor: CursorWrapper, permit: Permit, professional_id: UUID) -> Footing | None:
    # Whether they are blocked is looked at below: a block that the minor keeps secret is not told to a parent.
    supposed = Reader(professional_id, supposed=True, unblocked=True)
    sight = seeing.sight(cursor, permit.record_id, permit.actor, supposed)
    known = people.professionals([professional_id]).get(professional_id)
    if known is None:
        return None
    now = clock.now()
    held = stated.of_record(cursor, permit.record_id)
    return Footing(
        capacity=known.capacity,
        attending=professional_id in actions.attending_now(cursor, permit.record_id),
        blocked=any(each.to.id == professional_id and not each.permitted and each.holds(now) for each in held),
        members=1,
        supposed=sight.decision if sight else None,
        keeps_secrets=keeps_secrets(cursor, permit),
        asks_child=_asks_child(cursor, permit),
    )


def _of_group(cursor: CursorWrapper, permit: Permit, to: Grantee) -> Footing | None:
    group = people.group(to.id)
    if group is None:
        return None
    return Footing(
        capacity=None,
        attending=False,
        blocked=False,
        members=group.members,
        supposed=None,
        keeps_secrets=keeps_secrets(cursor, permit),
        asks_child=_asks_child(cursor, permit),
    )


def _asks_child(cursor: CursorWrapper, permit: Permit) -> bool:
    if permit.capacity != As.REPRESENTATIVE:
        return False
    found = representation(cursor, permit.record_id)
    return found.somebody and asking.is_asked(found.birth, switches.today())


def give(actor: Actor, purpose: Purpose, *, record_id: UUID, to: Number, wish: Wish) -> UUID:
    """What is given takes the place of what they had given to the same. Raises `NotGiven`, with its line, and
    `Refused`."""
    return open_to(actor, purpose, record_id=record_id, to=_named(actor, purpose, record_id, to, _GIVES), wish=wish)


def open_to(actor: Actor, purpose: Purpose, *, record_id: UUID, to: Grantee, wish: Wish) -> UUID:
    """The same, to somebody who has been found."""
    standing = footing(actor, purpose, record_id=record_id, to=to)
    hindrance = (standing.to_give or _unmet(standing, wish) or _held(actor, wish)) if standing else None
    if standing is None or hindrance is not None:
        raise _not_given(actor, purpose, record_id, _GIVES, hindrance or Hindrance(Why.UNKNOWN))
    if standing.asks_child and wish.answer is not None:
        asking.note_answer(actor, purpose, record_id=record_id, answer=wish.answer)
    try:
        return actions.authorise(
            actor,
            purpose,
            record_id=record_id,
            grantee=to,
            until=wish.until,
            express=wish.express,
            instead=True,
            secret=wish.secret,
            unmasked=wish.unmasked,
        )
    except Blocked:
        raise _not_given(actor, purpose, record_id, _GIVES, Hindrance(Why.BLOCKED)) from None


def keep_out(actor: Actor, purpose: Purpose, *, record_id: UUID, to: Number) -> UUID:
    """Raises `NotGiven`, with its line, and `Refused`."""
    grantee = _named(actor, purpose, record_id, to, _BLOCKS)
    standing = footing(actor, purpose, record_id=record_id, to=grantee, action=_BLOCKS)
    hindrance = standing.to_block if standing else Hindrance(Why.UNKNOWN)
    if hindrance is not None:
        raise _not_given(actor, purpose, record_id, _BLOCKS, hindrance)
    try:
        return actions.block(actor, purpose, record_id=record_id, professional_id=grantee.id)
    except NotToBlock:
        raise _not_given(actor, purpose, record_id, _BLOCKS, Hindrance(Why.ATTENDING)) from None


def _not_given(actor: Actor, purpose: Purpose, record_id: UUID, action: str, hindrance: Hindrance) -> NotGiven:
    """With its line. It names nobody; what a minor tried is told to the minor alone: that somebody is blocked may be a
    secret of theirs."""
    hidden_from = 0 if purpose is Purpose.REPRESENTATIVE else INVISIBLE_REPRESENTANTS_LEGAUX
    reason = f"{NOT_GIVEN}{hindrance.why.value}"
    audit.refused(actor, purpose, record_id=record_id, action=action, reason=reason, hidden_from=hidden_from)
    return NotGiven(hindrance)


def _unmet(standing: Footing, wish: Wish) -> Hindrance | None:
    """What keeps it from being given in the way in which it is wished."""
    unmet = {
        Why.EXPRESS: by_express(standing.capacity) and not wish.express,
        Why.SECRET: wish.secret and not standing.may_be_secret,
        Why.UNMASKED: wish.unmasked and not trusted_as(standing.capacity),
        Why.CHILD: standing.asks_child and wish.answer is None,
    }
    return next((Hindrance(why) for why, lacks in unmet.items() if lacks), None)


def _held(actor: Actor, wish: Wish) -> Hindrance | None:
    """What opens the record for good waits while nobody knows for sure that it is the holder who asks: two days after
    somebody came in by a code, and as long as somebody says of a session that it was not theirs."""
    if not wish.lasts:
        return None
    unsure = disowning.waiting(actor) or (not wish.proven and settling.until(actor))
    return Hindrance(Why.SETTLING) if unsure else None


def _named(actor: Actor, purpose: Purpose, record_id: UUID, to: Number, action: str) -> Grantee:
    """The directory is looked at for those alone who may give: others are refused first."""
    permit_of_holder(actor, purpose, record_id, action=action)
    grantee = _in_directory(to)
    if grantee is None:
        raise _not_given(actor, purpose, record_id, action, Hindrance(Why.UNKNOWN))
    return grantee


def _in_directory(number: Number) -> Grantee | None:
    find = people.professional_of_rpps if number.kind == "professional" else people.organisation_of
    found = find(number.value)
    return Grantee(number.kind, found) if found else None
