"""A document that should never have been there: gone everywhere for everybody, its readers listed to be told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from carnet.documents import queries
from carnet.kernel.actor import Actor
from carnet.kernel.ids import from_fhir_id
from carnet.people import actions as people_actions
from tests import people
from tests.api.caller import JSON, Caller, refused, token
from tests.api.publish import simplified
from tests.api.stored import rows_of
from tests.api.transactions import Transaction, ids, of
from tests.people import Resident

TITLE = "Analyses de sang"


@dataclass(frozen=True)
class Case:
    patient: Resident
    clinic: Caller
    holder: Caller
    doctor: Actor
    reader: Caller
    fhir_id: str

    @property
    def document_id(self) -> UUID:
        pair = from_fhir_id(self.fhir_id)
        assert pair
        return pair[1]


@pytest.fixture
def case(server: str) -> Case:
    patient = people.a_patient()
    clinic, doctor = Caller.of(server, people.software()), people.authorised(patient, people.a_doctor())
    answer = clinic.post("DocumentReference", simplified(token(patient), b"De quelqu'un d'autre."))
    holder = Caller.of(server, patient.actor)
    return Case(patient, clinic, holder, doctor, Caller.of(server, doctor), answer.json()["id"])


def withdrawal(reason: str | None) -> JSON:
    parameter = [] if reason is None else [{"name": "reason", "valueCode": reason}]
    return {"resourceType": "Parameters", "parameter": parameter}


def gone(caller: Caller, patient: Resident, fhir_id: str) -> None:
    for path in (
        f"DocumentReference/{fhir_id}",
        f"DocumentReference/{fhir_id}/_history",
        f"DocumentReference/{fhir_id}/_history/1",
        f"Binary/{fhir_id}",
        f"Bundle/{fhir_id}",
    ):
        refused(caller.get(path), 404, "not-found")
    whose = {"patient.identifier": token(patient)}
    for query in (whose, whose | {"status": "entered-in-error"}, whose | {"_id": fhir_id}, {"_id": fhir_id}):
        assert fhir_id not in caller.ids("DocumentReference", query)
    lists = caller.found("List", whose)
    assert fhir_id not in str(lists)


@pytest.mark.parametrize("reason", ["wrong-patient", "error"])
def test_the_depositor_takes_it_out(reason: str, case: Case) -> None:
    assert case.reader.get(f"Binary/{case.fhir_id}").status_code == 200
    answer = case.clinic.post(f"DocumentReference/{case.fhir_id}/$withdraw", withdrawal(reason))
    assert answer.status_code == 200, answer.text
    for caller in (case.clinic, case.reader, case.holder):
        gone(caller, case.patient, case.fhir_id)
    refused(case.clinic.post(f"DocumentReference/{case.fhir_id}/$withdraw", withdrawal(reason)), 404, "not-found")
    assert TITLE not in {line.title for line in people.trail(case.patient)}
    assert rows_of(case.patient.record_id)["documents_document"] == 1, "kept, and shown to nobody"


def test_those_who_had_opened_it_are_listed(case: Case, server: str) -> None:
    other = people.authorised(case.patient, people.a_doctor())
    Caller.of(server, other).get("DocumentReference", {"patient.identifier": token(case.patient)})
    case.reader.get(f"DocumentReference/{case.fhir_id}")
    case.reader.get(f"Binary/{case.fhir_id}")
    case.clinic.get(f"Binary/{case.fhir_id}")
    case.holder.get(f"Binary/{case.fhir_id}")
    case.clinic.post(f"DocumentReference/{case.fhir_id}/$withdraw", withdrawal("wrong-patient"))
    support = people.actor(people_actions.add_operator(actor_id=uuid4(), key=None, name="Soutien", role="support"))
    listed = queries.readers(support, case.patient.record_id, case.document_id)
    assert [(each.id, each.cause) for each in listed] == [(case.doctor.id, "wrong-patient")]


def test_only_who_deposited_it_may(case: Case, server: str) -> None:
    stranger = Caller.of(server, people.software())
    people.deposited(people.software(), case.patient)
    own = Caller.of(server, people.a_doctor())
    assert case.reader.get(f"DocumentReference/{case.fhir_id}").status_code == 200
    path = f"DocumentReference/{case.fhir_id}/$withdraw"
    refused(stranger.post(path, withdrawal("error")), 404, "not-found")
    refused(own.post(path, withdrawal("error")), 403, "forbidden")
    refused(case.reader.post(path, withdrawal("error")), 403, "forbidden")
    refused(case.holder.post(path, withdrawal("error")), 403, "forbidden")
    assert case.reader.get(f"DocumentReference/{case.fhir_id}").status_code == 200


@pytest.mark.parametrize("reason", [None, "", "boredom"])
def test_a_withdrawal_says_why(reason: str | None, case: Case) -> None:
    refused(case.clinic.post(f"DocumentReference/{case.fhir_id}/$withdraw", withdrawal(reason)), 422, "withdraw-reason")
    assert case.clinic.get(f"DocumentReference/{case.fhir_id}").status_code == 200


def test_earlier_versions_go_with_it(case: Case) -> None:
    correction = Transaction(case.patient.ins)
    correction.document(b"Corrige.", replaces=case.fhir_id)
    (new,) = ids(case.clinic.post("", correction.bundle()).json())
    case.clinic.post(f"DocumentReference/{new}/$withdraw", withdrawal("wrong-patient"))
    for caller in (case.clinic, case.reader, case.holder):
        gone(caller, case.patient, new)
        gone(caller, case.patient, case.fhir_id)


def test_a_folder_holds_it_no_longer(server: str) -> None:
    patient, clinic = people.a_patient(), Caller.of(server, people.software())
    others = [Caller.of(server, each) for each in (patient.actor, people.authorised(patient, people.a_doctor()))]
    transaction = Transaction(patient.ins)
    first, second = transaction.document(b"un"), transaction.document(b"deux")
    transaction.folder([first, second])
    answer = clinic.post("", transaction.bundle()).json()
    one, two = ids(answer)
    folder = ids(answer, "List")[1]
    clinic.post(f"DocumentReference/{one}/$withdraw", withdrawal("error"))
    for caller in (clinic, *others):
        items = caller.get(f"List/{folder}").json()["entry"]
        assert [each["item"]["reference"] for each in items] == [f"DocumentReference/{two}"]
    clinic.post(f"DocumentReference/{two}/$withdraw", withdrawal("error"))
    # Of an empty list its maker alone knows.
    assert "entry" not in clinic.get(f"List/{folder}").json()
    for caller in others:
        refused(caller.get(f"List/{folder}"), 404, "not-found")
        assert caller.ids("List", {"patient.identifier": token(patient)}) == set()


def test_what_was_withdrawn_does_not_come_back(case: Case) -> None:
    """Neither by the same deposit again, nor by a correction of it."""
    patient, clinic = case.patient, case.clinic
    bundle = of(patient.ins, [b"encore"])
    (fhir_id,) = ids(clinic.post("", bundle).json())
    clinic.post(f"DocumentReference/{fhir_id}/$withdraw", withdrawal("wrong-patient"))
    answer = clinic.post("", bundle)
    assert answer.status_code in {409, 422}, answer.text
    refused(answer, answer.status_code)
    gone(clinic, patient, fhir_id)
    correction = Transaction(patient.ins)
    correction.document(b"Corrige.", replaces=fhir_id)
    refused(clinic.post("", correction.bundle()), 422, "replaced-unknown")


def test_a_person_whose_record_it_is_not_learns_nothing(case: Case, server: str) -> None:
    stranger = Caller.of(server, people.a_person())
    refused(stranger.post(f"DocumentReference/{case.fhir_id}/$withdraw", withdrawal("error")), 403, "forbidden")
