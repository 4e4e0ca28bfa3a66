"""Submission sets and folders as Lists of the comprehensive PDSm profiles (interoperability reference, a.4).

They are written without `entry`: `with_items` adds, at each reading, the items that this reader may see.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import orjson

from carnet.formats.entry import Author, Coded
from carnet.formats.fhir import extensions, identifiers, times
from carnet.formats.fhir.write_people import ContainedWriter
from carnet.formats.fhir.writing import codeable, pruned
from carnet.formats.submission import Folder, SubmissionSet

__all__ = ["FOLDER_PROFILE", "SET_PROFILE", "folder", "submission_set", "with_items"]

_PDSM: Final = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/"
SET_PROFILE: Final = f"{_PDSM}pdsm-submissionset-comprehensive"
FOLDER_PROFILE: Final = f"{_PDSM}pdsm-folder-comprehensive"
_TYPES: Final = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"


def submission_set(
    metadata: SubmissionSet,
    *,
    fhir_id: str,
    patient_id: str,
    version: int | str,
    last_updated: datetime,
    entry_uuid: UUID | str,
) -> bytes:
    """The text begins with resourceType and id, on which the searchset bundle relies."""
    contained = ContainedWriter()
    source = _source(metadata, contained)
    recipients = [contained.recipient(each) for each in metadata.recipients]
    stated = [
        _designation(metadata.designation),
        {"url": extensions.SOURCE_ID, "valueIdentifier": identifiers.unique_id_to_fhir(metadata.source_id)},
        *_archived(archived=metadata.archived),
        *({"url": extensions.INTENDED_RECIPIENT, "valueReference": each} for each in recipients),
    ]
    resource = _frame(metadata, "submissionset", fhir_id=fhir_id, patient_id=patient_id, entry_uuid=entry_uuid)
    resource |= {
        "meta": _meta(version, last_updated, SET_PROFILE),
        "contained": contained.resources,
        "extension": stated,
        "source": source,
    }
    return orjson.dumps(pruned(resource))


def folder(
    metadata: Folder,
    *,
    fhir_id: str,
    patient_id: str,
    version: int | str,
    last_updated: datetime,
    entry_uuid: UUID | str,
) -> bytes:
    """The text begins with resourceType and id, on which the searchset bundle relies."""
    resource = _frame(metadata, "folder", fhir_id=fhir_id, patient_id=patient_id, entry_uuid=entry_uuid)
    resource |= {
        "meta": _meta(version, last_updated, FOLDER_PROFILE),
        "extension": [
            *(_designation(each) for each in metadata.designations or (None,)),
            *_archived(archived=metadata.archived),
        ],
    }
    return orjson.dumps(pruned(resource))


def with_items(text: bytes | str, references: Iterable[str]) -> bytes:
    """A written List with these references as its items, in their order; unchanged when there is none."""
    written = text.encode() if isinstance(text, str) else text
    items = b",".join(b'{"item":{"reference":%s}}' % orjson.dumps(each) for each in references)
    # FHIR has no empty list.
    return b'%s,"entry":[%s]}' % (written[:-1], items) if items else written


def _frame(
    metadata: SubmissionSet | Folder,
    code: Literal["submissionset", "folder"],
    *,
    fhir_id: str,
    patient_id: str,
    entry_uuid: UUID | str,
) -> dict[str, Any]:
    return {
        "resourceType": "List",
        "id": fhir_id,
        "identifier": _identifiers(metadata.unique_id, entry_uuid),
        "status": "current",
        "mode": "working",
        "title": metadata.title,
        "code": {"coding": [{"system": _TYPES, "code": code}]},
        "subject": {"reference": f"Patient/{patient_id}"},
        "date": times.instant(metadata.date),
        "note": [{"text": metadata.note}] if metadata.note else [],
    }


def _meta(version: int | str, last_updated: datetime, profile: str) -> dict[str, Any]:
    return {"versionId": str(version), "lastUpdated": times.instant(last_updated), "profile": [profile]}


def _identifiers(unique_id: str | None, entry_uuid: UUID | str) -> list[dict[str, Any]]:
    found = [identifiers.typed("entryUUID", identifiers.URI_SYSTEM, identifiers.uuid_urn(entry_uuid))]
    if unique_id:
        given = identifiers.unique_id_to_fhir(unique_id)
        found.insert(0, identifiers.typed("uniqueId", given["system"], given["value"]))
    return found


def _designation(coded: Coded | None) -> dict[str, Any]:
    return {"url": extensions.DESIGNATION_TYPE, "valueCodeableConcept": codeable(coded)}


def _archived(*, archived: bool) -> list[dict[str, Any]]:
    return [{"url": extensions.IS_ARCHIVED, "valueBoolean": True}] if archived else []


def _source(metadata: SubmissionSet, contained: ContainedWriter) -> dict[str, Any]:
    organisation = contained.organisation(metadata.organisation) if metadata.organisation else None
    author = {} if organisation and not metadata.author else contained.source(metadata.author or Author())
    held = [{"url": extensions.AUTHOR_ORG, "valueReference": organisation}] if organisation else []
    return pruned({"extension": held, **author})
