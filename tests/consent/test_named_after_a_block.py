"""Found once among situations drawn by chance: a block that nobody but its holder knew of outlived the naming of the
médecin traitant, who then saw their own document alone."""

from __future__ import annotations

import pytest

from carnet.consent import actions as consent
from carnet.documents import queries
from carnet.kernel.actor import SYSTEM, Purpose
from tests import people

pytestmark = pytest.mark.usefixtures("house")


@pytest.mark.parametrize("label", ["INVISIBLE_PATIENT", "MASQUE_PS", ""])
def test_who_is_named_after_a_block_sees_more_than_their_own(label: str) -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    others = people.deposited(people.software(), patient)
    own = people.deposited(
        doctor, patient, b"De sa main.", of=people.entry(labels=frozenset(filter(None, (label,)))), purpose=Purpose.CARE
    )
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=doctor.id)
    seen = {line.id for line in queries.list_documents(doctor, Purpose.CARE, patient.record_id)}
    assert seen == {others.id, own.id}
