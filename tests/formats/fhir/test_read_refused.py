"""Simplified publish: every refusal with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from carnet.formats.fhir import body, document_reference
from carnet.formats.fhir.outcome import FhirError
from tests.formats.fhir.bundles import INS, JSON, TEST
from tests.formats.fhir.publications import publication, read, refusals, warnings


def _without(name: str) -> Callable[[JSON], object]:
    return lambda resource: resource.pop(name)


def _with(name: str, value: Any) -> Callable[[JSON], object]:
    return lambda resource: resource.update({name: value})


def _attached(**values: Any) -> Callable[[JSON], object]:
    return lambda resource: resource["content"][0]["attachment"].update(values)


REFUSED = [
    (_without("status"), "status", "required"),
    (_with("status", "superseded"), "status", "status-not-current"),
    (_with("status", 1), "status", "value-type"),
    (_without("masterIdentifier"), "masterIdentifier", "required"),
    (_with("masterIdentifier", {}), "masterIdentifier", "value-type"),
    (_with("masterIdentifier", {"system": "urn:ietf:rfc:3986"}), "masterIdentifier.value", "required"),
    (_with("masterIdentifier", {"system": "http://x", "value": "1"}), "masterIdentifier", "master-identifier-form"),
    (_with("masterIdentifier", {"value": "hello"}), "masterIdentifier", "master-identifier-form"),
    (_without("type"), "type", "required"),
    (_with("type", {"text": "x"}), "type", "type-unknown"),
    (_with("type", {"coding": [{"code": "11502-2"}]}), "type", "type-unknown"),
    (_with("type", {"coding": [{"system": "http://loinc.org", "code": "0"}]}), "type", "type-unknown"),
    (_without("subject"), "subject", "required"),
    (_with("subject", {"display": "Dominique"}), "subject", "subject-form"),
    (_with("subject", {"reference": "Group/1"}), "subject.reference", "subject-form"),
    (_with("subject", {"reference": "abc"}), "subject.reference", "subject-form"),
    (_with("subject", {"reference": "#who"}), "subject.reference", "subject-form"),
    (_with("subject", {"reference": "Patient?name=x"}), "subject.reference", "subject-form"),
    (_with("subject", {"reference": f"Patient?identifier=1.2.3|{INS}"}), "subject", "ins-invalid"),
    (_with("subject", {"identifier": {"system": TEST, "value": "1"}}), "subject.identifier", "ins-invalid"),
    (_without("date"), "date", "required"),
    (_with("date", "yesterday"), "date", "value-date"),
    (_with("date", "2026-02-30"), "date", "value-date"),
    (_with("date", "0001-01-01"), "date", "value-date"),
    (
        _with("context", {"period": {"start": "2026-06-12T10:00:00+02:00", "end": "2026-06-11"}}),
        "context.period",
        "period-reversed",
    ),
    (_with("context", {"period": {"start": "2026-06", "end": "2025"}}), "context.period", "period-reversed"),
    (_without("author"), "author", "required"),
    (_with("author", []), "author", "value-type"),
    (_with("author", {"reference": "#who"}), "author", "value-type"),
    (_with("author", [{"display": "x"}] * 201), "author", "too-many"),
    (_without("content"), "content", "required"),
    (_with("content", [{}]), "content[0]", "value-type"),
    (_with("content", [{"format": {"code": "x"}}]), "content[0].attachment", "required"),
    (lambda r: r["content"].append(r["content"][0]), "content[1]", "too-many"),
    (_attached(data=None), "content[0].attachment.data", "required"),
    (_attached(data=12), "content[0].attachment.data", "value-type"),
    (_attached(data=""), "content[0].attachment.data", "document-empty"),
    (_attached(data="é"), "content[0].attachment.data", "value-base64"),
    (_attached(data="QUJD="), "content[0].attachment.data", "value-base64"),
    (_attached(data="QUJD===="), "content[0].attachment.data", "value-base64"),
    (_attached(data="A" * 9999), "content[0].attachment.data", "value-base64"),
    (_attached(data="\x007"), "content[0].attachment.data", "value-base64"),
    (_attached(url="Binary/1"), "content[0].attachment.url", "forbidden-element"),
    (_attached(size=1), "content[0].attachment.size", "size-wrong"),
    (_attached(size=-1), "content[0].attachment.size", "value-type"),
    (_attached(hash="QUJD"), "content[0].attachment.hash", "hash-wrong"),
    (_attached(hash="?"), "content[0].attachment.hash", "value-base64"),
    (_attached(title=None), "content[0].attachment.title", "required"),
    (_attached(title="a\x00b"), "content[0].attachment.title", "value-characters"),
    (_attached(title="x" * 5000), "content[0].attachment.title", "value-too-long"),
    (_attached(contentType="pdf"), "content[0].attachment.contentType", "value-type"),
    (_attached(creation="12/06/2026"), "content[0].attachment.creation", "value-date"),
    (_attached(language="français"), "content[0].attachment.language", "value-type"),
    (_with("docStatus", "final"), "docStatus", "forbidden-element"),
    (_with("implicitRules", "http://x"), "implicitRules", "modifier-not-supported"),
    (_with("modifierExtension", [{"url": "x"}]), "modifierExtension", "modifier-not-supported"),
    (_with("securityLabel", [{"coding": [{"code": "MASQUE_PT"}]}]), "securityLabel[0]", "label-unknown"),
    (_with("securityLabel", [{"text": "secret"}]), "securityLabel[0]", "label-unknown"),
    (_with("relatesTo", [{"code": "replaces"}]), "relatesTo[0].target", "required"),
    (_with("relatesTo", [{"code": "replaces", "target": {"display": "x"}}]), "relatesTo[0].target", "value-type"),
    (_with("contained", [1]), "contained[0]", "value-type"),
]


@pytest.mark.parametrize(("change", "place", "code"), REFUSED)
def test_refused_at_its_place(change: Callable[[JSON], object], place: str, code: str) -> None:
    resource = publication()
    change(resource)
    assert refusals(resource) == {f"DocumentReference.{place}": code}


def test_every_problem_at_once() -> None:
    resource = publication()
    resource |= {"status": "x", "date": "x", "securityLabel": [{"text": "x"}], "type": {"text": "x"}}
    assert len(refusals(resource)) == 4


def test_strict_demands_the_custodian() -> None:
    resource = publication()
    del resource["custodian"]
    assert warnings(read(resource)) == {"DocumentReference.custodian": "custodian-missing"}
    assert refusals(resource, strict=True) == {"DocumentReference.custodian": "custodian-missing"}
    with pytest.raises(FhirError) as caught:
        read(resource, strict=True)
    assert caught.value.status == 422


def test_strict_forbids_what_the_simplified_profile_forbids() -> None:
    resource = publication()
    resource["identifier"] = [{"type": {"coding": [{"code": "entryUUID"}]}, "value": "urn:uuid:x"}]
    resource["context"] = {"event": [{"text": "a"}, {"text": "b"}]}
    assert len(read(resource).entry.events) == 2
    assert refusals(resource, strict=True) == {
        "DocumentReference.identifier[0]": "forbidden-element",
        "DocumentReference.context.event": "too-many",
    }


@pytest.mark.parametrize(
    ("payload", "code", "status"),
    [
        (b"", "not-json", 400),
        (b"\xff", "not-json", 400),
        (b"<DocumentReference/>", "not-json", 400),
        (b"[" * 100_000, "not-json", 400),
        (b"[]", "not-a-resource", 400),
        (b'{"resourceType":1}', "not-a-resource", 400),
        (b'{"resourceType":"Patient"}', "wrong-resource-type", 400),
        (b'{"a":"' + b"x" * body.HEAD_LIMIT + b'"}', "too-large", 413),
    ],
)
def test_what_is_no_resource(payload: bytes, code: str, status: int) -> None:
    with pytest.raises(FhirError) as caught:
        document_reference.read(payload)
    assert caught.value.issues[0].details_code == code
    assert caught.value.status == status


def test_messages_never_repeat_the_resource() -> None:
    resource = publication()
    secret = "Confidentiel"
    resource |= {"status": secret, "date": secret, "subject": {"reference": secret}, "type": {"text": secret}}
    resource["contained"][0]["identifier"] = secret
    resource["securityLabel"] = [{"coding": [{"code": secret}]}]
    resource["content"][0]["attachment"] |= {"hash": secret, "contentType": secret, "title": secret + "\x01"}
    with pytest.raises(FhirError) as caught:
        read(resource)
    assert secret not in caught.value.body().decode() + str(caught.value)
