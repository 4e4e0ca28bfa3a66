"""What is written satisfies the PDSm profile for every entry, and means what the entry says."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.cda import header
from carnet.formats.entry import Author, Coded, DocumentEntry, Identifier, Organisation, Patient, Period, replace
from carnet.formats.fhir import document_reference
from carnet.formats.terminology import document_types, labels, systems
from tests.cases import cases
from tests.corpus import CORPUS, cda_bytes, cda_facts, needs_corpus
from tests.formats.fhir import profile
from tests.formats.fhir.entries import bare_entries, entries

NOW = datetime(2026, 6, 12, 8, 30, tzinfo=UTC)
CONTENT = b"%PDF-1.7 the document"
SHA1 = hashlib.sha1(CONTENT, usedforsecurity=False).digest()
UUID = "123e4567-e89b-12d3-a456-426614174000"


@cache
def _definition() -> dict[str, Any]:
    assert CORPUS is not None
    folder = CORPUS / "fhir" / "definitions" / "pdsm"
    text = (folder / "StructureDefinition-pdsm-comprehensive-document-reference.json").read_bytes()
    definition: dict[str, Any] = json.loads(text)
    return definition


MINIMAL = DocumentEntry(
    unique_id="1.2.3",
    type=Coded("11488-4", systems.LOINC),
    title="Consultation",
    created=NOW,
    media_type="application/pdf",
    patient=Patient(),
)


def written(entry: DocumentEntry, **changes: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "fhir_id": "doc-1",
        "patient_id": "pat-1",
        "version": 3,
        "last_updated": NOW,
        "status": "current",
        "labels_mask": 0,
        "size": len(CONTENT),
        "sha1": SHA1,
        "content_url": "Binary/doc-1",
        "entry_uuid": UUID,
    }
    resource: dict[str, Any] = json.loads(document_reference.write(entry, **(facts | changes)))
    return resource


@needs_corpus
@settings(max_examples=cases(100))
@given(entries | bare_entries, st.integers(0, 7), st.none() | st.just("doc-0"))
def test_cardinalities_of_the_profile_hold(entry: DocumentEntry, mask: int, replaced: str | None) -> None:
    resource = written(entry, labels_mask=mask, replaces_id=replaced, logical_id=UUID)
    assert profile.violations(_definition(), resource) == []


@needs_corpus
@pytest.mark.parametrize("facts", cda_facts(), ids=lambda facts: facts["file"])
def test_real_documents_satisfy_the_profile(facts: dict[str, Any]) -> None:
    entry = header.read(cda_bytes(facts))
    assert profile.violations(_definition(), written(entry)) == []
    assert document_types.by_code(entry.type.code, entry.type.system)


@needs_corpus
def test_the_checker_sees_what_is_wrong() -> None:
    resource = written(MINIMAL)
    del resource["content"][0]["attachment"]["hash"]
    resource["docStatus"] = "final"
    resource["description"] = ""
    resource["surprise"] = 1
    resource["contained"].append({"resourceType": "Device", "id": "lost"})
    faults = " ".join(profile.violations(_definition(), resource))
    for part in ("attachment.hash: 0", "docStatus: 1", "description: empty", "surprise: unknown", "lost: not"):
        assert part in faults


@settings(max_examples=cases(100))
@given(entries, st.integers(0, 7))
def test_who_stands_where_the_profile_allows(entry: DocumentEntry, mask: int) -> None:
    resource = written(entry, labels_mask=mask)
    authors = profile.target_types(resource, "author")
    assert authors <= {"Practitioner", "PractitionerRole", "Device", "Patient"}
    signers = profile.target_types(resource, "authenticator")
    assert signers <= {"Practitioner", "PractitionerRole", "Organization"}
    assert profile.target_types(resource, "custodian") <= {"Organization"}
    assert profile.target_types(resource["context"] | {"contained": resource["contained"]}, "sourcePatientInfo") == {
        "Patient"
    }


@settings(max_examples=cases(100))
@given(entries, st.integers(0, 7))
def test_labels_are_the_base_and_the_mask(entry: DocumentEntry, mask: int) -> None:
    shown = [each["coding"][0] for each in written(entry, labels_mask=mask)["securityLabel"]]
    assert shown[0]["code"] == (entry.confidentiality.code if entry.confidentiality else "N")
    assert labels.mask_of(each["code"] for each in shown[1:]) == mask
    assert len(shown) == 1 + mask.bit_count()
    assert {each["system"] for each in shown[1:]} <= {systems.to_uri(systems.A07)}


def _publication(resource: dict[str, Any], subject: Identifier | None) -> bytes:
    """The same document as its producer would publish it (ITI-105)."""
    attachment = resource["content"][0]["attachment"]
    del attachment["url"], resource["identifier"]
    attachment["data"] = base64.b64encode(CONTENT).decode()
    if subject:
        resource["subject"] = {"identifier": {"system": systems.to_uri(subject.system), "value": subject.value}}
    return json.dumps(resource).encode()


@settings(max_examples=cases(100))
@given(entries)
def test_round_trip(entry: DocumentEntry) -> None:
    resource = written(entry, labels_mask=labels.mask_of(entry.labels))
    submission = document_reference.read(_publication(resource, entry.patient.ins))
    found = submission.entry
    assert submission.content == CONTENT
    assert submission.subject_reference == (None if entry.patient.ins else "pat-1")
    lost = {"category", "custodian", "format", "confidentiality", "period", "authors", "warnings"}
    same = {name: getattr(entry, name) for name in entry.__slots__ if name not in lost}
    assert {name: getattr(found, name) for name in same} == same
    assert found.authors == entry.authors or not entry.authors
    assert found.custodian == entry.custodian or not entry.custodian
    assert found.format == (entry.format or document_types.default_format(entry.media_type))
    assert found.confidentiality == (entry.confidentiality or labels.base("N"))
    assert found.period == Period(entry.act.start or entry.created, entry.act.end)
    assert not (found.period.end and found.period.start and found.period.end < found.period.start)
    derived = document_types.class_of(entry.type.code, entry.type.system)
    assert derived is None or found.category == derived


def test_begins_with_type_and_id() -> None:
    text = document_reference.write(
        MINIMAL,
        fhir_id="a.B-9",
        patient_id="p",
        version=1,
        last_updated=NOW,
        status="superseded",
        labels_mask=0,
        size=1,
        sha1=SHA1,
        content_url="u",
        entry_uuid=UUID,
    )
    assert text.startswith(b'{"resourceType":"DocumentReference","id":"a.B-9",')


def test_attachment_and_versions() -> None:
    resource = written(MINIMAL, indexed=datetime(2020, 1, 1, tzinfo=UTC), logical_id=UUID)
    attachment = resource["content"][0]["attachment"]
    assert attachment["hash"] == base64.b64encode(SHA1).decode()
    assert attachment["size"] == len(CONTENT)
    assert attachment["creation"] == "2026-06-12T08:30:00+00:00"
    assert resource["meta"]["versionId"] == "3"
    assert resource["date"] == "2020-01-01T00:00:00+00:00"
    assert [each["value"] for each in resource["identifier"]] == [f"urn:uuid:{UUID}"] * 2
    assert resource["masterIdentifier"]["type"]["coding"][0]["code"] == "uniqueId"
    assert resource["type"]["coding"][0]["display"] == "CR ou fiche de consultation ou de visite"
    assert resource["category"][0]["coding"][0]["code"] == "10"


def test_what_is_not_given_is_said_or_derived() -> None:
    house = Organisation("Hôpital", Identifier("1.2.250.1.71.4.2.2", "1750803447"))
    resource = written(replace(MINIMAL, authors=(Author(family="Nom", organisation=house),)))
    assert profile.target_types(resource, "custodian") == {"Organization"}
    assert written(MINIMAL)["custodian"] == {"display": "Non précisé"}
    assert written(MINIMAL)["context"]["facilityType"]["text"] == "Non précisé"
    assert written(MINIMAL)["content"][0]["format"]["code"] == "urn:ihe:iti:xds-sd:pdf:2008"


def test_the_replaced_document_by_id_or_by_identifier() -> None:
    entry = replace(MINIMAL, replaces=("1.2.4^A",))
    known = written(entry, replaces_id="doc-0")["relatesTo"]
    named = {"system": "urn:oid:1.2.4", "value": "A"}
    assert known == [{"code": "replaces", "target": {"reference": "DocumentReference/doc-0", "identifier": named}}]
    dangling = written(entry)["relatesTo"][0]["target"]["identifier"]
    assert dangling == {"system": "urn:oid:1.2.4", "value": "A"}


def test_a_signing_device_is_shown_by_its_organisation_or_its_name() -> None:
    house = Organisation("Laboratoire")
    signed = written(replace(MINIMAL, authenticator=Author(device="Automate", organisation=house)))
    assert profile.target_types(signed, "authenticator") == {"Organization"}
    signed = written(replace(MINIMAL, authenticator=Author(device="Automate")))
    assert profile.target_types(signed, "authenticator") == {"PractitionerRole"}
