"""What the FHIR door can do, said truthfully: this text changes with the code that it describes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import orjson

from carnet.formats.fhir import times
from carnet.formats.fhir.write_document import PROFILE

__all__ = ["statement"]

_PDSM: Final = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/"
_SECURITY: Final = "http://terminology.hl7.org/CodeSystem/restful-security-service"
_RESOURCES: Final[tuple[dict[str, Any], ...]] = (
    {
        "type": "Patient",
        "documentation": "Existence d’un dossier (TD0.2) : recherche par matricule INS complet. "
        "active vaut true quand le dossier est ouvert.",
        "interaction": [{"code": "search-type"}],
        "searchParam": [
            {"name": "identifier", "type": "token", "documentation": "Obligatoire, avec système et valeur."}
        ],
    },
    {
        "type": "DocumentReference",
        "supportedProfile": [PROFILE, f"{_PDSM}pdsm-simplified-publish"],
        "documentation": "Publication simplifiée (ITI-105), recherche par GET et par POST _search (ITI-67). "
        "Un même document renvoyé ne crée pas de seconde fiche.",
        "interaction": [{"code": "create"}, {"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "searchParam": [
            {
                "name": "patient",
                "type": "reference",
                "documentation": "ID ou Patient?identifier=SYSTÈME|INS.",
            },
            {"name": "patient.identifier", "type": "token", "documentation": "SYSTÈME|INS."},
            {"name": "status", "type": "token"},
            {
                "name": "identifier",
                "type": "token",
                "documentation": "Cherche dans masterIdentifier et dans identifier.",
            },
            {"name": "_id", "type": "token"},
        ],
    },
    {
        "type": "Binary",
        "documentation": "Le document lui-même (ITI-68), octet pour octet dans son propre type ; "
        "la ressource Binary avec Accept: application/fhir+json.",
        "interaction": [{"code": "read"}],
    },
)


def statement(*, base_url: str, software_version: str, date: datetime) -> bytes:
    """`date` is when this software was released or configured so, not the instant of the request."""
    return orjson.dumps(
        {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": times.instant(date),
            "kind": "instance",
            "software": {"name": "Carnet", "version": software_version},
            "implementation": {"description": "Carnet, dossier personnel de santé", "url": base_url},
            "fhirVersion": "4.0.1",
            # XML is answered 406 or 415.
            "format": ["json"],
            "rest": [
                {
                    "mode": "server",
                    "security": {
                        "cors": True,
                        "service": [{"coding": [{"system": _SECURITY, "code": "SMART-on-FHIR"}]}],
                        "description": "Jeton d’accès OAuth 2.0 dans Authorization: Bearer, avec une portée SMART. "
                        "Le motif d’accès se donne dans X-Carnet-Purpose.",
                    },
                    "resource": list(_RESOURCES),
                }
            ],
        }
    )
