"""What the resource of a line says. A page tells some hundred of them, and the next page of a visit the same ones: what
is read is a pure function of the text, so it is remembered by the text itself. Whether somebody may have the text is
decided by the database each time, before anything is remembered or found again."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from carnet.formats.clinical.model import Entry
from carnet.formats.fhir import entries as fhir

MOST: Final = 4096
"""Texts of some kilobytes, read: about 30 MB for each web process at most."""


@lru_cache(maxsize=MOST)
def entry_of(text: str) -> Entry | None:
    """None for no text, and for what says nothing that can be read."""
    return fhir.read(fhir.load(text.encode())) if text else None
