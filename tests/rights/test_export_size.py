"""A large record is copied within a minute, and passes through little memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from carnet.documents.actions import submit
from carnet.documents.submission import NewDocument, Submission
from carnet.kernel.actor import Purpose
from carnet.rights.actions import copy
from tests import people
from tests.kernel.vault import samples
from tests.people import Resident

pytestmark = [pytest.mark.usefixtures("house"), pytest.mark.long]

COUNT, SIZE = 1000, 100_000


def a_large_record(count: int, size: int) -> Resident:
    patient, depositor = people.a_patient(), people.software()
    content = samples.TEXT + b"x" * (size - len(samples.TEXT))
    for start in range(0, count, 50):
        new = tuple(NewDocument(people.entry(title=f"Document {start + n}"), content) for n in range(50))
        submit(depositor, Purpose.DEPOSIT, record_id=patient.record_id, submission=Submission(new))
    return patient


def test_a_thousand_documents_within_a_minute_and_in_constant_memory() -> None:
    patient = a_large_record(COUNT, SIZE)
    began = time.perf_counter()
    assert sum(map(len, copy(patient.record_id).stream())) > 0
    took = time.perf_counter() - began
    assert took < 60, took
    tracemalloc.start()
    archive = copy(patient.record_id)
    for _ in archive.stream():
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(archive.kept) == COUNT
    assert most < 30_000_000 < COUNT * SIZE
