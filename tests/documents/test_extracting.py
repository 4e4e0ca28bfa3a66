"""The text of deposited documents is read by the system, soon after the deposit, once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import UUID

import pytest

from carnet.documents import extracting, texts
from carnet.documents.changing import change, withdraw
from carnet.documents.powers import Cause
from carnet.documents.rules import DepositRefused
from carnet.documents.searching import search_inside
from carnet.kernel import config, database, jobs
from carnet.kernel.actor import Purpose
from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import name_of
from tests import people
from tests.conftest import carnet
from tests.documents.test_changing import MASK
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

LETTER = b"Cher confr\xe8re, l'arthroscopie du genou gauche s'est bien pass\xe9e."


@pytest.fixture
def patient() -> Iterator[Resident]:
    """No worker reads her documents: a run of her job seems to be going on."""
    made = people.a_patient()
    key = f"carnet.job/{extracting.TASK}/{made.record_id}"
    with database.connect(config.load(), "owner") as owner:
        owner.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (key,))
        yield made


def found(patient: Resident, asked: str) -> list[UUID]:
    hits = search_inside(patient.actor, Purpose.SELF, patient.record_id, asked).hits
    return [hit.document.id for hit in hits]


def rows(patient: Resident) -> list[tuple[int, str, str, int]]:
    with database.connect(config.load(), "owner") as owner:
        return owner.execute(
            "select extractor, fault, status, labels from record.documents_text where record_id = %s order by labels",
            (patient.record_id,),
        ).fetchall()


def waiting() -> int:
    return sum(count.due for count in jobs.counts() if count.task == extracting.TASK)


def test_a_worker_reads_a_letter_within_five_seconds(server: str) -> None:
    patient, until = people.a_patient(), time.monotonic() + 120
    while waiting() and time.monotonic() < until:
        time.sleep(0.2)
    done = people.deposited(people.software(), patient, LETTER)
    began = time.monotonic()
    while not found(patient, "arthroscopies genoux") and time.monotonic() < began + 30:
        time.sleep(0.1)
    assert found(patient, "arthroscopies genoux") == [done.id]
    assert time.monotonic() - began < 5


def test_the_title_is_found_before_the_text_is_read(patient: Resident) -> None:
    done = people.deposited(people.software(), patient, LETTER, of=people.entry(title="Lettre de sortie"))
    assert found(patient, "lettres Essai biologie") == [done.id]
    assert found(patient, "arthroscopie") == []
    assert rows(patient) == [(0, "", "current", 0)]


def test_a_deposit_and_its_job_stand_or_fall_together(patient: Resident) -> None:
    def jobs_of() -> int:
        with database.connect(config.load(), "owner") as owner:
            asked = (str(patient.record_id), extracting.TASK)
            return len(owner.execute("select 1 from app.kernel_job where key = %s and task = %s", asked).fetchall())

    software, entry = people.software(), people.entry()
    people.deposited(software, patient, LETTER, of=entry)
    assert jobs_of() == 1
    with pytest.raises(DepositRefused):
        people.deposited(people.software(), patient, LETTER, of=entry)
    assert jobs_of() == 1


def test_reading_twice_changes_nothing_and_asks_no_content(patient: Resident) -> None:
    people.deposited(people.software(), patient, LETTER)
    assert extracting.extract(patient.record_id) is False
    lines = people.raw_trail(patient.record_id)
    assert extracting.extract(patient.record_id) is False
    assert people.raw_trail(patient.record_id) == lines
    assert lines.count(("texts-extracted", "done")) == 1


def test_nobody_is_told_of_the_reading_in_the_trail(patient: Resident) -> None:
    people.deposited(people.software(), patient, LETTER)
    extracting.extract(patient.record_id)
    assert "texts-extracted" not in {line.action for line in people.trail(patient)}


def test_what_cannot_be_read_is_said_once_and_hides_nothing_else(patient: Resident) -> None:
    software = people.software()
    done = people.deposited(software, patient, LETTER)
    lost = people.deposited(software, patient, b"perdu", of=people.entry(labels=frozenset({"MASQUE_PS"})))
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute("select blob_id from record.documents_document where id = %s", (lost.id,)).fetchone()
    assert row is not None
    here().store.delete(name_of(row[0]))
    assert extracting.extract(patient.record_id) is False
    assert found(patient, "arthroscopie") == [done.id]
    assert rows(patient) == [(texts.EXTRACTOR, "", "current", 0), (texts.EXTRACTOR, "content", "current", 1)]
    assert extracting.extract(patient.record_id) is False


def test_a_long_record_is_read_in_several_runs(patient: Resident) -> None:
    software = people.software()
    for number in range(23):
        people.deposited(software, patient, f"numéro {number}".encode())
    assert extracting.extract(patient.record_id) is True
    assert extracting.extract(patient.record_id) is False
    assert [each[0] for each in rows(patient)] == [texts.EXTRACTOR] * 23


def test_a_text_follows_its_document(patient: Resident) -> None:
    software = people.software()
    early, late = (people.deposited(software, patient, LETTER) for _ in range(2))
    change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=early.id, wanted=MASK)
    extracting.extract(patient.record_id)
    assert [each[3] for each in rows(patient)] == [0, 1]
    change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=late.id, wanted=MASK)
    assert [each[3] for each in rows(patient)] == [1, 1]
    withdraw(software, Purpose.DEPOSIT, record_id=patient.record_id, document_id=late.id, cause=Cause.WITHDRAWN)
    assert found(patient, "arthroscopie") == [early.id]
    assert {each[2] for each in rows(patient)} == {"current", "withdrawn"}


def test_the_command_reads_what_an_older_extractor_read(patient: Resident) -> None:
    done = people.deposited(people.software(), patient, LETTER)
    extracting.extract(patient.record_id)
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.documents_text set extractor = 0, words = heading where record_id = %s", (patient.record_id,)
        )
    assert found(patient, "arthroscopie") == []
    assert "Textes lus" in carnet("extract").stdout
    assert found(patient, "arthroscopie") == [done.id]


@pytest.mark.long
def test_the_command_reads_documents_from_before_there_was_search(patient: Resident) -> None:
    done = people.deposited(people.software(), patient, LETTER)
    with database.connect(config.load(), "owner") as owner:
        owner.execute("delete from record.documents_text where record_id = %s", (patient.record_id,))
    carnet("extract", "--all")
    assert found(patient, "arthroscopie lettre analyses") == []
    assert found(patient, "arthroscopie analyses") == [done.id]
