"""Builds CDA R2 documents in the manner of the CI-SIS, which `formats.cda` reads back. Pure functions.

`level1` wraps a file, `level3` is made of sections; both take a `DocumentEntry` and, for what CI-SIS asks
besides, `Details`. Sections are made by `sections`, from the facts of `clinical`.
"""

from __future__ import annotations

from carnet.formats.cda.build.details import Address, Contact, Details, Telecom, Template
from carnet.formats.cda.build.document import MEDIA_TYPES, level1, level3
from carnet.formats.cda.build.text import Block, Items, Mark, Paragraph, Section, Table

__all__ = [
    "MEDIA_TYPES",
    "Address",
    "Block",
    "Contact",
    "Details",
    "Items",
    "Mark",
    "Paragraph",
    "Section",
    "Table",
    "Telecom",
    "Template",
    "level1",
    "level3",
]
