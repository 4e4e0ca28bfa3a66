"""An administrator named by the person blocks another in their name, where the setting lets them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from carnet.consent import actions as consent
from carnet.consent import administering, switches
from carnet.consent.access import Refused
from carnet.consent.queries import confidentiality
from carnet.documents import queries
from carnet.documents.trail import lines
from carnet.kernel import config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from tests import people
from tests.api.test_linked import MINOR
from tests.people import Resident
from tests.web.pro.desk import at_desk, record


@pytest.fixture
def allowed(server: str) -> Iterator[None]:
    """The setting, on for one test."""
    switches.turn("administrator_blocks", value=True, effective=switches.today(), source="Essai")
    yield
    with database.connect(config.load(), "owner") as owner:
        owner.execute("delete from app.consent_switch where name = 'administrator_blocks'")
        owner.execute("update app.kernel_epoch set value = value + 1 where name = 'rules'")


def administrator(patient: Resident) -> Actor:
    doctor = people.a_doctor()
    consent.authorise(
        patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id, unmasked=True
    )
    return doctor


def reads(doctor: Actor, patient: Resident) -> bool:
    try:
        queries.list_documents(doctor, Purpose.CARE, patient.record_id)
    except Refused:
        return False
    return True


@pytest.mark.usefixtures("allowed")
def test_an_administrator_blocks_by_number_and_the_person_reads_of_it(server: str) -> None:
    patient = people.a_patient()
    named, other = administrator(patient), people.authorised(patient, people.a_doctor())
    assert reads(other, patient)
    with at_desk(server, named) as desk:
        desk.finds(patient.ins)
        assert "Bloquer un soignant" in desk.reads(patient.record_id)
        address = f"{record(patient.record_id)}/bloquer"
        wrong = desk.sends(address, {"rpps": "123"})
        assert (wrong.status_code, "aucun soignant connu" in wrong.text) == (422, True)
        done = desk.sends(address, {"rpps": people.rpps_of(other)})
        assert "Le soignant est bloqué" in done.text
    assert not reads(other, patient)
    (line,) = [each for each in people.trail(patient) if each.action == "block"]
    assert (line.actor_id, line.target_id) == (named.id, other.id)


@pytest.mark.usefixtures("allowed")
def test_neither_themselves_nor_the_attending_doctor(server: str) -> None:
    patient = people.a_patient()
    named = administrator(patient)
    with pytest.raises(consent.NotToBlock):
        administering.block(named, record_id=patient.record_id, professional_id=named.id)
    assert reads(named, patient)


@pytest.mark.usefixtures("allowed")
def test_nobody_else_may(server: str) -> None:
    patient = people.a_patient()
    known, stranger, other = people.authorised(patient, people.a_doctor()), people.a_doctor(), people.a_doctor()
    people.authorised(patient, other)
    for doctor in (known, stranger):
        with at_desk(server, doctor) as desk:
            desk.finds(patient.ins)
            assert "Bloquer un soignant" not in desk.reads(patient.record_id)
            assert desk.opens(f"{record(patient.record_id)}/bloquer").status_code == 404
        with pytest.raises(Refused):
            administering.block(doctor, record_id=patient.record_id, professional_id=other.id)
    assert reads(other, patient)


def test_without_the_setting_an_administrator_does_not(server: str) -> None:
    patient = people.a_patient()
    named, other = administrator(patient), people.authorised(patient, people.a_doctor())
    with at_desk(server, named) as desk:
        desk.finds(patient.ins)
        assert "Bloquer un soignant" not in desk.reads(patient.record_id)
    with pytest.raises(Refused):
        administering.block(named, record_id=patient.record_id, professional_id=other.id)
    assert reads(other, patient)


@pytest.mark.usefixtures("allowed")
def test_of_whom_the_parents_know_nothing_they_learn_nothing_by_the_block(server: str) -> None:
    """The one whom a minor sees in secret is blocked out of their sight; of the others they read."""
    del server
    child, parent = people.a_patient(birth_date=MINOR), people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    named, known, hidden = administrator(child), people.authorised(child, people.a_doctor()), people.a_doctor()
    consent.authorise(child.actor, Purpose.SELF, record_id=child.record_id, professional_id=hidden.id, secret=True)
    for each in (known, hidden):
        administering.block(named, record_id=child.record_id, professional_id=each.id)
        assert not reads(each, child)
    told = {
        who: {each.professional.id for each in confidentiality(who, purpose, child.record_id).blocked}
        for who, purpose in ((parent, Purpose.REPRESENTATIVE), (child.actor, Purpose.SELF))
    }
    assert told == {parent: {known.id}, child.actor: {known.id, hidden.id}}
    found = lines(parent, Purpose.REPRESENTATIVE, child.record_id)
    assert [each.target_id for each in found if each.action == "block"] == [known.id]
