"""Practitioner: a professional by their national identifier and name."""

from __future__ import annotations

from typing import Final

import orjson

from carnet.formats.fhir.writing import pruned
from carnet.formats.rpps import PROFESSIONAL_OID

__all__ = ["write"]

_PREFIX: Final = "8"
"""Before an RPPS number, in the national identifier."""


def write(rpps: str, family: str, given: str, *, fhir_id: str) -> bytes:
    number = {"system": f"urn:oid:{PROFESSIONAL_OID}", "value": f"{_PREFIX}{rpps}"}
    return orjson.dumps(
        pruned(
            {
                "resourceType": "Practitioner",
                "id": fhir_id,
                "identifier": [number] if rpps else [],
                "active": True,
                "name": [pruned({"use": "official", "family": family, "given": [given] if given else []})],
            }
        )
    )
