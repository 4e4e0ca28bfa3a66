"""The answer to a transaction: one entry for each of the request, in the same order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import orjson

from carnet.formats.fhir import times
from carnet.formats.fhir.outcome import Issue, operation_outcome
from carnet.formats.fhir.writing import pruned

__all__ = ["PROFILE", "Answer", "write"]

PROFILE: Final = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.ProvideDocumentBundleResponse"
_STATUSES: Final = {200: "200 OK", 201: "201 Created"}


@dataclass(frozen=True, slots=True)
class Answer:
    """`location` is `TYPE/ID`, perhaps with a version; `warnings` become the outcome of this entry."""

    status: Literal[200, 201]
    location: str
    version: int | str | None = None
    last_modified: datetime | None = None
    warnings: tuple[Issue, ...] = ()


def write(answers: Iterable[Answer]) -> bytes:
    resource = {
        "resourceType": "Bundle",
        "meta": {"profile": [PROFILE]},
        "type": "transaction-response",
        "entry": [{"response": _response(answer)} for answer in answers],
    }
    return orjson.dumps(resource)


def _response(answer: Answer) -> dict[str, Any]:
    return pruned(
        {
            "status": _STATUSES[answer.status],
            "location": answer.location,
            "etag": f'W/"{answer.version}"' if answer.version is not None else "",
            "lastModified": times.instant(answer.last_modified) if answer.last_modified else "",
            "outcome": operation_outcome(answer.warnings) if answer.warnings else None,
        }
    )
