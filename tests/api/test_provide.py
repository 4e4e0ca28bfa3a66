"""ITI-65: what a submission leaves in the record, what its answer says, and that a bad part stores nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from carnet.kernel.ids import from_fhir_id, short
from tests import people
from tests.api.caller import JSON, Caller, refused, token
from tests.api.stored import contents, rows_of
from tests.api.transactions import Transaction, ids, locations, of, oid, statuses
from tests.cast import TEST_OID
from tests.formats.fhir.patch.bodies import concept, operation
from tests.people import Resident

CURRENT = {"status": "current"}


@pytest.fixture
def patient(server: str) -> Resident:
    return people.a_patient()


@pytest.fixture
def clinic(server: str) -> Caller:
    return Caller.of(server, people.software())


def provide(caller: Caller, bundle: JSON) -> JSON:
    answer = caller.post("", bundle)
    assert answer.status_code == 200, answer.text
    body: JSON = answer.json()
    assert (body["resourceType"], body["type"]) == ("Bundle", "transaction-response")
    assert len(body["entry"]) == len(bundle["entry"])
    return body


def opened(caller: Caller, document_id: str) -> bytes:
    reference = caller.get(f"DocumentReference/{document_id}").json()
    answer = caller.get(reference["content"][0]["attachment"]["url"])
    assert answer.status_code == 200
    return answer.content


def test_one_document_is_found_and_comes_back_byte_for_byte(clinic: Caller, patient: Resident) -> None:
    answer = provide(clinic, of(patient.ins, [b"Compte rendu."]))
    assert statuses(answer) == ["201", "201", "201"]
    (document_id,) = ids(answer, "DocumentReference")
    assert clinic.ids("DocumentReference", {"patient.identifier": token(patient)} | CURRENT) == {document_id}
    assert opened(clinic, document_id) == b"Compte rendu."
    (set_id,) = ids(answer, "List")
    listed = clinic.get(f"List/{set_id}").json()
    assert [entry["item"]["reference"] for entry in listed["entry"]] == [f"DocumentReference/{document_id}"]


def test_the_answer_keeps_the_order_of_the_request(clinic: Caller, patient: Resident) -> None:
    transaction = Transaction(patient.ins)
    texts = [b"un", b"deux", b"trois"]
    for text in texts:
        transaction.document(text)
    bundle = transaction.bundle()
    # Documents backwards, and every content before the documents and the set.
    whole, *parts = bundle["entry"]
    bundle["entry"] = [*parts[1::2], whole, *reversed(parts[::2])]
    answer = provide(clinic, bundle)
    assert [location.split("/")[0] for location in locations(answer)] == [
        *["Binary"] * 3,
        "List",
        *["DocumentReference"] * 3,
    ]
    for number, text in enumerate(texts):
        assert clinic.get(locations(answer)[number]).content == text
    assert [opened(clinic, each) for each in ids(answer, "DocumentReference")] == texts[::-1]
    assert all(entry["response"]["etag"] == 'W/"1"' for entry in answer["entry"])


def _conditional(patient: Resident, transaction: Transaction) -> JSON:
    return {"reference": f"Patient?identifier=urn:oid:{TEST_OID}|{patient.ins}"}


def _literal(patient: Resident, transaction: Transaction) -> JSON:
    return {"reference": f"Patient/{short(patient.record_id)}"}


def _logical(patient: Resident, transaction: Transaction) -> JSON:
    return {"identifier": {"system": f"urn:oid:{TEST_OID}", "value": patient.ins}}


def _bundled(patient: Resident, transaction: Transaction) -> JSON:
    number = {"system": f"urn:oid:{TEST_OID}", "value": patient.ins}
    return {"reference": transaction.patient({"resourceType": "Patient", "identifier": [number]})}


@pytest.mark.parametrize("way", [_conditional, _literal, _logical, _bundled])
def test_the_patient_may_be_named_in_every_way(
    way: Callable[[Resident, Transaction], JSON], clinic: Caller, patient: Resident
) -> None:
    transaction = Transaction(patient.ins)
    transaction.subject = way(patient, transaction)
    transaction.document(b"Compte rendu.")
    (document_id,) = ids(provide(clinic, transaction.bundle()), "DocumentReference")
    stored = clinic.get(f"DocumentReference/{document_id}").json()
    assert stored["subject"]["reference"] == f"Patient/{short(patient.record_id)}"


def test_the_base_is_the_same_with_a_slash_at_its_end(clinic: Caller, patient: Resident) -> None:
    answer = clinic.post(f"{clinic.server}/fhir/", of(patient.ins, [b"Compte rendu."]))
    assert answer.status_code == 200, answer.text
    refused(clinic.post(f"{clinic.server}/fhir/", b"{"), 400, "not-json")


def test_an_unknown_patient_is_told(clinic: Caller) -> None:
    refused(clinic.post("", of(people.fresh_ins(), [b"Compte rendu."])), 404, "patient-unknown")


def test_two_patients_in_one_bundle_are_refused(clinic: Caller, patient: Resident) -> None:
    bundle, other = of(patient.ins, [b"un", b"deux"]), people.a_patient()
    bundle["entry"][3]["resource"]["subject"] = {"reference": f"Patient?identifier={token(other)}"}
    before = rows_of(patient.record_id), rows_of(other.record_id)
    assert "subject-differs" in str(refused(clinic.post("", bundle), 422))
    assert (rows_of(patient.record_id), rows_of(other.record_id)) == before


def _wrong_hash(resource: JSON) -> None:
    resource["content"][0]["attachment"]["hash"] = "2jmj7l5rSw0yVb/vlWAYkK/YBwk="


def _wrong_size(resource: JSON) -> None:
    resource["content"][0]["attachment"]["size"] += 1


def _unknown_type(resource: JSON) -> None:
    resource["type"]["coding"][0]["code"] = "00000-0"


def _no_author(resource: JSON) -> None:
    del resource["author"]


def _replaces_nothing(resource: JSON) -> None:
    target = {"reference": f"DocumentReference/{'a' * 26}-{'a' * 26}"}
    resource["relatesTo"] = [{"code": "replaces", "target": target}]


@pytest.mark.parametrize("spoil", [_wrong_hash, _wrong_size, _unknown_type, _no_author, _replaces_nothing])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_bad_document_of_three_stores_nothing(
    spoil: Callable[[JSON], None], position: int, clinic: Caller, patient: Resident
) -> None:
    bundle = of(patient.ins, [b"un", b"deux", b"trois"])
    place = 1 + 2 * position
    spoil(bundle["entry"][place]["resource"])
    before = rows_of(patient.record_id), contents()
    outcome = refused(clinic.post("", bundle), 422)
    assert all(issue["expression"][0].startswith(f"Bundle.entry[{place}]") for issue in outcome["issue"])
    assert (rows_of(patient.record_id), contents()) == before


def test_an_identifier_with_other_bytes_stores_nothing_of_its_bundle(clinic: Caller, patient: Resident) -> None:
    """The fault is seen late, by the store: what was written before it goes again."""
    used = oid()
    transaction = Transaction(patient.ins)
    transaction.document(b"un", unique_id=used)
    provide(clinic, transaction.bundle())
    stranger = Caller.of(clinic.server, people.software())
    for caller in (clinic, stranger):
        again = Transaction(patient.ins)
        again.document(b"autre chose")
        again.document(b"un autre", unique_id=used)
        before = rows_of(patient.record_id), contents()
        outcome = refused(caller.post("", again.bundle()), 409)
        assert "unique-id-used" in str(outcome)
        assert (rows_of(patient.record_id), contents()) == before


def test_every_problem_is_told_at_once(clinic: Caller, patient: Resident) -> None:
    bundle = of(patient.ins, [b"un", b"deux", b"trois"])
    _wrong_hash(bundle["entry"][1]["resource"])
    _unknown_type(bundle["entry"][3]["resource"])
    _wrong_size(bundle["entry"][5]["resource"])
    outcome = refused(clinic.post("", bundle), 422)
    places = {issue["expression"][0].split("]")[0] for issue in outcome["issue"]}
    assert places == {"Bundle.entry[1", "Bundle.entry[3", "Bundle.entry[5"}


def test_a_replacement_supersedes_what_it_replaces(clinic: Caller, patient: Resident) -> None:
    (old,) = ids(provide(clinic, of(patient.ins, [b"ancien"])), "DocumentReference")
    transaction = Transaction(patient.ins)
    transaction.document(b"nouveau", replaces=old)
    transaction.patch(old)
    answer = provide(clinic, transaction.bundle())
    assert statuses(answer) == ["201", "201", "201", "200"]
    assert locations(answer)[-1] == f"DocumentReference/{old}"
    new = ids(answer, "DocumentReference")[0]
    assert clinic.ids("DocumentReference", {"patient.identifier": token(patient)} | CURRENT) == {new}
    stored = clinic.get(f"DocumentReference/{old}")
    assert (stored.json()["status"], stored.headers["ETag"]) == ("superseded", 'W/"2"')
    assert clinic.get(f"DocumentReference/{new}").json()["relatesTo"][0]["target"]["reference"].endswith(old)
    assert opened(clinic, old) == b"ancien"
    # What has been replaced is not replaced again.
    again = Transaction(patient.ins)
    again.document(b"encore", replaces=old)
    refused(clinic.post("", again.bundle()), 422, "replaced-superseded")


def test_a_patch_that_nothing_of_the_bundle_replaces_is_refused(clinic: Caller, patient: Resident) -> None:
    (old,) = ids(provide(clinic, of(patient.ins, [b"ancien"])), "DocumentReference")
    transaction = Transaction(patient.ins)
    transaction.document(b"nouveau")
    transaction.patch(old)
    before = rows_of(patient.record_id)
    refused(clinic.post("", transaction.bundle()), 422)
    assert rows_of(patient.record_id) == before
    assert clinic.get(f"DocumentReference/{old}").json()["status"] == "current"


def test_a_folder_is_changed_once_in_a_transaction(clinic: Caller, patient: Resident) -> None:
    first = Transaction(patient.ins)
    first.folder([first.document(b"un")])
    folder_id = ids(provide(clinic, first.bundle()), "List")[1]
    twice = Transaction(patient.ins)
    url = twice.document(b"deux")
    for _ in range(2):
        twice.folder([url], folder_id=folder_id)
    bundle = twice.bundle()
    before = rows_of(patient.record_id)
    outcome = refused(clinic.post("", bundle), 422, "folder-twice")
    number = [entry["request"]["method"] for entry in bundle["entry"]].index("PUT") + 1
    assert [issue["expression"] for issue in outcome["issue"]] == [[f"Bundle.entry[{number}].request.url"]]
    assert rows_of(patient.record_id) == before
    assert clinic.get(f"List/{folder_id}").json()["meta"]["versionId"] == "1"


def test_a_document_is_marked_as_replaced_however_often_it_is_said(clinic: Caller, patient: Resident) -> None:
    (old,) = ids(provide(clinic, of(patient.ins, [b"ancien"])), "DocumentReference")
    transaction = Transaction(patient.ins)
    transaction.document(b"nouveau", replaces=old)
    for _ in range(2):
        transaction.patch(old)
    assert statuses(provide(clinic, transaction.bundle()))[-2:] == ["200", "200"]
    assert clinic.get(f"DocumentReference/{old}").headers["ETag"] == 'W/"2"'


def test_nobody_replaces_the_document_of_another(clinic: Caller, patient: Resident) -> None:
    (old,) = ids(provide(clinic, of(patient.ins, [b"ancien"])), "DocumentReference")
    stranger = Caller.of(clinic.server, people.software())
    transaction = Transaction(patient.ins)
    transaction.document(b"nouveau", replaces=old)
    hidden = refused(stranger.post("", transaction.bundle()), 422, "replaced-unknown")
    unknown = Transaction(patient.ins)
    unknown.document(b"nouveau", replaces=f"{old.partition('-')[0]}-{'a' * 26}")
    assert refused(stranger.post("", unknown.bundle()), 422) == hidden, "nothing tells that it is there"
    transaction.patch(old)
    refused(stranger.post("", transaction.bundle()), 422, "replaced-unknown", "patch-not-replaced")


def test_a_folder_is_made_then_changed(clinic: Caller, patient: Resident) -> None:
    first = Transaction(patient.ins)
    url = first.document(b"un")
    first.folder([url])
    answer = provide(clinic, first.bundle())
    folder_id = ids(answer, "List")[1]
    (one,) = ids(answer, "DocumentReference")

    second = Transaction(patient.ins)
    url = second.document(b"deux")
    second.folder([url, f"DocumentReference/{one}"], folder_id=folder_id)
    answer = provide(clinic, second.bundle())
    assert statuses(answer) == ["201", "201", "201", "200"]
    assert ids(answer, "List")[1] == folder_id
    (two,) = ids(answer, "DocumentReference")
    changed = clinic.get(f"List/{folder_id}").json()
    assert {entry["item"]["reference"] for entry in changed["entry"]} == {
        f"DocumentReference/{one}",
        f"DocumentReference/{two}",
    }
    assert changed["meta"]["versionId"] == "2"
    found = clinic.ids("List", {"patient.identifier": token(patient), "code": "folder"} | CURRENT)
    assert found == {folder_id}

    # It is nobody else's to change,
    stranger, third = Caller.of(clinic.server, people.software()), Transaction(patient.ins)
    url = third.document(b"trois")
    third.folder([url], folder_id=folder_id)
    refused(stranger.post("", third.bundle()), 422, "folder-unknown")
    # nor holds what its maker does not see.
    (theirs,) = ids(provide(stranger, of(patient.ins, [b"quatre"])), "DocumentReference")
    fourth = Transaction(patient.ins)
    url = fourth.document(b"cinq")
    fourth.folder([url, f"DocumentReference/{theirs}"])
    before = rows_of(patient.record_id)
    refused(clinic.post("", fourth.bundle()), 422, "item-unknown")
    assert rows_of(patient.record_id) == before


def _plain(transaction: Transaction) -> None:
    transaction.document(b"un")
    transaction.document(b"deux")


def _with_folders(transaction: Transaction) -> None:
    transaction.folder([transaction.document(b"un")])
    transaction.folder([transaction.document(b"deux")])


@pytest.mark.parametrize("fill", [_plain, _with_folders])
def test_the_same_bundle_again_adds_nothing(
    fill: Callable[[Transaction], None], clinic: Caller, patient: Resident
) -> None:
    transaction = Transaction(patient.ins)
    fill(transaction)
    bundle = transaction.bundle()
    first, before = provide(clinic, bundle), rows_of(patient.record_id)
    held = contents()
    again = provide(clinic, bundle)
    assert locations(again) == locations(first)
    assert set(statuses(again)) == {"200"}
    assert (rows_of(patient.record_id), contents()) == (before, held)


def test_a_changed_folder_again_adds_nothing(clinic: Caller, patient: Resident) -> None:
    first = Transaction(patient.ins)
    first.folder([first.document(b"un")])
    made = provide(clinic, first.bundle())
    (document_id,), folder_id = ids(made, "DocumentReference"), ids(made, "List")[1]
    change = Transaction(patient.ins)
    change.folder([f"DocumentReference/{document_id}"], folder_id=folder_id)
    done, before = provide(clinic, change.bundle()), rows_of(patient.record_id)
    again = provide(clinic, change.bundle())
    assert locations(again) == locations(done)
    assert rows_of(patient.record_id) == before
    assert clinic.get(f"List/{folder_id}").json()["meta"]["versionId"] == "2"
    # Another change under the same identifier of the set is another submission.
    other = Transaction(patient.ins, set_id=change.set_id)
    other.folder([f"DocumentReference/{document_id}"])
    refused(clinic.post("", other.bundle()), 409, "submission-set-used")


def test_a_replacement_again_adds_nothing(clinic: Caller, patient: Resident) -> None:
    (old,) = ids(provide(clinic, of(patient.ins, [b"ancien"])), "DocumentReference")
    transaction = Transaction(patient.ins)
    transaction.document(b"nouveau", replaces=old)
    transaction.patch(old)
    first, before = provide(clinic, transaction.bundle()), rows_of(patient.record_id)
    again = provide(clinic, transaction.bundle())
    assert locations(again) == locations(first)
    assert rows_of(patient.record_id) == before


def test_what_comes_again_and_asks_more_is_refused(clinic: Caller, patient: Resident) -> None:
    """What is acknowledged was done: neither a restriction nor a replacement is left aside in silence."""
    (old,) = ids(provide(clinic, of(patient.ins, [b"ancien"])), "DocumentReference")
    known = oid()
    first = Transaction(patient.ins)
    first.document(b"un", unique_id=known)
    provide(clinic, first.bundle())
    restricted, replacing = Transaction(patient.ins), Transaction(patient.ins)
    labels = [concept("N"), concept("INVISIBLE_REPRESENTANTS_LEGAUX")]
    restricted.document(b"un", unique_id=known, securityLabel=labels)
    replacing.document(b"un", unique_id=known, replaces=old)
    replacing.patch(old)
    before = rows_of(patient.record_id), contents()
    for sent in (restricted, replacing):
        refused(clinic.post("", sent.bundle()), 409, "sent-otherwise")
    assert (rows_of(patient.record_id), contents()) == before
    assert clinic.get(f"DocumentReference/{old}").json()["status"] == "current"


def test_what_comes_again_after_its_mask_was_lifted_is_the_same(clinic: Caller, patient: Resident) -> None:
    transaction = Transaction(patient.ins)
    transaction.document(b"un", securityLabel=[concept("N"), concept("MASQUE_PS")])
    first = provide(clinic, transaction.bundle())
    show = [operation("replace", "/securityLabel", [concept("N")])]
    assert clinic.patch(f"DocumentReference/{ids(first)[0]}", show).status_code == 200
    assert locations(provide(clinic, transaction.bundle())) == locations(first)


def test_one_document_replaces_one(clinic: Caller, patient: Resident) -> None:
    """What hides a document must find all its versions: neither two of them, nor one twice."""
    first, second = ids(provide(clinic, of(patient.ins, [b"un", b"deux"])), "DocumentReference")
    both = [{"code": "replaces", "target": {"reference": f"DocumentReference/{each}"}} for each in (first, second)]
    sent = Transaction(patient.ins)
    sent.document(b"trois", relatesTo=both)
    refused(clinic.post("", sent.bundle()), 422, "replaced-several")
    sent = Transaction(patient.ins)
    sent.document(b"trois", replaces=first)
    sent.document(b"quatre", replaces=first)
    refused(clinic.post("", sent.bundle()), 422, "replaced-superseded")
    whose = {"patient.identifier": token(patient)}
    assert clinic.ids("DocumentReference", whose | CURRENT) == {first, second}


def test_a_list_is_read_as_it_is_found(clinic: Caller, patient: Resident) -> None:
    sent = Transaction(patient.ins)
    sent.folder([sent.document(b"un")])
    set_id, _ = ids(provide(clinic, sent.bundle()), "List")
    found = clinic.found("List", {"patient.identifier": token(patient), "code": "submissionset"})
    (resource,) = [entry["resource"] for entry in found["entry"]]
    assert len(resource["entry"]) == 2
    assert clinic.get(f"List/{set_id}").json() == resource


def test_a_used_set_identifier_is_refused_for_other_documents(clinic: Caller, patient: Resident) -> None:
    used = oid()
    provide(clinic, of(patient.ins, [b"un"], set_id=used))
    before = rows_of(patient.record_id), contents()
    refused(clinic.post("", of(patient.ins, [b"deux"], set_id=used)), 409, "submission-set-used")
    assert (rows_of(patient.record_id), contents()) == before


def test_old_and_new_documents_in_one_bundle(clinic: Caller, patient: Resident) -> None:
    known = oid()
    first = Transaction(patient.ins)
    first.document(b"un", unique_id=known)
    (old,) = ids(provide(clinic, first.bundle()), "DocumentReference")
    second = Transaction(patient.ins)
    second.document(b"deux")
    second.document(b"un", unique_id=known)
    answer = provide(clinic, second.bundle())
    assert statuses(answer) == ["201", "201", "201", "200", "200"]
    new, same = ids(answer, "DocumentReference")
    assert same == old
    assert clinic.ids("DocumentReference", {"patient.identifier": token(patient)} | CURRENT) == {old, new}


def test_the_transaction_says_what_it_is_for(clinic: Caller, patient: Resident) -> None:
    bundle = of(patient.ins, [b"Compte rendu."])
    refused(clinic.post("", bundle | {"type": "batch"}), 422, "bundle-type")
    refused(clinic.post("", bundle, media_type="text/plain"), 415, "media-type")
    refused(clinic.get(""), 405, "not-allowed")
    assert rows_of(patient.record_id)["documents_document"] == 0


def test_ids_of_the_answer_carry_the_record(clinic: Caller, patient: Resident) -> None:
    answer: Any = provide(clinic, of(patient.ins, [uuid4().bytes.hex().encode()]))
    for location in locations(answer):
        pair = from_fhir_id(location.split("/")[1])
        assert pair is not None
        assert pair[0] == patient.record_id
