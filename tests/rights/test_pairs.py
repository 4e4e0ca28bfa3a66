"""Two pairs of eyes: a code for who has an account already, and a guardian, need a second operator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.consent.access import Refused
from carnet.documents.queries import list_documents
from carnet.kernel import clock, config, database
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db.constraints import Violation
from carnet.notify import contacts
from carnet.notify.models import Contact, Notice
from carnet.notify.rules import ALWAYS
from carnet.notify.rules import Kind as NoticeKind
from carnet.people import accounts, disowning, identities, identity_cases
from carnet.people.accounts import MOST_AN_HOUR, Reason, TooMany
from carnet.people.identities import Waiting, arrive
from carnet.people.identity_cases import Proof, Why
from carnet.people.pivot import Pivot
from carnet.people.rules import SETTLES_AFTER, Way, settles_at
from carnet.records import entering
from carnet.records.life import Receipt
from carnet.records.numbers import record_of
from carnet.records.paper import WrongCode
from carnet.records.queries import bearing
from carnet.records.rules import Act, Traits
from carnet.rights import counter, entrance, families, life, pairs
from carnet.rights.entrance import Disowned, Expected, TooOften
from carnet.rights.families import Measure
from carnet.rights.pairs import AskFirst, Fault, Kind, NotConfirmed, State
from tests import people
from tests.people import Resident
from tests.rights.test_entrance import BORN, a_record

pytestmark = pytest.mark.usefixtures("house")
ISSUER = "https://idp.example"
COURT = "TJ de Reims, RG 26/00123, 3 mars 2026"


@pytest.fixture
def one() -> Actor:
    return people.an_operator("support")


@pytest.fixture
def other() -> Actor:
    return people.an_operator("support")


def asked(who: Actor, patient: Resident) -> UUID:
    """The request of this operator for a code, by what it is in the house."""
    reference = pairs.ask(who, patient.record_id, Kind.ENTRY)
    (found,) = [each for each in pairs.waiting(who) if each.reference == reference]
    return found.id


def test_one_operator_alone_brings_nobody_into_an_account_that_is_in_use(one: Actor, other: Actor) -> None:
    patient = people.a_patient()
    with pytest.raises(AskFirst):
        entrance.at_counter(one, patient.record_id)
    case_id = asked(one, patient)
    with pytest.raises(NotConfirmed) as alone:
        pairs.confirm(one, case_id)
    assert alone.value.fault is Fault.ONE_PAIR_OF_EYES
    with pytest.raises(AskFirst):
        entrance.at_counter(one, patient.record_id)
    pairs.confirm(other, case_id)
    with pytest.raises(AskFirst):
        entrance.at_counter(other, patient.record_id)
    code = entrance.at_counter(one, patient.record_id).code
    assert entering.enter(number=patient.ins, birth_date=BORN, code=code) == patient.record_id
    with pytest.raises(AskFirst):
        entrance.at_counter(one, patient.record_id)


def test_the_holder_reads_who_asked_and_who_confirmed(one: Actor, other: Actor) -> None:
    patient = people.a_patient()
    pairs.confirm(other, asked(one, patient))
    said = {line.action: line.actor_id for line in people.trail(patient)}
    assert said["entry-code-asked"] == one.id
    assert said["entry-code-confirmed"] == other.id


def test_the_holder_is_told_of_each_step_whatever_they_chose(one: Actor, other: Actor) -> None:
    """A thief unticks the boxes first, and asks within the hour of another mail."""
    patient, shown = people.a_patient(), an_identity(one)
    contacts.choose(patient.actor, address="moi@exemple.fr", kinds=[])
    a_code(one, other, patient)
    reference = pairs.ask(one, patient.record_id, Kind.IDENTITY, identity_id=shown.id)
    (ask,) = [each for each in pairs.waiting(other) if each.reference == reference]
    pairs.confirm(other, ask.id)
    identities.note_linked(one, patient.record_id, patient.actor.id, Proof.CARD)
    told = Notice.objects.filter(person_id=patient.actor.id, record_id=patient.record_id)
    assert [each.kind for each in told] == ["entrance"] * 6, "asked, confirmed, given; asked, confirmed, linked"
    assert NoticeKind.ENTRANCE in ALWAYS, "they are sent as well"


def test_who_represents_is_told_of_a_way_in_where_they_want_to_be(one: Actor, other: Actor) -> None:
    ward, guardian = people.a_patient(), people.a_patient()
    last = clock.now().date().replace(year=clock.now().year + 2, day=1)
    measure = Measure("tutelle", last, COURT)
    families.ask_guardian(one, record_id=ward.record_id, guardian=guardian.ins, measure=measure)
    families.confirm_guardian(other, pairs.waiting(other)[-1].id)
    contacts.choose(guardian.actor, address="tuteur@exemple.fr", kinds=[NoticeKind.RIGHTS])
    Contact.objects.filter(person_id=guardian.actor.id).update(verified_at=clock.now())
    asked(one, ward)
    assert [each.kind for each in Notice.objects.filter(person_id=guardian.actor.id)] == ["rights"]


def test_what_was_refused_called_off_or_confirmed_is_gone(one: Actor, other: Actor) -> None:
    patient = people.a_patient()
    for who in (one, other):
        case_id = asked(one, patient)
        pairs.refuse(who, case_id)
        for late in (pairs.confirm, pairs.refuse):
            with pytest.raises(NotConfirmed) as gone:
                late(other, case_id)
            assert gone.value.fault is Fault.GONE
    with pytest.raises(AskFirst):
        entrance.at_counter(one, patient.record_id)


def an_identity(operator: Actor) -> identity_cases.Case:
    """Of somebody whom no record is found for."""
    family = f"Inconnue-{uuid4().hex[:12]}"
    waits = arrive(issuer=ISSUER, subject=f"fc-{uuid4()}", pivot=Pivot(family, "Zoé", "1985-01-12", "F", "51215"))
    assert isinstance(waits, Waiting)
    return next(each for each in identity_cases.cases(operator, limit=10_000) if each.reference == waits.reference)


def test_what_was_confirmed_for_one_identity_lets_no_other_in(one: Actor, other: Actor) -> None:
    patient, shown, swapped = people.a_patient(), an_identity(one), an_identity(one)
    reference = pairs.ask(one, patient.record_id, Kind.IDENTITY, identity_id=shown.id)
    assert pairs.state(one, patient.record_id, Kind.IDENTITY, swapped.id) == (State.NONE, "")
    (ask,) = [each for each in pairs.waiting(other) if each.reference == reference]
    found = pairs.case(other, ask.id)
    assert found
    assert found.identity == shown, "read beside the traits of whose record it is"
    pairs.confirm(other, ask.id)
    with pytest.raises(AskFirst):
        pairs.needed(one, swapped.id)(patient.record_id)
    with pytest.raises(AskFirst):
        pairs.take(one, patient.record_id, Kind.IDENTITY)
    pairs.needed(one, shown.id)(patient.record_id)
    with pytest.raises(AskFirst):
        pairs.needed(one, shown.id)(patient.record_id)


def test_an_identity_that_waits_no_more_is_not_confirmed(one: Actor, other: Actor) -> None:
    patient, shown = people.a_patient(), an_identity(one)
    reference = pairs.ask(one, patient.record_id, Kind.IDENTITY, identity_id=shown.id)
    (ask,) = [each for each in pairs.waiting(other) if each.reference == reference]
    identity_cases.dismiss(one, shown.id, Why.ASKED)
    with pytest.raises(NotConfirmed) as gone:
        pairs.confirm(other, ask.id)
    assert gone.value.fault is Fault.GONE


def a_code(one: Actor, other: Actor, patient: Resident) -> str:
    pairs.confirm(other, asked(one, patient))
    return entrance.at_counter(one, patient.record_id).code


def test_what_ends_an_account_s_sessions_ends_its_code(one: Actor, other: Actor) -> None:
    patient = people.a_patient()
    session = f"session-{patient.record_id}"
    for ends in (
        lambda: accounts.end_sessions(one, patient.actor.id, Reason.MISUSE),
        lambda: accounts.deactivate(one, patient.actor.id, Reason.MISUSE),
        lambda: disowning.not_theirs(patient.actor, session),
    ):
        code = a_code(one, other, patient)
        ends()
        with pytest.raises(WrongCode):
            entering.enter(number=patient.ins, birth_date=BORN, code=code)


def test_no_code_while_somebody_says_that_it_was_not_them(one: Actor, other: Actor) -> None:
    patient = people.a_patient()
    pairs.confirm(other, asked(one, patient))
    told = disowning.not_theirs(patient.actor, "")
    assert entrance.stopped(patient.record_id) == told.reference
    with pytest.raises(Disowned):
        entrance.at_counter(one, patient.record_id)
    with pytest.raises(Disowned):
        entrance.ask_number(one, patient.record_id, "06 12 34 56 78")
    (case,) = [each for each in disowning.cases(one, limit=10_000) if each.reference == told.reference]
    assert disowning.close(one, case)
    assert entrance.at_counter(one, patient.record_id), "what was confirmed within the hour holds"


def test_the_holder_calls_off_what_was_asked_for_confirmed_or_handed_out(one: Actor, other: Actor) -> None:
    patient = people.a_patient()
    assert not entrance.expected(patient.actor)
    entrance.call_off(patient.actor)
    assert "entry-code-called-off" not in {line.action for line in people.trail(patient)}, "there was nothing"
    waits = asked(one, patient)
    assert entrance.expected(patient.actor) == Expected(asked=True, until=None)
    entrance.call_off(patient.actor)
    with pytest.raises(NotConfirmed):
        pairs.confirm(other, waits)
    pairs.confirm(other, asked(one, patient))
    entrance.call_off(patient.actor)
    with pytest.raises(AskFirst):
        entrance.at_counter(one, patient.record_id)
    code = a_code(one, other, patient)
    assert entrance.expected(patient.actor).until
    entrance.call_off(patient.actor)
    with pytest.raises(WrongCode):
        entering.enter(number=patient.ins, birth_date=BORN, code=code)
    assert not entrance.expected(patient.actor)
    assert "entry-code-called-off" in {line.action for line in people.trail(patient)}


def test_one_request_at_a_time_for_a_record(one: Actor, other: Actor) -> None:
    patient = people.a_patient()
    asked(one, patient)
    with pytest.raises(Violation):
        pairs.ask(other, patient.record_id, Kind.ENTRY)
    move(patient, "at", timedelta(days=1, seconds=1))
    assert pairs.state(one, patient.record_id, Kind.ENTRY) == (State.NONE, "")
    asked(other, patient)


def test_what_was_confirmed_is_good_for_an_hour(one: Actor, other: Actor) -> None:
    patient = people.a_patient()
    pairs.confirm(other, asked(one, patient))
    assert pairs.state(one, patient.record_id, Kind.ENTRY)[0] is State.READY
    assert pairs.state(other, patient.record_id, Kind.ENTRY)[0] is State.NONE
    move(patient, "decided_at", timedelta(hours=1, seconds=1))
    assert pairs.state(one, patient.record_id, Kind.ENTRY)[0] is State.NONE
    with pytest.raises(AskFirst):
        entrance.at_counter(one, patient.record_id)


def test_a_record_that_closes_meanwhile_uses_up_nothing(one: Actor, other: Actor) -> None:
    patient = people.a_patient()
    pairs.confirm(other, asked(one, patient))
    life.act(patient.actor, record_id=patient.record_id, act=Act.CLOSE)
    with pytest.raises(entering.NotOpen):
        entrance.at_counter(one, patient.record_id)
    life.act(patient.actor, record_id=patient.record_id, act=Act.REOPEN)
    assert entrance.at_counter(one, patient.record_id)


def test_where_every_code_needs_two_so_does_the_first(
    one: Actor, other: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id, _ = a_record()
    monkeypatch.setenv("CARNET_CODES_BY_TWO", "1")
    with pytest.raises(AskFirst):
        entrance.at_counter(one, record_id)
    pairs.ask(one, record_id, Kind.ENTRY)
    pairs.confirm(other, pairs.waiting(other)[-1].id)
    assert entrance.at_counter(one, record_id)


@pytest.mark.parametrize("act", [counter.create_unknown, counter.oppose_unknown])
def test_nobody_comes_in_by_an_identity_that_one_operator_alone_has_typed(
    one: Actor, other: Actor, monkeypatch: pytest.MonkeyPatch, act: Callable[..., Receipt]
) -> None:
    """The number of somebody else, under the traits of whoever would like to read what is deposited for them."""
    monkeypatch.setenv("CARNET_CODES_BY_TWO", "1")
    ins = people.fresh_ins()
    traits = Traits(f"ESSAI-{uuid4().hex}", "CAMILLE", BORN.isoformat(), "F", "51215")
    act(one, number=ins, traits=traits, givens=traits.birth_given)
    record_id = record_of(ins)
    assert record_id
    assert counter.unread(one, record_id)
    assert bearing(traits) == []
    (ask,) = [each for each in pairs.waiting(one) if each.mine]
    with pytest.raises(NotConfirmed):
        counter.confirm_traits(one, ask.id)
    pairs.refuse(other, ask.id)
    assert bearing(traits) == []
    counter.ask_reading(one, record_id)
    counter.ask_reading(one, record_id)
    (ask,) = [each for each in pairs.waiting(one) if each.mine]
    counter.confirm_traits(other, ask.id)
    assert [each.record_id for each in bearing(traits)] == [record_id]
    assert not counter.unread(one, record_id)
    assert {"traits-proposed", "traits-confirmed"} <= {action for action, _ in people.raw_trail(record_id)}


def test_nobody_hands_out_codes_by_the_dozen(one: Actor) -> None:
    record_id, _ = a_record()
    for _ in range(40):
        entrance.at_counter(one, record_id)
    with pytest.raises(TooOften):
        entrance.at_counter(one, record_id)
    assert entrance.at_counter(people.an_operator("support"), record_id)


def test_records_are_not_found_by_the_hundred(one: Actor) -> None:
    ins = people.a_patient().ins
    for turn in range(MOST_AN_HOUR):
        assert (counter.find if turn % 2 else families.find)(one, ins)
    for find in (counter.find, families.find):
        with pytest.raises(TooMany):
            find(one, ins)
    assert counter.find(people.an_operator("support"), ins)


def test_a_guardian_counts_when_another_has_read_the_decision(one: Actor, other: Actor) -> None:
    ward, guardian = people.a_patient(), people.a_patient()
    last = clock.now().date().replace(year=clock.now().year + 2, day=1)
    reference = families.ask_guardian(
        one, record_id=ward.record_id, guardian=guardian.ins, measure=Measure("tutelle", last, COURT)
    )
    (ask,) = [each for each in pairs.waiting(other) if each.reference == reference]
    found = pairs.case(other, ask.id)
    assert found
    assert found.guardianship
    assert (found.guardian.name, found.guardian.birth_date) == ("Camille ESSAI", str(BORN))
    assert (found.holder.ins, found.guardianship.reference, found.guardianship.last_day) == (ward.ins, COURT, last)
    with pytest.raises(NotConfirmed):
        families.confirm_guardian(one, ask.id)
    with pytest.raises(NotConfirmed):
        pairs.confirm(other, ask.id)
    with pytest.raises(Refused):
        list_documents(guardian.actor, Purpose.REPRESENTATIVE, ward.record_id)
    families.confirm_guardian(other, ask.id)
    assert list_documents(guardian.actor, Purpose.REPRESENTATIVE, ward.record_id) == []
    assert held(ward) == [""], "the court's words stand with the representation alone"


def test_nobody_else_asks_or_confirms(one: Actor) -> None:
    patient = people.a_patient()
    case_id = asked(one, patient)
    for who in (patient.actor, people.a_doctor(), people.software(), people.an_operator("pilotage")):
        for act in (pairs.case, pairs.confirm, families.confirm_guardian, pairs.refuse):
            with pytest.raises(PermissionError):
                act(who, case_id)
        with pytest.raises(PermissionError):
            pairs.ask(who, patient.record_id, Kind.ENTRY)
        with pytest.raises(PermissionError):
            pairs.waiting(who)


MOMENTS = st.integers(0, 8 * 24 * 3600).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(MOMENTS, MOMENTS, st.sampled_from([None, *Way]), st.none() | MOMENTS)
def test_an_account_entered_by_a_code_settles_for_two_days(
    came: datetime, now: datetime, way: Way | None, made: datetime | None
) -> None:
    """Stated anew: waits who cannot show a proof that is surer than the code, or a passkey that has itself lain two
    days: the code may be a thief's second one, and the passkey of their first."""
    older = way is Way.PASSKEY and made is not None and made < came
    since = made if older and made else came
    waits = way is not Way.PROVIDER and now - came < SETTLES_AFTER and now - since < SETTLES_AFTER
    assert settles_at(came, now, way=way, made_at=made) == (since + timedelta(hours=48) if waits else None)
    assert settles_at(None, now, way=way, made_at=made) is None


def test_a_second_code_does_not_free_a_passkey_made_after_the_first() -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    made, again = first + timedelta(hours=1), first + timedelta(hours=2)
    now = again + timedelta(minutes=1)
    assert settles_at(again, now, way=Way.PASSKEY, made_at=made) == made + SETTLES_AFTER


def held(patient: Resident) -> list[str]:
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute("select reference from app.rights_second_look where record_id = %s", (patient.record_id,))
        return [row[0] for row in found]


def move(patient: Resident, column: str, by: timedelta) -> None:
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            f"update app.rights_second_look set {column} = {column} - %s where record_id = %s",
            (by, patient.record_id),
        )
