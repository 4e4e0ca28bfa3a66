"""Who is médecin traitant from a day that has passed, or is to come: what becomes of a block, and until when the person
still decides."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from carnet.consent import actions as consent
from carnet.consent import giving
from carnet.consent.actions import Grantee
from carnet.consent.trail import decided_by
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import steward
from carnet.web.i18n import day
from carnet.web.patient import sentences
from tests import people
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")
MONTH = timedelta(days=30)


def blocks(patient: Resident) -> list[datetime | None]:
    with steward(SYSTEM, patient.record_id, trace=None) as cursor:
        cursor.execute("select until from record.consent_block where record_id = %s order by id", (patient.record_id,))
        return [until for (until,) in cursor.fetchall()]


def told(patient: Resident) -> list[str]:
    return [each.action for each in people.trail(patient) if each.action in {"block-ended", "block-to-end"}]


def block(patient: Resident, doctor: Actor) -> None:
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)


def standing(patient: Resident, doctor: Actor) -> giving.Footing:
    to = Grantee("professional", doctor.id)
    found = giving.footing(patient.actor, Purpose.SELF, record_id=patient.record_id, to=to)
    assert found
    return found


def test_a_block_that_has_ended_is_left_as_it_is() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    block(patient, doctor)
    consent.unblock(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    before = blocks(patient)
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=doctor.id, since=clock.now() - MONTH)
    assert blocks(patient) == before
    assert told(patient) == []


def test_a_block_that_holds_ends_when_it_is_told() -> None:
    patient, doctor, now = people.a_patient(), people.a_doctor(), clock.now()
    block(patient, doctor)
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=doctor.id, since=now - MONTH)
    (until,) = blocks(patient)
    assert until
    assert until >= now
    assert told(patient) == ["block-ended"]


def test_until_that_day_the_block_holds_and_the_person_decides() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    soon = clock.now() + MONTH
    block(patient, doctor)
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=doctor.id, since=soon)
    assert blocks(patient) == [soon]
    assert told(patient) == ["block-to-end"]
    (line,) = [each for each in people.trail(patient) if each.action == "block-to-end"]
    assert f"prendra fin le {day(soon)}" in sentences.sentence(line, patient.actor.id).text
    assert not sentences.sentence(line, patient.actor.id).rule, "no article on assistance"
    assert not decided_by(line)
    stands = standing(patient, doctor)
    assert (stands.attending, stands.blocked) == (False, True)
    # Unblocked, they may be authorised; and blocked again until that day.
    consent.unblock(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    assert standing(patient, doctor).to_give is None
    people.authorised(patient, doctor)
    block(patient, doctor)
    assert blocks(patient)[1:] == [soon]
    assert standing(patient, doctor).to_block == giving.Hindrance(giving.Why.BLOCKED)
