"""Many at once: the same deposit, two corrections of one document, deposits while the patient hides."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

import pytest

from tests import people
from tests.api.caller import JSON, Caller, refused, token
from tests.api.publish import CONFIDENTIALITY, VISIBILITY, simplified
from tests.api.stored import contents, rows_of
from tests.api.transactions import Transaction, ids, of
from tests.cases import cases
from tests.people import Resident

T = TypeVar("T")

THREADS: Final = 16
DEPOSITS: Final = 1000


def test_a_thousand_identical_deposits_leave_one_document(server: str) -> None:
    patient, clinic = people.a_patient(), Caller.of(server, people.software())
    body, bundle = simplified(token(patient), b"Compte rendu."), of(patient.ins, [b"Radiographie."])
    start = threading.Barrier(THREADS)

    def deposit(number: int) -> tuple[str, int, str]:
        if number < THREADS:
            start.wait()
        if number % 2:
            answer = clinic.post("DocumentReference", body)
            return "one", answer.status_code, answer.json()["id"]
        answer = clinic.post("", bundle)
        return "many", int(answer.json()["entry"][1]["response"]["status"][:3]), ids(answer.json())[0]

    with ThreadPoolExecutor(THREADS) as pool:
        done = Counter(pool.map(deposit, range(DEPOSITS)))
    for way in ("one", "many"):
        told = {(status, fhir_id): count for (kind, status, fhir_id), count in done.items() if kind == way}
        assert len({fhir_id for _, fhir_id in told}) == 1
        assert sorted((status, count) for (status, _), count in told.items()) == [(200, DEPOSITS // 2 - 1), (201, 1)]
    assert rows_of(patient.record_id)["documents_document"] == 2
    assert rows_of(patient.record_id)["documents_list"] == 2
    assert rows_of(patient.record_id)["kernel_blob"] == 2


@pytest.fixture
def clinic(server: str) -> Caller:
    return Caller.of(server, people.software())


def at_once(first: Callable[[], T], second: Callable[[], T]) -> tuple[T, T]:
    start = threading.Barrier(2)

    def run(act: Callable[[], T]) -> T:
        start.wait()
        return act()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(run, (first, second))
    return one, other


def _correction(patient: Resident, old: str, text: bytes) -> JSON:
    transaction = Transaction(patient.ins)
    transaction.document(text, replaces=old)
    transaction.patch(old)
    return transaction.bundle()


@pytest.mark.parametrize("round_", range(cases(10)))
def test_of_two_corrections_at_once_one_wins(round_: int, clinic: Caller) -> None:
    patient = people.a_patient()
    (old,) = ids(clinic.post("", of(patient.ins, [b"ancien"])).json())
    bundles, held = [_correction(patient, old, text) for text in (b"premier", b"second")], contents()
    answers = at_once(*(partial(clinic.post, "", bundle) for bundle in bundles))
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert won.status_code == 200, won.text
    refused(lost, 422, "replaced-superseded")
    current = {"patient.identifier": token(patient), "status": "current"}
    assert clinic.ids("DocumentReference", current) == {ids(won.json())[0]}
    assert len(contents() - held) == 1, "what lost leaves no content behind"


def test_of_two_patches_of_one_version_one_wins(clinic: Caller) -> None:
    patient = people.a_patient()
    (fhir_id,) = ids(clinic.post("", of(patient.ins, [b"compte rendu"])).json())
    for version in range(1, 1 + cases(10)):
        level = {"coding": [{"system": CONFIDENTIALITY, "code": "R" if version % 2 else "V"}]}
        classify = partial(
            clinic.patch,
            f"DocumentReference/{fhir_id}",
            [{"op": "replace", "path": "/securityLabel/0", "value": level}],
            **{"If-Match": f'W/"{version}"'},
        )
        won, lost = sorted(at_once(classify, classify), key=lambda answer: answer.status_code)
        assert (won.status_code, won.headers["ETag"]) == (200, f'W/"{version + 1}"')
        refused(lost, 412, "version-conflict")


@pytest.mark.parametrize("round_", range(cases(10)))
def test_a_correction_made_while_the_patient_hides_shows_nothing_that_is_hidden(
    round_: int, clinic: Caller, server: str
) -> None:
    patient = people.a_patient()
    doctor, holder = (
        Caller.of(server, each) for each in (people.authorised(patient, people.a_doctor()), patient.actor)
    )
    (old,) = ids(clinic.post("", of(patient.ins, [b"ancien"])).json())
    mask = {"coding": [{"system": VISIBILITY, "code": "MASQUE_PS"}]}
    masked, corrected = at_once(
        partial(holder.patch, f"DocumentReference/{old}", [{"op": "add", "path": "/securityLabel/-", "value": mask}]),
        partial(clinic.post, "", _correction(patient, old, b"nouveau")),
    )
    assert (masked.status_code, corrected.status_code) == (200, 200), (masked.text, corrected.text)
    new = ids(corrected.json())[0]
    assert doctor.get(f"DocumentReference/{old}").status_code == 404
    labels = {each["coding"][0]["code"] for each in clinic.get(f"DocumentReference/{new}").json()["securityLabel"]}
    assert doctor.get(f"DocumentReference/{new}").status_code == (404 if "MASQUE_PS" in labels else 200)
