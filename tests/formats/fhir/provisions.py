"""A bundle of two documents and a folder (ITI-65), as a careful producer would send it, and what reading it tells."""

from __future__ import annotations

import json

from carnet.formats.fhir import read_provide
from carnet.formats.fhir.provided import Provided
from tests.formats.fhir import bundles
from tests.formats.fhir.bundles import JSON, url
from tests.formats.fhir.findings import by_place, errors_of

CONTENT = b"%PDF-1.7 a document"
OTHER = b"%PDF-1.7 another document"


def complete() -> JSON:
    """Entries: 0 set, 1 document, 2 content, 3 document that replaces, 4 patch, 5 content, 6 folder."""
    replacing = bundles.document(4, OTHER)
    target = {"reference": "DocumentReference/old-1"}
    replacing["resource"]["relatesTo"] = [{"code": "replaces", "target": target}]
    return bundles.bundle(
        bundles.submission_set(2, 4, 7),
        bundles.document(2, CONTENT),
        bundles.binary(3, CONTENT),
        replacing,
        bundles.patch(6, "old-1"),
        bundles.binary(5, OTHER),
        bundles.folder(7, url(2), "DocumentReference/stored-1"),
    )


def read(resource: JSON, *, strict: bool = False) -> Provided:
    return read_provide.read(json.dumps(resource).encode(), strict=strict)


def refusals(resource: JSON, *, strict: bool = False) -> dict[str, str]:
    """Code of each error, by its expression."""
    return errors_of(lambda: read(resource, strict=strict))


def warnings(provided: Provided) -> dict[str, str]:
    return by_place(provided.warnings)
