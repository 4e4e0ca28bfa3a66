"""Consent: `write` what was agreed to in a record, `read` what a professional declares, and the PATCH that ends it.

Rules: FHIR R4 (ppc-1, ppc-2) and IHE PCF, whose basic profile says who may be told what in the same elements.
"""

from __future__ import annotations

from carnet.formats.fhir.consent.ending import check_end
from carnet.formats.fhir.consent.model import EXPRESS, PURPOSE_SYSTEM, Consent, Declared, Mode, Party
from carnet.formats.fhir.consent.read import read
from carnet.formats.fhir.consent.write import write

__all__ = [
    "EXPRESS",
    "PURPOSE_SYSTEM",
    "Consent",
    "Declared",
    "Mode",
    "Party",
    "check_end",
    "read",
    "write",
]
