"""The medical summary of the CI-SIS (VSM, edition 2013): what `formats.cda.entries` reads back. Pure.

`carried` tells what of a fact CDA keeps; the rest is in its words or is said to be lost."""

from __future__ import annotations

from carnet.formats.cda.build.vsm.carried import carried
from carnet.formats.cda.build.vsm.changes import Change, changes
from carnet.formats.cda.build.vsm.document import IPS, TEMPLATE, TYPE, beside, write
from carnet.formats.cda.build.vsm.model import Chapter, Nothing, Part, Synthesis, part_of
from carnet.formats.cda.build.vsm.reading import is_summary, read, remarks
from carnet.formats.cda.build.vsm.sections import CHAPTERS

__all__ = [
    "CHAPTERS",
    "IPS",
    "TEMPLATE",
    "TYPE",
    "Change",
    "Chapter",
    "Nothing",
    "Part",
    "Synthesis",
    "beside",
    "carried",
    "changes",
    "is_summary",
    "part_of",
    "read",
    "remarks",
    "write",
]
