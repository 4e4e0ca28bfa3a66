"""FHIR documents as content: published as a resource or as base64, and what they say of themselves."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from carnet.formats.entry import Author, Coded, Identifier, Organisation
from carnet.formats.fhir import document_metadata, document_reference, generate, read_provide
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.terminology import systems
from tests.corpus import CORPUS, needs_corpus
from tests.formats.fhir import bundles
from tests.formats.fhir.bundles import INS, JSON, OTHER_INS, TEST, url
from tests.formats.fhir.findings import errors_of
from tests.formats.fhir.publications import publication

PHOTO = bytes(range(256)) * 40


def document(number: str = INS) -> JSON:
    """A summary with a patient, a doctor in a role, and a photo that is long enough to be cut out of the body."""
    patient = {
        "resourceType": "Patient",
        "id": "p-1",
        "identifier": [{"system": f"urn:oid:{TEST}", "value": number}],
        "name": [{"use": "official", "family": "PAT-TROIS", "given": ["DOMINIQUE"]}],
        "photo": [{"contentType": "image/png", "data": base64.b64encode(PHOTO).decode()}],
    }
    composition = {
        "resourceType": "Composition",
        "status": "final",
        "type": {"coding": [{"system": "http://loinc.org", "code": "60591-5"}]},
        "subject": {"reference": "Patient/p-1"},
        "date": "2026-06-12T11:00:00+02:00",
        "author": [{"reference": url(53)}],
        "attester": [{"mode": "legal", "party": {"reference": url(53)}}],
        "custodian": {"reference": url(54)},
        "confidentiality": "R",
        "title": "Synthèse",
        "relatesTo": [
            {"code": "replaces", "targetIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.9.9"}}
        ],
        "event": [{"code": [{"coding": [{"system": "http://x", "code": "PCPR"}]}], "period": {"start": "2026-06-01"}}],
    }
    doctor = {
        "resourceType": "Practitioner",
        "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "801234567897"}],
        "name": [{"family": "MARTIN"}],
    }
    resources = (composition, patient, doctor, {"resourceType": "Organization", "name": "Cabinet"})
    return {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.7"},
        "timestamp": "2026-06-12T11:00:00+02:00",
        "entry": [{"fullUrl": url(51 + at), "resource": each} for at, each in enumerate(resources)],
    }


def provided(content: JSON) -> JSON:
    described = bundles.document(2, b"", media_type="application/fhir+json")
    attachment = described["resource"]["content"][0]["attachment"]
    del attachment["size"], attachment["hash"]
    entry = {"fullUrl": url(3), "resource": content, "request": {"method": "POST", "url": "Bundle"}}
    return bundles.bundle(bundles.submission_set(2), described, entry)


def published(content: bytes) -> JSON:
    resource = publication()
    resource["content"][0]["attachment"] |= {
        "contentType": "application/fhir+json",
        "data": base64.b64encode(content).decode(),
    }
    return resource


def read(resource: JSON) -> Any:
    read_one = read_provide.read if resource["resourceType"] == "Bundle" else document_reference.read
    return read_one(json.dumps(resource).encode())


def refusals(resource: JSON) -> dict[str, str]:
    return errors_of(lambda: read(resource))


# As a resource of the bundle


def test_a_document_of_the_bundle_is_kept_as_its_json() -> None:
    found = read(provided(document()))
    assert found.warnings == ()
    assert json.loads(found.documents[0].content) == document()
    assert found.documents[0].entry.media_type == "application/fhir+json"
    assert [slot.kind for slot in found.slots] == ["submission-set", "document", "content"]


def test_size_and_hash_of_such_a_document_are_not_kept() -> None:
    resource = provided(document())
    resource["entry"][1]["resource"]["content"][0]["attachment"] |= {"size": 7, "hash": "QUJD"}
    found = read(resource)
    assert {issue.details_code for issue in found.warnings} == {"element-not-kept"}
    resource["entry"][1]["resource"]["content"][0]["attachment"]["contentType"] = "text/xml"
    place = "Bundle.entry[1].resource.content[0].attachment.contentType"
    assert refusals(resource) == {place: "fixed-value"}


def _composition(**values: Any) -> Callable[[JSON], object]:
    return lambda bundle: bundle["entry"][0]["resource"].update(values)


WRONG = [
    (lambda b: b.update(type="collection"), "type", "fixed-value"),
    (lambda b: b.pop("identifier"), "identifier", "required"),
    (lambda b: b.pop("timestamp"), "timestamp", "required"),
    (lambda b: b.pop("entry"), "entry", "required"),
    (lambda b: b["entry"].reverse(), "entry[0].resource", "document-composition"),
    (_composition(confidential="R"), "entry[0].resource.confidential", "element-unknown"),
    (_composition(status="done"), "entry[0].resource.status", "code-unknown"),
]


@pytest.mark.parametrize(("change", "place", "code"), WRONG)
def test_what_is_no_document(change: Callable[[JSON], object], place: str, code: str) -> None:
    content = document()
    change(content)
    assert refusals(provided(content)) == {f"Bundle.entry[2].resource.{place}": code}
    # The same in base64: no expression leads into it, the words do.
    with pytest.raises(FhirError) as caught:
        read(published(json.dumps(content).encode()))
    errors = [issue for issue in caught.value.issues if issue.is_error]
    data = "DocumentReference.content[0].attachment.data"
    assert [(issue.expression, issue.details_code) for issue in errors] == [(data, code)]
    assert f"Bundle.{place}." in errors[0].diagnostics
    with pytest.raises(FhirError) as caught:
        document_metadata.of_bundle(content)
    assert (f"Bundle.{place}", code) in {(each.expression, each.details_code) for each in caught.value.issues}


def test_a_reference_that_leads_nowhere_is_a_warning() -> None:
    content = document()
    content["entry"][0]["resource"]["section"] = [{"title": "x", "entry": [{"reference": "Observation/9"}]}]
    found = read(provided(content))
    place = "Bundle.entry[2].resource.entry[0].resource.section[0].entry[0].reference"
    assert [(each.expression, each.details_code) for each in found.warnings] == [(place, "document-reference")]
    assert [each.details_code for each in found.slots[2].warnings] == ["document-reference"]


def test_the_patient_of_the_document_is_the_subject() -> None:
    other = document(OTHER_INS)
    place = "Bundle.entry[2].resource.entry[0].resource"
    assert refusals(provided(other)) == {place: "document-patient"}
    data = "DocumentReference.content[0].attachment.data"
    assert refusals(published(json.dumps(other).encode())) == {data: "document-patient"}
    # The reference alone may name the person.
    other["entry"][0]["resource"]["subject"] = {"identifier": {"system": f"urn:oid:{TEST}", "value": OTHER_INS}}
    assert refusals(provided(other)) == {place: "document-patient"}


@pytest.mark.parametrize("photo", ["\u00e9" * 5000, "A" * 5001, "A\n" * 5000])
def test_a_large_literal_in_a_document_must_be_base64(photo: str) -> None:
    """What is cut out of the body is put back into the document: it must be what it claims to be."""
    resource = provided(document())
    resource["entry"][2]["resource"]["entry"][1]["resource"]["photo"][0]["data"] = "@@"
    payload = json.dumps(resource).replace("@@", photo).encode()
    with pytest.raises(FhirError) as caught:
        read_provide.read(payload)
    assert [issue.details_code for issue in caught.value.issues if issue.is_error] == ["value-base64"]


def test_one_literal_is_put_back_once() -> None:
    """Marks that the sender writes himself would let one photo fill a document a thousand times."""
    resource = provided(document())
    patients = [{"fullUrl": url(n), "resource": {"resourceType": "Patient", "photo": [{"data": "\x000"}]}}
                for n in range(100, 150)]  # fmt: skip
    resource["entry"][2]["resource"]["entry"] += patients
    assert refusals(resource) == {"Bundle.entry[2].resource": "value-base64"}


def test_a_document_with_many_entries() -> None:
    content = document()
    content["entry"] += [{"fullUrl": url(n), "resource": {"resourceType": "Basic"}} for n in range(100, 900)]
    assert len(json.loads(read(provided(content)).documents[0].content)["entry"]) == 804


# As base64


def test_a_document_in_base64() -> None:
    text = json.dumps(document(), indent=1).encode()
    assert read(published(text)).content == text
    described = bundles.document(2, text, media_type="application/fhir+json")
    content = bundles.binary(3, text, media_type="application/fhir+json")
    resource = bundles.bundle(bundles.submission_set(2), described, content)
    assert read(resource).documents[0].content == text
    described["resource"]["content"][0]["attachment"]["hash"] = base64.b64encode(
        hashlib.sha1(b"x", usedforsecurity=False).digest()
    ).decode()
    assert set(refusals(resource).values()) == {"hash-wrong"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<Bundle/>", "not-json"),
        (b'{"resourceType":"Patient"}', "wrong-resource-type"),
        (b'{"resourceType":"Bundle","type":"document","type":"document"}', "duplicate-key"),
    ],
)
def test_base64_that_is_no_fhir(content: bytes, code: str) -> None:
    assert refusals(published(content)) == {"DocumentReference.content[0].attachment.data": code}


# What a document says of itself


def test_metadata_of_a_document() -> None:
    entry = document_metadata.of_bundle(document())
    assert entry == document_metadata.of_bytes(json.dumps(document()).encode())
    doctor = Author(Identifier("1.2.250.1.71.4.2.1", "801234567897"), family="MARTIN")
    assert entry.unique_id == "1.2.3.7"
    assert (entry.type.code, entry.type.system) == ("60591-5", systems.LOINC)
    assert entry.category is not None
    assert entry.category.code == "11"
    assert (entry.title, entry.media_type) == ("Synthèse", "application/fhir+json")
    assert entry.created == datetime(2026, 6, 12, 9, tzinfo=UTC)
    assert entry.patient.ins == Identifier(TEST, INS)
    assert (entry.patient.birth_family, entry.patient.birth_given) == ("PAT-TROIS", "DOMINIQUE")
    assert (entry.authors, entry.authenticator) == ((doctor,), doctor)
    assert entry.custodian == Organisation("Cabinet")
    assert entry.confidentiality is not None
    assert entry.confidentiality.code == "R"
    assert entry.events == (Coded("PCPR", "http://x"),)
    assert entry.period.start is not None
    assert entry.replaces == ("1.9.9",)


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        (lambda b: b["identifier"].update(value="x"), "identifier", "master-identifier-form"),
        (_composition(type={"text": "x"}), "entry[0].resource.type", "type-unknown"),
        (_composition(date="2026-02-31"), "entry[0].resource.date", "value-date"),
    ],
)
def test_metadata_that_cannot_be_told(change: Callable[[JSON], object], place: str, code: str) -> None:
    content = document()
    change(content)
    with pytest.raises(FhirError) as caught:
        document_metadata.of_bundle(content)
    assert {each.expression: each.details_code for each in caught.value.issues} == {f"Bundle.{place}": code}


@needs_corpus
@pytest.mark.parametrize(
    ("name", "unique_id", "family"),
    [
        ("Bundle-IPS-examples-Bundle-01", "175bd032-8b00-4728-b2dc-748bb1501aed", "van Hulp"),
        ("Bundle-bundle-minimal", "28b95815-76ce-457b-b7ae-a972e527db40", "van Hulp"),
        ("Bundle-bundle-no-info-required-sections", "59f51f0b-2005-485c-858e-3d3ae9657287", ""),
    ],
)
def test_real_patient_summaries(name: str, unique_id: str, family: str) -> None:
    assert CORPUS is not None
    content = (CORPUS / "fhir" / "ips" / f"{name}.json").read_bytes()
    entry = document_metadata.of_bytes(content)
    assert entry.unique_id == f"2.16.724.4.8.10.200.10^{unique_id}"
    assert entry.authors[0].family == family
    assert entry.warnings == ()


# ITI-106


def parameters(resource: JSON) -> JSON:
    return {"resourceType": "Parameters", "parameter": [{"name": "document", "resource": resource}]}


def test_generate_from_a_binary_or_a_document() -> None:
    large = bytes(range(256)) * 100
    binary = bundles.binary(1, large, media_type="application/xml")["resource"]
    assert generate.read(json.dumps(parameters(binary)).encode()) == ("binary", large, "text/xml")
    kind, content, media_type = generate.read(json.dumps(parameters(document())).encode())
    assert (kind, media_type) == ("bundle", "application/fhir+json")
    assert json.loads(content) == document()
    assert document_metadata.of_bytes(content).unique_id == "1.2.3.7"


@needs_corpus
def test_generate_from_the_official_example() -> None:
    assert CORPUS is not None
    example = (CORPUS / "fhir" / "mhd" / "Parameters-ex-input-binary.json").read_bytes()
    assert generate.read(example) == ("binary", b"Hello World", "text/plain")


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        (lambda p: p.pop("parameter"), "parameter", "required"),
        (lambda p: p["parameter"].append(p["parameter"][0]), "parameter[1]", "too-many"),
        (lambda p: p["parameter"][0].update(name="file"), "parameter[0].name", "fixed-value"),
        (lambda p: p["parameter"][0].pop("resource"), "parameter[0].resource", "required"),
        (lambda p: p["parameter"][0].update(resource={"resourceType": "Patient"}),
         "parameter[0].resource.resourceType", "resource-type"),
        (lambda p: p["parameter"][0]["resource"].pop("data"), "parameter[0].resource.data", "required"),
        (lambda p: p["parameter"][0]["resource"].update(data="?"), "parameter[0].resource.data", "value-base64"),
    ],
)  # fmt: skip
def test_what_cannot_be_generated_from(change: Callable[[JSON], object], place: str, code: str) -> None:
    resource = parameters(bundles.binary(1, b"x")["resource"])
    change(resource)
    with pytest.raises(FhirError) as caught:
        generate.read(json.dumps(resource).encode())
    assert {each.expression: each.details_code for each in caught.value.issues} == {f"Parameters.{place}": code}


def test_the_answer_of_generate() -> None:
    assert json.loads(generate.write("doc-1")) == {
        "resourceType": "Parameters",
        "parameter": [{"name": "DocumentReference", "valueReference": {"reference": "DocumentReference/doc-1"}}],
    }
