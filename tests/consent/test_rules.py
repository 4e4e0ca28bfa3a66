"""The decision, told twice: by `decide`, and by `oracle`, which states the law the other way round."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.consent.caring import Right
from carnet.consent.rules import (
    ALL_TYPES,
    INVISIBLE_PATIENT,
    INVISIBLE_REPRESENTANTS_LEGAUX,
    MASQUE_PS,
    As,
    Authorisation,
    Care,
    Choices,
    Clinician,
    Deputising,
    DeputyKind,
    Facts,
    Grant,
    Reason,
    Refusal,
    Span,
    Switches,
    Wish,
    decide,
)
from carnet.formats.terminology import document_types
from carnet.kernel.actor import ActorKind, Purpose
from carnet.people.rules import Capacity
from carnet.records.rules import RecordState
from tests.cases import cases
from tests.consent import oracle, silence

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MATRIX = "01" * 128

instants = st.integers(-10, 10).map(lambda days: NOW + timedelta(days=days))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    since = draw(instants)
    length = draw(st.none() | st.integers(0, 12))
    return Span(since, None if length is None else since + timedelta(days=length), draw(st.booleans()))


@st.composite
def clinicians(draw: st.DrawFn) -> Clinician:
    return Clinician(
        capacity=draw(st.sampled_from(Capacity)),
        matrix=draw(st.sampled_from([MATRIX, MATRIX[::-1]])),
        matrix_in_team=draw(st.booleans()),
        authorisations=tuple(
            Authorisation(span, *draw(st.tuples(st.booleans(), st.booleans(), st.booleans())))
            for span in draw(st.lists(spans(), max_size=3))
        ),
        blocked=tuple(draw(st.lists(spans(), max_size=2))),
        attending=tuple(draw(st.lists(spans(), max_size=2))),
        notes=draw(st.sampled_from([frozenset(), frozenset({"vaccination"})])),
    )


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
        own=draw(st.just(Clinician()) | clinicians()),
        deputising=tuple(
            Deputising(draw(st.sampled_from(DeputyKind)), span, draw(clinicians()))
            for span in draw(st.lists(spans(), max_size=2))
        ),
        emergencies=tuple(draw(st.lists(spans(), max_size=2))),
        broken=tuple(draw(st.lists(spans(), max_size=2))),
        choices=Choices(*draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))),
        switches=Switches(*draw(st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()))),
        represents=tuple(draw(st.lists(spans(), max_size=3))),
        guards=tuple(draw(st.lists(spans(), max_size=2))),
        cares=tuple(
            Care(span, draw(st.frozensets(st.sampled_from(Right))), draw(st.booleans()))
            for span in draw(st.lists(spans(), max_size=2))
        ),
        invited=draw(st.booleans()),
        is_author=draw(st.booleans()),
        reads_own=draw(st.booleans()),
        rules_until=draw(st.none() | st.integers(1, 12).map(lambda days: NOW + timedelta(days=days))),
        operator=draw(st.sampled_from(["", "support", "pilotage"])),
        note=draw(st.sampled_from(["", "vaccination", "problem"])),
        regulates=draw(st.booleans()),
    )


@st.composite
def of_professionals(draw: st.DrawFn) -> Facts:
    """Where most of the law is: a professional asks in an open record."""
    purpose = draw(st.sampled_from([Purpose.CARE, Purpose.EMERGENCY, Purpose.REGULATION]))
    wish = draw(st.sampled_from([Wish.READ, Wish.READ, Wish.DECLARE, Wish.BREAK_GLASS]))
    found = draw(facts())
    return replace(
        found,
        actor=ActorKind.PROFESSIONAL,
        purpose=purpose,
        wish=wish,
        state=RecordState.ACTIVE,
        own=draw(clinicians()),
    )


@settings(max_examples=cases(200))
@given(facts() | of_professionals())
def test_the_decision_agrees_with_the_law_stated_the_other_way_round(f: Facts) -> None:
    decision = decide(f)
    expected = oracle.answer(f)
    if isinstance(decision, Refusal):
        assert expected is None
    else:
        assert (decision.capacity, decision.types, decision.hidden) == expected
    assert bool(decision.quiet) == silence.kept(f, expected)


@settings(max_examples=cases(120))
@given(facts() | of_professionals())
def test_a_grant_never_outlives_the_first_instant_at_which_its_facts_change(f: Facts) -> None:
    """Nothing that a moment's passing changes is missed while the grant is remembered; acts are never remembered."""
    decision = decide(f)
    if isinstance(decision, Refusal) or (f.wish is not Wish.READ and f.actor is not ActorKind.PERSON):
        return
    assert decision.until is None or decision.until > NOW, "a grant that has ended is none"
    horizon = decision.until or NOW + timedelta(days=400)
    step = NOW
    while step < min(horizon, NOW + timedelta(days=30)):
        later = decide(replace(f, now=step))
        assert isinstance(later, Grant)
        assert (later.capacity, later.types, later.hidden) == (decision.capacity, decision.types, decision.hidden)
        assert later.quiet == decision.quiet
        step += timedelta(hours=12)


