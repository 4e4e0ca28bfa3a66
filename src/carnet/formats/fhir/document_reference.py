"""DocumentReference: `write` a stored document's entry, `read` a published one."""

from __future__ import annotations

from carnet.formats.fhir.read_document import Submission, read
from carnet.formats.fhir.write_document import PROFILE, write

__all__ = ["PROFILE", "Submission", "read", "write"]
