"""THE decision: may this actor read this record, or put something into it, and how much of it?

Pure: facts in, a grant or a refusal out; nothing else in the house decides. Sources: public health code
L1111-15 to L1111-18, R1111-46 to R1111-53; the DMP's access matrix (order of 26 October 2023). `consent.articles`
names the article of each answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from carnet.consent.caring import STATED, Right, types_of
from carnet.consent.facts import (
    ALL_TYPES,
    INVISIBLE_PATIENT,
    INVISIBLE_REPRESENTANTS_LEGAUX,
    MASQUE_PS,
    NO_TYPES,
    As,
    Authorisation,
    Care,
    Choices,
    Clinician,
    Decision,
    Deputising,
    DeputyKind,
    Facts,
    Grant,
    Reason,
    Refusal,
    Span,
    Switches,
    Wish,
)
from carnet.kernel.actor import ActorKind, Purpose
from carnet.people.rules import Capacity
from carnet.records.rules import RecordState, earliest_birth, majority

__all__ = [
    "ALL_TYPES",
    "BY_EXPRESS",
    "INVISIBLE_PATIENT",
    "INVISIBLE_REPRESENTANTS_LEGAUX",
    "MASQUE_PS",
    "NO_TYPES",
    "As",
    "Authorisation",
    "Care",
    "Choices",
    "Clinician",
    "Decision",
    "Deputising",
    "DeputyKind",
    "Facts",
    "Grant",
    "Reason",
    "Refusal",
    "Span",
    "Switches",
    "Wish",
    "decide",
    "may_be_handed",
]

_FRANCE = ZoneInfo("Europe/Paris")
_OF_PROFESSIONALS = frozenset({Purpose.CARE, Purpose.DEPOSIT, Purpose.EMERGENCY, Purpose.REGULATION})
_NOT_FOR_THIS = Refusal(Reason.PURPOSE)
_EVERY_LABEL = MASQUE_PS | INVISIBLE_PATIENT | INVISIBLE_REPRESENTANTS_LEGAUX
# Those who treat; secretaries, occupational medicine, the fire brigade's and the insurer's doctors have no emergency.
_TREAT = frozenset({Capacity.CARE, Capacity.CHILD_PROTECTION, Capacity.REGULATION, Capacity.COORDINATING})
# Those to whom a person may give their consent at a visit.
_MAY_DECLARE = _TREAT | {Capacity.OCCUPATIONAL, Capacity.FIRE}
# Those into whose hands a person may put a document of their own: who treat them. For the others the law has conditions
# of its own, or says no.
_BY_HAND = frozenset({Capacity.CARE, Capacity.COORDINATING})
# Those who judge whether somebody is fit: consent in so many words, or none (L1111-17 IV and V).
BY_EXPRESS = frozenset({Capacity.OCCUPATIONAL, Capacity.FIRE})
# What keeps somebody out keeps them out in somebody else's place too; whom express consent alone lets in is let in by
# nobody's else.
_NOBODYS_PLACE = frozenset({Reason.NEVER, Reason.BLOCKED, Reason.CHILDREN_ONLY})


def decide(facts: Facts) -> Decision:
    """Closed by default: what no rule below allows is refused."""
    decision = _decide(facts)
    # What an emergency opens is told by its own mark.
    opens = isinstance(decision, Grant) and decision.capacity in {As.EMERGENCY, As.REGULATION}
    silent = _is_secret_guest(facts) and not opens
    return replace(decision, quiet=INVISIBLE_REPRESENTANTS_LEGAUX) if silent else decision


def _decide(facts: Facts) -> Decision:
    if facts.wish is Wish.STATE and facts.purpose is not Purpose.CARER:
        # Who may add a document may say something without one.
        return _decide(replace(facts, wish=Wish.DEPOSIT))
    if facts.wish is Wish.DEPOSIT and facts.actor is not ActorKind.PERSON:
        refusal = _never_deposits(facts)
        return refusal or _within_its_life(facts, lambda _: Grant(As.DEPOSITOR))
    if facts.wish is Wish.WITHDRAW:
        return Grant(As.STEWARD, ALL_TYPES) if _stewards(facts) else _NOT_FOR_THIS
    match facts.actor, facts.purpose, facts.wish:
        case ActorKind.PERSON, _, _:
            return _person(facts)
        case ActorKind.PROFESSIONAL, Purpose.CARE, Wish.READ:
            return _within_its_life(facts, _professional)
        case ActorKind.PROFESSIONAL, Purpose.CARE, Wish.DECLARE:
            return _within_its_life(facts, _declarant)
        case ActorKind.PROFESSIONAL, Purpose.EMERGENCY | Purpose.REGULATION, Wish.READ | Wish.BREAK_GLASS:
            return _within_its_life(facts, _emergency)
        case ActorKind.CLIENT, Purpose.DEPOSIT, Wish.READ:
            return _within_its_life(facts, _software)
    return _NOT_FOR_THIS


def _person(facts: Facts) -> Decision:
    match facts.purpose, facts.wish:
        case Purpose.SELF, Wish.READ | Wish.DEPOSIT:
            return _within_its_life(facts, _holder) if facts.is_holder else Refusal(Reason.NOT_YOURS)
        case Purpose.SELF, Wish.LIFE:
            return _own_life(facts)
        case Purpose.REPRESENTATIVE, Wish.LIFE:
            return _childs_life(facts)
        case Purpose.REPRESENTATIVE, Wish.JOIN:
            return _within_its_life(facts, _other_parent) if facts.invited else Refusal(Reason.NOT_YOURS)
        case Purpose.REPRESENTATIVE, Wish.READ | Wish.DEPOSIT:
            linked = facts.represents or facts.guards
            return _within_its_life(facts, _representative) if linked else Refusal(Reason.NOT_YOURS)
        case Purpose.CARER, Wish.READ | Wish.DEPOSIT | Wish.STATE:
            return _within_its_life(facts, _carer) if facts.cares else Refusal(Reason.NOT_YOURS)
        case Purpose.CARER, Wish.JOIN:
            return _within_its_life(facts, _invited) if facts.invited else Refusal(Reason.NOT_YOURS)
    return _NOT_FOR_THIS


def _stewards(facts: Facts) -> bool:
    """An operator of the support takes out of an open record, or one put aside, what is not of its holder, and is shown
    nothing of it."""
    if facts.state is None or not facts.state.fed:
        return False
    return facts.actor is ActorKind.OPERATOR and facts.purpose is Purpose.SUPPORT and facts.operator == "support"


def _own_life(facts: Facts) -> Decision:
    """Opposed, closed or put aside: what becomes of it stays the holder's to say, and nothing of it is shown."""
    if facts.state is None or not facts.is_holder:
        return Refusal(Reason.NOT_YOURS)
    return Grant(As.HOLDER, NO_TYPES, _EVERY_LABEL)


