"""Whom a token of software acts for, and why, as IHE IUA has an introspection tell it (`extensions.ihe_iua`).

Only what its owner said when it asked for the token, and the public directory has: of an app that a person opened in
a browser nothing is told here, since it learns of them what it was granted and no more."""

from __future__ import annotations

from typing import Any, Final

from carnet.formats.rpps import PROFESSIONAL_OID, STRUCTURE_OID
from carnet.kernel.actor import ActorKind, Purpose
from carnet.people import client_queries, queries
from carnet.people.queries import VerifiedToken

_REASON: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_OWN: Final = "urn:carnet:purpose"
# What HL7 has no word for is told by ours.
_REASONS: Final = {Purpose.CARE: "TREAT", Purpose.EMERGENCY: "ETREAT"}


def extensions(facts: VerifiedToken) -> dict[str, Any]:
    if facts.client_id is None or facts.grant_id is not None or facts.actor.kind is ActorKind.PERSON:
        return {}
    told = _professional(facts) | _organisation(facts) | {"purpose_of_use": [_purpose(facts.purpose)]}
    return {"extensions": {"ihe_iua": told}}


def _professional(facts: VerifiedToken) -> dict[str, str]:
    signed = queries.signature(facts.actor.id) if facts.actor.kind is ActorKind.PROFESSIONAL else None
    if signed is None:
        return {}
    return {
        "subject_name": facts.actor.name,
        "national_provider_identifier": f"urn:oid:{PROFESSIONAL_OID}#8{signed.rpps}",
    }


def _organisation(facts: VerifiedToken) -> dict[str, str]:
    """The client's: who is acted for works there."""
    client = client_queries.client_by_id(facts.client_id) if facts.client_id else None
    if client is None:
        return {}
    name = queries.organisation_names([client.organisation_id]).get(client.organisation_id, "")
    return {
        "subject_organization": name,
        "subject_organization_id": f"urn:oid:{STRUCTURE_OID}#{client.organisation}",
    }


def _purpose(purpose: Purpose) -> dict[str, str]:
    code = _REASONS.get(purpose)
    return {"system": _REASON, "code": code} if code else {"system": _OWN, "code": purpose.value}
