"""A simplified publication (ITI-105), as a careful producer would send it, and what reading it tells."""

from __future__ import annotations

import base64
import json

from carnet.formats.fhir import document_reference
from carnet.formats.fhir.document_reference import Submission
from tests.formats.fhir.bundles import INS, JSON, TEST
from tests.formats.fhir.findings import by_place, errors_of

CONTENT = b"%PDF-1.7 a document"


def publication() -> JSON:
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.4"},
        "type": {"coding": [{"system": "http://loinc.org", "code": "11502-2"}]},
        "subject": {"reference": f"Patient?identifier=urn:oid:{TEST}|{INS}"},
        "date": "2026-06-12T10:00:00+02:00",
        "author": [{"reference": "#who"}],
        "custodian": {"display": "Laboratoire du Port"},
        "contained": [
            {
                "resourceType": "Practitioner",
                "id": "who",
                "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "801234567897"}],
            }
        ],
        "content": [
            {
                "attachment": {
                    "contentType": "application/pdf",
                    "data": base64.b64encode(CONTENT).decode(),
                    "title": "Résultats",
                }
            }
        ],
    }


def read(resource: JSON, *, strict: bool = False) -> Submission:
    return document_reference.read(json.dumps(resource).encode(), strict=strict)


def refusals(resource: JSON, *, strict: bool = False) -> dict[str, str]:
    """Code of each error, by its expression."""
    return errors_of(lambda: read(resource, strict=strict))


def warnings(submission: Submission) -> dict[str, str]:
    return by_place(submission.warnings)
