"""What the FHIR door can do, written from one table (`table.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from carnet.formats.fhir import times
from carnet.formats.fhir.capability.model import OAuth, Resource
from carnet.formats.fhir.capability.table import SERVER
from carnet.formats.fhir.writing import pruned

__all__ = ["OAuth", "statement"]

_OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
_TOPIC = (
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/capabilitystatement-subscriptiontopic-canonical"
)
_SECURITY_SERVICE = "http://terminology.hl7.org/CodeSystem/restful-security-service"


def statement(*, base_url: str, software_version: str, date: datetime, oauth: OAuth | None = None) -> bytes:
    """`date` is when this software was released or configured so, not the instant of the request; without `oauth`
    nothing is said of where tokens come from."""
    return orjson.dumps(
        {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": times.instant(date),
            "kind": "instance",
            "instantiates": SERVER.instantiates,
            "software": {"name": "Carnet", "version": software_version},
            "implementation": {
                "description": "Carnet, dossier personnel de santé. JSON seulement : XML reçoit 406 ou 415.",
                "url": base_url,
            },
            "fhirVersion": "4.0.1",
            "format": ["json"],
            "patchFormat": SERVER.patch_formats,
            "implementationGuide": SERVER.guides,
            "rest": [
                {
                    "mode": "server",
                    "security": _security(oauth),
                    "resource": [_resource(each) for each in SERVER.resources],
                    "interaction": _interactions(SERVER.interactions),
                }
            ],
        }
    )


def _security(oauth: OAuth | None) -> dict[str, Any]:
    service = {"system": _SECURITY_SERVICE, "code": "SMART-on-FHIR", "display": "SMART-on-FHIR"}
    return pruned(
        {
            "extension": [{"url": _OAUTH_URIS, "extension": _addresses(oauth)}] if oauth else [],
            "cors": True,
            "service": [{"coding": [service]}] if oauth else [],
            "description": "Jeton d’accès OAuth 2.0 dans Authorization: Bearer, avec une portée SMART. "
            "Le motif d’accès se donne dans X-Carnet-Purpose.",
        }
    )


def _addresses(oauth: OAuth) -> list[dict[str, str]]:
    known = {
        "authorize": oauth.authorize,
        "token": oauth.token,
        "register": oauth.register,
        "introspect": oauth.introspect,
        "revoke": oauth.revoke,
    }
    return [{"url": name, "valueUri": address} for name, address in known.items()]


def _resource(resource: Resource) -> dict[str, Any]:
    return pruned(
        {
            "extension": [{"url": _TOPIC, "valueCanonical": each} for each in resource.topics],
            "type": resource.type,
            "profile": resource.profile,
            "supportedProfile": resource.supported_profiles,
            "documentation": resource.documentation,
            "interaction": _interactions(resource.interactions),
            "versioning": "versioned" if resource.versioned else "",
            "readHistory": "vread" in resource.interactions or None,
            "searchRevInclude": resource.comes_with,
            "searchParam": [
                pruned({"name": p.name, "definition": p.definition, "type": p.type, "documentation": p.documentation})
                for p in resource.parameters
            ],
            "operation": [
                pruned({"name": o.name, "definition": o.definition, "documentation": o.documentation})
                for o in resource.operations
            ],
        }
    )


def _interactions(interactions: Mapping[Any, str]) -> list[dict[str, str]]:
    return [pruned({"code": code, "documentation": said}) for code, said in interactions.items()]
