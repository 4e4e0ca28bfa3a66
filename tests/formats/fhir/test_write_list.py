"""Submission sets and folders: what is written satisfies the PDSm profiles, and reads back as what was given."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.entry import Author, Coded, Identifier, Organisation
from carnet.formats.fhir import bundle, read_provide, transaction_response, write_list
from carnet.formats.fhir.errors import issue
from carnet.formats.fhir.provided import Provided
from carnet.formats.fhir.transaction_response import Answer
from carnet.formats.submission import Folder, SubmissionSet
from tests.cases import cases
from tests.corpus import CORPUS, needs_corpus
from tests.formats.fhir import bundles, profile
from tests.formats.fhir.entries import (
    alone,
    coded_in,
    devices,
    moments,
    oids,
    optional,
    organisations,
    persons,
    themselves,
    unique_ids,
    words,
)

NOW = datetime(2026, 6, 12, 8, 30, tzinfo=UTC)
UUID = "123e4567-e89b-12d3-a456-426614174000"
JSON = dict[str, Any]

designations = coded_in("1.2.250.1.213.1.1.4.1", "10", "11")
sets = st.builds(
    SubmissionSet,
    source_id=unique_ids,
    date=moments,
    designation=optional(designations),
    unique_id=optional(oids),
    title=st.just("") | words,
    note=st.just("") | words,
    author=optional(persons | devices | themselves | alone | st.just(Author())),
    organisation=optional(organisations),
    recipients=st.lists(persons | devices | alone, max_size=2).map(tuple),
    archived=st.booleans(),
)
folders = st.builds(
    Folder,
    title=words,
    date=moments,
    designations=st.lists(designations, max_size=2).map(tuple),
    unique_id=optional(unique_ids),
    note=st.just("") | words,
    archived=st.booleans(),
)
references = st.lists(st.integers(1, 99).map("DocumentReference/{}".format), min_size=1, max_size=3, unique=True)


@cache
def definition(path: str) -> JSON:
    assert CORPUS is not None
    found: JSON = json.loads((CORPUS / "fhir" / "definitions" / path).read_bytes())
    return found


def written_set(metadata: SubmissionSet, *items: str) -> JSON:
    text = write_list.submission_set(
        metadata, fhir_id="set-1", patient_id="pat-1", version=1, last_updated=NOW, entry_uuid=UUID
    )
    found: JSON = json.loads(write_list.with_items(text, items))
    return found


def written_folder(metadata: Folder, *items: str) -> JSON:
    text = write_list.folder(
        metadata, fhir_id="folder-1", patient_id="pat-1", version=2, last_updated=NOW, entry_uuid=UUID
    )
    found: JSON = json.loads(write_list.with_items(text, items))
    return found


@needs_corpus
@settings(max_examples=cases(100))
@given(sets, references)
def test_the_profile_of_a_submission_set_holds(metadata: SubmissionSet, items: list[str]) -> None:
    resource = written_set(metadata, *items)
    assert (
        profile.violations(definition("pdsm/StructureDefinition-pdsm-submissionset-comprehensive.json"), resource) == []
    )
    assert profile.target_types(resource, "source") <= {"PractitionerRole", "Device", "Patient"}
    for extension in resource["extension"]:
        if "valueReference" in extension:
            kinds = profile.target_types(extension | {"contained": resource["contained"]}, "valueReference")
            assert kinds <= {"Practitioner", "PractitionerRole", "Organization"}


@needs_corpus
@settings(max_examples=cases(100))
@given(folders, references)
def test_the_profile_of_a_folder_holds(metadata: Folder, items: list[str]) -> None:
    resource = written_folder(metadata, *items)
    assert profile.violations(definition("pdsm/StructureDefinition-pdsm-folder-comprehensive.json"), resource) == []


@needs_corpus
@pytest.mark.parametrize("name", ["source", "mode", "extension", "date"])
def test_the_profile_is_really_checked(name: str) -> None:
    resource = written_set(SubmissionSet("1.2.3", NOW), "DocumentReference/1")
    del resource[name]
    assert profile.violations(definition("pdsm/StructureDefinition-pdsm-submissionset-comprehensive.json"), resource)


def provided(first: JSON, *others: JSON) -> Provided:
    entry = {"fullUrl": bundles.url(1), "resource": first, "request": {"method": "POST", "url": "List"}}
    content = [bundles.document(2, b"x"), bundles.binary(3, b"x")]
    return read_provide.read(json.dumps(bundles.bundle(entry, *content, *others)).encode())


@settings(max_examples=cases(100))
@given(sets)
def test_a_submission_set_reads_back(metadata: SubmissionSet) -> None:
    found = provided(written_set(metadata, bundles.url(2)) | {"subject": bundles.SUBJECT}).submission_set
    assert found.entry_uuid == UUID
    lost = {"designation", "author", "recipients", "date"}
    same = {name: getattr(metadata, name) for name in metadata.__slots__ if name not in lost}
    assert {name: getattr(found.metadata, name) for name in same} == same
    assert found.metadata.date == metadata.date.replace(microsecond=0)
    assert found.metadata.designation == (metadata.designation or found.metadata.designation)
    if metadata.author and metadata.author != Author() and not metadata.author.device:
        assert found.metadata.author == metadata.author


@settings(max_examples=cases(100))
@given(folders.filter(lambda folder: folder.designations))
def test_a_folder_reads_back(metadata: Folder) -> None:
    resource = written_folder(metadata, bundles.url(2), "DocumentReference/stored") | {"subject": bundles.SUBJECT}
    entry = {"fullUrl": bundles.url(7), "resource": resource, "request": {"method": "POST", "url": "List"}}
    found = provided(bundles.submission_set(2, 7)["resource"], entry).folders[0]
    assert found.metadata == metadata
    assert (found.items.documents, found.items.references) == ((bundles.url(2),), ("stored",))


def test_the_text_begins_as_the_searchset_wants_it_and_takes_items() -> None:
    metadata = SubmissionSet("1.2.3", NOW, author=Author(family="MARTIN"), organisation=Organisation("Cabinet"))
    text = write_list.submission_set(
        metadata, fhir_id="set-1", patient_id="pat-1", version=1, last_updated=NOW, entry_uuid=UUID
    )
    assert write_list.with_items(text, []) == text
    full = write_list.with_items(text.decode(), ["DocumentReference/1", 'odd"'])
    assert json.loads(full)["entry"] == [
        {"item": {"reference": "DocumentReference/1"}},
        {"item": {"reference": 'odd"'}},
    ]
    assert {**json.loads(full), "entry": None} == {**json.loads(text), "entry": None}
    found = json.loads(bundle.searchset([full], total=1, self_url="x", base="https://x/fhir"))
    assert found["entry"][0]["fullUrl"] == "https://x/fhir/List/set-1"


def test_what_is_not_given_is_said() -> None:
    resource = written_set(SubmissionSet("1.2.3^A", NOW))
    stated = {each["url"].rpartition("/")[2]: each for each in resource["extension"]}
    assert stated["ihe-designationType"]["valueCodeableConcept"]["text"] == "Non précisé"
    assert stated["ihe-sourceId"]["valueIdentifier"] == {"system": "urn:oid:1.2.3", "value": "A"}
    assert resource["contained"][0]["practitioner"] == {"display": "Non précisé"}
    alone = written_set(SubmissionSet("1.2.3", NOW, organisation=Organisation("Hôpital", Identifier("1.9", "7"))))
    assert "reference" not in alone["source"]
    assert alone["contained"][0]["name"] == "Hôpital"
    assert written_folder(Folder("Suivi", NOW, (Coded("10", "1.2.250.1.213.1.1.4.1"),)))["title"] == "Suivi"


# The answer to the bundle

answers = st.builds(
    Answer,
    status=st.sampled_from([200, 201]),
    location=st.just("DocumentReference/1"),
    version=st.none() | st.integers(1, 9),
    last_modified=optional(moments),
    warnings=st.just(()) | st.just((issue("custodian-missing", expression="Bundle.entry[1].resource.custodian"),)),
)


@needs_corpus
@settings(max_examples=cases(50))
@given(st.lists(answers, min_size=1, max_size=4))
def test_the_answer_satisfies_its_profile(given_answers: list[Answer]) -> None:
    resource = json.loads(transaction_response.write(given_answers))
    path = "mhd/StructureDefinition-IHE.MHD.ProvideDocumentBundleResponse.json"
    assert profile.violations(definition(path), resource) == []
    assert [each["response"]["status"][:3] for each in resource["entry"]] == [str(a.status) for a in given_answers]


def test_one_answer() -> None:
    warning = issue("custodian-missing", expression="Bundle.entry[1].resource.custodian")
    resource = orjson.loads(
        transaction_response.write(
            [Answer(201, "List/1", 1, NOW), Answer(200, "DocumentReference/2", None, None, (warning,))]
        )
    )
    first, second = (each["response"] for each in resource["entry"])
    assert first == {
        "status": "201 Created",
        "location": "List/1",
        "etag": 'W/"1"',
        "lastModified": "2026-06-12T08:30:00+00:00",
    }
    assert second["outcome"]["issue"][0]["details"]["coding"][0]["code"] == "custodian-missing"
    assert (second["status"], second["location"]) == ("200 OK", "DocumentReference/2")
