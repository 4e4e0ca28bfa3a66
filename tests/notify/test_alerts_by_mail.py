"""A médecin traitant is told by e-mail that something waits for them, of each emergency, and of nothing more."""

from __future__ import annotations

import pytest

from carnet.consent import alerts
from carnet.consent.emergency import break_glass
from carnet.kernel import config, database
from carnet.kernel.actor import Actor, Purpose
from carnet.notify.models import Notice
from carnet.notify.rules import Kind
from tests import people
from tests.notify.mailbox import MEDICAL, Box, body, listening, subjects, worked
from tests.people import Resident
from tests.web.pro.desk import attended

pytestmark = pytest.mark.usefixtures("house")


SOMETHING_WAITS = "Quelque chose vous attend dans Carnet"


def attended_and_listening(box: Box, *kinds: Kind) -> tuple[Resident, Actor, str]:
    patient, doctor = people.a_patient(), people.a_doctor()
    attended(patient, doctor)
    return patient, doctor, listening(box, doctor, *kinds)


def in_an_emergency(patient: Resident) -> None:
    break_glass(people.a_doctor(), Purpose.EMERGENCY, record_id=patient.record_id, reason="Arrêt cardiaque")


def test_a_medecin_traitant_is_told_of_each_emergency_in_words_that_say_nothing(box: Box) -> None:
    patient, doctor, address = attended_and_listening(box)
    other = listening(box, people.a_doctor())
    in_an_emergency(patient)
    in_an_emergency(patient)
    assert subjects(box, address) == [SOMETHING_WAITS] * 2
    for mail in box.to(address):
        text = body(mail)
        assert not [word for word in (*MEDICAL, "urgence", "camille", "essai", patient.ins) if word in text.lower()]
        assert "/pro/avis" in text
    assert subjects(box, other) == [], "whose patient it is not"
    assert [notice.record_id for notice in Notice.objects.filter(person_id=doctor.id)] == [None, None]
    people.deposited(people.software(), patient)
    assert len(subjects(box, address)) == 2, "of an emergency alone"


def test_a_medecin_traitant_who_chose_no_mail_gets_none(box: Box) -> None:
    patient, _, address = attended_and_listening(box, Kind.DOCUMENT)
    in_an_emergency(patient)
    assert subjects(box, address) == []


def test_an_alert_that_the_server_refused_is_tried_again_until_it_was_seen_or_the_patient_left(box: Box) -> None:
    patient, doctor, address = attended_and_listening(box)
    box.refusing = True
    in_an_emergency(patient)
    assert subjects(box, address) == []
    box.refusing = False
    assert subjects(box, address) == [SOMETHING_WAITS]
    assert subjects(box, address) == [SOMETHING_WAITS], "once"
    box.refusing = True
    in_an_emergency(patient)
    worked()
    for each in alerts.unseen(doctor):
        alerts.seen(doctor, each.id)
    box.refusing = False
    assert len(subjects(box, address)) == 1, "seen in the portal meanwhile"
    box.refusing = True
    in_an_emergency(patient)
    worked()
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update record.consent_attending set until = now() where record_id = %s", (patient.record_id,))
        owner.commit()
    box.refusing = False
    assert len(subjects(box, address)) == 1, "their patient no more"