@given(facts())
def test_whether_a_record_exists_is_told_to_those_alone_who_may_ask(f: Facts) -> None:
    """Persons without a link and operators get the same refusal whatever the record's state."""
    states = (None, *RecordState)
    told = {decide(replace(f, state=state)) for state in states}
    may_ask = f.actor in (ActorKind.PROFESSIONAL, ActorKind.CLIENT) or f.is_holder or f.represents
    if not (may_ask or f.guards or f.cares or f.invited):
        assert len(told) == 1


def test_another_matrix_ends_a_remembered_right() -> None:
    soon = NOW + timedelta(days=2)
    given_yesterday = Authorisation(Span(NOW - timedelta(days=1)))
    decision = decide(professional(authorisations=(given_yesterday,), rules_until=soon))
    assert isinstance(decision, Grant)
    assert decision.until == soon


def professional(**changes: object) -> Facts:
    base: dict[str, object] = {
        "wish": Wish.READ,
        "purpose": Purpose.CARE,
        "actor": ActorKind.PROFESSIONAL,
        "now": NOW,
        "state": RecordState.ACTIVE,
    }
    of_own: dict[str, object] = {"capacity": Capacity.CARE, "matrix": MATRIX}
    of_own |= {name: changes.pop(name) for name in tuple(changes) if name in Clinician.__dataclass_fields__}
    return Facts(**{**base, "own": Clinician(**of_own), **changes})  # type: ignore[arg-type]


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


def test_the_fire_brigade_s_doctor_needs_it_too_and_has_no_emergency() -> None:
    tacit, express = Authorisation(Span(NOW)), Authorisation(Span(NOW), express=True)
    fire = {"capacity": Capacity.FIRE}
    assert decide(professional(authorisations=(tacit,), **fire)) == Refusal(Reason.EXPRESS_CONSENT)
    decision = decide(professional(authorisations=(replace(express, unmasked=True),), **fire))
    assert isinstance(decision, Grant)
    assert (decision.capacity, decision.hidden) == (As.AUTHORISED, MASQUE_PS)
    urgent = replace(professional(**fire), purpose=Purpose.EMERGENCY, wish=Wish.BREAK_GLASS)
    assert decide(urgent) == Refusal(Reason.NEVER)


def test_the_coordinating_doctor_of_a_home_reads_all_when_the_resident_agrees() -> None:
    given = Authorisation(Span(NOW), unmasked=True)
    home = {"capacity": Capacity.COORDINATING}
    decision = decide(professional(authorisations=(given,), **home))
    assert isinstance(decision, Grant)
    assert (decision.capacity, decision.types, decision.hidden) == (As.COORDINATING, ALL_TYPES, 0)
    for less in (replace(given, unmasked=False), replace(given, by_team=True)):
        decision = decide(professional(authorisations=(less,), **home))
        assert isinstance(decision, Grant)
        assert (decision.types, decision.hidden) == (MATRIX, MASQUE_PS)


