"""What a form that was sent twice became the first time."""

from __future__ import annotations

from uuid import UUID

import orjson

from carnet.consent.access import Refused
from carnet.documents import queries
from carnet.documents.queries import Asked
from carnet.formats.entry import Identifier
from carnet.formats.fhir import identifiers
from carnet.formats.fhir.search import keys
from carnet.formats.fhir.search.tokens import normal
from carnet.kernel.ids import from_fhir_id
from carnet.web.pro.visit import Visit

__all__ = ["of_draft"]


def of_draft(visit: Visit, draft_id: UUID) -> UUID | None:
    """The document bears the number of its draft (`documents.writing`); None where there is none in their sight."""
    written = identifiers.unique_id_to_fhir(f"2.25.{draft_id.int}")
    number = normal(Identifier(written["system"], written["value"]))
    asked = Asked(criteria={"tokens": [[keys.key("identifier", number.system, number.value)]]})
    try:
        found = queries.search(visit.actor, visit.purpose, visit.record_id, asked, limit=1)
    except Refused:
        return None
    ids = [from_fhir_id(orjson.loads(each)["id"]) for each in found.entries]
    return ids[0][1] if ids and ids[0] else None
