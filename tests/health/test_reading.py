"""Documents are read into entries by the system, soon after the deposit, once; what cannot be read is reported."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from carnet.formats.clinical.model import Kind
from carnet.formats.clinical.reading import Fault
from carnet.health import queries, reading
from carnet.kernel import config, database, jobs
from carnet.kernel.actor import Purpose
from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import name_of
from carnet.records.rules import OptOut
from carnet.rights import choices
from tests import people
from tests.conftest import carnet
from tests.corpus import CORPUS, needs_corpus
from tests.health.reports import a_report
from tests.health.stated import result, stating
from tests.people import Resident
from tests.web.browsing import plain
from tests.web.console.desk import support

IPS = "ips/Bundle-IPS-examples-Bundle-01.json"

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def patient() -> Iterator[Resident]:
    """No worker reads her documents: a run of her job seems to be going on."""
    made = people.a_patient()
    key = f"carnet.job/{reading.TASK}/{made.record_id}"
    with database.connect(config.load(), "owner") as owner:
        owner.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (key,))
        yield made


def values(patient: Resident) -> list[str]:
    lines = queries.lines(patient.actor, Purpose.SELF, patient.record_id, [Kind.RESULT])
    return [f"{line.label} {line.value.normalize() if line.value else ''} {line.ucum}" for line in lines]


def rows(patient: Resident) -> list[tuple[int, int, int]]:
    with database.connect(config.load(), "owner") as owner:
        return owner.execute(
            "select extractor, found, faults from record.health_reading where record_id = %s", (patient.record_id,)
        ).fetchall()


def waiting() -> int:
    return sum(count.due for count in jobs.counts() if count.task == reading.TASK)


def test_a_worker_reads_a_report_within_five_seconds(server: str) -> None:
    patient, until = people.a_patient(), time.monotonic() + 120
    while waiting() and time.monotonic() < until:
        time.sleep(0.2)
    a_report(patient)
    began = time.monotonic()
    while not values(patient) and time.monotonic() < began + 30:
        time.sleep(0.1)
    assert values(patient) == ["TSH 4.6 m[IU]/L"]
    assert time.monotonic() - began < 5


def test_a_deposit_and_its_job_stand_or_fall_together(patient: Resident) -> None:
    a_report(patient)
    with database.connect(config.load(), "owner") as owner:
        tasks = owner.execute("select task from app.kernel_job where key = %s", (str(patient.record_id),)).fetchall()
    assert {row[0] for row in tasks} >= {"documents.extract_text", "health.read"}


def test_a_document_is_read_once(patient: Resident) -> None:
    a_report(patient)
    assert not reading.read_record(patient.record_id)
    assert not reading.read_record(patient.record_id)
    assert rows(patient) == [(reading.EXTRACTOR, 2, 0)], "the result, and the visit that the header tells of"
    lines = people.raw_trail(patient.record_id)
    assert lines.count(("entries-extracted", "done")) == 1
    assert "entries-extracted" not in {line.action for line in people.trail(patient)}


def test_reading_again_changes_nothing_that_anybody_sees(patient: Resident) -> None:
    a_report(patient)
    reading.read_record(patient.record_id)
    before = queries.lines(patient.actor, Purpose.SELF, patient.record_id)
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update record.health_reading set extractor = 0 where record_id = %s", (patient.record_id,))
    reading.read_record(patient.record_id)
    assert queries.lines(patient.actor, Purpose.SELF, patient.record_id) == before


def test_whoever_wants_no_reading_has_none_and_may_change_their_mind(patient: Resident) -> None:
    a_report(patient)
    reading.read_record(patient.record_id)
    choices.choose(patient.actor, Purpose.SELF, record_id=patient.record_id, unwanted=[OptOut.EXTRACTION])
    assert not reading.read_record(patient.record_id)
    assert values(patient) == []
    a_report(patient, "5.1")
    assert not reading.read_record(patient.record_id)
    assert values(patient) == []
    assert people.raw_trail(patient.record_id).count(("entries-dropped", "done")) == 1
    choices.choose(patient.actor, Purpose.SELF, record_id=patient.record_id, unwanted=[])
    reading.read_record(patient.record_id)
    assert sorted(values(patient)) == ["TSH 4.6 m[IU]/L", "TSH 5.1 m[IU]/L"]


@needs_corpus
@pytest.mark.parametrize(
    ("file", "kinds"),
    [
        (
            "ips/Bundle-IPS-examples-Bundle-01.json",
            {Kind.PROBLEM, Kind.ALLERGY, Kind.TREATMENT, Kind.RESULT},
        ),
        ("eprescription", {Kind.PRESCRIPTION}),
    ],
    ids=["ips", "prescription"],
)
def test_a_fhir_document_gives_its_entries(file: str, kinds: set[Kind], patient: Resident) -> None:
    place = (CORPUS or Path()) / "fhir" / file
    content = place.read_bytes() if place.is_file() else a_prescription(place)
    entry = replace(people.entry(type_code="60591-5"), media_type="application/fhir+json")
    people.deposited(people.software(), patient, content, of=entry)
    reading.read_record(patient.record_id)
    found = {line.kind for line in queries.lines(patient.actor, Purpose.SELF, patient.record_id)}
    assert found >= kinds


def a_prescription(folder: Path) -> bytes:
    """The first of the French examples that is a whole bundle."""
    bundles = (path.read_bytes() for path in sorted(folder.glob("*.json")))
    return next(each for each in bundles if b'"resourceType": "Bundle"' in each or b'"resourceType":"Bundle"' in each)


def test_a_content_that_is_gone_is_a_fault_and_not_asked_for_again(patient: Resident) -> None:
    document_id = a_report(patient)
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute("select blob_id from record.documents_document where id = %s", (document_id,)).fetchall()
        blob = found[0][0]
    here().store.delete(name_of(blob))
    assert not reading.read_record(patient.record_id)
    assert not reading.read_record(patient.record_id)
    assert rows(patient) == [(reading.EXTRACTOR, 0, 1)]


def test_the_command_reads_what_no_worker_has_read(patient: Resident) -> None:
    a_report(patient)
    assert "Données structurées lues" in carnet("extract").stdout
    assert values(patient) == ["TSH 4.6 m[IU]/L"]


def test_the_support_sees_where_a_piece_could_not_be_read_and_of_whom(server: str) -> None:
    patient, laboratory = people.a_patient(), people.software()
    fault = Fault("value-number", "/ClinicalDocument/component[2]/structuredBody/observation[7]/value")
    for _ in range(2):
        stating(patient, result(), by=laboratory, faults=(fault,))
    with support(server) as desk:
        page = plain(desk.opens("/console/taches").text)
    assert "Ce qui n'a pas pu être lu" in page
    assert "value-number /ClinicalDocument/component/structuredBody/observation/value 2" in page
    assert "Logiciel d'essai" in page


def test_who_adds_by_hand_is_not_named_to_the_support(server: str) -> None:
    patient = people.a_patient()
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "insert into app.health_unread (depositor_id, code, path, extractor, times, first_at, last_at)"
            " values (%s, 'by-hand', '/x', %s, 1, now(), now())",
            (patient.actor.id, reading.EXTRACTOR),
        )
    with support(server) as desk:
        page = plain(desk.opens("/console/taches").text)
    assert "Un dépôt à la main by-hand /x 1" in page
    assert "Camille" not in page
