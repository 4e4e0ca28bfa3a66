"""What a mail of a first access told stays told when the visit turns out to be a secret: who goes to look would else
find nothing there, and know that something is kept from them. What came after the mail is kept, as everything is from
who was told nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from carnet.consent import actions as consent
from carnet.consent import declaring
from carnet.documents import queries, trail
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.notify import first_access
from carnet.notify.rules import Kind
from carnet.people import actions as people_actions
from tests import people
from tests.notify.mailbox import Box, listening, subjects
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

SECRET, WITHHELD = "INVISIBLE_REPRESENTANTS_LEGAUX", "INVISIBLE_PATIENT"
Act = Callable[[Resident, Actor], None]
Whose = Callable[[Resident], Actor]


@dataclass
class Family:
    child: Resident
    parent: Actor
    doctor: Actor

    def told(self, doctor: Actor | None = None) -> list[str]:
        """The parent."""
        return told_of(self.parent, Purpose.REPRESENTATIVE, self.child, doctor or self.doctor)


def attended(child: Resident) -> Actor:
    doctor = people.a_doctor()
    consent.set_attending(SYSTEM, record_id=child.record_id, professional_id=doctor.id)
    return doctor


def stood_in_for(child: Resident) -> Actor:
    """A locum, of whom the record says nothing."""
    doctor, locum = attended(child), people.a_doctor()
    people_actions.add_deputy(deputy_id=locum.id, principal_id=doctor.id, kind="locum", since=people.long_ago())
    return people.actor(locum.id)


def a_family(whose: Whose) -> Family:
    child, parent = people.a_patient(birth_date=f"{clock.now().year - 15}-01-02"), people.a_person()
    people.represents(child, parent)
    doctor = whose(child)
    first_access.tell()
    return Family(child, parent, doctor)


def reads(patient: Resident, doctor: Actor) -> None:
    queries.list_documents(doctor, Purpose.CARE, patient.record_id)


def declares_in_secret(child: Resident, doctor: Actor) -> None:
    declaring.declare(doctor, record_id=child.record_id, secret=True)


def deposits(label: str) -> Act:
    def act(patient: Resident, doctor: Actor) -> None:
        kept = people.entry(title="Titre zinnia", labels=frozenset({label}), authors=())
        people.deposited(doctor, patient, b"Un zinnia commun", of=kept, purpose=Purpose.CARE)

    return act


def told_of(who: Actor, purpose: Purpose, patient: Resident, doctor: Actor) -> list[str]:
    """What the doctor did, as somebody reads it in the trail."""
    lines = trail.lines(who, purpose, patient.record_id, limit=500)
    return [line.action for line in lines if line.actor_id == doctor.id]


@pytest.mark.parametrize("keeps", [declares_in_secret, deposits(SECRET)], ids=["consent", "deposit"])
@pytest.mark.parametrize("whose", [attended, stood_in_for])
def test_what_a_mail_told_a_parent_does_not_vanish(box: Box, whose: Whose, keeps: Act) -> None:
    family = a_family(whose)
    address = listening(box, family.parent, Kind.FIRST_ACCESS)
    reads(family.child, family.doctor)
    first_access.tell()
    assert len(subjects(box, address)) == 1
    reads(family.child, family.doctor)
    keeps(family.child, family.doctor)
    reads(family.child, family.doctor)
    for _ in range(2):
        assert family.told() == ["documents-list"], "the one that was told of, and none of those after it"


@pytest.mark.parametrize("whose", [attended, stood_in_for])
def test_who_was_sent_nothing_finds_nothing(box: Box, whose: Whose) -> None:
    family = a_family(whose)
    listening(box, family.parent, Kind.EMERGENCY)
    # What the child is told says nothing of what the parents were.
    listening(box, family.child.actor, Kind.FIRST_ACCESS)
    reads(family.child, family.doctor)
    first_access.tell()
    deposits(SECRET)(family.child, family.doctor)
    assert family.told() == []


def test_a_mail_of_one_professional_tells_of_no_other(box: Box) -> None:
    family = a_family(attended)
    other = people.authorised(family.child, people.a_doctor())
    listening(box, family.parent, Kind.FIRST_ACCESS)
    reads(family.child, family.doctor)
    first_access.tell()
    reads(family.child, other)
    declares_in_secret(family.child, other)
    first_access.tell()
    assert family.told() == ["documents-list"]
    assert family.told(other) == []


def test_what_a_mail_told_the_holder_does_not_vanish_with_what_waits_to_be_announced(box: Box) -> None:
    patient = people.a_patient()
    locum = stood_in_for(patient)
    first_access.tell()
    listening(box, patient.actor, Kind.FIRST_ACCESS)
    reads(patient, locum)
    first_access.tell()
    deposits(WITHHELD)(patient, locum)
    reads(patient, locum)
    assert told_of(patient.actor, Purpose.SELF, patient, locum) == ["documents-list"]


def test_that_it_was_told_is_a_line_for_auditors_alone(box: Box) -> None:
    family = a_family(attended)
    whose = ((family.child.actor, Purpose.SELF), (family.parent, Purpose.REPRESENTATIVE))
    for who, _ in whose:
        listening(box, who, Kind.FIRST_ACCESS)
    reads(family.child, family.doctor)
    first_access.tell()
    assert people.raw_trail(family.child.record_id).count(("first-access-told", "done")) == 2
    for who, purpose in whose:
        lines = trail.lines(who, purpose, family.child.record_id, limit=500)
        assert "first-access-told" not in {line.action for line in lines}
