"""`carnet withdraw`, as the operator's support uses it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from carnet.documents import queries
from carnet.kernel.actor import Purpose
from carnet.kernel.ids import fhir_id
from tests import people
from tests.conftest import carnet
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def patient() -> Resident:
    return people.a_patient()


def told(*arguments: str) -> str:
    """What the command says as it refuses."""
    done = carnet("withdraw", *arguments, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr.strip()


def test_a_document_of_somebody_else_is_taken_out_and_its_readers_are_named(patient: Resident) -> None:
    software, doctor = people.software(), people.authorised(patient, people.a_doctor())
    entry = people.entry()
    first = people.deposited(software, patient, b"1", of=entry)
    assert queries.content(doctor, Purpose.CARE, patient.record_id, first.id)
    second = people.deposited(software, patient, b"2", of=people.entry(replaces=(entry.unique_id,)))
    done = carnet("withdraw", patient.ins, second.fhir_id, "--as", "support", "--reason", "wrong-patient")
    lines = done.stdout.splitlines()
    assert lines[0] == f"Document {second.id} retiré, avec la version qu'il remplaçait."
    assert lines[1] == "À prévenir, car ils l'avaient ouvert :"
    assert [line.partition(",")[0] for line in lines[2:]] == [f"  {doctor.name}"], "of the version before, once"
    for who, purpose in ((patient.actor, Purpose.SELF), (doctor, Purpose.CARE), (software, Purpose.DEPOSIT)):
        assert queries.list_documents(who, purpose, patient.record_id) == []
        assert queries.content(who, purpose, patient.record_id, first.id) is None
    acts = people.raw_trail(patient.record_id)
    assert ("document-withdrawn", "done") in acts
    assert acts.count(("readers-told", "done")) == 2
    again = told(patient.ins, second.fhir_id, "--as", "support", "--reason", "error")
    assert "en a déjà été retiré" in again


def test_by_the_id_that_the_trail_shows(patient: Resident) -> None:
    done = people.deposited(people.software(), patient)
    out = carnet("withdraw", str(patient.record_id), str(done.id), "--as", "support", "--reason", "error").stdout
    assert out == f"Document {done.id} retiré.\nAucun professionnel ne l'avait ouvert.\n"


def test_who_may_not_and_what_is_not_there(patient: Resident) -> None:
    done = people.deposited(people.software(), patient)
    options = ("--reason", "wrong-patient")
    assert "le rôle support" in told(patient.ins, str(done.id), "--as", "pilotage", *options)
    assert "Aucun opérateur" in told(patient.ins, str(done.id), "--as", "hopital", *options)
    assert "Aucun opérateur" in told(patient.ins, str(done.id), "--as", "personne", *options)
    assert "Aucun carnet" in told("inconnu", str(done.id), "--as", "support", *options)
    assert "un autre carnet" in told(patient.ins, fhir_id(uuid4(), done.id), "--as", "support", *options)
    assert "identifiant d'un document" in told(patient.ins, "lettre", "--as", "support", *options)
    assert "n'a pas ce document" in told(patient.ins, str(uuid4()), "--as", "support", *options)
    assert [line.id for line in queries.list_documents(patient.actor, Purpose.SELF, patient.record_id)] == [done.id]