def test_an_administrator_sees_what_is_masked_of_what_their_profession_reads_and_a_switch_says_whether() -> None:
    given = Authorisation(Span(NOW), unmasked=True)
    asked = professional(authorisations=(given,))
    decision = decide(asked)
    assert isinstance(decision, Grant)
    assert (decision.capacity, decision.types, decision.hidden) == (As.ADMINISTRATOR, MATRIX, 0)
    for off in (replace(asked, switches=Switches(administrator_sees_masked=False)), asked_by_deputy(asked)):
        decision = decide(off)
        assert isinstance(decision, Grant)
        assert decision.hidden == MASQUE_PS


def asked_by_deputy(asked: Facts) -> Facts:
    link = Deputising(DeputyKind.LOCUM, Span(NOW), asked.own)
    return replace(asked, own=Clinician(Capacity.CARE, MATRIX), deputising=(link,))


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


def test_a_representative_adds_as_such_and_is_no_carer() -> None:
    link = (Span(NOW - timedelta(days=900)),)
    decision = decide(person(purpose=Purpose.REPRESENTATIVE, represents=link))
    assert isinstance(decision, Grant)
    assert decision.capacity is As.REPRESENTATIVE
    assert decide(person(purpose=Purpose.CARER, represents=link)) == Refusal(Reason.NOT_YOURS)


@given(facts())
def test_a_person_adds_where_they_read_and_nowhere_else(f: Facts) -> None:
    wishes = {wish: decide(replace(f, wish=wish)) for wish in (Wish.READ, Wish.DEPOSIT)}
    if f.actor is ActorKind.PERSON and f.purpose is not Purpose.CARER:
        assert wishes[Wish.READ] == wishes[Wish.DEPOSIT]


HELPS = Switches(carers=True)


def a_carer(*rights: str, acts: bool = False, **changes: object) -> Facts:
    care = Care(YESTERDAY, frozenset(rights), acts=acts)
    return person(**{"purpose": Purpose.CARER, "wish": Wish.READ, "cares": (care,), "switches": HELPS, **changes})


def test_a_carer_reads_what_was_given_and_nothing_that_is_hidden_from_anybody() -> None:
    decision = decide(a_carer("treatments", "appointments"))
    assert isinstance(decision, Grant)
    kinds = {kind.code: kind.ordinal for kind in document_types.all_types()}
    assert decision.types[kinds["57833-6"]] == "1"
    assert decision.types[kinds["11502-2"]] == decision.types[kinds["EXPPAT_3"]] == "0"
    assert decision.hidden == MASQUE_PS | INVISIBLE_PATIENT | INVISIBLE_REPRESENTANTS_LEGAUX
    assert not decision.trail
    convened = decide(a_carer("appointments"))
    assert isinstance(convened, Grant)
    assert convened.types.count("1") == 1
    assert convened.types[kinds["56446-8"]] == "1"
    everything = decide(a_carer("documents"))
    assert isinstance(everything, Grant)
    assert everything.types[kinds["11502-2"]] == "1"
    assert everything.types[kinds["EXPPAT_3"]] == "0"


def test_a_carer_adds_only_documents_and_only_who_was_given_to_act() -> None:
    assert isinstance(decide(a_carer("documents", acts=True, wish=Wish.DEPOSIT)), Grant)
    for facts_ in (a_carer("documents"), a_carer("treatments", acts=True)):
        assert decide(replace(facts_, wish=Wish.DEPOSIT)) == Refusal(Reason.NOT_YOURS)


