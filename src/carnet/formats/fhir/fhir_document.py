"""A FHIR document: a Bundle whose first entry is a Composition, taken as the content of a DocumentReference."""

from __future__ import annotations

from carnet.formats.fhir import body
from carnet.formats.fhir.node import Node

__all__ = ["MEDIA_TYPE", "content"]

MEDIA_TYPE = "application/fhir+json"


def content(bundle: Node, parsed: body.Body) -> bytes:
    """The JSON of the document, b"" when there is a problem."""
    try:
        return parsed.text(bundle.fields)
    except ValueError:
        bundle.problem("value-base64")
        return b""
