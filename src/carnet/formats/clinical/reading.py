"""What a reader of a document gives: entries, and the pieces that it could not read."""

from __future__ import annotations

from dataclasses import dataclass

from carnet.formats.clinical.model import Entry
from carnet.formats.entry import Author

__all__ = ["Fault", "Read"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A piece that was left out: a stable `code`, and where it stands (`/ClinicalDocument/…`, or a FHIRPath). It never
    repeats a value of the document."""

    code: str
    path: str


@dataclass(frozen=True, slots=True)
class Read:
    """`author`: who wrote the document, and states what names nobody else."""

    entries: tuple[Entry, ...] = ()
    faults: tuple[Fault, ...] = ()
    author: Author | None = None
