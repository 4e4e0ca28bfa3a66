"""What a correction may do, and may not: restrictions outlive it, and nobody corrects in another's name."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx2
import pytest
from django.db import connections

from carnet.consent.access import Refused
from carnet.documents import queries
from carnet.documents.rules import DepositRefused, Fault
from carnet.documents.trail import lines
from carnet.formats.entry import Author, DocumentEntry, Identifier, replace
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from carnet.records.actions import set_state
from carnet.records.rules import RecordState
from tests import people
from tests.api.publish import simplified, simplified_cda
from tests.cast import TEST_OID
from tests.conftest import House

pytestmark = pytest.mark.usefixtures("house")


def uid() -> str:
    return f"2.25.{uuid4().int}"


@pytest.mark.parametrize("label", ["MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"])
def test_a_correction_inherits_what_hides_the_original(label: str) -> None:
    patient, software, old = people.a_patient(), people.software(), uid()
    people.deposited(software, patient, b"1", of=people.entry(old, labels=frozenset({label})))
    new = people.deposited(software, patient, b"2", of=people.entry(replaces=(old,)))
    found = queries.read_document(software, Purpose.DEPOSIT, patient.record_id, new.id)
    assert found is not None
    assert found.labels == {label}


@pytest.mark.parametrize("label", ["MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"])
def test_a_correction_that_came_first_inherits_too(label: str) -> None:
    patient, software, old = people.a_patient(), people.software(), uid()
    early = people.deposited(software, patient, b"2", of=people.entry(replaces=(old,)))
    people.deposited(software, patient, b"1", of=people.entry(old, labels=frozenset({label})))
    found = queries.read_document(software, Purpose.DEPOSIT, patient.record_id, early.id)
    assert found is not None
    assert found.labels == {label}
    assert label in found.fhir


@pytest.mark.parametrize(("old", "new"), [("MASQUE_PS", "INVISIBLE_PATIENT"), ("INVISIBLE_PATIENT", "MASQUE_PS")])
def test_a_correction_hides_from_nobody_what_the_original_hides_from_all_others(old: str, new: str) -> None:
    """By inheritance either, no document is seen by its author alone (dmp_rules 4.2)."""
    patient, software, first = people.a_patient(), people.software(), uid()
    people.deposited(software, patient, b"1", of=people.entry(first, labels=frozenset({old})))
    with pytest.raises(DepositRefused) as refused:
        people.deposited(software, patient, b"2", of=people.entry(labels=frozenset({new}), replaces=(first,)))
    assert refused.value.fault is Fault.LABELS_EXCLUDE_EVERYONE
    people.deposited(software, patient, b"2", of=people.entry(labels=frozenset({old}), replaces=(first,)))


def test_being_named_author_gives_no_power_over_the_authors_documents() -> None:
    patient, doctor, labo = people.a_patient(), people.a_doctor(), people.software()
    people_rpps = people.rpps_of(doctor)
    named = (Author(identifier=Identifier("1.2.250.1.71.4.2.1", f"8{people_rpps}"), family="Essai"),)
    letter, coming = uid(), uid()
    first = people.deposited(doctor, patient, b"1", of=people.entry(letter), purpose=Purpose.CARE)
    # The laboratory names the doctor as author, and replaces what he wrote and what he has not written yet.
    for target in (letter, coming):
        people.deposited(labo, patient, uuid4().bytes, of=replace(people.entry(replaces=(target,)), authors=named))
    later = people.deposited(doctor, patient, b"2", of=people.entry(coming), purpose=Purpose.CARE)
    for done in (first, later):
        found = queries.read_document(doctor, Purpose.CARE, patient.record_id, done.id)
        assert found is not None
        assert found.status == "current"


def test_persons_deposit_nothing_in_anybodys_name() -> None:
    """What they add is their own expression, and says so."""
    patient = people.a_patient()
    with pytest.raises(DepositRefused) as refused:
        people.deposited(patient.actor, patient, purpose=Purpose.SELF)
    assert refused.value.fault is Fault.NOT_PERSONAL


def test_what_has_been_replaced_is_not_replaced_again() -> None:
    patient, software, old = people.a_patient(), people.software(), uid()
    people.deposited(software, patient, b"1", of=people.entry(old))
    people.deposited(software, patient, b"2", of=people.entry(replaces=(old,)))
    with pytest.raises(DepositRefused) as refused:
        people.deposited(software, patient, b"3", of=people.entry(replaces=(old,)))
    assert refused.value.fault is Fault.REPLACED_SUPERSEDED


def test_original_and_correction_at_the_same_instant_leave_one_current() -> None:
    for _ in range(8):
        patient, software, old = people.a_patient(), people.software(), uid()
        both = threading.Barrier(2)

        def put(
            entry: DocumentEntry, content: bytes, who: tuple[people.Resident, Actor], both: threading.Barrier
        ) -> None:
            try:
                both.wait()
                people.deposited(who[1], who[0], content, of=entry)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            jobs = [
                pool.submit(put, people.entry(old, title="Première version"), b"1", (patient, software), both),
                pool.submit(put, people.entry(title="Correction", replaces=(old,)), b"2", (patient, software), both),
            ]
            for job in jobs:
                job.result()
        shown = queries.list_documents(patient.actor, Purpose.SELF, patient.record_id)
        assert [line.title for line in shown] == ["Correction"]


def test_no_deposit_slips_into_a_record_that_is_being_closed() -> None:
    for _ in range(8):
        patient, software = people.a_patient(), people.software()
        both = threading.Barrier(2)

        def put(
            patient: people.Resident = patient, software: object = software, both: threading.Barrier = both
        ) -> bool:
            try:
                both.wait()
                return people.deposited(software, patient).new  # type: ignore[arg-type]
            except Refused:
                return False
            finally:
                connections.close_all()

        with ThreadPoolExecutor(1) as pool:
            job = pool.submit(put, patient, software, both)
            both.wait()
            set_state(SYSTEM, record_id=patient.record_id, state=RecordState.CLOSED)
            acknowledged = job.result()
        acts = [line[0] for line in people.raw_trail(patient.record_id)]
        if acknowledged:
            assert acts.index("document-deposit") < acts.index("record-closed")
        else:
            assert "document-deposit" not in [
                act for act, outcome in people.raw_trail(patient.record_id) if outcome == "done"
            ]


def test_a_withheld_correction_does_not_announce_itself() -> None:
    """The patient goes on seeing the version that she may see; nothing tells that another one has come."""
    patient, software, old = people.a_patient(), people.software(), uid()
    first = people.deposited(software, patient, b"1", of=people.entry(old, title="Biopsie"))
    before = len(people.trail(patient))
    entry = people.entry(title="Biopsie corrigée", labels=frozenset({"INVISIBLE_PATIENT"}), replaces=(old,))
    people.deposited(software, patient, b"2", of=entry)
    shown = queries.list_documents(patient.actor, Purpose.SELF, patient.record_id)
    assert [(line.title, line.status) for line in shown] == [("Biopsie", "current")]
    read = queries.read_document(patient.actor, Purpose.SELF, patient.record_id, first.id)
    assert read is not None
    assert read.status == "current"
    told = [line for line in people.trail(patient) if not line.action.startswith("documents-list")]
    assert [line.action for line in told if line.actor_id == software.id] == ["document-deposit"]
    assert len(told) == before + 1, "her own reading alone"


def test_a_secret_leaves_marked_lines_even_when_it_is_corrected() -> None:
    child, software, old = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01"), people.software(), uid()
    parent = people.a_person()
    people_actions.represent(
        SYSTEM, record_id=child.record_id, representative_id=parent.id, since=clock.now() - people.LONG_AGO
    )
    secret = people.entry(old, labels=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"}))
    for _ in range(2):
        people.deposited(software, child, b"1", of=secret)
    people.deposited(software, child, b"2", of=people.entry(replaces=(old,)))
    seen = lines(parent, Purpose.REPRESENTATIVE, child.record_id)
    assert not [line for line in seen if line.actor_id == software.id]
    assert people.marks(child.record_id, software.id) == {4}


def test_a_refused_deposit_stands_in_the_trail() -> None:
    patient, software, entry = people.a_patient(), people.software(), people.entry()
    people.deposited(software, patient, b"Un.", of=entry)
    with pytest.raises(DepositRefused):
        people.deposited(software, patient, b"Deux.", of=entry)
    found = [(line.action, line.outcome, line.detail) for line in people.trail(patient) if line.actor_id == software.id]
    assert found[0] == ("document-deposit", "refused", "unique-id-other-content")


def post(server: str, token: str, body: bytes) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
    return httpx2.post(f"{server}/fhir/DocumentReference", content=body, headers=headers, timeout=60)


def test_what_a_cda_withholds_is_withheld_whatever_the_metadata_say(house: House, server: str) -> None:
    from carnet.demo import cda
    from carnet.demo.stories import documents

    story = next(each for each in documents() if each.patient.key == "jean")
    source = cda.build(story)
    label = b'<confidentialityCode code="INVISIBLE_PATIENT" codeSystem="1.2.250.1.213.1.1.4.13"/>'
    withheld, count = re.subn(rb"<confidentialityCode[^>]*>", label, source, count=1)
    withheld = withheld.replace(b'<id root="2.25.', b'<id root="2.25.9', 1)
    assert count == 1
    from tests.cast import identifier
    from tests.people import token_of

    answer = post(server, token_of("hopital"), simplified_cda(identifier("jean"), withheld))
    assert answer.status_code == 201, answer.text
    url = answer.json()["content"][0]["attachment"]["url"]
    hidden = httpx2.get(f"{server}/fhir/{url}", headers={"Authorization": f"Bearer {token_of('jean')}"})
    assert hidden.status_code == 404


def test_a_subject_that_names_two_people_is_refused(server: str) -> None:
    from carnet.kernel.ids import short
    from tests.people import token_of

    hers, his = people.a_patient(), people.a_patient()
    body = simplified(
        f"urn:oid:{TEST_OID}|{hers.ins}",
        b"1",
        subject={
            "reference": f"Patient/{short(his.record_id)}",
            "identifier": {"system": f"urn:oid:{TEST_OID}", "value": hers.ins},
        },
    )
    answer = post(server, token_of("hopital"), body)
    assert answer.status_code == 422


def test_a_literal_relation_replaces_and_an_unknown_one_is_refused(server: str) -> None:
    from tests.people import token_of

    patient, token = people.a_patient(), token_of("hopital")
    who = f"urn:oid:{TEST_OID}|{patient.ins}"
    old = post(server, token, simplified(who, b"1")).json()["id"]

    def replacing(target: str) -> httpx2.Response:
        relation = [{"code": "replaces", "target": {"reference": f"DocumentReference/{target}"}}]
        return post(server, token, simplified(who, uuid4().bytes.hex().encode(), relatesTo=relation))

    assert replacing(old).status_code == 201
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx2.get(f"{server}/fhir/DocumentReference/{old}", headers=headers).json()["status"] == "superseded"
    assert replacing(f"{old[:26]}-{'a' * 26}").status_code == 422
