"""A code on paper: who may hand one out, to whom, and what it opens."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import transaction

from carnet.consent import actions as consent
from carnet.consent.access import Refused, permit_to_read
from carnet.kernel import config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import WRITER
from carnet.people import identities, queries
from carnet.records import actions as records
from carnet.records import entering
from carnet.records.entering import NotOpen, TooYoung
from carnet.records.numbers import NotAnIns
from carnet.records.paper import MOST_TRIES, WrongCode
from carnet.records.queries import existence
from carnet.records.rules import Identity, RecordState
from carnet.rights import entrance
from carnet.rights.entrance import HasAnAccount, NotHere
from tests import people
from tests.cast import TEST_OID

pytestmark = pytest.mark.usefixtures("house")
BORN = date(1985, 1, 12)


def a_record(born: str = "1985-01-12", state: RecordState = RecordState.UNOPENED) -> tuple[UUID, str]:
    """Of somebody who never came in."""
    ins = people.fresh_ins()
    who = Identity(TEST_OID, ins, "ESSAI", "CAMILLE", sex="F", birth_date=born, birth_place="51215")
    return records.open_record_for(SYSTEM, identity=who, state=state), ins


@pytest.fixture
def operator() -> Actor:
    return people.an_operator("support")


def test_a_code_opens_ones_own_record_once(operator: Actor) -> None:
    record_id, ins = a_record()
    handed = entrance.at_counter(operator, record_id)
    assert len(handed.code) == 12
    # as people write it: small letters, in groups
    opened = entering.enter(number=ins, birth_date=BORN, code=" ".join(handed.groups).lower())
    assert opened == record_id
    who = entrance.holder(opened)
    assert who
    assert who.name == "Camille Essai"
    assert queries.record_of(who) == record_id
    assert entrance.holder(opened) == who
    with pytest.raises(WrongCode):
        entering.enter(number=ins, birth_date=BORN, code=handed.code)


def test_the_latest_code_is_the_only_one(operator: Actor) -> None:
    record_id, ins = a_record()
    first, second = (entrance.at_counter(operator, record_id) for _ in range(2))
    with pytest.raises(WrongCode):
        entering.enter(number=ins, birth_date=BORN, code=first.code)
    assert entering.enter(number=ins, birth_date=BORN, code=second.code) == record_id


def test_what_does_not_belong_together_opens_nothing(operator: Actor) -> None:
    (mine, ins), (theirs, other_ins) = a_record(), a_record()
    code, other = entrance.at_counter(operator, mine).code, entrance.at_counter(operator, theirs).code
    for number, born, said in (
        (ins, BORN, other),
        (other_ins, BORN, code),
        (ins, date(1985, 1, 13), code),
        (people.fresh_ins(), BORN, code),
        (people.a_patient().ins, BORN, ""),
    ):
        with pytest.raises(WrongCode):
            entering.enter(number=number, birth_date=born, code=said)
    with pytest.raises(NotAnIns):
        entering.enter(number=ins[:-1], birth_date=BORN, code=code)
    assert entering.enter(number=ins, birth_date=BORN, code=code) == mine


def test_five_wrong_codes_close_the_door_for_an_hour(operator: Actor) -> None:
    record_id, ins = a_record()
    code = entrance.at_counter(operator, record_id).code
    for _ in range(MOST_TRIES):
        with pytest.raises(WrongCode):
            entering.enter(number=ins, birth_date=BORN, code="AAAAAAAAAAAA")
    with pytest.raises(WrongCode):
        entering.enter(number=ins, birth_date=BORN, code=code)
    _move("tried_at", record_id, "- interval '1 hour'")
    assert entering.enter(number=ins, birth_date=BORN, code=code) == record_id


def test_a_code_ends_after_a_week(operator: Actor) -> None:
    record_id, ins = a_record()
    code = entrance.at_counter(operator, record_id).code
    _move("until", record_id, "- interval '7 days 1 second'")
    with pytest.raises(WrongCode):
        entering.enter(number=ins, birth_date=BORN, code=code)


def test_of_two_at_the_same_time_one_comes_in(operator: Actor) -> None:
    record_id, ins = a_record()
    code = entrance.at_counter(operator, record_id).code
    start, came_in = Barrier(4), []

    def comes() -> None:
        start.wait()
        with suppress(WrongCode):
            came_in.append(entering.enter(number=ins, birth_date=BORN, code=code))

    threads = [Thread(target=comes) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert came_in == [record_id]


def test_a_child_s_record_is_opened_by_the_parents(operator: Actor) -> None:
    child, _ = a_record("2015-05-05")
    with pytest.raises(TooYoung):
        entrance.at_counter(operator, child)
    with pytest.raises(TooYoung):
        entrance.at_visit(people.a_doctor(), child)


@pytest.mark.parametrize(
    "state", [RecordState.CLOSED, RecordState.DECEASED, RecordState.SUSPENDED, RecordState.OPPOSED]
)
def test_nobody_comes_into_a_record_that_is_not_open(operator: Actor, state: RecordState) -> None:
    record_id, _ = a_record(state=state)
    with pytest.raises(NotOpen):
        entrance.at_counter(operator, record_id)


def test_a_professional_helps_who_never_came_in_and_nobody_else() -> None:
    doctor = people.a_doctor()
    record_id, ins = a_record()
    handed = entrance.at_visit(doctor, record_id)
    assert entering.enter(number=ins, birth_date=BORN, code=handed.code) == record_id
    # who has an account could be impersonated by whoever knows a number
    patient = people.a_patient()
    with pytest.raises(HasAnAccount):
        entrance.at_visit(doctor, patient.record_id)
    # and it is no right
    with pytest.raises(Refused):
        permit_to_read(doctor, Purpose.CARE, record_id, action="documents-list")


def test_an_account_that_came_into_being_since_is_not_opened_by_a_first_code(operator: Actor) -> None:
    record_id, ins = a_record()
    codes = [entrance.at_visit(people.a_doctor(), record_id).code]
    codes.append(entrance.at_counter(operator, record_id).code)
    holder = existence(operator, record_id)
    assert holder
    with transaction.atomic(using=WRITER):
        identities.open_account(holder)
    for code in codes:
        with pytest.raises(WrongCode):
            entering.enter(number=ins, birth_date=BORN, code=code)


def test_who_was_blocked_hands_out_nothing() -> None:
    doctor = people.a_doctor()
    patient = people.a_patient()
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    with pytest.raises(Refused):
        entrance.at_visit(doctor, patient.record_id)


def test_nobody_else_hands_out_codes() -> None:
    record_id, _ = a_record()
    for who in (people.a_person(), people.a_doctor(), people.software(), people.an_operator("pilotage")):
        with pytest.raises(PermissionError):
            entrance.at_counter(who, record_id)
    for who in (people.a_person(), people.an_operator("support")):
        with pytest.raises(Refused):
            entrance.at_visit(who, record_id)


def _move(column: str, record_id: UUID, by: str) -> None:
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            f"update record.records_entry_code set {column} = {column} {by} where record_id = %s", (record_id,)
        )


def test_where_nothing_proves_that_the_person_is_there_no_visit_gives_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    record_id, _ = a_record()
    monkeypatch.setenv("CARNET_CODES_AT_VISITS", "0")
    with pytest.raises(NotHere):
        entrance.at_visit(people.a_doctor(), record_id)
