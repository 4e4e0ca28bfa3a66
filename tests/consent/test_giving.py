"""What is given through `consent.giving`, and what comes in between."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from carnet.consent import actions as consent
from carnet.consent import giving
from carnet.consent.access import Refused
from carnet.consent.actions import Blocked, Grantee
from carnet.consent.declaring import this_visit
from carnet.consent.giving import NotGiven, Number, Why, Wish
from carnet.documents import queries, trail
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from carnet.people import disowning
from carnet.people.rules import Capacity
from carnet.records import entering
from carnet.rights import entrance, pairs
from carnet.rights.pairs import Kind
from carnet.web.patient import sentences
from tests import people
from tests.people import Resident

BORN = date(1985, 1, 12)
pytestmark = pytest.mark.usefixtures("house")


def came_in_by_a_code(patient: Resident) -> None:
    """A thief, for all that anybody knows."""
    one, other = people.an_operator("support"), people.an_operator("support")
    pairs.ask(one, patient.record_id, Kind.ENTRY)
    pairs.confirm(other, pairs.waiting(other)[-1].id)
    code = entrance.at_counter(one, patient.record_id).code
    entering.enter(number=patient.ins, birth_date=BORN, code=code)


def test_while_the_account_settles_nobody_is_let_in_for_longer_than_a_visit() -> None:
    patient, doctor, parent = people.a_patient(), people.a_doctor(), people.a_patient()
    came_in_by_a_code(patient)
    asked: dict[str, Any] = {"record_id": patient.record_id, "to": number(doctor)}
    for until in (None, clock.now() + timedelta(days=2)):
        with pytest.raises(NotGiven) as refused:
            giving.give(patient.actor, Purpose.SELF, **asked, wish=Wish(until))
        assert refused.value.hindrance.why is Why.SETTLING
    assert "deux jours" in sentences.sentence(people.trail(patient)[0], patient.actor.id).more
    assert giving.give(patient.actor, Purpose.SELF, **asked, wish=Wish(this_visit(clock.now())))
    assert giving.give(patient.actor, Purpose.SELF, **asked, wish=Wish(proven=True))
    assert giving.give(parent.actor, Purpose.SELF, record_id=parent.record_id, to=number(doctor), wish=Wish())


def test_who_said_that_it_was_not_them_lets_nobody_in_for_good() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    disowning.not_theirs(patient.actor, "")
    with pytest.raises(NotGiven) as refused:
        giving.give(
            people.actor(patient.actor.id),
            Purpose.SELF,
            record_id=patient.record_id,
            to=number(doctor),
            wish=Wish(proven=True),
        )
    assert refused.value.hindrance.why is Why.SETTLING


def number(doctor: Actor) -> Number:
    return Number("professional", people.rpps_of(doctor))


def test_nothing_is_given_beside_a_block_that_came_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    whose: dict[str, Any] = {"record_id": patient.record_id}
    authorise = consent.authorise

    def late(*asked: Any, **given: Any) -> UUID:
        consent.block(patient.actor, Purpose.SELF, **whose, professional_id=doctor.id)
        return authorise(*asked, **given)

    monkeypatch.setattr(consent, "authorise", late)
    with pytest.raises(NotGiven) as refused:
        giving.give(patient.actor, Purpose.SELF, **whose, to=number(doctor), wish=Wish())
    assert refused.value.hindrance.why is Why.BLOCKED
    monkeypatch.undo()
    consent.unblock(patient.actor, Purpose.SELF, **whose, professional_id=doctor.id)
    with pytest.raises(Refused):
        queries.list_documents(people.actor(doctor.id), Purpose.CARE, patient.record_id)


def test_who_is_blocked_is_not_authorised_by_the_act_itself() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    with pytest.raises(Blocked):
        people.authorised(patient, doctor)


def a_child(age: int) -> tuple[Resident, Actor]:
    child, parent = people.a_patient(birth_date=f"{clock.now().year - age - 1}-01-12"), people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    return child, parent


def test_a_block_that_a_minor_keeps_secret_is_not_told_by_a_refusal() -> None:
    child, parent = a_child(8)
    doctor = people.a_doctor()
    whose: dict[str, Any] = {"record_id": child.record_id}
    consent.authorise(child.actor, Purpose.SELF, **whose, professional_id=doctor.id, secret=True)
    consent.block(child.actor, Purpose.SELF, **whose, professional_id=doctor.id)
    to = Grantee("professional", doctor.id)
    assert giving.open_to(parent, Purpose.REPRESENTATIVE, **whose, to=to, wish=Wish())
    # Nor by the line of what the minor tried.
    with pytest.raises(NotGiven):
        giving.open_to(child.actor, Purpose.SELF, **whose, to=to, wish=Wish())
    reasons = {who: _reasons(child, who) for who in (child.actor, parent)}
    assert reasons[child.actor] == ["not-given-blocked"]
    assert reasons[parent] == []


def _reasons(child: Resident, who: Actor) -> list[str]:
    purpose = Purpose.SELF if who == child.actor else Purpose.REPRESENTATIVE
    return [line.detail for line in trail.lines(who, purpose, child.record_id, limit=100) if line.outcome == "refused"]


def test_what_is_not_given_leaves_its_line_in_words() -> None:
    patient, secretary = people.a_patient(), people.a_doctor(capacity=Capacity.SECRETARIAT)
    asked: dict[str, Any] = {"record_id": patient.record_id}
    for to, why in (
        (number(secretary), Why.SECRETARY),
        (Number("professional", "00000000000"), Why.UNKNOWN),
        (number(people.a_doctor(capacity=Capacity.INSURER)), Why.LAW),
    ):
        with pytest.raises(NotGiven) as refused:
            giving.give(patient.actor, Purpose.SELF, **asked, to=to, wish=Wish())
        assert refused.value.hindrance.why is why
        line = people.trail(patient)[0]
        assert (line.outcome, line.action, line.detail) == ("refused", "authorise", f"not-given-{why}")
        said = sentences.sentence(line, patient.actor.id)
        assert "Vous n" in said.text
        assert "montré" not in said.more
        assert not said.rule
