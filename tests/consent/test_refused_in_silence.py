"""What a professional whom a minor lets in by a secret tries and is refused: the representatives learn of none of it,
also when they knew this professional once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent import administering, consents, holders
from carnet.consent.access import Refused, permit_to_act
from carnet.consent.emergency import break_glass
from carnet.documents import changing
from carnet.documents.changing import NotThere
from carnet.documents.queries import list_documents
from carnet.documents.rules import DepositRefused
from carnet.documents.trail import lines
from carnet.kernel import config, database
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


def refused_emergency(doctor: Actor, child: Resident) -> object:
    return list_documents(doctor, Purpose.EMERGENCY, child.record_id)


@pytest.mark.parametrize(
    "tried",
    [
        ends_another_s_consent,
        changes_what_is_not_there,
        acts_as_the_holder,
        blocks_somebody,
        deposits_what_cannot_be,
        refused_emergency,
    ],
)
def test_a_refusal_is_as_silent_as_what_let_them_in(tried: Try) -> None:
    child, parent, doctor = people.a_patient(birth_date=MINOR), people.a_person(), people.a_doctor()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    about: dict[str, Any] = {"record_id": child.record_id, "professional_id": doctor.id}
    consent.authorise(parent, Purpose.REPRESENTATIVE, **about)
    consent.withdraw(parent, Purpose.REPRESENTATIVE, **about)
    before = refused(parent, Purpose.REPRESENTATIVE, child)
    consent.authorise(child.actor, Purpose.SELF, secret=True, **about)
    assert permit_to_act(doctor, Purpose.CARE, child.record_id, action="documents-list").quiet
    with pytest.raises((Refused, NotThere, DepositRefused, consents.NotThere, consents.NotToEnd)):
        tried(doctor, child)
    assert refused(parent, Purpose.REPRESENTATIVE, child) == before
    assert len(refused(child.actor, Purpose.SELF, child)) == len(before) + 1


@pytest.mark.parametrize("purpose", [Purpose.CARE, Purpose.EMERGENCY])
def test_who_broke_the_glass_in_secret_goes_on_unseen(purpose: Purpose) -> None:
    """What they deposit without a label, and what they look at when the hours are over: what they wrote, or nothing."""
    child, parent, doctor = people.a_patient(birth_date=MINOR), people.a_person(), people.a_doctor()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    about: dict[str, Any] = {"record_id": child.record_id, "professional_id": doctor.id}
    consent.authorise(parent, Purpose.REPRESENTATIVE, **about)
    consent.withdraw(parent, Purpose.REPRESENTATIVE, **about)
    of_parent = parent, Purpose.REPRESENTATIVE, child.record_id
    before, papers = acts_of(doctor, *of_parent), list_documents(*of_parent)
    break_glass(doctor, Purpose.EMERGENCY, record_id=child.record_id, reason="Malaise, seule", secret=True)
    people.deposited(doctor, child, of=people.entry(), purpose=Purpose.CARE)
    hours_later(child)
    with suppress(Refused):
        list_documents(doctor, purpose, child.record_id)
    assert list_documents(*of_parent) == papers
    assert acts_of(doctor, *of_parent) == before
    assert len(acts_of(doctor, child.actor, Purpose.SELF, child.record_id)) == len(before) + 3


def test_an_emergency_in_the_open_is_told_whoever_let_them_in_before() -> None:
    """Where the child is and why, both parents must know, unless the doctor says that it is a secret."""
    child, parent, doctor = people.a_patient(birth_date=MINOR), people.a_person(), people.a_doctor()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    consent.authorise(child.actor, Purpose.SELF, record_id=child.record_id, professional_id=doctor.id, secret=True)
    break_glass(doctor, Purpose.EMERGENCY, record_id=child.record_id, reason="Chute de vélo")
    list_documents(doctor, Purpose.EMERGENCY, child.record_id)
    assert acts_of(doctor, parent, Purpose.REPRESENTATIVE, child.record_id) == ["documents-list", "break-glass"]


def acts_of(doctor: Actor, who: Actor, purpose: Purpose, record_id: UUID) -> list[str]:
    return [line.action for line in lines(who, purpose, record_id) if line.actor_id == doctor.id]


def hours_later(child: Resident) -> None:
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.consent_emergency set since = since - interval '1 day', until = until - interval '1 day'"
            " where record_id = %s",
            (child.record_id,),
        )
        owner.execute("update record.kernel_scope set epoch = epoch + 1 where record_id = %s", (child.record_id,))


def refused(who: Actor, purpose: Purpose, child: Resident) -> list[str]:
    return [line.action for line in lines(who, purpose, child.record_id) if line.outcome == "refused"]
