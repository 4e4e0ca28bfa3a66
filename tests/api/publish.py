"""What a program sends to ITI-105: made here, from the guide's rules."""

from __future__ import annotations

import base64
from typing import Any, Final
from uuid import uuid4

import orjson
from lxml import etree

CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
VISIBILITY: Final = (
    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument"
)
_CDA = {"h": "urn:hl7-org:v3"}


def simplified(
    patient: str,
    content: bytes,
    *,
    content_type: str = "text/plain",
    unique_id: str | None = None,
    type_code: str = "11502-2",
    labels: tuple[str, ...] = ("N",),
    **changes: Any,
) -> bytes:
    """`patient` is a FHIR token `system|value`."""
    system, _, value = patient.partition("|")
    resource = {
        "resourceType": "DocumentReference",
        "contained": [
            {
                "resourceType": "Practitioner",
                "id": "auteur",
                "name": [{"family": "ESSAI", "given": ["Ange"]}],
            },
            {"resourceType": "Organization", "id": "maison", "name": "Clinique de l'Essai"},
        ],
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": unique_id or f"urn:uuid:{uuid4()}"},
        "status": "current",
        "type": {"coding": [{"system": "http://loinc.org", "code": type_code}]},
        "subject": {"identifier": {"system": system, "value": value}},
        "date": "2026-11-20T09:30:00+01:00",
        "author": [{"reference": "#auteur"}],
        "custodian": {"reference": "#maison"},
        "securityLabel": [
            {"coding": [{"system": CONFIDENTIALITY if label in "NRV" else VISIBILITY, "code": label}]}
            for label in labels
        ],
        "content": [
            {
                "attachment": {
                    "contentType": content_type,
                    "language": "fr-FR",
                    "data": base64.b64encode(content).decode(),
                    "title": "Analyses de sang",
                    "creation": "2026-11-20T09:30:00+01:00",
                }
            }
        ],
    }
    return orjson.dumps({**resource, **changes})


def simplified_cda(patient: str, content: bytes, **changes: Any) -> bytes:
    """The same for a CDA: metadata that say what its header says."""
    root = etree.fromstring(content, etree.XMLParser(huge_tree=True))
    name, kind = root.find("h:id", _CDA), root.find("h:code", _CDA)
    assert name is not None
    assert kind is not None
    extension = name.get("extension")
    root_urn = f"urn:oid:{name.get('root')}"
    identifier = (
        {"system": root_urn, "value": extension} if extension else {"system": "urn:ietf:rfc:3986", "value": root_urn}
    )
    return simplified(
        patient,
        content,
        content_type="text/xml",
        type_code=kind.get("code") or "",
        **{"masterIdentifier": identifier, **changes},
    )
