"""The requests of each scenario: a list of 20, the opening of a letter of 50 kB, its deposit in both ways."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any, Final
from uuid import UUID, uuid5

import orjson

from carnet.demo.identifiers import INS_TEST
from carnet.kernel.ids import fhir_id

_Json = dict[str, Any]

SCENARIOS: Final = ("list", "open", "simplified", "provide")
"""`simplified` deposits by ITI-105, `provide` by ITI-65."""

_SYSTEM = f"urn:oid:{INS_TEST}"
_PLACE = b"2.25.222222222222222222222222222222222222222"
# All of them as long as the place that was left open.
_FIRST = 10**38
_NAMESPACE = UUID("6f0c46b0-54b1-4f0e-9d0f-0d0e6a1b2026")
_URI = "urn:ietf:rfc:3986"
_MHD = "https://profiles.ihe.net/ITI/MHD"
_NOS = "https://mos.esante.gouv.fr/NOS"
_CLASS = {"system": f"{_NOS}/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument", "code": "10"}


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    token: str
    accept: str = "application/fhir+json"
    body: bytes = b""

    def raw(self, host: str) -> bytes:
        """As it goes over a connection that stays open."""
        head = (
            f"{self.method} {self.path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {self.token}\r\n"
            f"Accept: {self.accept}\r\n"
        )
        if self.body:
            head += f"Content-Type: application/fhir+json\r\nContent-Length: {len(self.body)}\r\n"
        return f"{head}\r\n".encode() + self.body


@dataclass(frozen=True, slots=True)
class Target:
    """A record of the pool: its INS, the token of who reads it, its letter, and a letter to deposit, whose uniqueId is
    left open."""

    record_id: UUID
    ins: str
    token: str
    letter: UUID
    blank: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """What the driver is to do. `first` numbers the deposits: no number is used twice; `most` bounds how many are
    prepared."""

    scenario: str
    port: int
    clients: int
    seconds: float
    targets: tuple[Target, ...]
    depositor: str
    first: int
    most: int


def prepared(load: Load) -> Iterator[bytes] | list[bytes]:
    """Bytes ready to be sent: endless where asking again asks the same, else each made before the clock starts."""
    host = f"localhost:{load.port}"
    if load.scenario in {"list", "open"}:
        return cycle([request(load.scenario, each, each.token, 0).raw(host) for each in load.targets])
    numbered = enumerate(islice(cycle(load.targets), load.most), load.first)
    return [request(load.scenario, each, load.depositor, number).raw(host) for number, each in numbered]


def request(scenario: str, target: Target, token: str, number: int) -> Request:
    match scenario:
        case "list":
            path = f"/fhir/DocumentReference?patient.identifier={_SYSTEM}%7C{target.ins}&status=current&_count=20"
            return Request("GET", path, token)
        case "open":
            return Request("GET", f"/fhir/Binary/{fhir_id(target.record_id, target.letter)}", token, "text/xml")
        case "simplified":
            content, unique = filled(target.blank, number)
            return Request("POST", "/fhir/DocumentReference", token, body=_simplified(target.ins, content, unique))
        case _:
            content, unique = filled(target.blank, number)
            return Request("POST", "/fhir", token, body=_provided(target.ins, content, unique))


def blank(letter: bytes, unique_id: str) -> bytes:
    """A letter in which the place of its uniqueId is left open."""
    return letter.replace(unique_id.encode(), _PLACE)


def filled(letter: bytes, number: int) -> tuple[bytes, str]:
    unique = f"2.25.{_FIRST + uuid5(_NAMESPACE, str(number)).int % _FIRST}"
    return letter.replace(_PLACE, unique.encode()), unique


def _concept(system: str, code: str) -> _Json:
    return {"coding": [{"system": system, "code": code}]}


def _people() -> list[_Json]:
    number = {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "810002000064"}
    structure = {"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "1990000051"}
    return [
        {
            "resourceType": "Practitioner",
            "id": "chirurgien",
            "identifier": [number],
            "name": [{"family": "GUILLOU", "given": ["Bertrand"]}],
        },
        {
            "resourceType": "Organization",
            "id": "hopital",
            "identifier": [structure],
            "name": "Centre hospitalier des Ponts",
        },
    ]


def _number(ins: str) -> _Json:
    return {"system": _SYSTEM, "value": ins}


def _document(ins: str, content: bytes, unique: str, subject: _Json, attachment: _Json) -> _Json:
    sha1 = hashlib.sha1(content, usedforsecurity=False).digest()
    given = {
        "contentType": "text/xml",
        "language": "fr-FR",
        "size": len(content),
        "hash": base64.b64encode(sha1).decode(),
        "title": "Lettre de liaison à la sortie",
        "creation": "2026-10-31T10:00:00+01:00",
    }
    return {
        "resourceType": "DocumentReference",
        "contained": [*_people(), {"resourceType": "Patient", "id": "patient", "identifier": [_number(ins)]}],
        "masterIdentifier": {"system": _URI, "value": f"urn:oid:{unique}"},
        "status": "current",
        "type": _concept("http://loinc.org", "11490-0"),
        "category": [{"coding": [_CLASS]}],
        "subject": subject,
        "date": "2026-10-31T10:15:00+01:00",
        "author": [{"reference": "#chirurgien"}],
        "authenticator": {"reference": "#chirurgien"},
        "custodian": {"reference": "#hopital"},
        "securityLabel": [_concept("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N")],
        "content": [
            {
                "attachment": given | attachment,
                "format": {"system": "urn:oid:1.2.250.1.213.1.1.4.2.282", "code": "urn:asip:ci-sis:ldl-ses:2017"},
            }
        ],
        "context": {
            "period": {"start": "2026-10-31T10:00:00+01:00"},
            "facilityType": _concept(f"{_NOS}/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite", "SA01"),
            "practiceSetting": _concept(f"{_NOS}/TRE_A01-CadreExercice/FHIR/TRE-A01-CadreExercice", "ETABLISSEMENT"),
            "sourcePatientInfo": {"reference": "#patient"},
        },
    }


def _simplified(ins: str, content: bytes, unique: str) -> bytes:
    subject: _Json = {"identifier": _number(ins)}
    return orjson.dumps(_document(ins, content, unique, subject, {"data": base64.b64encode(content).decode()}))


def _provided(ins: str, content: bytes, unique: str) -> bytes:
    """A submission set, its document and the document's bytes."""
    subject: _Json = {"reference": f"Patient?identifier={_SYSTEM}|{ins}"}
    urls = [f"urn:uuid:{uuid5(_NAMESPACE, unique + part)}" for part in ("set", "document", "content")]
    binary = {"resourceType": "Binary", "contentType": "text/xml", "data": base64.b64encode(content).decode()}
    resources: Sequence[tuple[str, _Json]] = (
        ("List", _set(unique, subject, urls[1])),
        ("DocumentReference", _document(ins, content, unique, subject, {"url": urls[2]})),
        ("Binary", binary),
    )
    entries = [
        {"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": kind}}
        for url, (kind, resource) in zip(urls, resources, strict=True)
    ]
    profile = (
        "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-comprehensive-provide-document-bundle"
    )
    bundle = {"resourceType": "Bundle", "meta": {"profile": [profile]}, "type": "transaction", "entry": entries}
    return orjson.dumps(bundle)


def _set(unique: str, subject: _Json, document: str) -> _Json:
    source = {"url": f"{_MHD}/StructureDefinition/ihe-sourceId"}
    kind = {"url": f"{_MHD}/StructureDefinition/ihe-designationType"}
    number = {
        "type": _concept(f"{_MHD}/CodeSystem/IHE.MHD.MHDIdentifierType", "uniqueId"),
        "system": _URI,
        "value": f"urn:oid:{unique}.1",
    }
    return {
        "resourceType": "List",
        "contained": _people()[:1],
        "extension": [
            {**kind, "valueCodeableConcept": {"coding": [_CLASS]}},
            {**source, "valueIdentifier": {"system": _URI, "value": "urn:oid:1.2.250.1.999.1"}},
        ],
        "identifier": [number],
        "status": "current",
        "mode": "working",
        "code": _concept(f"{_MHD}/CodeSystem/MHDlistTypes", "submissionset"),
        "subject": subject,
        "date": "2026-10-31T10:15:00+01:00",
        "source": {"reference": "#chirurgien"},
        "entry": [{"item": {"reference": document}}],
    }
