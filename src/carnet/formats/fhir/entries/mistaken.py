"""The resource of a fact that was corrected, as FHIR tells a mistake."""

from __future__ import annotations

from carnet.formats.fhir.entries.text import dump, load

__all__ = ["in_error"]

_VERIFIED = {
    "Condition": "http://terminology.hl7.org/CodeSystem/condition-ver-status",
    "AllergyIntolerance": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
}


def in_error(text: bytes) -> bytes:
    """With the status that says so; a problem or an allergy has no clinical status then, nor an end that would ask for
    one (con-4, con-5, ait-2)."""
    resource = load(text)
    system = _VERIFIED.get(resource["resourceType"])
    if system is None:
        resource["status"] = "entered-in-error"
    else:
        for name in [each for each in resource if each == "clinicalStatus" or each.startswith("abatement")]:
            del resource[name]
        resource["verificationStatus"] = {"coding": [{"system": system, "code": "entered-in-error"}]}
    return dump(resource)
