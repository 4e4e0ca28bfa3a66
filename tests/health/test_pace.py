"""Reading keeps up with the nation: 13.3 documents a second beside people who read, each visible within five seconds; a
rush stays bounded and drains; many documents leave the memory as it was. Figures are printed (`-s`)."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from statistics import median

import httpx2
import pytest

from carnet.formats.clinical.model import Kind
from carnet.health import queries, reading
from carnet.kernel import jobs
from carnet.kernel.actor import Purpose
from tests import people
from tests.corpus import cda_bytes, cda_facts, needs_corpus
from tests.health.reports import a_report
from tests.people import Resident

NATION = 13.3
"""Deposits a second in 2025, in the mean: 420 million."""


def results(patient: Resident) -> int:
    return len(queries.lines(patient.actor, Purpose.SELF, patient.record_id, [Kind.RESULT]))


def due() -> int:
    return sum(count.due for count in jobs.counts() if count.task == reading.TASK)


def at_rest() -> None:
    until = time.monotonic() + 120
    while due() and time.monotonic() < until:
        time.sleep(0.2)


@pytest.mark.long
def test_at_the_pace_of_the_nation_entries_are_there_within_five_seconds(server: str, tokens: dict[str, str]) -> None:
    at_rest()
    patients, waits, stop = [people.a_patient() for _ in range(40)], list[float](), threading.Event()

    def somebody_reads() -> None:
        headers = {"Authorization": f"Bearer {tokens['dominique']}"}
        with httpx2.Client(headers=headers) as client:
            while not stop.is_set():
                assert client.get(f"{server}/fhir/DocumentReference?patient.identifier=x").status_code < 500
                time.sleep(0.05)

    readers = [threading.Thread(target=somebody_reads) for _ in range(2)]
    for each in readers:
        each.start()
    began, pending = time.monotonic(), list[tuple[Resident, float, int]]()
    for number in range(int(NATION * 30)):
        time.sleep(max(0.0, began + number / NATION - time.monotonic()))
        patient = patients[number % len(patients)]
        a_report(patient, f"{number / 100:.2f}")
        pending.append((patient, time.monotonic(), number // len(patients) + 1))
        while pending and results(pending[0][0]) >= pending[0][2]:
            waits.append(time.monotonic() - pending.pop(0)[1])
    while pending and time.monotonic() < began + 120:
        if results(pending[0][0]) >= pending[0][2]:
            waits.append(time.monotonic() - pending.pop(0)[1])
    stop.set()
    for each in readers:
        each.join()
    sys.stdout.write(f"\n{len(waits)} deposits, median wait {median(waits):.2f} s, longest {max(waits):.2f} s")
    assert not pending
    assert max(waits) < 5


@pytest.mark.long
def test_a_rush_waits_in_a_queue_that_holds_each_record_once_and_drains(server: str) -> None:
    at_rest()
    patients = [people.a_patient() for _ in range(20)]
    began = time.monotonic()
    for number in range(300):
        a_report(patients[number % 20], f"{number / 100:.2f}")
    rushed, most = time.monotonic() - began, due()
    at_rest()
    drained = time.monotonic() - began
    sys.stdout.write(f"\n300 deposits in {rushed:.1f} s, {most} jobs due at most, drained after {drained:.1f} s")
    assert most <= 2 * len(patients), "one that waits for each record, and one that runs"
    assert [results(patient) for patient in patients] == [15] * 20


def resident() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


@needs_corpus
@pytest.mark.long
def test_ten_thousand_documents_leave_the_memory_as_it_was() -> None:
    files = [cda_bytes(facts) for facts in cda_facts()]

    def every_file(times: int) -> int:
        for data in files * times:
            reading.read(data, "text/xml")
        return resident()

    before = every_file(10)
    after = every_file(10_000 // len(files))
    assert after - before < 30_000_000


@needs_corpus
def test_a_document_of_the_corpus_is_read_in_sixty_milliseconds() -> None:
    """In the median; at rest it is ten."""
    took = []
    for data in map(cda_bytes, cda_facts()):
        began = time.perf_counter()
        reading.read(data, "text/xml")
        took.append(time.perf_counter() - began)
    assert median(took) < 0.06
