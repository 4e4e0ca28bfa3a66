"""Provide Document Bundle: what a bundle means."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from carnet.formats.entry import Author, Coded, Identifier, Organisation
from carnet.formats.fhir.provided import Items, Patch
from carnet.formats.fhir.read_subject import Subject
from tests.formats.fhir import bundles
from tests.formats.fhir.bundles import INS, JSON, TEST, url
from tests.formats.fhir.provisions import CONTENT, OTHER, complete, read, refusals

_A03 = "1.2.250.1.213.1.1.4.1"


def test_a_complete_bundle() -> None:
    provided = read(complete(), strict=True)
    assert provided.warnings == ()
    first, second = provided.documents
    assert (first.content, second.content) == (CONTENT, OTHER)
    assert (first.position, first.full_url, second.position) == (1, url(2), 3)
    assert (first.replaces_references, second.replaces_references) == ((), ("old-1",))
    assert first.entry.unique_id == "1.2.3.4.2"
    assert first.entry.type.code == "11488-4"
    assert first.entry.patient.birth_date == "1979-03-28"
    assert {each.entry.patient.ins for each in provided.documents} == {Identifier(TEST, INS)}
    assert provided.subject == Subject(None, Identifier(TEST, INS))
    assert provided.patches == (Patch(4, "old-1"),)
    assert [(slot.kind, slot.number) for slot in provided.slots] == [
        ("submission-set", 0),
        ("document", 0),
        ("content", 0),
        ("document", 1),
        ("patch", 0),
        ("content", 1),
        ("folder", 0),
    ]


def test_the_submission_set() -> None:
    resource = complete()
    found = resource["entry"][0]["resource"]
    found["title"], found["note"] = "Suivi", [{"text": "à lire"}]
    found["identifier"].append(
        {
            "type": {"coding": [{"code": "entryUUID"}]},
            "system": "urn:ietf:rfc:3986",
            "value": url(1).upper().replace("URN:UUID", "urn:uuid"),
        }
    )
    found["contained"].append({"resourceType": "Organization", "id": "house", "name": "Cabinet"})
    organisation = {"url": "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-authorOrg"}
    found["source"]["extension"] = [organisation | {"valueReference": {"reference": "#house"}}]
    pdsm = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition"
    found["extension"] += [
        {"url": f"{pdsm}/pdsm-ext-is-archived", "valueBoolean": True},
        {"url": f"{pdsm}/pdsm-ext-intended-recipient", "valueReference": {"reference": "#who"}},
    ]
    provided = read(resource)
    metadata = provided.submission_set.metadata
    doctor = Author(Identifier("1.2.250.1.71.4.2.1", "801234567897"), family="MARTIN")
    assert metadata.author == doctor
    assert metadata.recipients == (doctor,)
    assert metadata.organisation == Organisation("Cabinet")
    assert (metadata.unique_id, metadata.source_id) == ("1.2.3.9.1", "1.2.3.4.5.6")
    assert metadata.designation == Coded("10", _A03)
    assert (metadata.title, metadata.note, metadata.archived) == ("Suivi", "à lire", True)
    assert metadata.date == datetime(2026, 6, 12, 9, 0, tzinfo=UTC)
    assert provided.submission_set.entry_uuid == url(1).removeprefix("urn:uuid:")
    assert provided.submission_set.items == Items((url(2), url(4)), (url(7),))


def test_folders_new_and_changed() -> None:
    resource = complete()
    folder = resource["entry"][6]
    folder["request"] = {"method": "PUT", "url": "List/folder-1"}
    folder["resource"]["extension"].append(bundles.designation("11"))
    found = read(resource).folders[0]
    assert found.folder_id == "folder-1"
    assert found.items == Items((url(2),), (), ("stored-1",))
    assert [each.code for each in found.metadata.designations] == ["10", "11"]
    assert found.metadata.title == "Suivi"
    assert read(complete()).folders[0].folder_id is None
    place = "Bundle.entry[6].resource.extension"
    assert refusals(resource, strict=True) == {place: "too-many"}


def test_a_set_may_hold_what_is_stored() -> None:
    resource = complete()
    stored = [
        {"item": {"reference": each}} for each in ("DocumentReference/d-1", "List/f-1", "https://x/fhir/List/f-2")
    ]
    resource["entry"][0]["resource"]["entry"] += stored
    assert read(resource).submission_set.items == Items((url(2), url(4)), (url(7),), ("d-1",), ("f-1", "f-2"))
    resource["entry"][6]["resource"]["entry"] += stored[1:2]
    assert refusals(resource) == {"Bundle.entry[6].resource.entry[2].item.reference": "item-unresolved"}


def test_a_folder_alone_may_change() -> None:
    resource = bundles.bundle(bundles.submission_set(7), bundles.folder(7, "DocumentReference/stored-1"))
    assert read(resource).documents == ()
    assert refusals(resource, strict=True) == {"Bundle.entry": "required"}


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": f"Patient?identifier=urn:oid:{TEST}|{INS}"},
        {"reference": f"Patient?identifier=urn%3Aoid%3A{TEST}%7C{INS}"},
        {"identifier": {"system": f"urn:oid:{TEST}", "value": INS}},
        {"reference": url(9)},
        {"reference": url(9).upper()},
        {"reference": "Patient/p-1"},
    ],
)
def test_subjects(subject: JSON) -> None:
    resource = complete()
    person = {"resourceType": "Patient", "identifier": [{"system": f"urn:oid:{TEST}", "value": INS}]}
    request = {"method": "POST", "url": "Patient"}
    resource["entry"].append({"fullUrl": url(9), "resource": person, "request": request})
    for number in (0, 1, 6):
        resource["entry"][number]["resource"]["subject"] = subject
    provided = read(resource)
    literal = "p-1" if subject.get("reference") == "Patient/p-1" else None
    assert provided.subject == Subject(literal, Identifier(TEST, INS))
    assert provided.slots[7].kind == "patient"


def test_a_patient_that_is_only_looked_for() -> None:
    resource = complete()
    request = {"method": "GET", "url": f"Patient?identifier=urn:oid:{TEST}|{INS}"}
    resource["entry"].append({"fullUrl": url(9), "request": request})
    resource["entry"][1]["resource"]["subject"] = {"reference": url(9)}
    assert read(resource).subject == Subject(None, Identifier(TEST, INS))
    request["url"] = "Patient?name=x"
    assert refusals(resource) == {"Bundle.entry[7].request.url": "subject-form"}


def test_subjects_by_id_and_by_number_are_left_to_the_record() -> None:
    resource = complete()
    resource["entry"][1]["resource"]["subject"] = {"reference": "Patient/p-1"}
    assert read(resource).subject == Subject("p-1", Identifier(TEST, INS))
    resource["entry"][3]["resource"]["subject"] = {"reference": "Patient/p-2"}
    assert refusals(resource) == {"Bundle.entry[3].resource.subject": "subject-differs"}


def test_warnings_stand_with_their_entry() -> None:
    resource = complete()
    del resource["entry"][1]["resource"]["custodian"]
    resource["entry"][2]["resource"]["contentType"] = "text/plain"
    provided = read(resource)
    assert [[each.details_code for each in slot.warnings] for slot in provided.slots] == [
        [],
        ["custodian-missing"],
        ["media-type-differs"],
        [],
        [],
        [],
        [],
    ]
    assert len(provided.documents[0].entry.warnings) == 1
    assert refusals(resource, strict=True) == {"Bundle.entry[1].resource.custodian": "custodian-missing"}


def test_what_is_archived_from_the_start() -> None:
    resource = complete()
    archived = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived"
    resource["entry"][1]["resource"]["extension"] = [{"url": archived, "valueBoolean": True}]
    assert [each.archived for each in read(resource).documents] == [True, False]


def test_replacing_by_identifier_leaves_the_patch_to_the_record() -> None:
    resource = complete()
    number = {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.9"}
    resource["entry"][3]["resource"]["relatesTo"][0]["target"] = {"identifier": number}
    provided = read(resource)
    assert provided.documents[1].entry.replaces == ("1.9",)
    assert provided.patches == (Patch(4, "old-1"),)


def test_replacing_needs_no_patch() -> None:
    resource = complete()
    del resource["entry"][4]
    assert read(resource).documents[1].replaces_references == ("old-1",)


def test_base64_with_blanks_in_a_bundle() -> None:
    resource = complete()
    text = base64.b64encode(CONTENT).decode()
    resource["entry"][2]["resource"]["data"] = " ".join(text[i : i + 4] for i in range(0, len(text), 4))
    assert read(resource).documents[0].content == CONTENT
