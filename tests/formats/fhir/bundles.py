"""A bundle that provides documents (ITI-65), as a careful producer would send it."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

JSON = dict[str, Any]
TEST = "1.2.250.1.213.1.4.10"
INS = "279035121518989"
OTHER_INS = "177113523803171"
SUBJECT = {"reference": f"Patient?identifier=urn:oid:{TEST}|{INS}"}
_IHE = "https://profiles.ihe.net/ITI/MHD"
_PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition"
_LISTS = f"{_IHE}/CodeSystem/MHDlistTypes"


def url(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012d}"


def _concept(system: str, code: str) -> JSON:
    return {"coding": [{"system": system, "code": code}]}


def _typed(kind: str, value: str) -> JSON:
    system = f"{_IHE}/CodeSystem/IHE.MHD.MHDIdentifierType"
    return {"type": _concept(system, kind), "system": "urn:ietf:rfc:3986", "value": value}


def _practitioner() -> JSON:
    number = {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "801234567897"}
    return {"resourceType": "Practitioner", "id": "who", "identifier": [number], "name": [{"family": "MARTIN"}]}


def designation(code: str = "10") -> JSON:
    system = "https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument"
    return {
        "url": f"{_IHE}/StructureDefinition/ihe-designationType",
        "valueCodeableConcept": _concept(system, code),
    }


def _entry(number: int, resource: JSON, method: str, address: str) -> JSON:
    return {"fullUrl": url(number), "resource": resource, "request": {"method": method, "url": address}}


def submission_set(*items: int) -> JSON:
    """Its full URL is number 1."""
    number = {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.4.5.6"}
    resource = {
        "resourceType": "List",
        "meta": {"profile": [f"{_PDSM}/pdsm-submissionset-comprehensive"]},
        "contained": [_practitioner()],
        "extension": [designation(), {"url": f"{_IHE}/StructureDefinition/ihe-sourceId", "valueIdentifier": number}],
        "identifier": [_typed("uniqueId", "urn:oid:1.2.3.9.1")],
        "status": "current",
        "mode": "working",
        "code": _concept(_LISTS, "submissionset"),
        "subject": dict(SUBJECT),
        "date": "2026-06-12T11:00:00+02:00",
        "source": {"reference": "#who"},
        "entry": [{"item": {"reference": url(each)}} for each in items],
    }
    return _entry(1, resource, "POST", "List")


def document(number: int, content: bytes, *, media_type: str = "application/pdf") -> JSON:
    """The full URL of its content is the next number."""
    source = {
        "resourceType": "Patient",
        "id": "source",
        "identifier": [{"system": f"urn:oid:{TEST}", "value": INS}],
        "birthDate": "1979-03-28",
    }
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    resource = {
        "resourceType": "DocumentReference",
        "meta": {"profile": [f"{_PDSM}/pdsm-comprehensive-document-reference"]},
        "contained": [source, _practitioner()],
        "masterIdentifier": _typed("uniqueId", f"urn:oid:1.2.3.4.{number}"),
        "status": "current",
        "type": _concept("http://loinc.org", "11488-4"),
        "category": [
            _concept("https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument", "10")
        ],
        "subject": dict(SUBJECT),
        "date": "2026-06-12T11:00:00+02:00",
        "author": [{"reference": "#who"}],
        "authenticator": {"reference": "#who"},
        "custodian": {"display": "Cabinet du Port"},
        "securityLabel": [_concept("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N")],
        "content": [
            {
                "attachment": {
                    "contentType": media_type,
                    "language": "fr-FR",
                    "url": url(number + 1),
                    "size": len(content),
                    "hash": base64.b64encode(digest).decode(),
                    "title": "Compte rendu",
                    "creation": "2026-06-12T11:00:00+02:00",
                },
                "format": {
                    "system": "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode",
                    "code": "urn:ihe:iti:xds:2017:mimeTypeSufficient",
                },
            }
        ],
        "context": {
            "period": {"start": "2026-06-12T11:00:00+02:00"},
            "facilityType": _concept("http://snomed.info/sct", "22232009"),
            "practiceSetting": _concept("http://snomed.info/sct", "394802001"),
            "sourcePatientInfo": {"reference": "#source"},
        },
    }
    return _entry(number, resource, "POST", "DocumentReference")


def binary(number: int, content: bytes, *, media_type: str = "application/pdf") -> JSON:
    data = base64.b64encode(content).decode()
    return _entry(number, {"resourceType": "Binary", "contentType": media_type, "data": data}, "POST", "Binary")


def folder(number: int, *items: str) -> JSON:
    resource = {
        "resourceType": "List",
        "meta": {"profile": [f"{_PDSM}/pdsm-folder-comprehensive"]},
        "extension": [designation()],
        "identifier": [_typed("uniqueId", f"urn:oid:1.2.3.8.{number}")],
        "status": "current",
        "mode": "working",
        "title": "Suivi",
        "code": _concept(_LISTS, "folder"),
        "subject": dict(SUBJECT),
        "date": "2026-06-12T11:00:00+02:00",
        "entry": [{"item": {"reference": each}} for each in items],
    }
    return _entry(number, resource, "POST", "List")


def patch(number: int, target: str) -> JSON:
    parts = [
        {"name": "type", "valueCode": "replace"},
        {"name": "path", "valueString": "DocumentReference.status"},
        {"name": "value", "valueCode": "superseded"},
    ]
    resource = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}
    return _entry(number, resource, "PATCH", f"DocumentReference/{target}")


def bundle(*entries: JSON) -> JSON:
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{_PDSM}/pdsm-comprehensive-provide-document-bundle"]},
        "type": "transaction",
        "entry": list(entries),
    }
