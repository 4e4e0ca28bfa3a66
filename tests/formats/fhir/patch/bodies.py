"""Bodies of PATCH requests, and the entry that they meet."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from carnet.formats.entry import Coded, DocumentEntry, Patient, replace
from carnet.formats.fhir import document_reference, patch
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.patch import Change, Current
from carnet.formats.terminology import labels, systems

JSON = dict[str, Any]
JSON_PATCH = "application/json-patch+json"
FHIRPATH_PATCH = "application/fhir+json"
ARCHIVED = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived"
V3 = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
A07 = "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument"
NOW = datetime(2026, 6, 12, 8, 30, tzinfo=UTC)
VISIBILITY = ("MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX")
BOTH = {"MASQUE_PS", "INVISIBLE_PATIENT"}


def concept(code: str) -> JSON:
    return {"coding": [{"system": V3 if code in ("N", "R", "V") else A07, "code": code}]}


def extension(archived: object) -> JSON:
    return {"url": ARCHIVED, "valueBoolean": archived}


def operation(op: str, path: str, value: Any = ...) -> JSON:
    return {"op": op, "path": path} | ({} if value is ... else {"value": value})


def part(name: str, value: Any) -> JSON:
    """A part of an operation with the value[x] that its value has."""
    if isinstance(value, list):
        return {"name": name, "part": value}
    kind = {bool: "valueBoolean", int: "valueInteger", str: "valueString"}.get(type(value), "valueCodeableConcept")
    return {"name": name, kind: value}


def fhirpath(**parts: Any) -> JSON:
    return {"name": "operation", "part": [part(name, value) for name, value in parts.items()]}


def json_changes(current: Current, *operations: Any) -> Change:
    return patch.apply(patch.read(JSON_PATCH, json.dumps(operations).encode()), current)


def fhirpath_changes(current: Current, *operations: JSON) -> Change:
    body = {"resourceType": "Parameters", "parameter": list(operations)}
    return patch.apply(patch.read(FHIRPATH_PATCH, json.dumps(body).encode()), current)


def told(error: FhirError) -> list[tuple[str, str]]:
    return [(each.details_code, each.expression) for each in error.issues]


def after(current: Current, change: Change) -> Current:
    """The entry once the store has done what the change says."""
    assert not change.add & current.labels
    assert change.remove <= current.labels
    return Current(
        base=change.base or current.base,
        labels=(current.labels | change.add) - change.remove,
        archived=current.archived if change.archived is None else change.archived,
        status="entered-in-error" if change.withdraw else current.status,
    )


_ENTRY = DocumentEntry(
    unique_id="1.2.3",
    type=Coded("11488-4", systems.LOINC),
    title="Consultation",
    created=NOW,
    media_type="application/pdf",
    patient=Patient(),
)


def stored(current: Current, *, entry: DocumentEntry = _ENTRY) -> bytes:
    """The text of an entry in that state, as the store keeps it."""
    text = document_reference.write(
        replace(entry, confidentiality=labels.base(current.base)),
        fhir_id="doc-1",
        patient_id="pat-1",
        version=1,
        last_updated=NOW,
        status="superseded" if current.status == "superseded" else "current",
        labels_mask=labels.mask_of(current.labels),
        size=3,
        sha1=bytes(20),
        content_url="Binary/doc-1",
        entry_uuid="123e4567-e89b-12d3-a456-426614174000",
    )
    change = Change(archived=current.archived, withdraw=current.status == "entered-in-error")
    return patch.updated(text, change, version=1, last_updated=NOW).encode()


def codes(resource: JSON) -> list[str]:
    return [each["coding"][0]["code"] for each in resource["securityLabel"]]


_SETS = [frozenset(each) for size in range(3) for each in combinations(VISIBILITY, size) if not set(each) >= BOTH]
currents = st.builds(
    Current,
    base=st.sampled_from(["N", "R", "V"]),
    labels=st.sampled_from(_SETS),
    archived=st.booleans(),
    status=st.sampled_from(["current", "superseded"]),
)
