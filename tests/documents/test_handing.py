"""What is put into the hands of professionals, when something else comes in between."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent.access import Refused
from carnet.documents import adding, hands, queries
from carnet.documents.actions import submit
from carnet.documents.submission import Handed, NewDocument, Submission
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from tests import people

pytestmark = pytest.mark.usefixtures("house")


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
