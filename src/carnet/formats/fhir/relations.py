"""What somebody who adds a document for a patient is to them, as a RelatedPerson says it (HL7 v3). PDSm names four
kinds of authors and not this one; FHIR R4 and MHD do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

_ROLE: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_CLASS: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleClass"
_SAID: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "parent": (_ROLE, "PRN", "Parent"),
        "guardian": (_ROLE, "GUARD", "Tuteur"),
        "carer": (_CLASS, "CAREGIVER", "Aidant"),
    }
)


def written(relation: str) -> dict[str, Any]:
    system, code, text = _SAID[relation]
    return {"coding": [{"system": system, "code": code}], "text": text}


def read(system: str, code: str) -> str:
    """ "" for another one."""
    return next((name for name, (where, what, _) in _SAID.items() if (where, what) == (system, code)), "")
