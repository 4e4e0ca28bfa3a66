"""Many at once: the same deposit, two corrections of one document, deposits while the patient hides."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from carnet.kernel.actor import Purpose
from tests import people
from tests.api.caller import Caller, refused, token
from tests.api.publish import CONFIDENTIALITY, VISIBILITY, simplified
from tests.api.stored import contents, rows_of
from tests.api.transactions import Transaction, ids, of
from tests.cases import cases

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


def test_of_two_corrections_at_once_one_wins(server: str) -> None:
    for _ in range(cases(10)):
        patient, clinic = people.a_patient(), Caller.of(server, people.software())
        (old,) = ids(clinic.post("", of(patient.ins, [b"ancien"])).json())
        held, start = contents(), threading.Barrier(2)

        def correct(text: bytes) -> tuple[int, set[str]]:
            transaction = Transaction(patient.ins)
            transaction.document(text, replaces=old)
            transaction.patch(old)
            start.wait()
            answer = clinic.post("", transaction.bundle())
            if answer.status_code != 200:
                refused(answer, 422, "replaced-superseded")
                return 422, set()
            return 200, set(ids(answer.json())[:1])

        with ThreadPoolExecutor(2) as pool:
            done = dict(pool.map(correct, (b"premier", b"second")))
        assert set(done) == {200, 422}
        current = {"patient.identifier": token(patient), "status": "current"}
        assert clinic.ids("DocumentReference", current) == done[200]
        assert len(contents() - held) == 1, "what lost leaves no content behind"


def test_of_two_patches_of_one_version_one_wins(server: str) -> None:
    patient, clinic = people.a_patient(), Caller.of(server, people.software())
    (fhir_id,) = ids(clinic.post("", of(patient.ins, [b"compte rendu"])).json())
    for version in range(1, 1 + cases(10)):
        start = threading.Barrier(2)
        level = {"coding": [{"system": CONFIDENTIALITY, "code": "R" if version % 2 else "V"}]}
        change = [{"op": "replace", "path": "/securityLabel/0", "value": level}]
        match = {"If-Match": f'W/"{version}"'}

        def classify(_: int) -> int:
            start.wait()
            answer = clinic.patch(f"DocumentReference/{fhir_id}", change, **match)
            if answer.status_code != 200:
                refused(answer, 412, "version-conflict")
            return answer.status_code

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(classify, range(2))) == [200, 412]


def test_what_is_deposited_while_the_patient_hides_is_seen_or_hidden_but_never_lost(server: str) -> None:
    """A patient hides a document again and again while its author corrects it: no correction shows what was hidden."""
    patient, clinic = people.a_patient(), Caller.of(server, people.software())
    doctor = Caller.of(server, people.authorised(patient, people.a_doctor()))
    holder = Caller.of(server, patient.actor, Purpose.SELF)
    mask = {"coding": [{"system": VISIBILITY, "code": "MASQUE_PS"}]}
    for _ in range(cases(10)):
        (old,) = ids(clinic.post("", of(patient.ins, [b"ancien"])).json())
        transaction, start = Transaction(patient.ins), threading.Barrier(2)
        transaction.document(b"nouveau", replaces=old)
        bundle = transaction.bundle()

        def hide() -> int:
            start.wait()
            hidden = [{"op": "add", "path": "/securityLabel/-", "value": mask}]
            return holder.patch(f"DocumentReference/{old}", hidden).status_code

        def correct() -> str:
            start.wait()
            answer = clinic.post("", bundle)
            assert answer.status_code == 200, answer.text
            return ids(answer.json())[0]

        with ThreadPoolExecutor(2) as pool:
            masked, corrected = pool.submit(hide), pool.submit(correct)
            assert masked.result() == 200
            new = corrected.result()
        assert doctor.get(f"DocumentReference/{old}").status_code == 404
        labels = {each["coding"][0]["code"] for each in clinic.get(f"DocumentReference/{new}").json()["securityLabel"]}
        seen = doctor.get(f"DocumentReference/{new}").status_code
        assert seen == (404 if "MASQUE_PS" in labels else 200)
