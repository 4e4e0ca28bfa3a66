"""The decision, told twice: by `decide`, and by an oracle that states the law the other way round, as a list of
what each reader may not do. They must agree on every combination of facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.consent.rules import (
    ALL_TYPES,
    INVISIBLE_PATIENT,
    INVISIBLE_REPRESENTANTS_LEGAUX,
    MASQUE_PS,
    NO_TYPES,
    As,
    Authorisation,
    Facts,
    Grant,
    Reason,
    Refusal,
    Span,
    Wish,
    decide,
)
from carnet.kernel.actor import ActorKind, Purpose
from carnet.people.rules import Capacity
from carnet.records.rules import RecordState
from tests.cases import cases

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MATRIX = "01" * 128

instants = st.integers(-10, 10).map(lambda days: NOW + timedelta(days=days))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    since = draw(instants)
    length = draw(st.none() | st.integers(0, 12))
    return Span(since, None if length is None else since + timedelta(days=length))


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    return Facts(
        wish=draw(st.sampled_from(Wish)),
        purpose=draw(st.sampled_from(Purpose)),
        actor=draw(st.sampled_from(ActorKind)),
        now=NOW,
        state=draw(st.none() | st.sampled_from(RecordState)),
        is_holder=draw(st.booleans()),
        holder_birth=draw(st.sampled_from(["2008-11-22", "2008-11-23", "2008-11", "2008", "1979-03-28"])),
        capacity=draw(st.sampled_from(Capacity)),
        matrix=MATRIX,
        authorisations=tuple(
            Authorisation(span, express=draw(st.booleans())) for span in draw(st.lists(spans(), max_size=3))
        ),
        blocked=tuple(draw(st.lists(spans(), max_size=3))),
        attending=tuple(draw(st.lists(spans(), max_size=3))),
        represents=tuple(draw(st.lists(spans(), max_size=3))),
        is_author=draw(st.booleans()),
        reads_own=draw(st.booleans()),
        matrix_until=draw(st.none() | st.integers(1, 12).map(lambda days: NOW + timedelta(days=days))),
        operator=draw(st.sampled_from(["", "support", "pilotage"])),
    )


def within(span: Span) -> bool:
    return not (span.since > NOW) and not (span.until is not None and span.until <= NOW)


def oracle(f: Facts) -> tuple[As, str, int] | None:  # noqa: C901, PLR0912  (one list, read from top to bottom)
    """What may be read (capacity, types, hidden labels), or None: an independent statement of the same law."""
    readable: tuple[As, str, int] | None = None
    if f.wish is Wish.DEPOSIT and f.actor is not ActorKind.PERSON:
        feeds = (f.actor is ActorKind.CLIENT and f.purpose is Purpose.DEPOSIT) or (
            f.actor is ActorKind.PROFESSIONAL
            and f.purpose in (Purpose.CARE, Purpose.DEPOSIT)
            and f.capacity is not Capacity.INSURER
        )
        readable = (As.DEPOSITOR, NO_TYPES, 0) if feeds else None
    elif f.wish is Wish.WITHDRAW:
        helps = f.operator == "support" and f.actor is ActorKind.OPERATOR and f.purpose is Purpose.SUPPORT
        readable = (As.STEWARD, ALL_TYPES, 0) if helps else None
    elif f.actor is ActorKind.CLIENT:
        readable = (As.SOFTWARE, NO_TYPES, 0) if f.purpose is Purpose.DEPOSIT and f.reads_own else None
    elif f.actor is ActorKind.PERSON and f.purpose is Purpose.SELF:
        readable = (As.HOLDER, ALL_TYPES, INVISIBLE_PATIENT) if f.is_holder else None
    elif f.actor is ActorKind.PERSON and f.purpose is Purpose.REPRESENTATIVE:
        minor = f.holder_birth == "2008-11-23"
        if minor and any(map(within, f.represents)):
            readable = (As.REPRESENTATIVE, ALL_TYPES, INVISIBLE_PATIENT | INVISIBLE_REPRESENTANTS_LEGAUX)
    elif f.actor is ActorKind.PROFESSIONAL and f.purpose is Purpose.CARE:
        if f.is_author:
            readable = (As.AUTHOR, NO_TYPES, 0)
        occupational = f.capacity is Capacity.OCCUPATIONAL
        if any(within(a.span) for a in f.authorisations if a.express or not occupational):
            readable = (As.AUTHORISED, MATRIX, MASQUE_PS)
        if any(map(within, f.attending)):
            readable = (As.ATTENDING, ALL_TYPES, 0)
        if any(map(within, f.blocked)):
            readable = (As.AUTHOR, NO_TYPES, 0) if f.is_author else None
        if f.capacity is Capacity.INSURER:
            readable = None
    if f.state not in (RecordState.ACTIVE, RecordState.UNOPENED):
        readable = None
    return readable


@settings(max_examples=cases(300))
@given(facts())
def test_the_decision_agrees_with_the_law_stated_the_other_way_round(f: Facts) -> None:
    decision = decide(f)
    expected = oracle(f)
    if isinstance(decision, Refusal):
        assert expected is None
    else:
        assert (decision.capacity, decision.types, decision.hidden) == expected


@settings(max_examples=cases(100))
@given(facts())
def test_a_grant_never_outlives_the_first_instant_at_which_its_facts_change(f: Facts) -> None:
    """Nothing that a moment's passing changes is missed while the grant is remembered."""
    decision = decide(f)
    if isinstance(decision, Refusal) or (f.wish is Wish.DEPOSIT and f.actor is not ActorKind.PERSON):
        return
    horizon = decision.until or NOW + timedelta(days=400)
    step = NOW
    while step < min(horizon, NOW + timedelta(days=30)):
        later = decide(Facts(**{**{n: getattr(f, n) for n in f.__dataclass_fields__}, "now": step}))
        assert isinstance(later, Grant)
        assert (later.capacity, later.types, later.hidden) == (decision.capacity, decision.types, decision.hidden)
        step += timedelta(hours=12)


