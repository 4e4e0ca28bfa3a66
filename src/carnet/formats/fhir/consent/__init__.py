"""Consent: `write` what was agreed to in a record, `read` what a professional declares and `read_given` what a person
gives or refuses, and the PATCH that ends it.

Rules: FHIR R4 (ppc-1, ppc-2) and IHE PCF, whose basic profile says who may be told what in the same elements.
"""

from __future__ import annotations

from carnet.formats.fhir.consent.ending import check_end
from carnet.formats.fhir.consent.model import (
    CHILD_ANSWER,
    EXPRESS,
    PURPOSE_SYSTEM,
    Consent,
    Declared,
    Given,
    Mode,
    Party,
)
from carnet.formats.fhir.consent.read import read
from carnet.formats.fhir.consent.read_given import read_given
from carnet.formats.fhir.consent.write import write

__all__ = [
    "CHILD_ANSWER",
    "EXPRESS",
    "PURPOSE_SYSTEM",
    "Consent",
    "Declared",
    "Given",
    "Mode",
    "Party",
    "check_end",
    "read",
    "read_given",
    "write",
]