def test_a_carer_says_something_only_within_what_they_were_given_to_act_for() -> None:
    kinds = {kind.code: kind.ordinal for kind in document_types.all_types()}
    taken, measured, profile = kinds["DOCPAT02"], kinds["29274-8"], kinds["DOCPAT08"]
    for right, may in (("treatments", {taken}), ("measures", {measured}), ("documents", {taken, measured, profile})):
        says = decide(a_carer(right, acts=True, wish=Wish.STATE))
        assert isinstance(says, Grant)
        assert {each for each in (taken, measured, profile) if says.types[each] == "1"} == may
        assert decide(a_carer(right, wish=Wish.STATE)) == Refusal(Reason.NOT_YOURS)
    # Reading by one right and acting by another is not acting by both.
    apart = (Care(YESTERDAY, frozenset({"measures"})), Care(YESTERDAY, frozenset({"treatments"}), acts=True))
    mixed = decide(a_carer(cares=apart, wish=Wish.STATE))
    assert isinstance(mixed, Grant)
    assert (mixed.types[taken], mixed.types[measured]) == ("1", "0")
    assert decide(a_carer("appointments", "messages", acts=True, wish=Wish.STATE)) == Refusal(Reason.NOT_YOURS)


def test_a_carer_has_nothing_when_it_ended_or_is_not_allowed_here() -> None:
    over = Care(Span(NOW - timedelta(days=2), NOW - timedelta(days=1)), frozenset({"documents"}))
    assert decide(a_carer(cares=(over,))) == Refusal(Reason.NOT_YOURS)
    assert decide(a_carer("documents", switches=Switches())) == Refusal(Reason.NOT_YOURS)
    for wish in set(Wish) - {Wish.READ, Wish.DEPOSIT, Wish.STATE}:
        assert isinstance(decide(a_carer("documents", acts=True, wish=wish)), Refusal)


def test_a_guardian_goes_on_after_majority_and_a_parent_does_not() -> None:
    span = Span(NOW - timedelta(days=9), NOW + timedelta(days=9))
    asked = person(purpose=Purpose.REPRESENTATIVE, wish=Wish.READ, holder_birth="1950-06-08")
    assert decide(replace(asked, represents=(span,))) == Refusal(Reason.NOT_YOURS)
    decision = decide(replace(asked, guards=(span,)))
    assert isinstance(decision, Grant)
    assert decision.capacity is As.REPRESENTATIVE
    assert decision.until == span.until
    assert decision.hidden & INVISIBLE_REPRESENTANTS_LEGAUX


YESTERDAY = Span(NOW - timedelta(days=1))
GIVEN = Authorisation(YESTERDAY)


def the_locum(kind: DeputyKind = DeputyKind.LOCUM, span: Span = YESTERDAY, **principal: object) -> Facts:
    who = Clinician(**{"capacity": Capacity.CARE, "matrix": MATRIX, **principal})  # type: ignore[arg-type]
    return professional(deputising=(Deputising(kind, span, who),))


def test_a_locum_reads_what_the_one_they_stand_in_for_reads_and_no_longer() -> None:
    decision = decide(the_locum(attending=(YESTERDAY,), span=Span(NOW, NOW + timedelta(days=7))))
    assert isinstance(decision, Grant)
    assert (decision.capacity, decision.hidden, decision.until) == (As.DEPUTY, 0, NOW + timedelta(days=7))
    assert decide(the_locum(attending=(YESTERDAY,), span=Span(NOW - timedelta(days=9), NOW))) == Refusal(Reason.NO_LINK)
    assert decide(the_locum()) == Refusal(Reason.NO_LINK)


@pytest.mark.parametrize(
    ("capacity", "reason"),
    [
        (Capacity.OCCUPATIONAL, Reason.EXPRESS_CONSENT),
        (Capacity.FIRE, Reason.EXPRESS_CONSENT),
        (Capacity.CHILD_PROTECTION, Reason.CHILDREN_ONLY),
        (Capacity.INSURER, Reason.NEVER),
    ],
)
def test_whom_the_law_lets_in_for_some_alone_comes_in_for_no_others_as_a_locum(
    capacity: Capacity, reason: Reason
) -> None:
    asked = the_locum(attending=(YESTERDAY,))
    assert decide(replace(asked, own=replace(asked.own, capacity=capacity), holder_birth="1980")) == Refusal(reason)


