"""The bundle of docs/integrate/first: a CDA of a consultation as ITI-65 takes it, with its metadata and its submission
set."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from carnet.demo.cast import DOMINIQUE, DR_MARTIN
from carnet.demo.cda import build
from carnet.demo.identifiers import INS_TEST, oid_of
from carnet.demo.model import Document
from carnet.demo.vocabulary import CONSULTATION
from carnet.demo.words import moment
from carnet.formats.cda import header
from carnet.formats.cda.build.sections import findings, plan, reason
from carnet.formats.entry import Coded
from carnet.formats.terminology import document_types, systems

JSON = dict[str, Any]

_MHD = "https://profiles.ihe.net/ITI/MHD"
_PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition"
_SET, _ENTRY, _CONTENT = (f"urn:uuid:00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
_AT = "2026-06-16T10:00:00+02:00"
_SUBJECT = {"identifier": {"system": f"urn:oid:{INS_TEST}", "value": DOMINIQUE.identity.ins}}


def bundle_page() -> str:
    content = build(_consultation())
    entries = [
        _posted(_SET, "List", _submission_set()),
        _posted(_ENTRY, "DocumentReference", _document_reference(content)),
        _posted(
            _CONTENT,
            "Binary",
            {"resourceType": "Binary", "contentType": "text/xml", "data": base64.b64encode(content).decode()},
        ),
    ]
    profile = f"{_PDSM}/pdsm-comprehensive-provide-document-bundle"
    bundle = {"resourceType": "Bundle", "meta": {"profile": [profile]}, "type": "transaction", "entry": entries}
    return json.dumps(bundle, ensure_ascii=False, indent=2) + "\n"


def _consultation() -> Document:
    return Document(
        key="exemple-consultation",
        model=CONSULTATION,
        title="Consultation : poignet, contrôle",
        at=moment("2026-06-16"),
        patient=DOMINIQUE.identity,
        author=DR_MARTIN,
        organisation=DR_MARTIN.organisation,
        depositor="dr-martin",
        body=(
            reason("Contrôle d'une entorse du poignet."),
            findings("Plus de douleur à la pression."),
            plan("Attelle cinq jours encore, la nuit."),
        ),
    )


def _posted(full_url: str, kind: str, resource: JSON) -> JSON:
    return {"fullUrl": full_url, "resource": resource, "request": {"method": "POST", "url": kind}}


def _submission_set() -> JSON:
    source = {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{oid_of('source', 'exemple')}"}
    return {
        "resourceType": "List",
        "meta": {"profile": [f"{_PDSM}/pdsm-submissionset-comprehensive"]},
        "contained": [_author()],
        "extension": [
            {"url": f"{_MHD}/StructureDefinition/ihe-designationType", "valueCodeableConcept": _concept(_class())},
            {"url": f"{_MHD}/StructureDefinition/ihe-sourceId", "valueIdentifier": source},
        ],
        "identifier": [_unique_id(oid_of("set", "exemple-envoi"))],
        "status": "current",
        "mode": "working",
        "code": {"coding": [{"system": f"{_MHD}/CodeSystem/MHDlistTypes", "code": "submissionset"}]},
        "subject": _SUBJECT,
        "date": _AT,
        "source": {"reference": "#author"},
        "entry": [{"item": {"reference": _ENTRY}}],
    }


def _document_reference(content: bytes) -> JSON:
    """What the CDA says itself, as PDSm_ComprehensiveDocumentReference wants it said again."""
    said = header.read(content)
    return {
        "resourceType": "DocumentReference",
        "meta": {"profile": [f"{_PDSM}/pdsm-comprehensive-document-reference"]},
        "contained": [{"resourceType": "Patient", "id": "patient", "identifier": [_SUBJECT["identifier"]]}, _author()],
        "masterIdentifier": _unique_id(said.unique_id),
        "status": "current",
        "type": _concept(said.type),
        "category": [_concept(_class())],
        "subject": _SUBJECT,
        "date": _AT,
        "author": [{"reference": "#author"}],
        "authenticator": {"reference": "#author"},
        "custodian": {"display": DR_MARTIN.organisation.name},
        "securityLabel": [_concept(said.confidentiality)],
        "content": [
            {
                "attachment": {
                    "contentType": "text/xml",
                    "language": "fr-FR",
                    "url": _CONTENT,
                    "size": len(content),
                    "hash": base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode(),
                    "title": said.title,
                    "creation": said.created.isoformat(),
                },
                "format": _concept(said.format)["coding"][0],
            }
        ],
        "context": {
            "period": {"start": said.created.isoformat()},
            "facilityType": _concept(said.facility),
            "practiceSetting": _concept(said.setting),
            "sourcePatientInfo": {"reference": "#patient"},
        },
    }


def _author() -> JSON:
    return {
        "resourceType": "Practitioner",
        "id": "author",
        "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": f"8{DR_MARTIN.rpps}"}],
        "name": [{"family": DR_MARTIN.family.upper(), "given": [DR_MARTIN.given]}],
    }


def _unique_id(value: str) -> JSON:
    kind = {"system": f"{_MHD}/CodeSystem/IHE.MHD.MHDIdentifierType", "code": "uniqueId"}
    return {"type": {"coding": [kind]}, "system": "urn:ietf:rfc:3986", "value": f"urn:oid:{value}"}


def _class() -> Coded | None:
    return document_types.class_of(CONSULTATION.type.code, CONSULTATION.type.system)


def _concept(coded: Coded | None) -> JSON:
    assert coded
    return {"coding": [{"system": systems.to_uri(coded.system), "code": coded.code}]}
