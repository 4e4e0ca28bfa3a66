"""Where a fact is from: Provenance, to the documents that state it and their authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from carnet.formats.entry import Author
from carnet.formats.fhir import times
from carnet.formats.fhir.entries.draft import Written
from carnet.formats.fhir.write_people import UNKNOWN_NAME, ContainedWriter
from carnet.formats.fhir.writing import pruned

__all__ = ["Stated", "write_provenance"]

JSON = dict[str, Any]
_PARTICIPANTS: Final = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


@dataclass(frozen=True, slots=True)
class Stated:
    """A document that states it: `document` is a reference, as `DocumentReference/…`; `received` when it came here."""

    document: str
    received: datetime
    authors: tuple[Author, ...] = ()


def write_provenance(target: str, sources: Sequence[Stated], ids: Written | None = None) -> JSON:
    """Of at least one source; when it was recorded is when the last of them came."""
    people = ContainedWriter()
    authors = dict.fromkeys(author for each in sources for author in each.authors)
    kind = {"coding": [{"system": _PARTICIPANTS, "code": "author"}]}
    agents = [{"type": kind, "who": people.author(author)} for author in authors]
    updated = times.instant(ids.last_updated) if ids and ids.last_updated else ""
    head = pruned(
        {"id": ids.id if ids else "", "meta": pruned({"lastUpdated": updated}), "contained": people.resources}
    )
    return (
        {"resourceType": "Provenance"}
        | head
        | {
            "target": [{"reference": target}],
            "recorded": times.instant(max(each.received for each in sources)),
            "agent": agents or [{"type": kind, "who": {"display": UNKNOWN_NAME}}],
            "entity": [{"role": "source", "what": {"reference": each.document}} for each in sources],
        }
    )
