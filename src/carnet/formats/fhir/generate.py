"""Generate metadata (ITI-106): a document comes alone, what is said of it is read out of it."""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

import orjson

from carnet.formats.fhir import body, fhir_document, read_content, structure
from carnet.formats.fhir.node import Node, Problems
from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.read_metadata import media_type

__all__ = ["HEAD_LIMIT", "Given", "read", "write"]

# A FHIR document is not base64: in bytes.
HEAD_LIMIT: Final = 2_000_000


class Given(NamedTuple):
    """`kind` is how the document came: in a Binary, or as a document Bundle."""

    kind: Literal["binary", "bundle"]
    content: bytes
    media_type: str


def read(payload: bytes | bytearray) -> Given:
    """Raise `FhirError` with every problem; what the document says of itself is not checked here."""
    parsed = body.parse(payload, "Parameters", head_limit=HEAD_LIMIT)
    problems = Problems()
    structure.check(parsed.resource, "Parameters", problems, "Parameters")
    problems.settle()
    parameter = Node(parsed.resource, "Parameters", problems).only("parameter", required=True)
    if parameter.text("name") not in ("", "document"):
        parameter.problem("fixed-value", "name", "Attendu : document.")
    resource = parameter.child("resource", required=True)
    found = _given(resource, parsed)
    if problems.failed:
        raise FhirError(problems.issues)
    return found


def _given(resource: Node, parsed: body.Body) -> Given:
    match resource.text("resourceType"):
        case "Binary":
            return Given("binary", read_content.decode(resource, parsed) or b"", media_type(resource))
        case "Bundle":
            fhir_document.check(resource)
            return Given("bundle", fhir_document.content(resource, parsed), fhir_document.MEDIA_TYPE)
        case _:
            if not resource.absent:
                resource.problem("resource-type", "resourceType", "Attendu : Binary ou Bundle.")
            return Given("binary", b"", "")


def write(fhir_id: str) -> bytes:
    """The answer: a reference to the DocumentReference that was made of the document."""
    reference = {"reference": f"DocumentReference/{fhir_id}"}
    parameter: dict[str, Any] = {"name": "DocumentReference", "valueReference": reference}
    return orjson.dumps({"resourceType": "Parameters", "parameter": [parameter]})
