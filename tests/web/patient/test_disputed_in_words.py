"""The trail says what was disputed: that somebody read the record, opened it in an emergency, tried, deposited, or was
never there; as far as who disputes it reads that there, and no farther."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from carnet.consent import reviewing
from carnet.consent.access import Refused
from carnet.consent.emergency import break_glass
from carnet.documents import queries, trail
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.web.patient.sentences import sentence
from tests import people
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

NEVER = "Vous avez dit ne pas connaître {}"
SECRET = frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})


def reads(doctor: Actor, patient: Resident) -> None:
    people.authorised(patient, doctor)
    queries.list_documents(people.actor(doctor.id), Purpose.CARE, patient.record_id)


def breaks_the_glass(doctor: Actor, patient: Resident) -> None:
    break_glass(doctor, Purpose.EMERGENCY, record_id=patient.record_id, reason="Chute")
    queries.list_documents(doctor, Purpose.EMERGENCY, patient.record_id)


def tries(doctor: Actor, patient: Resident) -> None:
    with suppress(Refused):
        queries.list_documents(doctor, Purpose.CARE, patient.record_id)


def deposits(doctor: Actor, patient: Resident) -> None:
    people.deposited(doctor, patient, of=people.entry(authors=()), purpose=Purpose.CARE)


def deposits_in_an_emergency(doctor: Actor, patient: Resident) -> None:
    breaks_the_glass(doctor, patient)
    deposits(doctor, patient)


def does_nothing(doctor: Actor, patient: Resident) -> None:
    pass


@pytest.mark.parametrize(
    ("does", "told"),
    [
        (reads, "Vous avez contesté l'accès de {}"),
        (breaks_the_glass, "Vous avez contesté une ouverture en urgence par {}"),
        (deposits_in_an_emergency, "Vous avez contesté une ouverture en urgence par {}"),
        (tries, "Vous avez contesté une tentative d'accès de {}"),
        (deposits, "Vous avez contesté un dépôt de {}"),
        (does_nothing, NEVER),
    ],
)
def test_what_was_disputed_is_said(does: Callable[[Actor, Resident], None], told: str) -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    does(doctor, patient)
    assert _disputed(patient, patient.actor, Purpose.SELF, doctor) == told.format(doctor.name)


@pytest.mark.parametrize(("seen", "told"), [(deposits, "Vous avez contesté un dépôt de {}"), (tries, NEVER)])
def test_a_parent_disputes_what_a_parent_reads_of(seen: Callable[[Actor, Resident], None], told: str) -> None:
    """What the doctor read of the child's secrets is not what a parent says that they dispute; nor that they tried,
    where all that they did is the child's to know."""
    child = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
    parent, doctor = people.a_person(), people.a_doctor()
    people.represents(child, parent)
    seen(doctor, child)
    entry = people.entry(labels=SECRET, authors=())
    hidden = people.deposited(doctor, child, b"Secret", of=entry, purpose=Purpose.CARE)
    queries.read_document(doctor, Purpose.CARE, child.record_id, hidden.id, action="document-open")
    assert _disputed(child, parent, Purpose.REPRESENTATIVE, doctor) == told.format(doctor.name)


def test_a_minor_who_disputes_whom_the_parents_know_tells_them_of_no_secret() -> None:
    """The line is told to the parents, since they know of a right; of the secret emergency it says nothing."""
    child = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
    parent, doctor = people.a_person(), people.a_doctor()
    people.represents(child, parent)
    reads(doctor, child)
    assert trail.lines(parent, Purpose.REPRESENTATIVE, child.record_id), "and has read of it"
    break_glass(doctor, Purpose.EMERGENCY, record_id=child.record_id, reason="Chute", secret=True)
    queries.list_documents(doctor, Purpose.EMERGENCY, child.record_id)
    reviewing.dispute(child.actor, Purpose.SELF, record_id=child.record_id, professional_id=doctor.id)
    for actor, purpose in ((child.actor, Purpose.SELF), (parent, Purpose.REPRESENTATIVE)):
        lines = trail.lines(actor, purpose, child.record_id)
        (line,) = [line for line in lines if line.action == "access-disputed"]
        assert line.detail == "reading"


def _disputed(patient: Resident, actor: Actor, purpose: Purpose, doctor: Actor) -> str:
    reviewing.dispute(actor, purpose, record_id=patient.record_id, professional_id=doctor.id)
    lines = trail.lines(actor, purpose, patient.record_id)
    (line,) = [line for line in lines if line.action == "access-disputed"]
    return sentence(line, actor.id).text.replace("\u2019", "'")
