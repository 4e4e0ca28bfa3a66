"""Masked and withheld at once: refused, unless the installation allows it (`masked_and_withheld`)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from carnet.consent import switches
from carnet.documents import changing, queries
from carnet.documents.rules import DepositRefused, Fault
from carnet.formats.fhir.outcome import FhirError
from carnet.kernel import config, database
from carnet.kernel.actor import Actor, Purpose
from tests import people
from tests.documents.test_announcing import as_if_later, seen
from tests.people import Resident
from tests.web.pro.desk import attended

pytestmark = pytest.mark.usefixtures("house")

BOTH = frozenset({"MASQUE_PS", "INVISIBLE_PATIENT"})


@pytest.fixture
def allowed(house: None) -> Iterator[None]:
    """The setting, on for one test."""
    del house
    switches.turn("masked_and_withheld", value=True, effective=switches.today(), source="Essai")
    yield
    with database.connect(config.load(), "owner") as owner:
        owner.execute("delete from app.consent_switch where name = 'masked_and_withheld'")
        owner.execute("update app.kernel_epoch set value = value + 1 where name = 'rules'")


def deposited(labels: frozenset[str]) -> tuple[Resident, Actor, UUID]:
    patient, author = people.a_patient(), people.a_doctor()
    done = people.deposited(author, patient, of=people.entry(labels=labels, authors=()), purpose=Purpose.CARE)
    return patient, author, done.id


@pytest.mark.usefixtures("allowed")
def test_where_it_is_allowed_the_author_and_who_sees_what_is_masked_read_it_until_it_shows_itself() -> None:
    patient, author, document_id = deposited(BOTH)
    attending, other = attended(patient, people.a_doctor()), people.a_doctor()
    people.authorised(patient, other)
    assert seen(patient.actor, patient) == []
    assert seen(other, patient, Purpose.CARE) == []
    assert seen(author, patient, Purpose.CARE) == [document_id]
    assert seen(attending, patient, Purpose.CARE) == [document_id]
    as_if_later(patient, 32)
    assert seen(patient.actor, patient) == [document_id]
    assert seen(other, patient, Purpose.CARE) == [], "what was masked stays so"


@pytest.mark.usefixtures("allowed")
def test_where_it_is_allowed_the_one_joins_the_other_afterwards() -> None:
    for first, second in (("MASQUE_PS", "INVISIBLE_PATIENT"), ("INVISIBLE_PATIENT", "MASQUE_PS")):
        patient, author, document_id = deposited(frozenset({first}))
        target = {"record_id": patient.record_id, "document_id": document_id}
        changing.set_label(author, Purpose.CARE, **target, label=second, on=True)
        found = queries.read_document(author, Purpose.CARE, patient.record_id, document_id)
        assert found
        assert all(label in found.fhir for label in BOTH)


def test_by_default_it_is_refused_at_the_deposit_and_afterwards() -> None:
    with pytest.raises(DepositRefused) as refused:
        deposited(BOTH)
    assert refused.value.fault is Fault.LABELS_EXCLUDE_EVERYONE
    patient, author, document_id = deposited(frozenset({"MASQUE_PS"}))
    target = {"record_id": patient.record_id, "document_id": document_id}
    with pytest.raises(FhirError):
        changing.set_label(author, Purpose.CARE, **target, label="INVISIBLE_PATIENT", on=True)
