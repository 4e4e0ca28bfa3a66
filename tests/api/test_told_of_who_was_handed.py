"""Into whose hands the holder put a document they know of: what waits to be announced takes no line of theirs away."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from carnet.documents import adding, handing, queries, trail
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from tests import people
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")


def handed(patient: Resident, doctor: Actor) -> None:
    whose: dict[str, Any] = {"record_id": patient.record_id}
    words = adding.of_profile(
        patient.actor, **whose, key=uuid4(), title="En bref", day=clock.now().date(), media_type="text/plain"
    )
    handing.hand(patient.actor, Purpose.SELF, **whose, entry=words, content=b"Allergie aux noix", readers=(doctor.id,))
    queries.list_documents(doctor, Purpose.CARE, patient.record_id)


def deposits(patient: Resident, doctor: Actor, label: str) -> None:
    kept = people.entry(title="Titre zinnia", labels=frozenset({label}), authors=())
    people.deposited(doctor, patient, b"Un zinnia", of=kept, purpose=Purpose.CARE)


def done_by(doctor: Actor, who: Actor, purpose: Purpose, patient: Resident) -> list[str]:
    return [line.action for line in trail.lines(who, purpose, patient.record_id) if line.actor_id == doctor.id]


def test_the_holder_goes_on_being_told_of_whom_they_handed_a_document() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    handed(patient, doctor)
    deposits(patient, doctor, "INVISIBLE_PATIENT")
    queries.list_documents(doctor, Purpose.CARE, patient.record_id)
    assert done_by(doctor, patient.actor, Purpose.SELF, patient) == ["documents-list"] * 2
