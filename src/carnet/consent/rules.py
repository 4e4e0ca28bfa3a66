"""THE decision: may this actor read this record, or put something into it, and how much of it?

Pure: facts in, a grant or a refusal out; nothing else in the house decides. Sources: public health code
L1111-15 to L1111-18, R1111-46 to R1111-53; the DMP's access matrix (order of 26 October 2023).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from carnet.kernel.actor import ActorKind, Purpose
from carnet.people.rules import Capacity
from carnet.records.rules import RecordState, earliest_birth, majority

MASQUE_PS = 1
INVISIBLE_PATIENT = 2
INVISIBLE_REPRESENTANTS_LEGAUX = 4

ALL_TYPES = "1" * 256
NO_TYPES = "0" * 256


_FRANCE = ZoneInfo("Europe/Paris")


class Wish(StrEnum):
    READ = "read"
    DEPOSIT = "deposit"
    WITHDRAW = "withdraw"


class As(StrEnum):
    """In what capacity a grant was given: the trail and the screens say it in words."""

    HOLDER = "holder"
    REPRESENTATIVE = "representative"
    ATTENDING = "attending"
    AUTHORISED = "authorised"
    AUTHOR = "author"
    SOFTWARE = "software"
    DEPOSITOR = "depositor"
    STEWARD = "steward"


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` on, until `until` (excluded), or without end."""

    since: datetime
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.since <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Authorisation:
    """`express`: given in so many words for this professional, as occupational medicine needs."""

    span: Span
    express: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the decision looks at. `matrix` holds the document types that the actor's profession may read, until
    `matrix_until`; `reads_own` whether software sees again what it deposited; `operator` is the role of an operator."""

    wish: Wish
    purpose: Purpose
    actor: ActorKind
    now: datetime
    state: RecordState | None
    is_holder: bool = False
    holder_birth: str = ""
    capacity: Capacity | None = None
    matrix: str = NO_TYPES
    authorisations: tuple[Authorisation, ...] = ()
    blocked: tuple[Span, ...] = ()
    attending: tuple[Span, ...] = ()
    represents: tuple[Span, ...] = ()
    is_author: bool = False
    reads_own: bool = True
    matrix_until: datetime | None = None
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """`types`: the readable document types as 256 characters 0 or 1, by ordinal; `hidden`: the labels that stay
    unseen; one's own documents are always seen (R1111-49). It ends at `until`, when a fact changes by itself."""

    capacity: As
    types: str = NO_TYPES
    hidden: int = 0
    trail: bool = False
    until: datetime | None = None


class Reason(StrEnum):
    NO_RECORD = "no-record"
    OPPOSED = "opposed"
    CLOSED = "closed"
    NOT_YOURS = "not-yours"
    NO_LINK = "no-link"
    BLOCKED = "blocked"
    NEVER = "never"
    EXPRESS_CONSENT = "express-consent"
    PURPOSE = "purpose"


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: Reason


Decision = Grant | Refusal
_NOT_FOR_THIS = Refusal(Reason.PURPOSE)


def decide(facts: Facts) -> Decision:
    """Closed by default: what no line below allows is refused."""
    if facts.wish is Wish.DEPOSIT and facts.actor is not ActorKind.PERSON:
        refusal = _never_deposits(facts)
        return refusal or _within_its_life(facts, lambda _: Grant(As.DEPOSITOR))
    if facts.wish is Wish.WITHDRAW:
        return Grant(As.STEWARD, ALL_TYPES) if _stewards(facts) else _NOT_FOR_THIS
    match facts.actor, facts.purpose:
        case ActorKind.PERSON, Purpose.SELF:
            return _within_its_life(facts, _holder) if facts.is_holder else Refusal(Reason.NOT_YOURS)
        case ActorKind.PERSON, Purpose.REPRESENTATIVE:
            return _within_its_life(facts, _representative) if facts.represents else Refusal(Reason.NOT_YOURS)
        case ActorKind.PROFESSIONAL, Purpose.CARE:
            return _within_its_life(facts, _professional)
        case ActorKind.CLIENT, Purpose.DEPOSIT:
            return _within_its_life(facts, _software)
    return _NOT_FOR_THIS


