"""What a problem of the catalogue says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

METADATA: Final = "XDSRepositoryMetadataError"


@dataclass(frozen=True, slots=True)
class Problem:
    """`issue` is the FHIR issue type; `xds` the XDS error code that says the same, or ""."""

    code: str
    status: int
    issue: str
    text_fr: str
    remedy_fr: str
    severity: str = "error"
    xds: str = ""
