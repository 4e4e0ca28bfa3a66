"""The Provenance of an entry, from the entries of the documents that state it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from carnet.formats.fhir import read_stored, stored
from carnet.formats.fhir.entries.draft import Written
from carnet.formats.fhir.entries.provenance import Stated, write_provenance
from carnet.formats.fhir.entries.resources import read
from carnet.formats.fhir.entries.text import dump, load

__all__ = ["origin_of"]


def origin_of(entry: bytes, sources: Sequence[tuple[datetime, str]]) -> bytes:
    """`sources`: when each came, and the DocumentReference of the document as it is stored, or "" for the words of who
    says it; at least one. Its id is the entry's."""
    kind, identifier = stored.address(entry)
    stated = [_stated(received, text) if text else _said(received, entry) for received, text in sources]
    ids = Written(identifier, "", max(each.received for each in stated))
    return dump(write_provenance(f"{kind}/{identifier}", stated, ids))


def _stated(received: datetime, text: str) -> Stated:
    kind, identifier = stored.address(text)
    return Stated(f"{kind}/{identifier}", received, read_stored.read(text).entry.authors)


def _said(received: datetime, text: bytes) -> Stated:
    entry = read(load(text))
    return Stated("", received, (entry.by,) if entry and entry.by else ())
