"""From the decision to the rows: who sees which document, and how soon a change holds."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import httpx2
import pytest

from carnet.consent import access
from carnet.consent import actions as consent
from carnet.consent.access import Refused
from carnet.consent.rules import Reason
from carnet.documents import queries
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, ActorKind, Purpose
from carnet.people import actions as people_actions
from carnet.people.rules import Capacity
from tests import people
from tests.cast import TEST_OID
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

LABELS = {
    "plain": frozenset[str](),
    "masked": frozenset({"MASQUE_PS"}),
    "unannounced": frozenset({"INVISIBLE_PATIENT"}),
    "secret": frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}),
}


@pytest.fixture
def child() -> tuple[Resident, dict[UUID, str], Actor]:
    """A minor with one document of each label, her parent, and the software that deposited."""
    patient = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
    software, names = people.software(), {}
    for name, labels in LABELS.items():
        done = people.deposited(software, patient, name.encode(), of=people.entry(labels=labels))
        names[done.id] = name
    parent = people.a_person()
    people_actions.represent(
        SYSTEM, record_id=patient.record_id, representative_id=parent.id, since=clock.now() - people.LONG_AGO
    )
    return patient, names, parent


def seen(actor: Actor, purpose: Purpose, patient: Resident, names: dict[UUID, str]) -> set[str]:
    listed = {line.id for line in queries.list_documents(actor, purpose, patient.record_id)}
    opened = {each for each in names if queries.read_document(actor, purpose, patient.record_id, each)}
    counted = queries.search(actor, purpose, patient.record_id, queries.Asked(["current"]))
    assert listed == opened, "what is not listed cannot be opened, and the reverse"
    assert counted.total == len(listed), "nothing is counted that is not shown"
    return {names[each] for each in listed}


def test_who_sees_which_label(child: tuple[Resident, dict[UUID, str], Actor]) -> None:
    patient, names, parent = child
    attending, authorised = people.a_doctor(), people.authorised(patient, people.a_doctor())
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=attending.id)
    assert seen(patient.actor, Purpose.SELF, patient, names) == {"plain", "masked", "secret"}
    assert seen(parent, Purpose.REPRESENTATIVE, patient, names) == {"plain", "masked"}
    assert seen(authorised, Purpose.CARE, patient, names) == {"plain", "unannounced", "secret"}
    assert seen(attending, Purpose.CARE, patient, names) == set(LABELS)


def test_what_a_minor_keeps_secret_leaves_no_trace_for_the_parent(
    child: tuple[Resident, dict[UUID, str], Actor],
) -> None:
    from carnet.documents.trail import lines

    patient, names, parent = child
    doctor = people.authorised(patient, people.a_doctor())
    secret = next(each for each, name in names.items() if name == "secret")
    queries.read_document(doctor, Purpose.CARE, patient.record_id, secret)
    hers = {line.target_id for line in lines(patient.actor, Purpose.SELF, patient.record_id)}
    parents = {line.target_id for line in lines(parent, Purpose.REPRESENTATIVE, patient.record_id)}
    assert secret in hers
    assert secret not in parents


def test_the_matrix_closes_types_to_professions() -> None:
    patient = people.a_patient()
    software = people.software()
    birth = people.deposited(software, patient, b"1", of=people.entry(type_code="15508-5"))
    report = people.deposited(software, patient, b"2", of=people.entry(type_code="11502-2"))
    dentist = people.authorised(patient, people.a_doctor(profession="40"))
    physician = people.authorised(patient, people.a_doctor(profession="10"))
    unknown = people.authorised(patient, people.a_doctor(profession="99"))

    def ids(actor: Actor) -> set[UUID]:
        return {line.id for line in queries.list_documents(actor, Purpose.CARE, patient.record_id)}

    assert ids(dentist) == {report.id}
    assert ids(physician) == {report.id, birth.id}
    assert ids(unknown) == set()


def test_a_withdrawal_holds_on_the_very_next_request() -> None:
    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor())
    people.deposited(people.software(), patient)
    assert len(queries.list_documents(doctor, Purpose.CARE, patient.record_id)) == 1
    consent.withdraw(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    with pytest.raises(Refused) as refused:
        queries.list_documents(doctor, Purpose.CARE, patient.record_id)
    assert refused.value.reason is Reason.NO_LINK


def test_a_withdrawal_holds_in_another_process_too(server: str) -> None:
    """The server has remembered the right; this process withdraws it."""
    patient, doctor = people.a_patient(), people.a_doctor()
    people.authorised(patient, doctor)
    token = people_actions.issue_token(actor_id=doctor.id, purpose=Purpose.CARE, scope="user/*.rs")
    search = {"patient.identifier": f"urn:oid:{TEST_OID}|{patient.ins}", "status": "current"}

    def status() -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx2.get(f"{server}/fhir/DocumentReference", params=search, headers=headers).status_code

    assert [status(), status()] == [200, 200]
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    assert status() == 403


def test_a_revoked_token_and_a_deactivated_actor_end_on_the_next_request(server: str) -> None:
    patient = people.a_patient()
    search = {"patient.identifier": f"urn:oid:{TEST_OID}|{patient.ins}", "status": "current"}
    for end in ("revoke", "deactivate"):
        doctor = people.authorised(patient, people.a_doctor())
        token = people_actions.issue_token(actor_id=doctor.id, purpose=Purpose.CARE, scope="user/*.rs")
        headers = {"Authorization": f"Bearer {token}"}
        assert httpx2.get(f"{server}/fhir/DocumentReference", params=search, headers=headers).status_code == 200
        if end == "revoke":
            people_actions.revoke_token(token=token)
        else:
            people_actions.deactivate(actor_id=doctor.id)
        assert httpx2.get(f"{server}/fhir/DocumentReference", params=search, headers=headers).status_code == 401


def test_an_authorisation_ends_by_the_databases_clock() -> None:
    """A remembered right ends at its instant although nobody does anything: the instant is moved, not the clock."""
    patient, doctor = people.a_patient(), people.a_doctor()
    people.authorised(patient, doctor, until=clock.now() + timedelta(seconds=1))
    assert queries.list_documents(doctor, Purpose.CARE, patient.record_id) == []
    remembered = access.permit_to_read(doctor, Purpose.CARE, patient.record_id, action="test")
    assert remembered.until is not None
    people.wait_until(remembered.until)
    with pytest.raises(Refused):
        queries.list_documents(doctor, Purpose.CARE, patient.record_id)


def test_changed_rules_end_every_remembered_right() -> None:
    from dataclasses import replace

    from carnet.formats.terminology import matrix

    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor())
    before = access.permit_to_read(doctor, Purpose.CARE, patient.record_id, action="test")
    consent.load_matrix(replace(matrix.load(), version=f"essai-{patient.record_id.hex[-12:]}"))
    queries.list_documents(doctor, Purpose.CARE, patient.record_id)
    after = access.permit_to_read(doctor, Purpose.CARE, patient.record_id, action="test")
    assert after.rules_epoch > before.rules_epoch


def test_the_author_keeps_sight_of_his_own_even_when_blocked() -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    mine = people.deposited(doctor, patient, b"A moi", purpose=Purpose.CARE)
    people.deposited(people.software(), patient, b"A un autre")
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    assert [line.id for line in queries.list_documents(doctor, Purpose.CARE, patient.record_id)] == [mine.id]


def test_blocking_stops_reading_and_not_deposit() -> None:
    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor())
    consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    with pytest.raises(Refused):
        queries.list_documents(doctor, Purpose.CARE, patient.record_id)
    assert people.deposited(doctor, patient, purpose=Purpose.CARE).new


def test_the_former_medecin_traitant_loses_sight_when_the_new_one_comes() -> None:
    patient, former, new = people.a_patient(), people.a_doctor(), people.a_doctor()
    for doctor in (former, new):
        consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=doctor.id)
        assert queries.list_documents(doctor, Purpose.CARE, patient.record_id) == []
    with pytest.raises(Refused):
        queries.list_documents(former, Purpose.CARE, patient.record_id)


@pytest.mark.parametrize("capacity", [Capacity.INSURER, Capacity.OCCUPATIONAL])
def test_an_ordinary_authorisation_opens_nothing_to_the_insurer_or_the_occupational_physician(
    capacity: Capacity,
) -> None:
    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor(capacity=capacity))
    with pytest.raises(Refused):
        queries.list_documents(doctor, Purpose.CARE, patient.record_id)


def test_only_the_holder_changes_who_may_see() -> None:
    patient, stranger = people.a_patient(), people.a_person()
    doctor = people.authorised(patient, people.a_doctor())
    for actor, purpose in ((stranger, Purpose.SELF), (doctor, Purpose.CARE)):
        with pytest.raises(Refused):
            consent.authorise(actor, purpose, record_id=patient.record_id, professional_id=doctor.id)
        with pytest.raises(Refused):
            consent.block(actor, purpose, record_id=patient.record_id, professional_id=doctor.id)


def test_no_one_acts_on_a_records_life_without_being_its_steward() -> None:
    patient = people.a_patient()
    with pytest.raises(PermissionError):
        consent.set_attending(patient.actor, record_id=patient.record_id, professional_id=people.a_doctor().id)
    assert patient.actor.kind is ActorKind.PERSON


def test_both_refusals_are_written_for_a_record_that_is_and_one_that_is_not() -> None:
    from uuid import uuid4

    stranger = people.a_doctor()
    patient = people.a_patient()
    for record_id in (patient.record_id, uuid4()):
        with pytest.raises(Refused):
            queries.list_documents(stranger, Purpose.CARE, record_id)
    assert people.security_log(stranger.id) == ["no-record"]
    assert [line.detail for line in people.trail(patient) if line.actor_id == stranger.id] == ["no-link"]
