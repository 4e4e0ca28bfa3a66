"""Plain text out of documents, for search and for screen readers: a line for each paragraph or row of a table.

No control or invisible characters, no blank lines, at most a million characters. What is embedded in a document
(the file of a level-1 CDA, pictures) is not looked into.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from carnet.formats.cda.xml import Source
from carnet.formats.text import cda, fhir, plain, rtf
from carnet.formats.text.errors import TextError
from carnet.formats.text.tidy import MOST, tidy

__all__ = ["MOST", "TextError", "extract", "of_cda"]

_READERS: Final[dict[str, Callable[[bytes], str]]] = {
    "application/fhir+json": fhir.read,
    "application/rtf": rtf.read,
    "application/xslt+xml": cda.read,
    "application/xml": cda.read,
    "text/plain": plain.read,
    "text/rtf": rtf.read,
    "text/xml": cda.read,
}


def of_cda(document: Source) -> str:
    """The same of a CDA that is parsed already."""
    return tidy(cda.read(document))


def extract(data: bytes, media_type: str) -> str:
    """Raises TextError: `unsupported` for other media types, or what is wrong with the file."""
    reader = _READERS.get(media_type)
    if reader is None:
        raise TextError("unsupported", "Le texte de ce genre de fichier ne peut pas être lu.")
    return tidy(reader(data))
