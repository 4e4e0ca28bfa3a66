"""The Consent of an authorisation, of a block, or of a choice about emergencies."""

from __future__ import annotations

from typing import Any, Final

import orjson

from carnet.formats.fhir import identifiers, times
from carnet.formats.fhir.consent.model import EXPRESS, LOINC_CATEGORY, PURPOSE_SYSTEM, SCOPE, Consent, Party
from carnet.formats.fhir.writing import coding, pruned
from carnet.formats.terminology import labels

__all__ = ["write"]

_ACT: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_REASON: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_PARTICIPATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
# HL7 has a word for breaking the glass, and none for the centre 15.
_PURPOSES: Final = {
    "care": {"system": _REASON, "code": "TREAT", "display": "treatment"},
    "emergency": {"system": _REASON, "code": "BTG", "display": "break the glass"},
    "regulation": {"system": PURPOSE_SYSTEM, "code": "regulation", "display": "Régulation médicale (centre 15)"},
}
_MASKED: Final = "MASQUE_PS"
_SECRECY: Final = "INVISIBLE_REPRESENTANTS_LEGAUX"


def write(consent: Consent, *, fhir_id: str, patient_id: str, policy: str) -> bytes:
    """`policy` names the rules that it stands under (ppc-1). The text begins with resourceType and id, on which the
    searchset bundle relies."""
    return orjson.dumps(
        pruned(
            {
                "resourceType": "Consent",
                "id": fhir_id,
                "meta": _meta(consent),
                "extension": [{"url": EXPRESS, "valueBoolean": True}] if consent.express else [],
                "status": "active" if consent.active else "inactive",
                "scope": {"coding": [_code(*SCOPE)]},
                "category": [{"coding": [_code(*LOINC_CATEGORY)]}, {"coding": [_code(_ACT, "IDSCL")]}],
                "patient": {"reference": f"Patient/{patient_id}"},
                "dateTime": times.instant(consent.since) if consent.since else "",
                "performer": [_reference(consent.declared_by)] if consent.declared_by else [],
                "policy": [{"uri": policy}],
                "provision": _provision(consent),
            }
        )
    )


def _meta(consent: Consent) -> dict[str, Any]:
    label = labels.coded(_SECRECY) if consent.secret else None
    return {"security": [coding(label)]} if label else {}


def _provision(consent: Consent) -> dict[str, Any]:
    period = {
        "start": times.instant(consent.since) if consent.since else "",
        "end": times.instant(consent.until) if consent.until else "",
    }
    return pruned(
        {
            "type": "permit" if consent.permitted else "deny",
            "period": pruned(period),
            "actor": [{"role": {"coding": [_code(_PARTICIPATION, "IRCP")]}, "reference": _reference(consent.to)}]
            if consent.to
            else [],
            "purpose": [_PURPOSES[consent.mode]],
            "provision": _exception(consent),
        }
    )


def _exception(consent: Consent) -> list[dict[str, Any]]:
    """What is masked stays so in an emergency unless the person wants it otherwise, and in care is shown to whom they
    let see it."""
    label, usual = labels.coded(_MASKED), consent.mode == "care"
    if not consent.permitted or consent.masked is not usual or label is None:
        return []
    return [{"type": "permit" if usual else "deny", "securityLabel": [coding(label)]}]


def _reference(party: Party) -> dict[str, Any]:
    number = identifiers.to_fhir(party.number) if party.number else None
    return pruned({"type": party.type, "identifier": number, "display": party.name})


def _code(system: str, code: str) -> dict[str, str]:
    return {"system": system, "code": code}