def test_nor_with_a_consent_that_counts_in_a_team_alone() -> None:
    asked = the_locum(attending=(YESTERDAY,))
    own = Clinician(
        Capacity.OCCUPATIONAL, MATRIX, matrix_in_team=True, authorisations=(Authorisation(YESTERDAY, express=True),)
    )
    assert decide(replace(asked, own=own)) == Refusal(Reason.TEAM_ONLY)


def test_a_secretary_reads_without_what_is_masked() -> None:
    decision = decide(the_locum(DeputyKind.SECRETARY, attending=(YESTERDAY,)))
    assert isinstance(decision, Grant)
    assert decision.hidden == MASQUE_PS


def test_who_is_blocked_gets_round_it_neither_by_a_principal_nor_by_a_word_of_their_own() -> None:
    blocked = replace(the_locum(attending=(YESTERDAY,)), own=Clinician(Capacity.CARE, MATRIX, blocked=(YESTERDAY,)))
    assert decide(blocked) == Refusal(Reason.BLOCKED)
    assert decide(replace(blocked, wish=Wish.DECLARE)) == Refusal(Reason.BLOCKED)
    assert decide(the_locum(attending=(YESTERDAY,), blocked=(YESTERDAY,))) == Refusal(Reason.NO_LINK)


def test_in_an_emergency_a_reason_comes_first_and_the_matrix_and_the_mask_hold() -> None:
    emergency = professional(purpose=Purpose.EMERGENCY)
    assert decide(emergency) == Refusal(Reason.GLASS)
    assert isinstance(decide(replace(emergency, wish=Wish.BREAK_GLASS)), Grant)
    broken = replace(emergency, emergencies=(Span(NOW, NOW + timedelta(hours=4)),))
    decision = decide(broken)
    assert decision == Grant(As.EMERGENCY, MATRIX, MASQUE_PS, until=NOW + timedelta(hours=4))
    opened = decide(replace(broken, choices=Choices(masked=True)))
    assert isinstance(opened, Grant)
    assert opened.hidden == 0


def test_each_mode_of_emergency_is_the_holders_to_refuse_and_neither_goes_round_the_other() -> None:
    hours = (Span(NOW, NOW + timedelta(hours=4)),)
    for purpose, capacity, choices in (
        (Purpose.EMERGENCY, Capacity.CARE, Choices(emergency=False)),
        (Purpose.REGULATION, Capacity.REGULATION, Choices(regulation=False)),
    ):
        asked = professional(purpose=purpose, capacity=capacity, emergencies=hours, regulates=True)
        assert isinstance(decide(asked), Grant)
        refused = replace(asked, choices=choices)
        assert decide(refused) == Refusal(Reason.EMERGENCY_REFUSED)
        assert decide(replace(refused, wish=Wish.BREAK_GLASS)) == Refusal(Reason.EMERGENCY_REFUSED)
        other = Purpose.REGULATION if purpose is Purpose.EMERGENCY else Purpose.EMERGENCY
        assert decide(replace(refused, purpose=other)) == Refusal(Reason.NEVER)


def test_only_the_centre_15_regulates() -> None:
    asked = professional(purpose=Purpose.REGULATION, wish=Wish.BREAK_GLASS, regulates=True)
    assert decide(asked) == Refusal(Reason.NEVER)


def test_the_centre_15_regulates_by_the_directorys_word_and_the_providers() -> None:
    hours = (Span(NOW, NOW + timedelta(hours=4)),)
    asked = professional(purpose=Purpose.REGULATION, capacity=Capacity.REGULATION, emergencies=hours)
    for wish in (Wish.READ, Wish.BREAK_GLASS):
        assert decide(replace(asked, wish=wish)) == Refusal(Reason.PURPOSE)
        assert isinstance(decide(replace(asked, wish=wish, regulates=True)), Grant)


def test_whether_an_emergency_lifts_a_block_is_a_setting() -> None:
    broken = professional(
        purpose=Purpose.EMERGENCY, blocked=(YESTERDAY,), emergencies=(Span(NOW, NOW + timedelta(hours=4)),)
    )
    assert isinstance(decide(broken), Grant)
    assert decide(replace(broken, switches=Switches(emergency_lifts_block=False))) == Refusal(Reason.BLOCKED)