def _childs_life(facts: Facts) -> Decision:
    """Who represents a minor closes the minor's record, and opens it again; what is in it is not shown by that."""
    link = _longest(facts.represents, facts.now)
    if facts.state is None or link is None or facts.now >= _of_age(facts):
        return Refusal(Reason.NOT_YOURS)
    return Grant(As.REPRESENTATIVE, NO_TYPES, _EVERY_LABEL)


def _within_its_life(facts: Facts, decided: Callable[[Facts], Decision]) -> Decision:
    """Whether there is a record is told to those alone who may ask: professionals, software, its own people."""
    match facts.state:
        case None | RecordState.INFORMED | RecordState.JOINED:
            return Refusal(Reason.NO_RECORD)
        case RecordState.OPPOSED:
            return Refusal(Reason.OPPOSED)
        case RecordState.CLOSED:
            return Refusal(Reason.CLOSED)
        case RecordState.DECEASED:
            return Refusal(Reason.DECEASED)
        case RecordState.SUSPENDED if not _feeds(facts):
            return Refusal(Reason.SUSPENDED)
    return decided(facts)


def _feeds(facts: Facts) -> bool:
    """Software and professionals who deposit; a person adds to what they can see."""
    return facts.wish is Wish.DEPOSIT and facts.actor is not ActorKind.PERSON


def _never_deposits(facts: Facts) -> Refusal | None:
    """Feeding needs no consent, and a block does not stop it (L1111-15; dmp_rules 2.2, 2.3): software and
    professionals feed, but for the insurer's. What is noted without a document is of the profession's own acts, and in
    one's own name. Persons add to the records that they may read as their own."""
    match facts.actor, facts.purpose:
        case (ActorKind.CLIENT, Purpose.DEPOSIT):
            return None
        case (ActorKind.PROFESSIONAL, Purpose.CARE | Purpose.DEPOSIT):
            never = facts.own.capacity is Capacity.INSURER or (facts.note and facts.note not in facts.own.notes)
            return Refusal(Reason.NEVER) if never else None
    return Refusal(Reason.PURPOSE)


