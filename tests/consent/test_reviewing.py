"""What the holder does not recognise, and emergencies: looked into, answered, and told."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent import queries, reviewing
from carnet.consent.access import Refused
from carnet.consent.emergency import ReasonNeeded, break_glass
from carnet.consent.facts import Choices
from carnet.consent.reviewing import Kind, Verdict
from carnet.documents import queries as documents
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Purpose
from tests import people

pytestmark = pytest.mark.usefixtures("house")


def test_who_is_not_recognised_reads_no_more_and_a_case_runs() -> None:
    patient, support = people.a_patient(), people.an_operator("support")
    doctor = people.authorised(patient, people.a_doctor())
    people.deposited(people.software(), patient)
    assert documents.list_documents(doctor, Purpose.CARE, patient.record_id)
    for _ in range(2):
        reviewing.dispute(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    with pytest.raises(Refused):
        documents.list_documents(doctor, Purpose.CARE, patient.record_id)
    (case,) = reviewing.cases(patient.actor, Purpose.SELF, patient.record_id)
    assert (case.kind, case.professional.id, case.verdict) == (Kind.DISPUTE, doctor.id, None)
    assert case.due_at - case.at == reviewing.ANSWERED_WITHIN
    # It says when that person was there last.
    (listed,) = [line for line in people.trail(patient) if line.action == "documents-list" and line.outcome == "done"]
    assert case.accessed_at == listed.at
    assert case.id in {each.id for each in reviewing.open_cases(support)}
    reviewing.close(support, case.id, Verdict.UNJUSTIFIED)
    reviewing.close(support, case.id, Verdict.JUSTIFIED)
    (closed,) = reviewing.cases(patient.actor, Purpose.SELF, patient.record_id)
    assert closed.verdict is Verdict.UNJUSTIFIED, "what is closed stays so"
    assert case.id not in {each.id for each in reviewing.open_cases(support)}
    assert "review-closed" in {line.action for line in people.trail(patient)}


def test_the_emergency_of_somebody_who_was_blocked_before_ends_with_the_dispute() -> None:
    patient, doctor, other = people.a_patient(), people.a_doctor(), people.a_doctor()
    people.deposited(people.software(), patient)
    whose: dict[str, Any] = {"record_id": patient.record_id}
    consent.block(patient.actor, Purpose.SELF, **whose, professional_id=doctor.id)
    for each in (doctor, other):
        break_glass(each, Purpose.EMERGENCY, **whose, reason="Chute dans un escalier")
        assert documents.list_documents(each, Purpose.EMERGENCY, patient.record_id)
    for again in range(2):
        reviewing.dispute(patient.actor, Purpose.SELF, **whose, professional_id=doctor.id)
        with pytest.raises(Refused):
            documents.list_documents(doctor, Purpose.EMERGENCY, patient.record_id)
        if not again:
            # What the block does not forbid begins anew with a reason of its own, and the next dispute ends it too.
            break_glass(doctor, Purpose.EMERGENCY, **whose, reason="Perte de connaissance")
            assert documents.list_documents(doctor, Purpose.EMERGENCY, patient.record_id)
    assert documents.list_documents(other, Purpose.EMERGENCY, patient.record_id), "nobody else is kept out"


def test_the_medecin_traitant_is_looked_into_without_being_shut_out() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=doctor.id)
    reviewing.dispute(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    assert documents.list_documents(doctor, Purpose.CARE, patient.record_id) == []
    assert len(reviewing.cases(patient.actor, Purpose.SELF, patient.record_id)) == 1


def test_only_the_holder_disputes_and_only_the_support_answers() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    authorised = people.authorised(patient, people.a_doctor())
    for stranger, purpose in (
        (people.a_person(), Purpose.SELF),
        (authorised, Purpose.CARE),
        (people.software(), Purpose.DEPOSIT),
        (people.an_operator("support"), Purpose.SUPPORT),
    ):
        with pytest.raises(Refused):
            reviewing.dispute(stranger, purpose, record_id=patient.record_id, professional_id=doctor.id)
    with pytest.raises(reviewing.Unknown):
        reviewing.dispute(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=uuid4())
    for actor in (patient.actor, doctor, people.an_operator("steering"), people.software()):
        with pytest.raises(PermissionError):
            reviewing.open_cases(actor)
        with pytest.raises(PermissionError):
            reviewing.close(actor, uuid4(), Verdict.JUSTIFIED)


def test_an_emergency_is_told_to_the_holder_and_looked_into() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    people.deposited(people.software(), patient)
    for empty in ("", "  \n ", "..."):
        with pytest.raises(ReasonNeeded):
            break_glass(doctor, Purpose.EMERGENCY, record_id=patient.record_id, reason=empty)
    first, second = (
        break_glass(doctor, Purpose.EMERGENCY, record_id=patient.record_id, reason="Patiente\ninconsciente, chute")
        for _ in range(2)
    )
    assert (first.new, second.new, second.id) == (True, False, first.id)
    assert len(documents.list_documents(doctor, Purpose.EMERGENCY, patient.record_id)) == 1
    with pytest.raises(Refused):
        documents.list_documents(doctor, Purpose.CARE, patient.record_id)
    (told,) = queries.unseen(patient.actor, Purpose.SELF, patient.record_id)
    assert (told.professional.id, told.reason) == (doctor.id, "Patiente inconsciente, chute")
    assert first.id in {case.id for case in reviewing.open_cases(people.an_operator("support"))}
    lines = [line for line in people.trail(patient) if line.action == "break-glass"]
    assert [(line.actor_id, line.capacity, line.detail) for line in lines] == [
        (doctor.id, "emergency", "Patiente inconsciente, chute")
    ]


def test_who_objected_beforehand_is_not_opened() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    broken = {"record_id": patient.record_id, "reason": "Inconsciente"}
    break_glass(doctor, Purpose.EMERGENCY, **broken)  # type: ignore[arg-type]
    assert documents.list_documents(doctor, Purpose.EMERGENCY, patient.record_id) == []
    choices = Choices(emergency=False)
    consent.choose(patient.actor, Purpose.SELF, record_id=patient.record_id, choices=choices)
    with pytest.raises(Refused):
        documents.list_documents(doctor, Purpose.EMERGENCY, patient.record_id)
    with pytest.raises(Refused):
        break_glass(people.a_doctor(), Purpose.EMERGENCY, **broken)  # type: ignore[arg-type]


def test_what_the_person_says_of_it_stays_in_the_record() -> None:
    minor, support = people.a_patient(birth_date=f"{clock.now().year - 15}-01-02"), people.an_operator("support")
    parent, known, secret = people.a_person(), people.a_doctor(), people.a_doctor()
    people.represents(minor, parent)
    people.authorised(minor, known)
    people.authorised(minor, secret, secret=True)
    said = {known.id: "Je ne suis jamais\tallé\r\nlà.\u202e", secret.id: "Seulement une fois."}
    for each, words in said.items():
        reviewing.dispute(minor.actor, Purpose.SELF, record_id=minor.record_id, professional_id=each, words=words)
    own = {case.professional.id: case.words for case in reviewing.cases(minor.actor, Purpose.SELF, minor.record_id)}
    assert own == {known.id: "Je ne suis jamais\tallé\nlà.", secret.id: "Seulement une fois."}
    theirs = reviewing.cases(parent, Purpose.REPRESENTATIVE, minor.record_id)
    assert [(case.professional.id, case.words) for case in theirs] == [(known.id, own[known.id])]
    assert {case.words for case in reviewing.open_cases(support)} == {""}
    with pytest.raises(reviewing.WordsTooLong):
        reviewing.dispute(
            minor.actor, Purpose.SELF, record_id=minor.record_id, professional_id=people.a_doctor().id, words="x" * 1001
        )
