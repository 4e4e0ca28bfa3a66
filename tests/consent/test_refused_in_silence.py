"""What a professional whom a minor lets in by a secret tries and is refused: the representatives learn of none of it,
also when they knew this professional once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent import administering, consents, holders
from carnet.consent.access import Refused, permit_to_act
from carnet.consent.emergency import break_glass
from carnet.consent.facts import Choices
from carnet.documents import changing, queries
from carnet.documents.changing import NotThere
from carnet.documents.rules import DepositRefused
from carnet.documents.trail import lines
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.api.test_linked import MINOR
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")
Try = Callable[[Actor, Resident], object]


def ends_another_s_consent(doctor: Actor, child: Resident) -> object:
    return consents.end(doctor, Purpose.CARE, record_id=child.record_id, consent_id=uuid4())


def changes_what_is_not_there(doctor: Actor, child: Resident) -> object:
    what: dict[str, Any] = {"record_id": child.record_id, "document_id": uuid4(), "label": "MASQUE_PS"}
    return changing.set_label(doctor, Purpose.CARE, on=True, **what)


def acts_as_the_holder(doctor: Actor, child: Resident) -> object:
    return holders.permit_of_holder(doctor, Purpose.CARE, child.record_id, action="authorise")


def blocks_somebody(doctor: Actor, child: Resident) -> None:
    administering.block(doctor, record_id=child.record_id, professional_id=people.a_doctor().id)


def deposits_what_cannot_be(doctor: Actor, child: Resident) -> object:
    first = people.entry()
    people.deposited(doctor, child, of=first, purpose=Purpose.CARE)
    return people.deposited(doctor, child, b"Autre chose.", of=first, purpose=Purpose.CARE)


@pytest.mark.parametrize(
    "tried",
    [
        ends_another_s_consent,
        changes_what_is_not_there,
        acts_as_the_holder,
        blocks_somebody,
        deposits_what_cannot_be,
    ],
)
def test_a_refusal_is_as_silent_as_what_let_them_in(tried: Try) -> None:
    child, parent, doctor = known_once()
    before = refused(parent, Purpose.REPRESENTATIVE, child)
    assert permit_to_act(doctor, Purpose.CARE, child.record_id, action="documents-list").quiet
    with pytest.raises((Refused, NotThere, DepositRefused, consents.NotThere, consents.NotToEnd)):
        tried(doctor, child)
    assert refused(parent, Purpose.REPRESENTATIVE, child) == before
    assert len(refused(child.actor, Purpose.SELF, child)) == len(before) + 1


def an_emergency_without_its_reason(doctor: Actor, child: Resident) -> object:
    return queries.list_documents(doctor, Purpose.EMERGENCY, child.record_id)


def an_emergency_that_was_refused_beforehand(doctor: Actor, child: Resident) -> object:
    consent.choose(child.actor, Purpose.SELF, record_id=child.record_id, choices=Choices(emergency=False))
    return break_glass(doctor, Purpose.EMERGENCY, record_id=child.record_id, reason="Malaise au collège")


def the_regulation_by_who_does_not_regulate(doctor: Actor, child: Resident) -> object:
    return break_glass(doctor, Purpose.REGULATION, record_id=child.record_id, reason="Appel au 15")


@pytest.mark.parametrize(
    "tried",
    [
        an_emergency_without_its_reason,
        an_emergency_that_was_refused_beforehand,
        the_regulation_by_who_does_not_regulate,
    ],
)
def test_so_is_the_refusal_of_an_emergency(tried: Try) -> None:
    child, parent, doctor = known_once()
    before = refused(parent, Purpose.REPRESENTATIVE, child)
    with pytest.raises(Refused):
        tried(doctor, child)
    assert refused(parent, Purpose.REPRESENTATIVE, child) == before
    assert len(refused(child.actor, Purpose.SELF, child)) == len(before) + 1


def test_an_emergency_in_the_open_is_told_whoever_let_them_in_before() -> None:
    """Where the child is and why, both parents must know, unless the doctor says that it is a secret."""
    child, parent, doctor = known_once()
    break_glass(doctor, Purpose.EMERGENCY, record_id=child.record_id, reason="Chute de vélo")
    queries.list_documents(doctor, Purpose.EMERGENCY, child.record_id)
    told = lines(parent, Purpose.REPRESENTATIVE, child.record_id)
    assert [line.action for line in told if line.actor_id == doctor.id] == ["documents-list", "break-glass"]


def test_who_has_a_secret_emergency_is_refused_in_silence_once_they_are_objected_to() -> None:
    child, parent, doctor = known_once(secret=False)
    break_glass(doctor, Purpose.EMERGENCY, record_id=child.record_id, reason="Intoxication aiguë", secret=True)
    consent.choose(child.actor, Purpose.SELF, record_id=child.record_id, choices=Choices(emergency=False))
    with pytest.raises(Refused):
        queries.list_documents(doctor, Purpose.EMERGENCY, child.record_id)
    assert refused(parent, Purpose.REPRESENTATIVE, child) == []
    assert refused(child.actor, Purpose.SELF, child) == ["documents-list"]


def known_once(*, secret: bool = True) -> tuple[Resident, Actor, Actor]:
    """A child, a parent, and a doctor to whom the parent had given access; now the child alone does, in secret."""
    child, parent, doctor = people.a_patient(birth_date=MINOR), people.a_person(), people.a_doctor()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    about: dict[str, Any] = {"record_id": child.record_id, "professional_id": doctor.id}
    consent.authorise(parent, Purpose.REPRESENTATIVE, **about)
    consent.withdraw(parent, Purpose.REPRESENTATIVE, **about)
    if secret:
        consent.authorise(child.actor, Purpose.SELF, secret=True, **about)
    return child, parent, doctor


def refused(who: Actor, purpose: Purpose, child: Resident) -> list[str]:
    return [line.action for line in lines(who, purpose, child.record_id) if line.outcome == "refused"]