def _software(facts: Facts) -> Decision:
    """It sees what it deposited itself; some feed only (the health insurance)."""
    return Grant(As.SOFTWARE) if facts.reads_own else Refusal(Reason.NEVER)


def _holder(facts: Facts) -> Decision:
    return Grant(As.HOLDER, ALL_TYPES, INVISIBLE_PATIENT, trail=True, discreet=facts.discreet, visits=facts.visits)


def _representative(facts: Facts) -> Decision:
    """A parent acts as the holder until the holder comes of age, the guardian of a protected adult for as long as was
    decided; neither sees what is withheld from the patient nor what the person keeps secret (R1111-50)."""
    guard = _longest(facts.guards, facts.now)
    if guard is not None:
        return _in_their_name(facts, guard.until)
    parent, of_age = _longest(facts.represents, facts.now), _of_age(facts)
    if parent is None or facts.now >= of_age:
        return Refusal(Reason.NOT_YOURS)
    return _in_their_name(facts, min(of_age, parent.until or of_age))


def _in_their_name(facts: Facts, until: datetime | None) -> Grant:
    hidden = INVISIBLE_PATIENT | INVISIBLE_REPRESENTANTS_LEGAUX
    return Grant(
        As.REPRESENTATIVE, ALL_TYPES, hidden, trail=True, until=until, discreet=facts.discreet, visits=facts.visits
    )


def _carer(facts: Facts) -> Decision:
    """What the holder gave, and of that nothing which is masked, not announced or kept secret. Who was given documents,
    and to act, adds some; who was given to act says something within what was given for that."""
    held = [each for each in facts.cares if each.span.holds(facts.now)]
    if facts.wish is Wish.DEPOSIT:
        held = [each for each in held if each.acts and Right.DOCUMENTS in each.rights]
    if facts.wish is Wish.STATE:
        held = [each for each in held if each.acts and each.rights & STATED]
    if not facts.switches.carers or not held:
        return Refusal(Reason.NOT_YOURS)
    types = types_of(right for each in held for right in each.rights)
    return Grant(As.CARER, types, _EVERY_LABEL, until=_earliest(facts.rules_until, *_ahead(facts)))


def _ahead(facts: Facts) -> list[datetime]:
    edges = [instant for each in facts.cares for instant in (each.span.since, each.span.until) if instant]
    return [instant for instant in edges if instant > facts.now]


def _invited(facts: Facts) -> Decision:
    """To say yes or no, with nothing in sight; the holder does not help themselves."""
    if not facts.switches.carers or facts.is_holder:
        return Refusal(Reason.NOT_YOURS)
    return Grant(As.CARER, NO_TYPES, _EVERY_LABEL)


def _other_parent(facts: Facts) -> Decision:
    """To say that they are the other parent of a minor, with a proof, and nothing in sight: an operator looks at it
    before anything opens."""
    if facts.is_holder or facts.now >= _of_age(facts) or _longest(facts.represents, facts.now) is not None:
        return Refusal(Reason.NOT_YOURS)
    return Grant(As.INVITED, NO_TYPES, _EVERY_LABEL)


def _of_age(facts: Facts) -> datetime:
    return datetime.combine(majority(earliest_birth(facts.holder_birth)), time(), _FRANCE)


def _professional(facts: Facts) -> Decision:
    """By a right of one's own, or else by that of whom one stands in for; or one's own documents alone, or those that
    the holder put into one's hands."""
    own = _by_right(facts, facts.own)
    if isinstance(own, Grant):
        return own
    if own.reason not in _NOBODYS_PLACE and facts.own.capacity not in BY_EXPRESS:
        standing_in = _standing_in(facts)
        if standing_in is not None:
            return standing_in
    alone = _own_only(facts, own)
    return alone if isinstance(alone, Grant) else _handed(facts, alone)


def may_be_handed(capacity: Capacity | None) -> bool:
    return capacity in _BY_HAND


def _handed(facts: Facts, otherwise: Refusal) -> Decision:
    """Whom the holder handed a document sees that one and nothing else, themselves alone: nobody in their place, no
    team, and not who is blocked. Which document it is stands on its row."""
    basis = _basis(facts.handed, facts.now)
    if basis is None or otherwise.reason is Reason.BLOCKED or not may_be_handed(facts.own.capacity):
        return otherwise
    return Grant(As.RECIPIENT, until=_earliest(basis.until, facts.rules_until, _next_start(facts)), quiet=_quiet(basis))


