"""Before the opening: told, saying no by the code of the letter, saying nothing for six weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from carnet.consent.access import Refused, permit_to_deposit
from carnet.consent.facts import Reason
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Purpose
from carnet.kernel.db.constraints import Violation
from carnet.records import letters
from carnet.records.letters import Told
from carnet.records.life import NotDone, Receipt
from carnet.records.numbers import NotAnIns
from carnet.records.paper import MOST_TRIES, WrongCode
from carnet.records.rules import Act, Fault, Identity, Traits
from carnet.rights import counter
from carnet.rights.counter import Ground
from tests import people
from tests.cast import TEST_OID
from tests.working import worked

pytestmark = pytest.mark.usefixtures("house")
TRAITS = Traits("ESSAI", "CAMILLE", "1985-01-12")


def told() -> tuple[str, Told]:
    ins = people.fresh_ins()
    return ins, letters.inform(
        SYSTEM, identity=Identity(TEST_OID, ins, "ESSAI", "CAMILLE", sex="F", birth_date="1985-01-12")
    )


def say_no(ins: str, code: str, traits: Traits = TRAITS) -> Receipt:
    return letters.object_by_letter(number=ins, traits=traits, code=code)


def state(record_id: UUID) -> str:
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute("select state from record.records_record where id = %s", (record_id,)).fetchone()
    assert row
    return str(row[0])


def weeks_pass(record_id: UUID) -> None:
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.records_record set opens_at = opens_at - interval '6 weeks' where id = %s", (record_id,)
        )
        owner.execute(
            "update app.kernel_job set run_at = run_at - interval '6 weeks' where args ->> 'record_id' = %s",
            (str(record_id),),
        )
    worked()


def test_nothing_exists_before_it_opens_and_it_opens_by_itself() -> None:
    _, letter = told()
    assert timedelta(days=41) < letter.opens_at - clock.now() < timedelta(days=43)
    with pytest.raises(Refused) as refused:
        permit_to_deposit(people.software(), Purpose.DEPOSIT, letter.record_id, action="test")
    assert refused.value.reason is Reason.NO_RECORD
    worked()
    assert state(letter.record_id) == "informed"
    weeks_pass(letter.record_id)
    assert state(letter.record_id) == "unopened"
    permit_to_deposit(people.software(), Purpose.DEPOSIT, letter.record_id, action="test")


def test_a_no_by_the_letter_is_kept_with_its_receipt_and_asks_for_no_reason() -> None:
    ins, letter = told()
    receipt = say_no(
        f"{ins[:7]} {ins[7:]}",
        f"{letter.code[:4].lower()}-{letter.code[4:]} ",
        Traits("essai", "Camille", "1985-01-12"),
    )
    assert len(receipt.reference) == 10
    assert say_no(ins, letter.code).reference == receipt.reference
    weeks_pass(letter.record_id)
    assert state(letter.record_id) == "opposed"
    # And yes, later, at a counter.
    operator = people.an_operator("support")
    assert counter.find(operator, ins) == letter.record_id
    counter.act(operator, record_id=letter.record_id, act=Act.CREATE, ground=Ground.ASKED)
    assert state(letter.record_id) == "unopened"


def test_after_six_weeks_it_is_too_late_for_the_letter() -> None:
    ins, letter = told()
    weeks_pass(letter.record_id)
    with pytest.raises(NotDone) as refused:
        say_no(ins, letter.code)
    assert refused.value.fault is Fault.NOT_NOW


@pytest.mark.parametrize(
    "traits",
    [
        replace(TRAITS, birth_family="ESSAIS"),
        replace(TRAITS, birth_given="CAMILLA"),
        replace(TRAITS, birth_date="1985-01-13"),
    ],
)
def test_the_code_of_somebody_else_says_nothing(traits: Traits) -> None:
    ins, letter = told()
    with pytest.raises(WrongCode):
        say_no(ins, letter.code, traits)
    other_ins, other = told()
    for number, code in ((ins, other.code), (other_ins, letter.code), (people.fresh_ins(), letter.code)):
        with pytest.raises(WrongCode):
            say_no(number, code)
    assert state(letter.record_id) == state(other.record_id) == "informed"


def test_a_record_that_was_never_told_of_has_no_code() -> None:
    patient = people.a_patient()
    with pytest.raises(WrongCode):
        say_no(patient.ins, "")


def test_five_wrong_codes_close_the_door_for_an_hour() -> None:
    ins, letter = told()
    for _ in range(MOST_TRIES):
        with pytest.raises(WrongCode):
            say_no(ins, "AAAAAAAA")
    with pytest.raises(WrongCode):
        say_no(ins, letter.code)
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.records_letter set tried_at = tried_at - interval '1 hour' where record_id = %s",
            (letter.record_id,),
        )
    say_no(ins, letter.code)


def test_at_the_counter_for_who_was_never_told() -> None:
    operator, ins = people.an_operator("support"), people.fresh_ins()
    assert counter.find(operator, ins) is None
    counter.oppose_unknown(operator, number=ins, traits=TRAITS)
    found = counter.find(operator, ins)
    assert found
    assert state(found) == "opposed"
    with pytest.raises(Violation):
        letters.inform(SYSTEM, identity=Identity(TEST_OID, ins, "ESSAI", "CAMILLE", birth_date="1985-01-12"))
    with pytest.raises(NotAnIns):
        counter.find(operator, ins[:-1] + ("0" if ins[-1] != "0" else "1"))
