"""Simplified publish: what a publication means, the official examples, and the tolerance of section g."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime

import pytest

from carnet.formats.entry import Identifier, Organisation
from carnet.formats.terminology import systems
from tests.corpus import CORPUS, needs_corpus
from tests.formats.fhir.bundles import JSON
from tests.formats.fhir.publications import CONTENT, publication, read, refusals, warnings


def example(path: str) -> JSON:
    assert CORPUS is not None
    resource: JSON = json.loads((CORPUS / "fhir" / path).read_bytes())
    return resource


@needs_corpus
def test_the_pdsm4dmp_example() -> None:
    submission = read(example("pdsm4dmp/DocumentReference-example-td2-iti105-publication-simplifiee.json"))
    entry = submission.entry
    assert entry.unique_id == "1.2.250.1.213.1.4.8.99999.1"
    assert (entry.type.code, entry.type.system) == ("11488-4", systems.LOINC)
    assert entry.category is not None
    assert entry.category.code == "10"
    assert entry.media_type == "text/xml"
    assert entry.patient.ins == Identifier("1.2.250.1.213.1.4.8", "123456789012345")
    assert entry.created == datetime(2026, 6, 12, 8, 0, tzinfo=UTC)
    assert entry.authors[0].identifier == Identifier("1.2.250.1.71.4.2.1", "899700218896")
    assert len(submission.content) == 80
    assert submission.subject_reference is None
    assert set(warnings(submission).values()) == {"custodian-missing", "ins-key"}
    assert len(entry.warnings) == 2


@needs_corpus
def test_the_pdsm_example_states_a_wrong_size_and_hash() -> None:
    resource = example("pdsm/DocumentReference-PDSmSimplifiedExample.json")
    place = "DocumentReference.content[0].attachment"
    assert refusals(resource) == {f"{place}.size": "size-wrong", f"{place}.hash": "hash-wrong"}
    del resource["content"][0]["attachment"]["size"], resource["content"][0]["attachment"]["hash"]
    submission = read(resource)
    assert submission.content == b"Hello World"
    assert submission.subject_reference == "fr-patient-123"
    entry = submission.entry
    assert entry.patient.ins is None
    assert entry.unique_id == "abcd-efgh-ijkl-mnop"
    assert entry.facility is not None
    assert (entry.facility.code, entry.facility.system) == ("SA05", systems.FACILITY)
    assert entry.setting is not None
    assert entry.setting.system == systems.SETTING
    assert entry.format is not None
    assert entry.format.system == systems.FORMAT
    assert warnings(submission) == {
        "DocumentReference.masterIdentifier.value": "master-identifier-unusual",
        "DocumentReference.author[0]": "author-unresolved",
        "DocumentReference.authenticator": "author-unresolved",
        "DocumentReference.custodian": "author-unresolved",
    }


@needs_corpus
def test_the_mhd_example_lacks_what_pdsm_demands() -> None:
    found = refusals(example("mhd/DocumentReference-ex-DocumentReferenceSimplifiedPublish.json"))
    assert found == {
        "DocumentReference.type": "required",
        "DocumentReference.content[0].attachment.title": "required",
        "DocumentReference.date": "required",
        "DocumentReference.author": "required",
    }


def test_a_complete_publication() -> None:
    resource = publication()
    resource["content"][0]["attachment"] |= {
        "size": len(CONTENT),
        "hash": base64.b64encode(hashlib.sha1(CONTENT, usedforsecurity=False).digest()).decode(),
        "creation": "2026-06-11",
        "language": "fr",
    }
    resource["securityLabel"] = [
        {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "N"}]},
        {"coding": [{"code": "R"}]},
        {"coding": [{"code": "INVISIBLE_REP_LEGAUX"}]},
    ]
    submission = read(resource)
    entry = submission.entry
    assert submission.warnings == ()
    assert entry.labels == {"INVISIBLE_REPRESENTANTS_LEGAUX"}
    assert entry.confidentiality is not None
    assert entry.confidentiality.code == "R"
    assert entry.created.isoformat() == "2026-06-11T00:00:00+02:00"
    assert entry.custodian == Organisation("Laboratoire du Port")
    assert entry.language == "fr"


def test_identifiers_relations_and_context() -> None:
    kind = {"coding": [{"system": "urn:ietf:rfc:3986", "code": "urn:ihe:iti:xds:2013:order"}]}
    resource = publication()
    resource["masterIdentifier"] = {"system": "urn:oid:1.2.3", "value": "A-1"}
    resource["identifier"] = [
        {"type": {"coding": [{"code": "entryUUID"}]}, "system": "urn:ietf:rfc:3986", "value": "urn:uuid:x"},
        {"system": "urn:oid:1.2.3", "value": "A-1"},
        {"system": "http://x", "value": "1"},
    ]
    resource["relatesTo"] = [
        {"code": "replaces", "target": {"reference": "DocumentReference/old"}},
        {"code": "replaces", "target": {"identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.9"}}},
        {"code": "appends", "target": {"reference": "DocumentReference/other"}},
    ]
    resource["context"] = {
        "event": [{"coding": [{"system": "urn:oid:1.2.250.1.215.300.1", "code": "ACQH004"}]}],
        "period": {"start": "2026-06-01", "end": "2026-06-02T10:00:00Z"},
        "related": [
            {"identifier": {"system": "urn:oid:1.7", "value": "42", "type": kind}},
            {"reference": "Observation/1"},
        ],
    }
    resource["category"] = [{"coding": [{"code": "11"}]}]
    submission = read(resource)
    entry = submission.entry
    assert entry.unique_id == "1.2.3^A-1"
    assert (entry.replaces, submission.replaces_references) == (("1.9",), ("old",))
    assert entry.events[0].system == "1.2.250.1.215.300.1"
    assert entry.references[0].kind == "order"
    assert entry.references[0].identifier == Identifier("1.7", "42")
    assert entry.period.start is not None
    assert warnings(submission) == {
        "DocumentReference.identifier[0]": "entry-uuid-given",
        "DocumentReference.identifier[2]": "element-not-kept",
        "DocumentReference.relatesTo[2].code": "relation-not-processed",
        "DocumentReference.context.related[1]": "element-not-kept",
        "DocumentReference.category[0]": "class-derived",
    }
    partial = [issue.xds for issue in submission.warnings if issue.details_code == "relation-not-processed"]
    assert partial == ["PartialAppendContentNotProcessed"]


@pytest.mark.parametrize("kind", ["text/xml", "application/xml", "Application/XML; charset=utf-8"])
def test_one_name_for_xml(kind: str) -> None:
    resource = publication()
    resource["content"][0]["attachment"]["contentType"] = kind
    assert read(resource).entry.media_type == "text/xml"
