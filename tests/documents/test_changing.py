"""Acts on stored documents, as those see them who are concerned: patient, parent, doctor, depositor, stranger."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connections

from carnet.consent import actions as consent
from carnet.consent.access import Refused
from carnet.documents import queries
from carnet.documents.actions import Deposited
from carnet.documents.changing import Changed, NotThere, VersionConflict, change, set_label, withdraw
from carnet.documents.powers import Cause
from carnet.formats.fhir import patch
from carnet.formats.fhir.outcome import FhirError
from carnet.kernel import config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import READER
from carnet.people import actions as people_actions
from tests import people
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

MASK = patch.read(
    "application/json-patch+json",
    b'[{"op":"replace","path":"/securityLabel/0","value":{"coding":[{"code":"MASQUE_PS"}]}}]',
)
UNMASK = patch.read(
    "application/json-patch+json", b'[{"op":"replace","path":"/securityLabel/0","value":{"coding":[{"code":"N"}]}}]'
)
ARCHIVE = patch.read(
    "application/json-patch+json",
    b'[{"op":"replace","path":"/extension[url:\'https://interop.esante.gouv.fr'
    b'/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived\']/valueBoolean","value":true}]',
)
WITHDRAW = patch.read("application/json-patch+json", b'[{"op":"replace","path":"/status","value":"entered-in-error"}]')


def seen(actor: Actor, purpose: Purpose, patient: Resident) -> dict[UUID, str]:
    return {line.id: line.status for line in queries.list_documents(actor, purpose, patient.record_id)}


def told(actor: Actor, purpose: Purpose, patient: Resident, **asked: object) -> list[str]:
    found = queries.search(actor, purpose, patient.record_id, queries.Asked(**asked))  # type: ignore[arg-type]
    return [text.decode() for text in found.entries]


def do(
    actor: Actor, purpose: Purpose, patient: Resident, done: Deposited, wanted: patch.Patch, **options: int
) -> object:
    return change(actor, purpose, record_id=patient.record_id, document_id=done.id, wanted=wanted, **options)


@pytest.fixture
def patient() -> Resident:
    return people.a_patient()


def test_the_patient_masks_and_shows_again(patient: Resident) -> None:
    software, doctor = people.software(), people.authorised(patient, people.a_doctor())
    attending = people.a_doctor()
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=attending.id)
    done = people.deposited(software, patient)
    assert done.id in seen(doctor, Purpose.CARE, patient)
    do(patient.actor, Purpose.SELF, patient, done, MASK)
    assert done.id not in seen(doctor, Purpose.CARE, patient)
    assert told(doctor, Purpose.CARE, patient) == []
    assert queries.read_document(doctor, Purpose.CARE, patient.record_id, done.id) is None
    assert queries.versions(doctor, Purpose.CARE, patient.record_id, done.id) == []
    for who, purpose in ((patient.actor, Purpose.SELF), (software, Purpose.DEPOSIT), (attending, Purpose.CARE)):
        assert done.id in seen(who, purpose, patient)
    do(patient.actor, Purpose.SELF, patient, done, UNMASK)
    assert done.id in seen(doctor, Purpose.CARE, patient)
    # The base code is never lost.
    assert '"code":"N"' in told(doctor, Purpose.CARE, patient)[0]


def test_a_label_is_put_on_and_taken_off_whatever_stands(patient: Resident) -> None:
    doctor = people.authorised(patient, people.a_doctor())
    done = people.deposited(people.software(), patient)

    def labelled(*, on: bool) -> Changed:
        return set_label(
            patient.actor,
            Purpose.SELF,
            record_id=patient.record_id,
            document_id=done.id,
            label="MASQUE_PS",
            on=on,
        )

    assert [labelled(on=True).nothing, labelled(on=True).nothing] == [False, True]
    assert done.id not in seen(doctor, Purpose.CARE, patient)
    assert [labelled(on=False).nothing, labelled(on=False).nothing] == [False, True]
    assert done.id in seen(doctor, Purpose.CARE, patient)
    assert '"code":"N"' in told(doctor, Purpose.CARE, patient)[0]


def test_a_mask_covers_the_versions_that_were_replaced(patient: Resident) -> None:
    software, doctor = people.software(), people.authorised(patient, people.a_doctor())
    entry = people.entry()
    first = people.deposited(software, patient, b"1", of=entry)
    second = people.deposited(software, patient, b"2", of=people.entry(replaces=(entry.unique_id,)))
    do(patient.actor, Purpose.SELF, patient, second, MASK)
    assert seen(doctor, Purpose.CARE, patient) == {}
    assert told(doctor, Purpose.CARE, patient) == []
    assert queries.read_document(doctor, Purpose.CARE, patient.record_id, first.id) is None


def test_a_withheld_correction_announces_itself_nowhere_by_fhir_either(patient: Resident) -> None:
    software, old = people.software(), people.entry(title="Biopsie")
    first = people.deposited(software, patient, b"1", of=old)
    hidden = people.entry(labels=frozenset({"INVISIBLE_PATIENT"}), replaces=(old.unique_id,))
    people.deposited(software, patient, b"2", of=hidden)
    asked = told(patient.actor, Purpose.SELF, patient, statuses=["current"])
    assert asked == [first.fhir], "the text that it had, with the version that it had"
    assert told(patient.actor, Purpose.SELF, patient, statuses=["superseded"]) == []
    read = queries.read_document(patient.actor, Purpose.SELF, patient.record_id, first.id)
    assert read is not None
    assert (read.fhir, read.version) == (first.fhir, 1)
    assert [each.version for each in queries.versions(patient.actor, Purpose.SELF, patient.record_id, first.id)] == [1]


def test_versions_tell_what_the_reader_may_know(patient: Resident) -> None:
    software, doctor = people.software(), people.authorised(patient, people.a_doctor())
    done = people.deposited(software, patient)
    do(patient.actor, Purpose.SELF, patient, done, MASK)
    do(patient.actor, Purpose.SELF, patient, done, UNMASK)

    def history(actor: Actor, purpose: Purpose) -> list[int]:
        return [each.version for each in queries.versions(actor, purpose, patient.record_id, done.id)]

    assert history(patient.actor, Purpose.SELF) == [3, 2, 1]
    assert history(software, Purpose.DEPOSIT) == [3, 2, 1]
    assert history(doctor, Purpose.CARE) == [3], "of the time of the mask nothing is told, nor of before"
    first = queries.versions(patient.actor, Purpose.SELF, patient.record_id, done.id, 1)
    assert [each.fhir for each in first] == [done.fhir]


def test_who_may_not_changes_nothing_and_stands_in_the_trail(patient: Resident) -> None:
    software, doctor = people.software(), people.authorised(patient, people.a_doctor())
    done = people.deposited(software, patient)
    for who, purpose in ((doctor, Purpose.CARE), (patient.actor, Purpose.SELF)):
        with pytest.raises(Refused):
            do(who, purpose, patient, done, WITHDRAW)
    with pytest.raises(Refused):
        do(people.a_doctor(), Purpose.CARE, patient, done, MASK)
    with pytest.raises(NotThere):
        do(people.software(), Purpose.DEPOSIT, patient, done, MASK)
    with pytest.raises(FhirError):
        do(
            software,
            Purpose.DEPOSIT,
            patient,
            done,
            patch.read("application/json-patch+json", b'[{"op":"replace","path":"/status","value":"superseded"}]'),
        )
    read = queries.read_document(patient.actor, Purpose.SELF, patient.record_id, done.id)
    assert read is not None
    assert (read.version, read.labels) == (1, frozenset())
    refused = [act for act, outcome in people.raw_trail(patient.record_id) if outcome == "refused"]
    assert len(refused) == 4


def test_a_change_of_another_version_is_a_conflict(patient: Resident) -> None:
    software = people.software()
    done = people.deposited(software, patient)
    do(software, Purpose.DEPOSIT, patient, done, ARCHIVE, version=1)
    with pytest.raises(VersionConflict):
        do(software, Purpose.DEPOSIT, patient, done, MASK, version=1)
    do(software, Purpose.DEPOSIT, patient, done, MASK, version=2)


def test_what_is_withdrawn_is_gone_with_its_earlier_versions_and_readers_are_listed(patient: Resident) -> None:
    software, doctor = people.software(), people.authorised(patient, people.a_doctor())
    entry = people.entry(title="Lettre")
    first = people.deposited(software, patient, b"1", of=entry)
    assert queries.content(doctor, Purpose.CARE, patient.record_id, first.id)
    second = people.deposited(software, patient, b"2", of=people.entry(replaces=(entry.unique_id,)))
    assert [each.cause for each in queries.readers(SYSTEM, patient.record_id, first.id)] == ["corrected"]
    assert queries.content(doctor, Purpose.CARE, patient.record_id, second.id)
    withdraw(software, Purpose.DEPOSIT, record_id=patient.record_id, document_id=second.id, cause=Cause.WRONG_PATIENT)
    for who, purpose in ((patient.actor, Purpose.SELF), (doctor, Purpose.CARE), (software, Purpose.DEPOSIT)):
        assert seen(who, purpose, patient) == {}
        assert told(who, purpose, patient) == []
        for done in (first, second):
            assert queries.content(who, purpose, patient.record_id, done.id) is None
            assert queries.versions(who, purpose, patient.record_id, done.id) == []
    assert {each.id for each in queries.readers(SYSTEM, patient.record_id, second.id)} == {doctor.id}
    assert {each.cause for each in queries.readers(SYSTEM, patient.record_id, first.id)} == {"wrong-patient"}
    lines = people.trail(patient)
    assert "document-withdrawn" in {line.action for line in lines}
    assert not any(line.title for line in lines)


def test_an_operator_of_the_support_withdraws_without_reading(patient: Resident) -> None:
    software, done = people.software(), None
    done = people.deposited(software, patient)
    support, pilotage = people.an_operator("support"), people.an_operator("pilotage")
    with pytest.raises(Refused):
        withdraw(pilotage, Purpose.SUPPORT, record_id=patient.record_id, document_id=done.id, cause=Cause.WRONG_PATIENT)
    with pytest.raises(Refused):
        queries.read_document(support, Purpose.SUPPORT, patient.record_id, done.id)
    withdraw(support, Purpose.SUPPORT, record_id=patient.record_id, document_id=done.id, cause=Cause.WRONG_PATIENT)
    assert seen(patient.actor, Purpose.SELF, patient) == {}


def test_a_withdrawn_text_is_nowhere_behind_the_second_lock(patient: Resident) -> None:
    """Asked in SQL with a grant that hides nothing: neither the row, nor a version, nor a list that held it."""
    software = people.software()
    done = people.deposited(software, patient)
    do(software, Purpose.DEPOSIT, patient, done, ARCHIVE)
    do(software, Purpose.DEPOSIT, patient, done, WITHDRAW)
    with connections[READER].cursor() as cursor:
        cursor.execute("begin")
        cursor.execute(
            "select set_config('carnet.record', %s, true), set_config('carnet.types', %s, true),"
            " set_config('carnet.hidden', '0', true), set_config('carnet.actor', %s, true)",
            (str(patient.record_id), "1" * 256, str(patient.actor.id)),
        )
        for table in ("documents_document", "documents_version"):
            cursor.execute(f"select count(*) from record.{table}")
            assert cursor.fetchone() == (0,), table
        cursor.execute("rollback")
    with database.connect(config.load(), "owner") as owner:
        kept = owner.execute("select count(*) from record.documents_document where id = %s", (done.id,)).fetchone()
    assert kept == (1,), "nothing is deleted"


def test_a_minor_keeps_a_document_from_the_parents_and_opens_it_again() -> None:
    child, parent = people.a_patient(birth_date="2012-01-01"), people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    done = people.deposited(people.software(), child)
    hide = patch.read(
        "application/json-patch+json",
        b'[{"op":"add","path":"/securityLabel/-","value":{"coding":[{"code":"INVISIBLE_REPRESENTANTS_LEGAUX"}]}}]',
    )
    with pytest.raises(Refused):
        do(parent, Purpose.REPRESENTATIVE, child, done, hide)
    do(child.actor, Purpose.SELF, child, done, hide)
    assert seen(parent, Purpose.REPRESENTATIVE, child) == {}
    assert done.id in seen(child.actor, Purpose.SELF, child)
