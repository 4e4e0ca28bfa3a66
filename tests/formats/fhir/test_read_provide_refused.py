"""Provide Document Bundle: every refusal with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from carnet.formats.entry import Identifier
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.read_subject import Subject
from tests.formats.fhir.bundles import INS, JSON, OTHER_INS, TEST, url
from tests.formats.fhir.provisions import complete, read, refusals, warnings


def _in(number: int, **values: Any) -> Callable[[JSON], object]:
    return lambda bundle: bundle["entry"][number]["resource"].update(values)


def _out(number: int, name: str) -> Callable[[JSON], object]:
    return lambda bundle: bundle["entry"][number]["resource"].pop(name)


def _request(number: int, **values: Any) -> Callable[[JSON], object]:
    return lambda bundle: bundle["entry"][number]["request"].update(values)


def _attached(number: int, **values: Any) -> Callable[[JSON], object]:
    return lambda bundle: bundle["entry"][number]["resource"]["content"][0]["attachment"].update(values)


def _part(value: Any) -> Callable[[JSON], object]:
    return lambda bundle: bundle["entry"][4]["resource"]["parameter"][0].update(part=value)


def _again(number: int) -> Callable[[JSON], object]:
    return lambda bundle: bundle["entry"].append(bundle["entry"][number] | {"fullUrl": url(99)})


_OTHER_SUBJECT = {"reference": f"Patient?identifier=urn:oid:{TEST}|{OTHER_INS}"}
_EMPTY_HASH = "2jmj7l5rSw0yVb/vlWAYkK/YBwk="
REFUSED = [
    (lambda b: b.update(type="batch"), "type", "bundle-type"),
    (lambda b: b.pop("type"), "type", "bundle-type"),
    (lambda b: b.update(implicitRules="http://x"), "implicitRules", "modifier-not-supported"),
    (lambda b: b.update(entry={}), "entry", "value-type"),
    (lambda b: b.update(entry=[]), "entry", "value-type"),
    (lambda b: b.update(entry=b["entry"][:1] * 201), "entry", "too-many"),
    (lambda b: b["entry"][1].pop("fullUrl"), "entry[1].fullUrl", "required"),
    (lambda b: b["entry"][2].pop("fullUrl"), "entry[2].fullUrl", "required"),
    (lambda b: b["entry"][6].update(fullUrl=url(2)), "entry[6].fullUrl", "full-url-twice"),
    (lambda b: b["entry"][6].update(modifierExtension=[{"url": "x"}]), "entry[6].modifierExtension",
     "modifier-not-supported"),
    (lambda b: b["entry"].append({"resource": {"resourceType": "Basic"}}), "entry[7].request", "required"),
    (_again(0), "entry[7].resource", "too-many"),
    (_request(2, method="PUT", url="Binary/1"), "entry[2]", "entry-unexpected"),
    (_request(0, method="PUT", url="List/1"), "entry[0].resource", "entry-unexpected"),
    (_request(1, url="List"), "entry[1].request.url", "request-url"),
    (_request(4, url="DocumentReference?identifier=x"), "entry[4].request.url", "request-url"),
    (_request(4, url="Patient/old-1"), "entry[4].request.url", "request-url"),
    (_request(1, ifNoneExist="identifier=x"), "entry[1].request.ifNoneExist", "not-supported"),
    (_request(4, url="DocumentReference/other"), "entry[4].request.url", "patch-alone"),
    (_part([]), "entry[4].resource.parameter[0].part", "value-type"),
    (_part([{"name": "type", "valueCode": "delete"}]), "entry[4].resource.parameter[0]", "patch-form"),
    (_in(2, implicitRules="http://x"), "entry[2].resource.implicitRules", "modifier-not-supported"),
    (_in(4, implicitRules="http://x"), "entry[4].resource.implicitRules", "modifier-not-supported"),
    (_in(4, parameter=[]), "entry[4].resource.parameter", "value-type"),
    (_out(0, "source"), "entry[0].resource.source", "required"),
    (_out(0, "date"), "entry[0].resource.date", "required"),
    (_out(0, "subject"), "entry[0].resource.subject", "required"),
    (_in(0, status="retired"), "entry[0].resource.status", "fixed-value"),
    (_in(0, mode="snapshot"), "entry[0].resource.mode", "fixed-value"),
    (_in(0, encounter={"display": "x"}), "entry[0].resource.encounter", "forbidden-element"),
    (_in(0, entry=[{"item": {"reference": url(2)}, "deleted": True}]), "entry[0].resource.entry[0].deleted",
     "forbidden-element"),
    (_in(0, entry=[{"item": {"reference": url(50)}}]), "entry[0].resource.entry[0].item.reference", "item-unresolved"),
    (_in(0, entry=[{"item": {"reference": url(3)}}]), "entry[0].resource.entry[0].item.reference", "item-unresolved"),
    (_in(6, entry=[{"item": {"reference": url(7)}}]), "entry[6].resource.entry[0].item.reference", "item-unresolved"),
    (_out(6, "entry"), "entry[6].resource.entry", "required"),
    (_out(6, "title"), "entry[6].resource.title", "required"),
    (_out(6, "extension"), "entry[6].resource.extension", "required"),
    (_in(6, source={"display": "x"}), "entry[6].resource.source", "forbidden-element"),
    (_in(6, subject=_OTHER_SUBJECT), "entry[6].resource.subject", "subject-differs"),
    (_in(6, identifier=[{"type": {"coding": [{"code": "uniqueId"}]}, "value": "x"}]),
     "entry[6].resource.identifier[0]", "unique-id-form"),
    (_in(3, masterIdentifier={"value": "urn:oid:1.2.3.4.2"}), "entry[3].resource.masterIdentifier", "unique-id-twice"),
    (_in(1, status="superseded"), "entry[1].resource.status", "status-not-current"),
    (_out(1, "contained"), "entry[1].resource.contained", "required"),
    (_out(1, "category"), "entry[1].resource.category", "required"),
    (_out(1, "securityLabel"), "entry[1].resource.securityLabel", "required"),
    (_out(1, "context"), "entry[1].resource.context", "required"),
    (_out(1, "author"), "entry[1].resource.author", "required"),
    (_attached(1, size=1), "entry[1].resource.content[0].attachment.size", "size-wrong"),
    (_attached(1, hash="QUJD"), "entry[1].resource.content[0].attachment.hash", "hash-wrong"),
    (_attached(1, hash=None), "entry[1].resource.content[0].attachment.hash", "required"),
    (_attached(1, data="QUJD"), "entry[1].resource.content[0].attachment.data", "forbidden-element"),
    (_in(2, data="?"), "entry[2].resource.data", "value-base64"),
    (_in(2, data=""), "entry[2].resource.data", "document-empty"),
    (_out(2, "data"), "entry[2].resource.data", "required"),
    (_in(2, contentType="?"), "entry[2].resource.contentType", "value-type"),
]  # fmt: skip  # fmt: skip
_CONSEQUENCES = {
    "value-type": ("patch-form",),
    "required": ("content-missing", "content-unused", "item-unresolved"),
    "too-many": ("unique-id-twice",),
    "full-url-twice": ("item-unresolved",),
    "entry-unexpected": ("content-missing", "submission-set-missing"),
    "size-wrong": ("hash-wrong",),
    "document-empty": ("size-wrong", "hash-wrong"),
}


@pytest.mark.parametrize(("change", "place", "code"), REFUSED)
def test_refused_at_its_place(change: Callable[[JSON], object], place: str, code: str) -> None:
    resource = complete()
    change(resource)
    found = refusals(resource)
    assert found.get(f"Bundle.{place}") == code
    # What follows from the fault alone may be told too: never a fault elsewhere.
    assert set(found.values()) <= {code, *_CONSEQUENCES.get(code, ())}


def test_contents_are_used_once_each() -> None:
    resource = complete()
    resource["entry"][3]["resource"]["content"][0]["attachment"]["url"] = url(3)
    assert refusals(resource) == {
        "Bundle.entry[3].resource.content[0].attachment.url": "content-shared",
        "Bundle.entry[5].resource": "content-unused",
    }
    resource["entry"][3]["resource"]["content"][0]["attachment"]["url"] = "Binary/9"
    assert refusals(resource) == {
        "Bundle.entry[3].resource.content[0].attachment.url": "content-missing",
        "Bundle.entry[5].resource": "content-unused",
    }


def test_a_document_that_is_yet_to_be_assembled() -> None:
    resource = complete()
    del resource["entry"][2]
    attachment = resource["entry"][1]["resource"]["content"][0]["attachment"]
    attachment |= {"size": 0, "hash": _EMPTY_HASH}
    assert refusals(resource) == {"Bundle.entry[1].resource.content[0].attachment.size": "not-supported"}


def test_a_document_that_is_made_when_asked_for() -> None:
    resource = complete()
    del resource["entry"][2]
    attachment = resource["entry"][1]["resource"]["content"][0]["attachment"]
    del attachment["size"], attachment["hash"]
    assert refusals(resource) == {"Bundle.entry[1].resource.content[0].attachment.url": "not-supported"}


def test_the_patient_of_the_bundle_is_its_subject() -> None:
    resource = complete()
    person = {"resourceType": "Patient", "identifier": [{"system": f"urn:oid:{TEST}", "value": OTHER_INS}]}
    resource["entry"].append({"resource": person, "request": {"method": "PUT", "url": "Patient/p-1"}})
    assert set(refusals(resource).values()) == {"subject-differs"}
    person["identifier"] = [{"system": f"urn:oid:{TEST}", "value": INS}]
    assert read(resource).subject == Subject("p-1", Identifier(TEST, INS))
    resource["entry"].append(resource["entry"][7])
    assert refusals(resource) == {"Bundle.entry[8].resource": "too-many"}


def test_the_set_must_be_there_and_should_name_its_parts() -> None:
    resource = complete()
    del resource["entry"][0]["resource"]["entry"][1]
    assert warnings(read(resource)) == {"Bundle.entry[3].fullUrl": "not-in-set"}
    assert refusals(resource, strict=True) == {"Bundle.entry[3].fullUrl": "not-in-set"}
    del resource["entry"][0]
    assert refusals(resource) == {"Bundle.entry": "submission-set-missing"}


def test_messages_never_repeat_the_bundle() -> None:
    resource = complete()
    secret = "Confidentiel"
    for number, entry in enumerate(resource["entry"]):
        entry["resource"]["subject"] = {"reference": secret}
        entry["resource"]["status"] = secret
        entry["request"]["url"] = secret
        entry["fullUrl"] = secret + str(number)
    with pytest.raises(FhirError) as caught:
        read(resource)
    assert secret not in caught.value.body().decode() + str(caught.value)
