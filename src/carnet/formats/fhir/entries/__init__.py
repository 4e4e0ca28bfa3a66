"""Clinical facts as FHIR R4, both ways and without loss: one resource for each entry. Pure.

What R4 has no place for is in small extensions of ours, all listed in `extensions`. A written resource holds decimals
as they are: `dump` writes it as JSON."""

from carnet.formats.fhir.entries.document import read_document
from carnet.formats.fhir.entries.draft import Written
from carnet.formats.fhir.entries.mistaken import in_error
from carnet.formats.fhir.entries.provenance import Stated, write_provenance
from carnet.formats.fhir.entries.resources import TYPES, read, resource_type, write
from carnet.formats.fhir.entries.source import Resolve
from carnet.formats.fhir.entries.text import dump, load

__all__ = [
    "TYPES",
    "Resolve",
    "Stated",
    "Written",
    "dump",
    "in_error",
    "load",
    "read",
    "read_document",
    "resource_type",
    "write",
    "write_provenance",
]
