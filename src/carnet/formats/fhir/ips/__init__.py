"""International Patient Summary (2.0): a FHIR document of what is known of a person. Pure."""

from carnet.formats.fhir.entries.document import read_document as read
from carnet.formats.fhir.ips.summary import Summary, completed
from carnet.formats.fhir.ips.write import write

__all__ = ["Summary", "completed", "read", "write"]
