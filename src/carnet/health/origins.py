"""Where entries are from, as FHIR tells it: by the documents that their reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from carnet.formats.fhir import entries as fhir
from carnet.health.queries import Resource, Source

__all__ = ["origins"]


def origins(entries: Iterable[Resource], known: Mapping[UUID, Source]) -> Iterator[bytes]:
    """The Provenance of each; of what no document in sight says there is none."""
    for entry in entries:
        sources = [(known[each].received, known[each].fhir) for each in entry.sources if each in known]
        if sources:
            yield fhir.origin_of(entry.text, sources)