def _by_right(facts: Facts, who: Clinician) -> Decision:
    """What the holder and the law give to a professional of this record."""
    refusal = _never_reads(facts, who)
    if refusal is not None:
        return refusal
    attending = _longest(who.attending, facts.now)
    if attending is not None:
        hidden = 0 if facts.switches.attending_sees_masked else MASQUE_PS
        return Grant(As.ATTENDING, ALL_TYPES, hidden, until=_change(facts, who, attending))
    return _authorised(facts, who)


def _never_reads(facts: Facts, who: Clinician) -> Refusal | None:
    if who.capacity is Capacity.INSURER:
        return Refusal(Reason.NEVER)  # L1111-18: not even with consent
    blocked = _basis(who.blocked, facts.now)
    if blocked is not None:
        return _blocked(blocked)
    if who.capacity is Capacity.CHILD_PROTECTION and facts.now >= _of_age(facts):
        return Refusal(Reason.CHILDREN_ONLY)  # L1111-18: the child's record
    return None


def _authorised(facts: Facts, who: Clinician) -> Decision:
    express_needed = who.capacity in BY_EXPRESS
    usable = [given for given in who.authorisations if given.express or not express_needed]
    by_name = _basis((given.span for given in usable if not given.by_team), facts.now)
    by_team = _basis((given.span for given in usable if given.by_team), facts.now)
    if by_name is not None and not who.matrix_in_team:
        return _named(facts, who, usable, by_name)
    if by_team is not None:
        return Grant(As.TEAM, who.matrix, MASQUE_PS, until=_change(facts, who, by_team), quiet=_quiet(by_team))
    if by_name is not None:
        return Refusal(Reason.TEAM_ONLY)
    return Refusal(Reason.EXPRESS_CONSENT if express_needed else Reason.NO_LINK)


def _named(facts: Facts, who: Clinician, given: Iterable[Authorisation], basis: Span) -> Grant:
    """A home's coordinating doctor reads as the médecin traitant does, when the resident agrees to it (L1111-16). Whom
    the person names administrator sees what is masked of what they may read (a switch)."""
    until, quiet = _change(facts, who, basis), _quiet(basis)
    unmasked = any(each.unmasked and not each.by_team and each.span.holds(facts.now) for each in given)
    if unmasked and who.capacity is Capacity.COORDINATING:
        return Grant(As.COORDINATING, ALL_TYPES, 0, until=until, quiet=quiet)
    if unmasked and who.capacity is Capacity.CARE and facts.switches.administrator_sees_masked:
        return Grant(As.ADMINISTRATOR, who.matrix, 0, until=until, quiet=quiet)
    return Grant(As.AUTHORISED, who.matrix, MASQUE_PS, until=until, quiet=quiet)


def _standing_in(facts: Facts) -> Grant | None:
    """A locum, resident or assistant reads what the one they stand in for reads; a secretary without what is masked
    (a switch). The widest right counts, and of equal ones that which the representatives know of."""
    found = [grant for link in facts.deputising if (grant := _in_the_place_of(facts, link)) is not None]
    return min(found, key=lambda each: (each.hidden, each.types.count("0"), each.types, each.quiet), default=None)


def _in_the_place_of(facts: Facts, link: Deputising) -> Grant | None:
    right = _by_right(facts, link.principal) if link.span.holds(facts.now) else None
    if not isinstance(right, Grant):
        return None
    sees_masked = link.kind is not DeputyKind.SECRETARY or facts.switches.secretary_sees_masked
    # The person named one administrator, and nobody in their place.
    sees_masked = sees_masked and right.capacity is not As.ADMINISTRATOR
    hidden = right.hidden if sees_masked else right.hidden | MASQUE_PS
    until = _earliest(right.until, link.span.until, _next_start(facts))
    return Grant(As.DEPUTY, right.types, hidden, until=until, quiet=right.quiet)


def _declarant(facts: Facts) -> Decision:
    """Who treats may say that the person consents (R1111-46), unless the person blocked them: that is for the person
    alone to undo."""
    if facts.own.capacity not in _MAY_DECLARE:
        return Refusal(Reason.NEVER)
    return _never_reads(facts, facts.own) or Grant(As.DECLARANT)


