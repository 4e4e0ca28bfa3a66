"""What the tests of `Consent` share."""

from __future__ import annotations

from typing import Any

from carnet.formats.fhir import structure
from carnet.formats.fhir.node import Problems
from carnet.kernel.actor import Actor
from carnet.kernel.ids import short
from tests import people
from tests.api.caller import JSON, Caller, token
from tests.cast import PROFESSIONALS
from tests.people import Resident

RPPS = "urn:oid:1.2.250.1.71.4.2.1"
SCOPE = {"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}
END = [{"op": "replace", "path": "/status", "value": "inactive"}]
MAY_DECLARE = set(PROFESSIONALS) - {"med-conseil", "secretaire", "pmi"}


def declared(patient: Resident, /, **changes: Any) -> JSON:
    """As a professional's software sends it."""
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": {"coding": [SCOPE]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": {"reference": f"Patient?identifier={token(patient)}"},
        "policy": [{"uri": "urn:oid:1.2.3"}],
        "provision": {"type": "permit"},
    } | changes


def recipient(who: Actor) -> JSON:
    """As `provision.actor` names a professional."""
    role = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"}]}
    number = {"system": RPPS, "value": f"8{people.rpps_of(who)}"}
    return {"role": role, "reference": {"type": "Practitioner", "identifier": number}}


def given(patient: Resident, who: Actor, kind: str = "permit", /, **provision: Any) -> JSON:
    """As a person's software sends it."""
    return declared(patient, provision={"type": kind, "actor": [recipient(who)], **provision})


def sound(resource: JSON) -> JSON:
    """Valid FHIR R4, and what ppc-1 and ppc-2 ask beyond its structure."""
    problems = Problems()
    structure.check(resource, "Consent", problems, "Consent", strict=True)
    assert problems.issues == ()
    assert resource["policy"][0]["uri"].startswith("urn:carnet:access-rules:")
    assert resource["patient"]["reference"].startswith("Patient/")
    return resource


def found(caller: Caller, patient: Resident, **query: str) -> list[JSON]:
    bundle = caller.found("Consent", {"patient": short(patient.record_id), **query})
    entries = [sound(entry["resource"]) for entry in bundle.get("entry", ())]
    assert bundle["total"] == len(entries)
    for entry in bundle.get("entry", ()):
        assert entry["fullUrl"].endswith(f"Consent/{entry['resource']['id']}")
    return entries


def holder(server: str, patient: Resident) -> Caller:
    return Caller.of(server, patient.actor)


def told_to(resource: JSON) -> str:
    return str(resource["provision"]["actor"][0]["reference"]["display"])


def a_patient_of_hers() -> Resident:
    found = people.a_patient()
    people.deposited(people.software(), found)
    return found


# The holder
