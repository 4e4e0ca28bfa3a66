"""The DocumentReference of a stored document, in the comprehensive profile of PDSm.

Every element that the profile demands is there (interoperability reference, a.3): what the source does not
give is told as not stated, or derived as the profile allows, and never invented.
"""

from __future__ import annotations

import binascii
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import orjson

from carnet.formats.entry import Author, DocumentEntry, Reference
from carnet.formats.fhir import concepts, extensions, identifiers, times
from carnet.formats.fhir.read_relations import REFERENCE_KINDS
from carnet.formats.fhir.write_people import ContainedWriter
from carnet.formats.fhir.writing import codeable, coding, pruned
from carnet.formats.terminology import systems

__all__ = ["PROFILE", "write"]

PROFILE: Final = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-comprehensive-document-reference"
_URN_OF_KIND: Final = {kind: urn for urn, kind in REFERENCE_KINDS.items()}


def write(
    entry: DocumentEntry,
    *,
    fhir_id: str,
    patient_id: str,
    version: int | str,
    last_updated: datetime,
    status: Literal["current", "superseded"],
    labels_mask: int,
    size: int,
    sha1: bytes,
    content_url: str,
    entry_uuid: UUID | str,
    replaces_id: str | None = None,
    logical_id: UUID | str | None = None,
    indexed: datetime | None = None,
    archived: bool = False,
) -> bytes:
    """`sha1` is the 20 raw bytes; `labels_mask` holds the visibility (`entry.labels` is not read).

    `indexed` is when the document was first taken in (`last_updated` when left out). The text begins with
    resourceType and id, on which the searchset bundle relies.
    """
    contained = ContainedWriter()
    authors = [contained.author(author) for author in entry.authors or (Author(),)]
    signer = contained.authenticator(entry.authenticator) if entry.authenticator else None
    custodian = contained.custodian(entry.custodian, *entry.authors, entry.authenticator)
    source = contained.source_patient(entry.patient)
    resource = {
        "resourceType": "DocumentReference",
        "id": fhir_id,
        "meta": {
            "versionId": str(version),
            "lastUpdated": times.instant(last_updated),
            "profile": [PROFILE],
        },
        "contained": contained.resources,
        "extension": [{"url": extensions.IS_ARCHIVED, "valueBoolean": True}] if archived else [],
        "masterIdentifier": _master_identifier(entry.unique_id),
        "identifier": _identifiers(entry_uuid, logical_id),
        "status": status,
        "type": codeable(concepts.type_of(entry)),
        "category": [codeable(concepts.class_of(entry))],
        "subject": {"reference": f"Patient/{patient_id}"},
        "date": times.instant(indexed or last_updated),
        "author": authors,
        "authenticator": signer,
        "custodian": custodian,
        "relatesTo": _relations(entry, replaces_id),
        "securityLabel": [codeable(each) for each in concepts.labels_of(entry.confidentiality, labels_mask)],
        "content": [
            {
                "attachment": _attachment(entry, content_url, size, sha1),
                "format": coding(concepts.format_of(entry)),
            }
        ],
        "context": _context(entry, source),
    }
    return orjson.dumps(pruned(resource))


def _master_identifier(unique_id: str) -> dict[str, Any]:
    given = identifiers.unique_id_to_fhir(unique_id)
    return identifiers.typed("uniqueId", given["system"], given["value"])


def _identifiers(entry_uuid: UUID | str, logical_id: UUID | str | None) -> list[dict[str, Any]]:
    found = [identifiers.typed("entryUUID", identifiers.URI_SYSTEM, identifiers.uuid_urn(entry_uuid))]
    if logical_id:
        # MHD has no type for the logicalId of XDS.
        found.append(
            {"type": {"text": "logicalId"}, "system": identifiers.URI_SYSTEM, "value": identifiers.uuid_urn(logical_id)}
        )
    return found


def _relations(entry: DocumentEntry, replaces_id: str | None) -> list[dict[str, Any]]:
    """The replaced entry when it is known here, with its identifier; else the identifiers that the document gives."""
    targets: list[dict[str, Any]] = [{"identifier": identifiers.unique_id_to_fhir(each)} for each in entry.replaces]
    if replaces_id:
        targets[:1] = [{"reference": f"DocumentReference/{replaces_id}"} | (targets[0] if targets else {})]
    return [{"code": "replaces", "target": target} for target in targets]


def _attachment(entry: DocumentEntry, url: str, size: int, sha1: bytes) -> dict[str, Any]:
    return {
        "contentType": entry.media_type,
        "language": entry.language or "fr-FR",
        "url": url,
        "size": size,
        "hash": binascii.b2a_base64(sha1, newline=False).decode("ascii"),
        "title": entry.title or concepts.type_of(entry).display or "Document",
        "creation": times.instant(entry.created),
    }


def _context(entry: DocumentEntry, source: dict[str, str]) -> dict[str, Any]:
    return pruned(
        {
            "event": [codeable(event) for event in entry.events if event.code or event.display],
            "period": _period(entry),
            "facilityType": codeable(entry.facility),
            "practiceSetting": codeable(entry.setting),
            "sourcePatientInfo": source,
            "related": [{"identifier": _reference(each)} for each in entry.references],
        }
    )


def _period(entry: DocumentEntry) -> dict[str, str]:
    # The profile demands a start: the document is no earlier than the act, its creation is the best bound.
    written = {"start": times.instant(entry.act.start or entry.created)}
    if entry.act.end:
        written["end"] = times.instant(entry.act.end)
    return written


def _reference(reference: Reference) -> dict[str, Any]:
    number = reference.identifier
    written: dict[str, Any] = {"system": systems.to_uri(number.system), "value": number.value}
    urn = _URN_OF_KIND.get(reference.kind)
    if urn:
        written["type"] = {"coding": [{"system": identifiers.URI_SYSTEM, "code": urn}]}
    return pruned(written)