def _stewards(facts: Facts) -> bool:
    """An operator of the support takes out of an open record what is not of its holder, and is shown nothing of it."""
    if facts.state is None or not facts.state.open:
        return False
    return facts.actor is ActorKind.OPERATOR and facts.purpose is Purpose.SUPPORT and facts.operator == "support"


def _within_its_life(facts: Facts, decided: Callable[[Facts], Decision]) -> Decision:
    """Whether there is a record is told to those alone who may ask: professionals, software, its own people."""
    match facts.state:
        case None:
            return Refusal(Reason.NO_RECORD)
        case RecordState.OPPOSED:
            return Refusal(Reason.OPPOSED)
        case RecordState.CLOSED:
            return Refusal(Reason.CLOSED)
    return decided(facts)


def _never_deposits(facts: Facts) -> Refusal | None:
    """Feeding needs no consent, and a block does not stop it (L1111-15; dmp_rules 2.2, 2.3): software and
    professionals feed, but for the insurer's. Persons add to the records that they may read as their own."""
    match facts.actor, facts.purpose:
        case (ActorKind.CLIENT, Purpose.DEPOSIT):
            return None
        case (ActorKind.PROFESSIONAL, Purpose.CARE | Purpose.DEPOSIT):
            return Refusal(Reason.NEVER) if facts.capacity is Capacity.INSURER else None
    return Refusal(Reason.PURPOSE)


def _software(facts: Facts) -> Decision:
    """It sees what it deposited itself; some feed only (the health insurance)."""
    return Grant(As.SOFTWARE) if facts.reads_own else Refusal(Reason.NEVER)


def _holder(facts: Facts) -> Decision:
    return Grant(As.HOLDER, ALL_TYPES, INVISIBLE_PATIENT, trail=True)


def _representative(facts: Facts) -> Decision:
    """A representative acts as the holder until the holder comes of age, and sees neither what is withheld from
    the patient nor what a minor keeps secret (R1111-50)."""
    link = _longest(facts.represents, facts.now)
    of_age = datetime.combine(majority(earliest_birth(facts.holder_birth)), time(), _FRANCE)
    if link is None or facts.now >= of_age:
        return Refusal(Reason.NOT_YOURS)
    return Grant(
        As.REPRESENTATIVE,
        ALL_TYPES,
        INVISIBLE_PATIENT | INVISIBLE_REPRESENTANTS_LEGAUX,
        trail=True,
        until=min(of_age, link.until or of_age),
    )


def _professional(facts: Facts) -> Decision:
    if facts.capacity is Capacity.INSURER:
        return Refusal(Reason.NEVER)  # L1111-18: not even with consent
    if any(span.holds(facts.now) for span in facts.blocked):
        return _own_only(facts, Reason.BLOCKED)
    attending = _longest(facts.attending, facts.now)
    if attending is not None:
        return Grant(As.ATTENDING, ALL_TYPES, 0, until=_change(facts, attending))
    express_needed = facts.capacity is Capacity.OCCUPATIONAL
    usable = tuple(given.span for given in facts.authorisations if given.express or not express_needed)
    authorised = _longest(usable, facts.now)
    if authorised is not None:
        return Grant(As.AUTHORISED, facts.matrix, MASQUE_PS, until=_change(facts, authorised))
    return _own_only(facts, Reason.EXPRESS_CONSENT if express_needed else Reason.NO_LINK)


def _own_only(facts: Facts, otherwise: Reason) -> Decision:
    """The author keeps sight of what he deposited, and of nothing else (R1111-49)."""
    if facts.is_author:
        return Grant(As.AUTHOR, until=_next_start(facts))
    return Refusal(otherwise)


def _longest(spans: tuple[Span, ...], now: datetime) -> Span | None:
    holding = [span for span in spans if span.holds(now)]
    endless = [span for span in holding if span.until is None]
    if endless:
        return endless[0]
    return max(holding, key=lambda span: span.until or now, default=None)


def _change(facts: Facts, basis: Span) -> datetime | None:
    """When the grant must be looked at anew: its basis ends, something else begins, another matrix takes effect."""
    return _earliest(basis.until, facts.matrix_until, _next_start(facts))


def _next_start(facts: Facts) -> datetime | None:
    spans = (*facts.blocked, *facts.attending, *(given.span for given in facts.authorisations))
    ahead = [instant for span in spans for instant in (span.since, span.until) if instant]
    return _earliest(*(instant for instant in ahead if instant > facts.now))


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)
