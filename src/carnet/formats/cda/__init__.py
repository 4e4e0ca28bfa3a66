"""CDA R2 documents of the French framework (CI-SIS): metadata, body, readable text; `build` writes them. Pure."""

from __future__ import annotations

from carnet.formats.cda.body import Attachment, Level1, Level3, Section, attachments, read_body
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.header import read
from carnet.formats.cda.narrative import to_html

__all__ = [
    "Attachment",
    "CdaError",
    "Level1",
    "Level3",
    "Section",
    "attachments",
    "read",
    "read_body",
    "to_html",
]
