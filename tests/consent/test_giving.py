"""What is given through `consent.giving`, and what comes in between."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from carnet.consent import actions as consent
from carnet.consent import giving
from carnet.consent.access import Refused
from carnet.consent.actions import Blocked, Grantee
from carnet.consent.giving import NotGiven, Number, Why, Wish
from carnet.documents import queries, trail
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from carnet.people.rules import Capacity
from carnet.web.patient import sentences
from tests import people
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")


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