def _emergency(facts: Facts) -> Decision:
    """Whoever treats breaks the glass with a reason, for some hours; the centre 15 regulates, by the directory's word
    and the provider's, and nobody else does, so that neither goes round what the person chose for the other; unless
    the person objected beforehand (L1111-17 I, R1111-48). The matrix holds here too."""
    regulates = facts.purpose is Purpose.REGULATION
    if facts.own.capacity not in _TREAT or regulates is not (facts.own.capacity is Capacity.REGULATION):
        return Refusal(Reason.NEVER)
    if regulates and not facts.regulates:
        return _NOT_FOR_THIS
    if not (facts.choices.regulation if regulates else facts.choices.emergency):
        return _own_only(facts, Refusal(Reason.EMERGENCY_REFUSED))
    blocked = _basis(facts.own.blocked, facts.now)
    if blocked is not None and not facts.switches.emergency_lifts_block:
        return _own_only(facts, _blocked(blocked))
    capacity = As.REGULATION if regulates else As.EMERGENCY
    if facts.wish is Wish.BREAK_GLASS:
        return Grant(capacity)
    broken = _basis(facts.emergencies, facts.now)
    if broken is None:
        return Refusal(Reason.GLASS)
    hidden = 0 if facts.choices.masked else MASQUE_PS
    until = _change(facts, facts.own, broken)
    return Grant(capacity, facts.own.matrix, hidden, until=until, quiet=_quiet(broken))


def _blocked(block: Span) -> Refusal:
    """Of a block that a minor keeps secret, no line of a refusal tells the representatives either."""
    return Refusal(Reason.BLOCKED, quiet=_quiet(block))


def _own_only(facts: Facts, otherwise: Refusal) -> Decision:
    """The author keeps sight of what he deposited, and of nothing else (R1111-49). Why there is nothing else may be a
    secret: then so is what they read of it."""
    if facts.is_author and facts.wish is Wish.READ and otherwise.reason is not Reason.NEVER:
        return Grant(As.AUTHOR, until=_earliest(facts.rules_until, _next_start(facts)), quiet=otherwise.quiet)
    return otherwise


def _is_secret_guest(facts: Facts) -> bool:
    """A minor let them in without their representatives' knowing (L1111-5), and nobody else has: whatever they do here
    is told to the minor alone."""
    if facts.actor is not ActorKind.PROFESSIONAL or facts.purpose not in _OF_PROFESSIONALS:
        return False
    circles = (facts.own, *(link.principal for link in facts.deputising if link.span.holds(facts.now)))
    given = [each.span for who in circles for each in who.authorisations]
    known = [span for span in given if not span.secret] + [span for who in circles for span in who.attending]
    let_in = any(span.secret for span in (*given, *facts.broken, *facts.handed))
    return let_in and not any(span.holds(facts.now) for span in known)


def _quiet(basis: Span) -> int:
    return INVISIBLE_REPRESENTANTS_LEGAUX if basis.secret else 0


def _basis(spans: Iterable[Span], now: datetime) -> Span | None:
    """What the representatives know of comes before what is kept from them: it needs no silence."""
    every = tuple(spans)
    return _longest((span for span in every if not span.secret), now) or _longest(every, now)


def _longest(spans: Iterable[Span], now: datetime) -> Span | None:
    holding = [span for span in spans if span.holds(now)]
    endless = [span for span in holding if span.until is None]
    if endless:
        return endless[0]
    return max(holding, key=lambda span: span.until or now, default=None)


def _change(facts: Facts, who: Clinician, basis: Span) -> datetime | None:
    """When the grant must be looked at anew: its basis ends, the child grows up, something else begins, other rules or
    another matrix take effect."""
    grows_up = _of_age(facts) if who.capacity is Capacity.CHILD_PROTECTION else None
    ahead = grows_up if grows_up and facts.now < grows_up else None
    return _earliest(basis.until, facts.rules_until, ahead, _next_start(facts))


def _next_start(facts: Facts) -> datetime | None:
    spans = [*facts.own.spans, *facts.emergencies, *facts.handed]
    for link in facts.deputising:
        spans += (link.span, *link.principal.spans)
    ahead = [instant for span in spans for instant in (span.since, span.until) if instant]
    return _earliest(*(instant for instant in ahead if instant > facts.now))


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)