def test_mother_and_child_services_read_the_childs_record() -> None:
    doctor = professional(capacity=Capacity.CHILD_PROTECTION, authorisations=(GIVEN,))
    child = decide(replace(doctor, holder_birth="2018-05-14"))
    assert isinstance(child, Grant)
    assert child.until == datetime(2036, 5, 14, tzinfo=ZoneInfo("Europe/Paris"))
    assert decide(replace(doctor, holder_birth="1979-03-28")) == Refusal(Reason.CHILDREN_ONLY)


def test_a_profession_that_reads_within_a_team_needs_the_team() -> None:
    alone = professional(matrix_in_team=True, authorisations=(GIVEN,))
    assert decide(alone) == Refusal(Reason.TEAM_ONLY)
    together = decide(professional(matrix_in_team=True, authorisations=(Authorisation(YESTERDAY, by_team=True),)))
    assert isinstance(together, Grant)
    assert together.capacity is As.TEAM


SECRET = Authorisation(Span(NOW - timedelta(days=1), NOW + timedelta(days=1), secret=True))


def test_what_is_done_by_a_secret_of_a_minor_is_kept_from_the_representatives() -> None:
    by_secret = decide(professional(authorisations=(SECRET,)))
    assert isinstance(by_secret, Grant)
    assert by_secret.quiet == INVISIBLE_REPRESENTANTS_LEGAUX
    by_both = decide(professional(authorisations=(SECRET, GIVEN)))
    assert isinstance(by_both, Grant)
    assert by_both.quiet == 0, "what the representatives were shown needs no silence"


def test_a_visit_that_was_a_secret_stays_one_when_its_consent_has_ended() -> None:
    over = Authorisation(Span(NOW - timedelta(days=3), NOW - timedelta(days=2), secret=True))
    assert decide(professional(authorisations=(over,))) == Refusal(Reason.NO_LINK, INVISIBLE_REPRESENTANTS_LEGAUX)
    deposit = decide(professional(authorisations=(over,), wish=Wish.DEPOSIT))
    assert deposit.quiet == INVISIBLE_REPRESENTANTS_LEGAUX
    assert decide(professional(authorisations=(over,), attending=(YESTERDAY,))).quiet == 0


def test_an_emergency_is_as_secret_as_it_was_said_to_be() -> None:
    hours = (NOW - timedelta(hours=1), NOW + timedelta(hours=3))
    asked = professional(purpose=Purpose.EMERGENCY, authorisations=(SECRET,))
    assert decide(replace(asked, emergencies=(Span(*hours, secret=True),))).quiet == INVISIBLE_REPRESENTANTS_LEGAUX
    assert decide(replace(asked, emergencies=(Span(*hours),))).quiet == 0


def test_a_block_that_a_minor_keeps_secret_is_told_by_no_line_whoever_has_let_them_in_openly() -> None:
    secret, opened = Span(NOW - timedelta(hours=1), secret=True), Authorisation(YESTERDAY)
    blocked = professional(authorisations=(SECRET, opened), blocked=(secret,))
    quietly = Refusal(Reason.BLOCKED, quiet=INVISIBLE_REPRESENTANTS_LEGAUX)
    assert decide(blocked) == decide(replace(blocked, wish=Wish.DECLARE)) == quietly
    as_author = decide(replace(blocked, is_author=True))
    assert isinstance(as_author, Grant)
    assert (as_author.capacity, as_author.quiet) == (As.AUTHOR, INVISIBLE_REPRESENTANTS_LEGAUX)
    shut = Switches(emergency_lifts_block=False)
    assert decide(replace(blocked, purpose=Purpose.EMERGENCY, switches=shut)) == quietly
    by_both = replace(blocked, own=replace(blocked.own, blocked=(secret, YESTERDAY)))
    assert decide(by_both) == Refusal(Reason.BLOCKED), "of a block that the representatives know of they are told"
