"""Putting documents in: once only, by the right depositor, into an open record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connections

from carnet.consent.access import Refused
from carnet.consent.rules import Reason
from carnet.documents import intake, queries
from carnet.documents.actions import Deposited
from carnet.documents.rules import DepositRefused, Fault
from carnet.kernel import audit
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import WRITER
from carnet.records.actions import set_state
from carnet.records.rules import RecordState
from tests import people

pytestmark = pytest.mark.usefixtures("house")


def read_back(depositor: Actor, done: Deposited) -> bytes:
    found = queries.content(depositor, Purpose.DEPOSIT, done.record_id, done.id)
    assert found is not None
    return b"".join(found.chunks)


def statuses(patient: people.Resident, depositor: Actor) -> dict[str, str]:
    found = queries.search(depositor, Purpose.DEPOSIT, patient.record_id, queries.Asked())
    texts = [text.decode() for text in found.entries]
    return {text.split('"title":"')[1].split('"')[0]: text.split('"status":"')[1].split('"')[0] for text in texts}


def test_the_same_submission_again_is_the_same_entry() -> None:
    patient, software = people.a_patient(), people.software()
    entry = people.entry()
    first = people.deposited(software, patient, of=entry)
    again = people.deposited(software, patient, of=entry)
    assert (first.new, again.new) == (True, False)
    assert again.fhir_id == first.fhir_id
    assert read_back(software, first) == b"Taux normal."


def test_the_same_submission_twice_at_the_same_instant_is_one_entry() -> None:
    patient, software, entry = people.a_patient(), people.software(), people.entry()

    def once(_: int) -> Deposited:
        try:
            return people.deposited(software, patient, of=entry)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(once, range(6)))
    assert len({each.id for each in done}) == 1
    assert [each.new for each in done].count(True) == 1


def test_the_same_identifier_with_other_bytes_is_refused() -> None:
    patient, software, entry = people.a_patient(), people.software(), people.entry()
    people.deposited(software, patient, b"Un.", of=entry)
    with pytest.raises(DepositRefused) as refused:
        people.deposited(software, patient, b"Deux.", of=entry)
    assert refused.value.fault is Fault.OTHER_CONTENT


@pytest.mark.parametrize("content", [b"Taux normal.", b"Autre chose."])
def test_a_clash_with_another_depositor_says_only_that_the_identifier_is_unusable(content: bytes) -> None:
    """Same answer for the same bytes and for others: it tells nothing of a document one may not see."""
    patient, entry = people.a_patient(), people.entry()
    people.deposited(people.software(), patient, of=entry)
    with pytest.raises(DepositRefused) as refused:
        people.deposited(people.software(), patient, content, of=entry)
    assert refused.value.fault is Fault.ID_UNUSABLE


def test_two_records_may_bear_the_same_identifier() -> None:
    entry, software = people.entry(), people.software()
    assert people.deposited(software, people.a_patient(), of=entry).new
    assert people.deposited(software, people.a_patient(), of=entry).new


@pytest.mark.parametrize(
    ("state", "reason"), [(RecordState.OPPOSED, Reason.OPPOSED), (RecordState.CLOSED, Reason.CLOSED)]
)
def test_no_deposit_into_an_opposed_or_closed_record(state: RecordState, reason: Reason) -> None:
    patient = people.a_patient(state=state)
    with pytest.raises(Refused) as refused:
        people.deposited(people.software(), patient)
    assert refused.value.reason is reason


def test_a_record_closed_a_moment_ago_takes_no_deposit_and_shows_nothing() -> None:
    patient, software = people.a_patient(), people.software()
    people.deposited(software, patient)
    assert queries.list_documents(patient.actor, Purpose.SELF, patient.record_id)
    set_state(SYSTEM, record_id=patient.record_id, state=RecordState.CLOSED, reason="à sa demande")
    with pytest.raises(Refused):
        people.deposited(software, patient)
    with pytest.raises(Refused):
        queries.list_documents(patient.actor, Purpose.SELF, patient.record_id)


def test_a_document_that_nobody_could_read_is_refused() -> None:
    entry = people.entry(labels=frozenset({"MASQUE_PS", "INVISIBLE_PATIENT"}))
    with pytest.raises(DepositRefused) as refused:
        people.deposited(people.software(), people.a_patient(), of=entry)
    assert refused.value.fault is Fault.LABELS_EXCLUDE_EVERYONE


def test_a_replacement_supersedes_in_either_order() -> None:
    patient, software = people.a_patient(), people.software()
    old, new = f"2.25.{uuid4().int}", f"2.25.{uuid4().int}"
    people.deposited(software, patient, b"1", of=people.entry(old, title="Ancien"))
    people.deposited(software, patient, b"2", of=people.entry(new, title="Seconde version", replaces=(old,)))
    assert statuses(patient, software) == {"Ancien": "superseded", "Seconde version": "current"}

    late, early = f"2.25.{uuid4().int}", f"2.25.{uuid4().int}"
    other = people.a_patient()
    people.deposited(software, other, b"3", of=people.entry(early, title="Correction", replaces=(late,)))
    people.deposited(software, other, b"4", of=people.entry(late, title="Corrigé"))
    assert statuses(other, software) == {"Correction": "current", "Corrigé": "superseded"}


def test_nobody_replaces_the_document_of_another() -> None:
    patient, author, other = people.a_patient(), people.software(), people.software()
    old = f"2.25.{uuid4().int}"
    people.deposited(author, patient, b"1", of=people.entry(old, title="Ancien"))
    people.deposited(other, patient, b"2", of=people.entry(title="Intrus", replaces=(old,)))
    assert statuses(patient, author) == {"Ancien": "current"}


def test_the_existence_of_a_record_is_not_told_to_who_may_not_deposit() -> None:
    with pytest.raises(Refused) as refused:
        people.deposited(people.a_person(), people.a_patient(), purpose=Purpose.SELF)
    assert refused.value.reason is Reason.NOT_YOURS


def test_a_refused_attempt_stands_in_the_trail_although_everything_else_rolls_back() -> None:
    patient, stranger = people.a_patient(), people.a_doctor()
    with pytest.raises(Refused):
        queries.list_documents(stranger, Purpose.CARE, patient.record_id)
    assert [line.outcome for line in people.trail(patient) if line.actor_id == stranger.id] == ["refused"]


def test_a_deposit_and_its_trail_line_live_and_die_together() -> None:
    """The database refuses the row (a title that it cannot hold); then there is no line, and no content kept."""
    patient, software = people.a_patient(), people.software()
    with pytest.raises(Exception, match=r"NUL|0x00|u0000"):
        people.deposited(software, patient, of=people.entry(title="a\x00b"))
    assert [line.action for line in people.trail(patient) if line.actor_id == software.id] == []
    with connections[WRITER].cursor() as cursor:
        cursor.execute("select count(*) from app.kernel_blob where scope_id = %s", (patient.record_id,))
        assert cursor.fetchone() == (0,)


def test_system_work_without_a_request_is_traced_as_such() -> None:
    patient = people.a_patient()
    audit.done(SYSTEM, Purpose.SYSTEM, record_id=patient.record_id, capacity="test", action="record-existence")
    assert people.trail(patient)[0].actor_name == "Carnet"


def test_content_that_is_refused_before_any_record_is_known_stands_in_the_security_log() -> None:
    software = people.software()
    with pytest.raises(DepositRefused):
        intake.deposit_cda(software, Purpose.DEPOSIT, data=b"<ClinicalDocument/>")
    assert len(people.security_log(software.id)) == 1
