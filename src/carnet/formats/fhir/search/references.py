"""References: to a patient, by id or by identifier, and literal ones to any resource."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from carnet.formats.entry import Identifier
from carnet.formats.fhir.search.tokens import token

__all__ = ["PatientRef", "is_id", "literal", "patient_reference", "resource_id"]

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_LITERAL = re.compile(r"(?:https?://\S+/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})(?:/_history/\S+)?")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")


class PatientRef(NamedTuple):
    """A literal id, an identifier, or neither when the text is no reference to a patient."""

    id: str | None
    identifier: Identifier | None


def is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


def patient_reference(text: str) -> PatientRef:
    """`ID`, `Patient/ID`, an absolute address of a Patient, or `Patient?identifier=SYSTEM|VALUE`."""
    address, mark, query = text.partition("?")
    if mark:
        return PatientRef(None, _conditional(address, query))
    if _ID.fullmatch(text):
        return PatientRef(text, None)
    return PatientRef(resource_id(text, "Patient"), None)


def resource_id(reference: str, resource_type: str) -> str | None:
    """The id in a literal reference to that type, relative or absolute, versioned or not."""
    found = _LITERAL.fullmatch(reference)
    return found["id"] if found and found["type"] == resource_type else None


def literal(text: str, resource_type: str) -> tuple[str, str] | None:
    """Type and id of a literal reference, a bare id being one to that type; ("", URI) for an address that has
    neither; None when the text is no reference."""
    found = _LITERAL.fullmatch(text)
    if found:
        return found["type"], found["id"]
    if _ID.fullmatch(text):
        return resource_type, text
    return ("", text) if _URI.fullmatch(text) else None


def _conditional(address: str, query: str) -> Identifier | None:
    if address.rpartition("/")[2] != "Patient":
        return None
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=1)
    except ValueError:
        return None
    if [name for name, _ in pairs] != ["identifier"]:
        return None
    # parse_qsl reads "+" as a blank; no identifier of a person has either.
    found = token(unquote(pairs[0][1]))
    return Identifier(found.system, found.code) if found.system and found.code else None
