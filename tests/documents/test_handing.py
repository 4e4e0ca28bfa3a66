"""What is put into the hands of professionals, when something else comes in between."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent.access import Refused
from carnet.documents import adding, handing, hands, queries
from carnet.documents.actions import submit
from carnet.documents.handing import InHands
from carnet.documents.submission import Handed, NewDocument, Submission
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from tests import people
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")


def handed(patient: Resident, *readers: Actor, by: Actor | None = None, until: datetime | None = None) -> UUID:
    who = by or patient.actor
    entry = adding.of_profile(
        who, patient.record_id, key=uuid4(), title="En bref", day=clock.now().date(), media_type="text/plain"
    )
    done = handing.hand(
        who,
        Purpose.SELF,
        record_id=patient.record_id,
        entry=entry,
        content=uuid4().bytes.hex().encode(),
        readers=[each.id for each in readers],
        until=until,
    )
    return done.id


def read_by(doctor: Actor, patient: Resident) -> set[UUID]:
    try:
        found = queries.list_documents(people.actor(doctor.id), Purpose.CARE, patient.record_id)
    except Refused:
        return set()
    return {each.id for each in found}


def test_to_undo_a_block_gives_back_what_was_in_their_hands_as_it_was() -> None:
    patient, doctor, colleague = people.a_patient(), people.a_doctor(), people.a_doctor()
    whose: dict[str, Any] = {"record_id": patient.record_id, "professional_id": doctor.id}
    asked = (patient.actor, Purpose.SELF)
    soon = clock.now() + timedelta(seconds=4)
    kept, shared = handed(patient, doctor), handed(patient, doctor, colleague)
    taken, short = handed(patient, doctor, colleague), handed(patient, doctor, until=soon)
    assert read_by(doctor, patient) == {kept, shared, taken, short}
    consent.block(*asked, **whose)
    assert read_by(doctor, patient) == set()
    handing.take_back(*asked, record_id=patient.record_id, document_id=taken)
    people.wait_until(soon)
    assert consent.unblock(*asked, **whose, undo=True) == 2
    assert read_by(doctor, patient) == {kept, shared}
    assert read_by(colleague, patient) == {shared}
    assert {each.id for each in handing.in_hands(*asked, patient.record_id) if doctor.id in holders(each)} == {
        kept,
        shared,
    }
    # To unblock, later and by itself, gives nothing.
    consent.block(*asked, **whose)
    assert consent.unblock(*asked, **whose) == 0
    assert read_by(doctor, patient) == set()


def holders(document: InHands) -> set[UUID]:
    return {each.professional.id for each in document.readers}


def test_a_parent_who_undoes_a_block_gives_back_nothing_of_which_they_do_not_know() -> None:
    minor = people.a_patient(birth_date=f"{clock.now().year - 15}-01-02")
    parent, doctor = people.a_person(), people.a_doctor()
    people.represents(minor, parent)
    people.authorised(minor, doctor, secret=True)
    secret = handed(minor, doctor)
    whose: dict[str, Any] = {"record_id": minor.record_id, "professional_id": doctor.id}
    assert secret in read_by(doctor, minor)
    consent.block(parent, Purpose.REPRESENTATIVE, **whose)
    assert consent.unblock(parent, Purpose.REPRESENTATIVE, **whose, undo=True) == 0
    assert read_by(doctor, minor) == set()


def test_a_block_that_comes_in_between_leaves_nothing_that_would_come_back_with_its_end() -> None:
    """Between the page's own look at the blocks and the moment at which the document is stored."""
    patient, doctor, colleague = people.a_patient(), people.a_doctor(), people.a_doctor()
    whose: dict[str, Any] = {"record_id": patient.record_id, "professional_id": doctor.id}
    day = clock.now().date()
    asked = (patient.actor, patient.record_id)
    entry = adding.of_profile(*asked, key=uuid4(), title="En bref", day=day, media_type="text/plain")
    new = NewDocument(entry, b"bref", handed=Handed((doctor.id, colleague.id)))
    consent.block(patient.actor, Purpose.SELF, **whose)
    with pytest.raises(hands.Blocked) as blocked:
        submit(patient.actor, Purpose.SELF, record_id=patient.record_id, submission=Submission((new,)))
    assert blocked.value.professional_id == doctor.id
    consent.unblock(patient.actor, Purpose.SELF, **whose)
    for each in (doctor, colleague):
        with pytest.raises(Refused):
            queries.list_documents(people.actor(each.id), Purpose.CARE, patient.record_id)
    assert queries.list_documents(patient.actor, Purpose.SELF, patient.record_id) == []
