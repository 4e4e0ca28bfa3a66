"""A fact that its source has corrected: the same resource, entered in error."""

from __future__ import annotations

from dataclasses import replace

from carnet.formats.clinical.model import Allergy, Entry, Problem
from carnet.formats.fhir import times
from carnet.formats.fhir.entries.draft import Written
from carnet.formats.fhir.entries.resources import read, write
from carnet.formats.fhir.entries.text import dump, load

__all__ = ["in_error"]

_ERROR = "entered-in-error"


def in_error(text: bytes) -> bytes:
    """`text` is a resource that `write` wrote."""
    resource = load(text)
    entry = read(resource)
    if entry is None:
        raise ValueError("this is no entry of ours")
    updated = resource.get("meta", {}).get("lastUpdated", "")
    subject = resource.get("subject") or resource["patient"]
    ids = Written(resource["id"], subject["reference"], times.parse(updated) if updated else None)
    return dump(write(_struck(entry), ids))


def _struck(entry: Entry) -> Entry:
    if isinstance(entry, Problem | Allergy):
        return replace(entry, verification=_ERROR)
    return replace(entry, status=_ERROR)
