"""What is deposited: a letter of its own each time, as one DocumentReference (ITI-105) or as a bundle (ITI-65)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

import orjson

from carnet.demo.identifiers import INS_TEST

_Json = dict[str, Any]

SYSTEM = f"urn:oid:{INS_TEST}"
_PLACE = b"2.25.222222222222222222222222222222222222222"
# All of them as long as the place that was left open.
_FIRST = 10**38
_NAMESPACE = UUID("6f0c46b0-54b1-4f0e-9d0f-0d0e6a1b2026")
_URI = "urn:ietf:rfc:3986"
_MHD = "https://profiles.ihe.net/ITI/MHD"
_NOS = "https://mos.esante.gouv.fr/NOS"
_CLASS = {"system": f"{_NOS}/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument", "code": "10"}


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
    return {"system": SYSTEM, "value": ins}


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


def simplified(ins: str, content: bytes, unique: str) -> bytes:
    subject: _Json = {"identifier": _number(ins)}
    return orjson.dumps(_document(ins, content, unique, subject, {"data": base64.b64encode(content).decode()}))


def provided(ins: str, content: bytes, unique: str) -> bytes:
    """A submission set, its document and the document's bytes."""
    subject: _Json = {"reference": f"Patient?identifier={SYSTEM}|{ins}"}
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
