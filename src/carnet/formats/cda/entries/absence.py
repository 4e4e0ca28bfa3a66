"""Codes that state that there is nothing, or that nothing is known."""

from __future__ import annotations

import re
from typing import Final

from carnet.formats.clinical.values import Concept

__all__ = ["is_absence"]

# HL7's IPS "absent and unknown" codes: no-known-allergies, no-medication-info …
_MARKER = re.compile(r"no-known-[a-z-]+|no-[a-z]+-info")
_SNOMED: Final = "2.16.840.1.113883.6.96"
# No known allergy, to anything, to medicines, to food, in the environment; no current problem.
_NONE: Final = frozenset({"716186003", "409137002", "429625007", "428607008", "160244002", "160245001"})


def is_absence(concept: Concept) -> bool:
    return any(
        _MARKER.fullmatch(each.code) or (each.system == _SNOMED and each.code in _NONE) for each in concept.codings
    )
