"""`$validate` tells what a deposit would be told, and stores nothing."""

from __future__ import annotations

from collections.abc import Callable

import orjson
import pytest

from carnet.kernel.actor import SYSTEM
from carnet.kernel.ids import short
from carnet.records.actions import set_state
from carnet.records.rules import RecordState
from tests import people
from tests.api.caller import JSON, Caller, codes_of, refused, token
from tests.api.publish import simplified
from tests.api.stored import contents, rows_of
from tests.api.test_linked import MINOR, SECRET, a_family, order, publish
from tests.api.transactions import Transaction, ids, of, oid
from tests.formats.fhir.patch.bodies import concept
from tests.people import Resident


@pytest.fixture
def patient(server: str) -> Resident:
    return people.a_patient()


@pytest.fixture
def clinic(server: str) -> Caller:
    return Caller.of(server, people.software())


def validated(caller: Caller, path: str, body: bytes | JSON) -> JSON:
    answer = caller.post(path, body)
    assert answer.status_code == 200, answer.text
    outcome: JSON = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert all(issue["diagnostics"] for issue in outcome["issue"])
    return outcome


def wrapped(resource: JSON) -> JSON:
    return {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": resource}]}


@pytest.mark.parametrize("wrap", [lambda resource: resource, wrapped])
def test_a_good_document_is_good_and_not_stored(
    wrap: Callable[[JSON], JSON], clinic: Caller, patient: Resident
) -> None:
    document: JSON = orjson.loads(simplified(token(patient), b"Compte rendu."))
    before = rows_of(patient.record_id), contents()
    for path, body in (
        ("DocumentReference/$validate", document),
        ("Bundle/$validate", of(patient.ins, [b"un", b"deux"])),
        ("$validate", of(patient.ins, [b"un", b"deux"])),
    ):
        outcome = validated(clinic, path, wrap(body))
        assert all(issue["severity"] in {"information", "warning"} for issue in outcome["issue"])
    assert (rows_of(patient.record_id), contents()) == before
    assert clinic.ids("DocumentReference", {"patient.identifier": token(patient)}) == set()
    # What was found good is taken.
    assert clinic.post("DocumentReference", document).status_code == 201


def _unknown_type(patient: Resident) -> JSON:
    return {"type": {"coding": [{"system": "http://loinc.org", "code": "00000-0"}]}}


def _no_author(patient: Resident) -> JSON:
    return {"author": []}


def _superseded(patient: Resident) -> JSON:
    return {"status": "superseded"}


def _nobody(patient: Resident) -> JSON:
    return {"subject": {"identifier": {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": people.fresh_ins()}}}


def _replaces_nothing(patient: Resident) -> JSON:
    target = {"reference": f"DocumentReference/{'a' * 26}-{'a' * 26}"}
    return {"relatesTo": [{"code": "replaces", "target": target}]}


def _unknown_label(patient: Resident) -> JSON:
    return {"securityLabel": [{"coding": [{"system": "urn:oid:1.2.3", "code": "SECRET"}]}]}


@pytest.mark.parametrize("spoil", [_unknown_type, _no_author, _superseded, _nobody, _replaces_nothing, _unknown_label])
def test_it_tells_what_the_deposit_is_told(
    spoil: Callable[[Resident], JSON], clinic: Caller, patient: Resident
) -> None:
    body = simplified(token(patient), b"Compte rendu.", **spoil(patient))
    before = rows_of(patient.record_id), contents()
    told = validated(clinic, "DocumentReference/$validate", body)
    deposit = clinic.post("DocumentReference", body)
    assert told == refused(deposit, deposit.status_code)
    assert (rows_of(patient.record_id), contents()) == before


def test_it_knows_what_is_in_the_record(clinic: Caller, patient: Resident) -> None:
    used, used_set = oid(), oid()
    first = Transaction(patient.ins, set_id=used_set)
    first.document(b"un", unique_id=used)
    (old,) = ids(clinic.post("", first.bundle()).json())
    again = Transaction(patient.ins)
    again.document(b"autre", unique_id=used)
    assert "unique-id-used" in codes_of(validated(clinic, "$validate", again.bundle()))
    # The same bytes would add nothing: no fault.
    assert codes_of(validated(clinic, "$validate", first.bundle())) <= {"valid"}
    correction = Transaction(patient.ins)
    correction.document(b"deux", replaces=old)
    assert codes_of(validated(clinic, "$validate", correction.bundle())) <= {"valid"}
    assert clinic.post("", correction.bundle()).status_code == 200
    # Nor would what was sent, whether or not it is marked as replaced; more than that would be refused.
    assert codes_of(validated(clinic, "$validate", correction.bundle())) <= {"valid"}
    correction.patch(old)
    assert codes_of(validated(clinic, "$validate", correction.bundle())) <= {"valid"}
    more = Transaction(patient.ins)
    more.document(b"un", unique_id=used, securityLabel=[concept("N"), concept("MASQUE_PS")])
    assert codes_of(validated(clinic, "$validate", more.bundle())) == {"sent-otherwise"}
    third = Transaction(patient.ins)
    third.document(b"trois", replaces=old)
    assert codes_of(validated(clinic, "$validate", third.bundle())) == {"replaced-superseded"}


def the_same(caller: Caller, bundle: JSON, *codes: str) -> JSON:
    """What the check says is what the deposit is told, places and all."""
    told = validated(caller, "$validate", bundle)
    answer = caller.post("", bundle)
    assert told == refused(answer, answer.status_code, *codes)
    return told


def test_it_tells_what_a_bundle_is_told_of_its_set_and_folders(clinic: Caller, patient: Resident) -> None:
    used = oid()
    assert clinic.post("", of(patient.ins, [b"un"], set_id=used)).status_code == 200
    before = rows_of(patient.record_id), contents()
    the_same(clinic, of(patient.ins, [b"deux"], set_id=used), "submission-set-used")
    nowhere = f"{short(patient.record_id)}-{'a' * 26}"
    unknown = Transaction(patient.ins)
    unknown.folder([unknown.document(b"trois")], folder_id=nowhere)
    told = the_same(clinic, unknown.bundle(), "folder-unknown")
    assert told["issue"][0]["expression"] == ["Bundle.entry[3].request.url"]
    item = Transaction(patient.ins)
    item.folder([item.document(b"quatre"), f"DocumentReference/{nowhere}"])
    told = the_same(clinic, item.bundle(), "item-unknown")
    assert told["issue"][0]["expression"] == ["Bundle.entry[3].resource.entry"]
    assert (rows_of(patient.record_id), contents()) == before


def test_it_tells_each_fault_at_its_document(clinic: Caller, patient: Resident, server: str) -> None:
    used = oid()
    first = Transaction(patient.ins)
    first.document(b"un", unique_id=used)
    (old,) = ids(clinic.post("", first.bundle()).json())
    spoiled = Transaction(patient.ins)
    spoiled.document(b"deux")
    spoiled.document(b"autre", unique_id=used)
    told = the_same(clinic, spoiled.bundle(), "unique-id-used")
    assert told["issue"][0]["expression"] == ["Bundle.entry[3].resource.masterIdentifier"]
    third = Transaction(patient.ins)
    third.document(b"trois")
    third.document(b"quatre", replaces=f"{old.partition('-')[0]}-{'a' * 26}")
    told = the_same(clinic, third.bundle(), "replaced-unknown")
    assert told["issue"][0]["expression"] == ["Bundle.entry[3].resource.relatesTo"]
    # The identifier of somebody else's document, which of two is not told.
    stranger = Caller.of(server, people.software())
    theirs = Transaction(patient.ins)
    theirs.document(b"cinq")
    theirs.document(b"six", unique_id=used)
    told = the_same(stranger, theirs.bundle(), "unique-id-used")
    assert told["issue"][0]["expression"] == ["Bundle"]


def test_it_foresees_that_a_document_will_be_secret(server: str) -> None:
    family = a_family(server, MINOR)
    publish(family.gp, family.child, SECRET, **order("O-1"))
    result = simplified(token(family.child), b"Taux normal.", **order("O-1"))
    before = rows_of(family.child.record_id), contents()
    told = validated(family.labo, "DocumentReference/$validate", result)
    assert codes_of(told) == {"secret-linked"}
    two = Transaction(family.child.ins)
    two.document(b"un")
    two.document(b"deux")
    two.parts[-2]["resource"]["context"] |= order("O-1")["context"]
    in_bundle = validated(family.labo, "$validate", two.bundle())
    (place,) = [
        each["expression"] for each in in_bundle["issue"] if each["details"]["coding"][0]["code"] == "secret-linked"
    ]
    assert place == ["Bundle.entry[3].resource.securityLabel"]
    assert (rows_of(family.child.record_id), contents()) == before
    answer = family.labo.post("DocumentReference", result, Prefer="return=OperationOutcome")
    assert (answer.status_code, answer.json()) == (201, told)


def test_a_check_of_what_was_sent_is_no_second_sending(clinic: Caller, patient: Resident) -> None:
    body = simplified(token(patient), b"Compte rendu.")
    assert clinic.post("DocumentReference", body).status_code == 201
    validated(clinic, "DocumentReference/$validate", body)
    actions = [line.action for line in people.trail(patient) if line.target_kind.startswith("document")]
    assert sorted(actions) == ["deposit-checked", "document-deposit"]


def test_a_check_stands_in_the_trail_and_is_for_depositors(clinic: Caller, patient: Resident, server: str) -> None:
    body = simplified(token(patient), b"Compte rendu.")
    validated(clinic, "DocumentReference/$validate", body)
    assert "deposit-checked" in {line.action for line in people.trail(patient)}
    for actor in (patient.actor, people.a_person()):
        refused(Caller.of(server, actor).post("DocumentReference/$validate", body), 403, "scope-insufficient")
    refused(Caller(server, "nobody").post("DocumentReference/$validate", body), 401, "login")
    closed = people.a_patient()
    set_state(SYSTEM, record_id=closed.record_id, state=RecordState.CLOSED)
    answer = clinic.post("DocumentReference/$validate", simplified(token(closed), b"Compte rendu."))
    refused(answer, 422, "record-not-open")