@given(facts())
def test_whether_a_record_exists_is_told_to_those_alone_who_may_ask(f: Facts) -> None:
    """Persons without a link and operators get the same refusal whatever the record's state."""
    states = (None, *RecordState)
    told = {decide(Facts(**{**{n: getattr(f, n) for n in f.__dataclass_fields__}, "state": state})) for state in states}
    may_ask = f.actor in (ActorKind.PROFESSIONAL, ActorKind.CLIENT) or f.is_holder or f.represents
    if not may_ask:
        assert len(told) == 1


def test_another_matrix_ends_a_remembered_right() -> None:
    soon = NOW + timedelta(days=2)
    given_yesterday = Authorisation(Span(NOW - timedelta(days=1)))
    decision = decide(professional(authorisations=(given_yesterday,), matrix_until=soon))
    assert isinstance(decision, Grant)
    assert decision.until == soon


def professional(**changes: object) -> Facts:
    base: dict[str, object] = {
        "wish": Wish.READ,
        "purpose": Purpose.CARE,
        "actor": ActorKind.PROFESSIONAL,
        "now": NOW,
        "state": RecordState.ACTIVE,
        "capacity": Capacity.CARE,
        "matrix": MATRIX,
    }
    return Facts(**{**base, **changes})  # type: ignore[arg-type]


def test_a_stranger_is_refused_for_want_of_a_link() -> None:
    assert decide(professional()) == Refusal(Reason.NO_LINK)


def test_a_blocked_doctor_is_refused_although_authorised() -> None:
    given_yesterday = Authorisation(Span(NOW - timedelta(days=1)))
    blocked_today = Span(NOW - timedelta(hours=1))
    decision = decide(professional(authorisations=(given_yesterday,), blocked=(blocked_today,)))
    assert decision == Refusal(Reason.BLOCKED)


def test_an_authorisation_ends_at_its_instant() -> None:
    ended = Authorisation(Span(NOW - timedelta(days=3), NOW))
    assert decide(professional(authorisations=(ended,))) == Refusal(Reason.NO_LINK)


def test_the_medecin_traitant_sees_what_is_masked_to_others() -> None:
    decision = decide(professional(attending=(Span(NOW - timedelta(days=100)),)))
    assert isinstance(decision, Grant)
    assert decision.hidden == 0


def test_the_insurers_doctor_never_reads_even_with_consent() -> None:
    consent = Authorisation(Span(NOW - timedelta(days=1)), express=True)
    decision = decide(professional(capacity=Capacity.INSURER, authorisations=(consent,)))
    assert decision == Refusal(Reason.NEVER)


def test_the_occupational_physician_needs_express_consent() -> None:
    tacit, express = Authorisation(Span(NOW)), Authorisation(Span(NOW), express=True)
    occupational = {"capacity": Capacity.OCCUPATIONAL}
    assert decide(professional(authorisations=(tacit,), **occupational)) == Refusal(Reason.EXPRESS_CONSENT)
    assert isinstance(decide(professional(authorisations=(express,), **occupational)), Grant)


def test_a_parents_right_ends_on_the_eighteenth_birthday() -> None:
    parent = Facts(
        wish=Wish.READ,
        purpose=Purpose.REPRESENTATIVE,
        actor=ActorKind.PERSON,
        now=NOW,
        state=RecordState.ACTIVE,
        holder_birth="2010-03-02",
        represents=(Span(NOW - timedelta(days=900)),),
    )
    decision = decide(parent)
    assert isinstance(decision, Grant)
    assert decision.until == datetime(2028, 3, 2, tzinfo=ZoneInfo("Europe/Paris"))


def person(**changes: object) -> Facts:
    base: dict[str, object] = {
        "wish": Wish.DEPOSIT,
        "purpose": Purpose.SELF,
        "actor": ActorKind.PERSON,
        "now": NOW,
        "state": RecordState.ACTIVE,
        "holder_birth": "2010-03-02",
    }
    return Facts(**{**base, **changes})  # type: ignore[arg-type]


def test_the_holder_adds_to_their_own_record_and_to_no_other() -> None:
    decision = decide(person(is_holder=True))
    assert isinstance(decision, Grant)
    assert decision.capacity is As.HOLDER
    assert decide(person()) == Refusal(Reason.NOT_YOURS)
    assert decide(person(is_holder=True, state=RecordState.CLOSED)) == Refusal(Reason.CLOSED)


def test_a_representative_adds_as_such_and_a_carer_does_not() -> None:
    link = (Span(NOW - timedelta(days=900)),)
    decision = decide(person(purpose=Purpose.REPRESENTATIVE, represents=link))
    assert isinstance(decision, Grant)
    assert decision.capacity is As.REPRESENTATIVE
    assert decide(person(purpose=Purpose.CARER, represents=link)) == Refusal(Reason.PURPOSE)


@given(facts())
def test_a_person_adds_where_they_read_and_nowhere_else(f: Facts) -> None:
    wishes = {
        wish: decide(Facts(**{**{n: getattr(f, n) for n in f.__dataclass_fields__}, "wish": wish}))
        for wish in (Wish.READ, Wish.DEPOSIT)
    }
    if f.actor is ActorKind.PERSON:
        assert wishes[Wish.READ] == wishes[Wish.DEPOSIT]
