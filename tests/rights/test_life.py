"""What a holder decides about their whole record, and what an operator records of it: what each lets be done after."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from carnet.consent.access import Refused, permit_to_deposit
from carnet.consent.facts import Reason
from carnet.documents import queries as documents
from carnet.kernel import clock, config, database
from carnet.kernel.actor import Purpose
from carnet.kernel.audit.verify import verify
from carnet.kernel.erasing import journal
from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import name_of
from carnet.records.entering import TooYoung
from carnet.records.life import NotDone, Receipt
from carnet.records.rules import Act, Fault, RecordState
from carnet.rights import activation, counter, erasing, life, pairs
from carnet.rights.counter import Ground, NotThatDay
from tests import people
from tests.aging import put_back
from tests.handing import confirmed
from tests.people import Resident
from tests.working import worked

pytestmark = pytest.mark.usefixtures("house")


def state(patient: Resident) -> RecordState:
    return life.standing(patient.actor, patient.record_id).life.state


def act(patient: Resident, what: Act) -> None:
    life.act(patient.actor, record_id=patient.record_id, act=what)


def refusal(patient: Resident) -> Reason:
    with pytest.raises(Refused) as refused:
        documents.list_documents(patient.actor, Purpose.SELF, patient.record_id)
    return refused.value.reason


def move(record_id: UUID, by: timedelta) -> None:
    """Its day comes: the instants are moved, never the clock. Two transactions: a worker may hold the job."""
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update record.kernel_scope set erase_at = erase_at - %s where record_id = %s", (by, record_id))
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update app.kernel_job set run_at = run_at - %s where args ->> 'record_id' = %s and state = 'waiting'",
            (by, str(record_id)),
        )


def test_closed_is_closed_to_everybody_and_comes_back_as_it_was() -> None:
    patient, software = people.a_patient(), people.software()
    doctor = people.authorised(patient, people.a_doctor())
    people.deposited(software, patient)
    act(patient, Act.CLOSE)
    assert refusal(patient) is Reason.CLOSED
    with pytest.raises(Refused):
        documents.list_documents(doctor, Purpose.CARE, patient.record_id)
    with pytest.raises(Refused) as refused:
        permit_to_deposit(software, Purpose.DEPOSIT, patient.record_id, action="test")
    assert refused.value.reason is Reason.CLOSED
    act(patient, Act.REOPEN)
    assert len(documents.list_documents(patient.actor, Purpose.SELF, patient.record_id)) == 1
    assert len(documents.list_documents(doctor, Purpose.CARE, patient.record_id)) == 1
    done = [line.action for line in people.trail(patient)]
    assert "record-closed" in done
    assert "record-reopened" in done


@pytest.mark.parametrize("thinks_again", [(Act.CLOSE,), (Act.ASK_ERASING,), (Act.ASK_ERASING, Act.WITHDRAW_ERASING)])
def test_what_was_never_activated_still_waits_for_its_first_opening(thinks_again: tuple[Act, ...]) -> None:
    patient = people.a_patient(state=RecordState.UNOPENED)
    for each in (*thinks_again, Act.REOPEN):
        act(patient, each)
    assert state(patient) is RecordState.UNOPENED
    assert activation.waiting(patient.actor, patient.record_id), "the five screens are still to come"
    act(patient, Act.CLOSE)
    act(patient, Act.REOPEN)
    assert activation.finish(patient.actor, patient.record_id)
    assert state(patient) is RecordState.ACTIVE


def test_kept_for_ten_years_and_no_longer() -> None:
    patient = people.a_patient()
    act(patient, Act.CLOSE)
    until = life.standing(patient.actor, patient.record_id).life.erase_at
    assert until is not None
    assert timedelta(days=3651) < until - clock.now() < timedelta(days=3654)
    assert not erasing.carry_out(patient.record_id)
    move(patient.record_id, timedelta(days=3655))
    assert erasing.carry_out(patient.record_id)


def test_an_erasing_is_thought_over_and_called_off() -> None:
    patient = people.a_patient()
    act(patient, Act.ASK_ERASING)
    found = life.standing(patient.actor, patient.record_id).life
    assert (found.state, found.erasing_asked) == (RecordState.CLOSED, True)
    act(patient, Act.WITHDRAW_ERASING)
    assert not life.standing(patient.actor, patient.record_id).life.erasing_asked
    move(patient.record_id, timedelta(days=31))
    assert not erasing.carry_out(patient.record_id)
    act(patient, Act.ASK_ERASING)
    act(patient, Act.REOPEN)
    move(patient.record_id, timedelta(days=4000))
    assert not erasing.carry_out(patient.record_id)
    assert documents.list_documents(patient.actor, Purpose.SELF, patient.record_id) == []


def test_nothing_of_an_erased_record_is_left_but_that_things_were_done_in_it() -> None:
    patient, other = people.a_patient(), people.a_patient()
    software, doctor = people.software(), people.a_doctor()
    people.authorised(patient, doctor)
    people.deposited(software, patient, b"Ce qui doit partir.")
    kept = people.deposited(software, other)
    blobs = _column("select id from app.kernel_blob where scope_id = %s", patient.record_id)
    before = people.raw_trail(patient.record_id)
    act(patient, Act.ASK_ERASING)
    move(patient.record_id, timedelta(days=31))
    worked()
    assert _left(patient.record_id) == []
    assert not any(here().store.exists(name_of(each)) for each in blobs)
    after = people.raw_trail(patient.record_id)
    assert after[: len(before)] == before
    assert after[-1] == ("record-erased", "done")
    assert patient.record_id in journal.read(journal.place(config.load()))
    # Somebody else's is as it was, and the account signs in without a record.
    assert [line.id for line in documents.list_documents(other.actor, Purpose.SELF, other.record_id)] == [kept.id]
    assert _column("select record_id from app.people_person where actor_id = %s", patient.actor.id) == [None]
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        put_back(owner)
        assert verify(owner).whole


def test_a_record_is_not_erased_before_its_day() -> None:
    patient = people.a_patient()
    with database.connect(config.load(), "writer") as writer:
        assert writer.execute("select record.erase(%s)", (patient.record_id,)).fetchone() == (False,)
    act(patient, Act.ASK_ERASING)
    assert not erasing.carry_out(patient.record_id)
    assert state(patient) is RecordState.CLOSED


def test_put_aside_nobody_reads_it_and_it_is_still_fed() -> None:
    patient, software, operator = people.a_patient(), people.software(), people.an_operator("support")
    doctor = people.authorised(patient, people.a_doctor())
    counter.act(operator, record_id=patient.record_id, act=Act.SUSPEND, ground=Ground.IDENTITY)
    assert refusal(patient) is Reason.SUSPENDED
    with pytest.raises(Refused):
        documents.list_documents(doctor, Purpose.CARE, patient.record_id)
    people.deposited(software, patient)
    with pytest.raises(NotDone):
        act(patient, Act.ASK_ERASING)
    counter.act(operator, record_id=patient.record_id, act=Act.RESUME, ground=Ground.SETTLED)
    assert len(documents.list_documents(patient.actor, Purpose.SELF, patient.record_id)) == 1


def test_a_death_closes_and_a_mistake_opens_again() -> None:
    patient, operator = people.a_patient(), people.an_operator("support")
    day = clock.now().date()
    with pytest.raises(NotThatDay):
        counter.act(operator, record_id=patient.record_id, act=Act.RECORD_DEATH, ground=Ground.CERTIFICATE)
    counter.act(operator, record_id=patient.record_id, act=Act.RECORD_DEATH, ground=Ground.CERTIFICATE, died_on=day)
    assert refusal(patient) is Reason.DECEASED
    with pytest.raises(NotDone) as refused:
        act(patient, Act.REOPEN)
    assert refused.value.fault is Fault.NOT_NOW
    counter.act(operator, record_id=patient.record_id, act=Act.UNDO_DEATH, ground=Ground.MISTAKE)
    assert state(patient) is RecordState.ACTIVE


def test_erasing_that_was_asked_for_at_a_counter_waits_as_long_and_is_undone_there() -> None:
    patient, operator = people.a_patient(), people.an_operator("support")
    at_counter = partial(counter.act, operator, record_id=patient.record_id, ground=Ground.ASKED)

    def asked() -> Receipt:
        confirmed(operator, patient.record_id, pairs.Kind.ERASING)
        return at_counter(act=Act.ASK_ERASING)

    receipt = asked()
    found = life.standing(patient.actor, patient.record_id)
    assert (found.life.state, found.life.erasing_asked) == (RecordState.CLOSED, True)
    assert found.receipts[0].reference == receipt.reference
    assert found.life.erase_at is not None
    assert timedelta(days=29) < found.life.erase_at - clock.now() <= timedelta(days=30)
    assert not erasing.carry_out(patient.record_id)
    at_counter(act=Act.WITHDRAW_ERASING)
    assert not life.standing(patient.actor, patient.record_id).life.erasing_asked
    asked()
    at_counter(act=Act.REOPEN)
    assert documents.list_documents(patient.actor, Purpose.SELF, patient.record_id) == []
    done = [line.action for line in people.trail(patient)]
    assert {"record-erasing-asked", "record-erasing-withdrawn", "record-reopened"} <= set(done)
    asked()
    move(patient.record_id, timedelta(days=31))
    assert erasing.carry_out(patient.record_id)


def test_nobody_has_a_record_erased_on_the_word_of_one_operator() -> None:
    patient, operator = people.a_patient(), people.an_operator("support")
    at_counter = partial(counter.act, operator, record_id=patient.record_id, act=Act.ASK_ERASING, ground=Ground.ASKED)
    with pytest.raises(pairs.AskFirst):
        at_counter()
    counter.ask_erasing(operator, patient.record_id)
    counter.ask_erasing(operator, patient.record_id)
    (ask,) = [each for each in pairs.waiting(operator) if each.mine]
    with pytest.raises(pairs.NotConfirmed):
        pairs.confirm(operator, ask.id)
    with pytest.raises(pairs.AskFirst):
        at_counter()
    assert state(patient) is RecordState.ACTIVE, "nothing is closed either"
    pairs.confirm(people.an_operator("support"), ask.id)
    at_counter()
    assert state(patient) is RecordState.CLOSED
    told = [action for action, _ in people.raw_trail(patient.record_id) if "erasing" in action]
    assert told == ["erasing-proposed", "erasing-confirmed", "record-erasing-asked"]


def test_nobody_has_a_childs_record_erased_at_a_counter() -> None:
    child, operator = people.a_patient(birth_date="2015-03-04"), people.an_operator("support")
    with pytest.raises(TooYoung):
        counter.act(operator, record_id=child.record_id, act=Act.ASK_ERASING, ground=Ground.ASKED)
    assert state(child) is RecordState.ACTIVE


def test_who_steers_and_who_is_no_operator_record_nothing() -> None:
    patient = people.a_patient()
    for who in (people.an_operator("steering"), patient.actor, people.a_doctor()):
        with pytest.raises(PermissionError):
            counter.act(who, record_id=patient.record_id, act=Act.SUSPEND, ground=Ground.IDENTITY)


def test_a_stranger_decides_nothing() -> None:
    patient, other = people.a_patient(), people.a_patient()
    with pytest.raises(Refused):
        life.act(other.actor, record_id=patient.record_id, act=Act.CLOSE)
    with pytest.raises(Refused):
        life.standing(other.actor, patient.record_id)


def _column(statement: str, value: UUID) -> list[Any]:
    with database.connect(config.load(), "owner") as owner:
        return [row[0] for row in owner.execute(statement, (value,)).fetchall()]


def _left(record_id: UUID) -> list[str]:
    """Every column of a UUID that still says this record's, but the trail's and the journal's own."""
    with database.connect(config.load(), "owner") as owner:
        columns = owner.execute(
            "select table_schema, table_name, column_name from information_schema.columns"
            " where table_schema in ('app', 'record') and data_type = 'uuid'"
        ).fetchall()
        return [
            f"{schema}.{table}.{column}"
            for schema, table, column in columns
            if owner.execute(f'select 1 from {schema}."{table}" where "{column}" = %s', (record_id,)).fetchone()
        ]
