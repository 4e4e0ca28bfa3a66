"""What a stored document or list can be found by: numbers for codes and identifiers, texts for names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from carnet.documents.models import ListKind
from carnet.documents.submission import NewDocument
from carnet.formats.entry import Coded, Identifier
from carnet.formats.fhir import identifiers, read_stored
from carnet.formats.fhir.patch import Current
from carnet.formats.fhir.search import index, keys
from carnet.formats.submission import Folder, SubmissionSet
from carnet.formats.terminology import labels

_LIST_TYPES = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"


def of_document(
    new: NewDocument, *, document_id: UUID, bits: int, replaces: tuple[str, ...], replaces_id: str | None
) -> tuple[list[int], list[str]]:
    """Of what the row's text says: a replaced document that it does not name is not what it is found by either."""
    found = index.of_document(
        replace(new.entry, replaces=replaces),
        labels_mask=bits,
        archived=new.archived,
        entry_uuid=document_id,
        replaces_id=replaces_id,
    )
    return list(found.tokens), list(found.names)


def of_stored(document_id: UUID, fhir: str, *, labels_mask: int, archived: bool) -> tuple[list[int], list[str]]:
    """The same of a document that is here, from its text."""
    stored = read_stored.read(fhir)
    found = index.of_document(
        stored.entry,
        labels_mask=labels_mask,
        archived=archived,
        entry_uuid=document_id,
        replaces_id=stored.replaces_id,
    )
    return list(found.tokens), list(found.names)


def of_set(metadata: SubmissionSet, *, entry_uuid: UUID) -> dict[str, Any]:
    source = identifiers.unique_id_to_fhir(metadata.source_id)
    found = index.of_list(
        code=Coded("submissionset", _LIST_TYPES),
        designation=metadata.designation,
        unique_id=metadata.unique_id or "",
        entry_uuid=entry_uuid,
        source_id=Identifier(source["system"], source["value"]),
        source=metadata.author,
        author_org=metadata.organisation,
        title=metadata.title,
        archived=metadata.archived,
    )
    return {"tokens": found.tokens, "names": found.names}


def of_folder(folder: Folder, *, entry_uuid: UUID) -> dict[str, Any]:
    found = index.of_list(
        code=Coded("folder", _LIST_TYPES),
        designation=folder.designations[0] if folder.designations else None,
        unique_id=folder.unique_id or "",
        entry_uuid=entry_uuid,
        source_id=None,
        source=None,
        author_org=None,
        title=folder.title,
        archived=folder.archived,
    )
    return {"tokens": found.tokens, "names": found.names}


def of_stored_list(list_id: UUID, kind: str, fhir: str) -> tuple[list[int], list[str]]:
    """The same of a list that is here, from its text."""
    if kind == ListKind.FOLDER:
        found = of_folder(read_stored.read_folder(fhir), entry_uuid=list_id)
    else:
        found = of_set(read_stored.read_set(fhir), entry_uuid=list_id)
    return list(found["tokens"]), list(found["names"])


def moved(tokens: Iterable[int], before: Current, after: Current) -> list[int]:
    """The tokens of a document after an act on its labels or its archiving."""
    return sorted(set(tokens) - _of_state(before) | _of_state(after))


def _of_state(state: Current) -> set[int]:
    codes = [labels.base(state.base), *filter(None, map(labels.coded, state.labels))]
    found = {key for each in codes for key in keys.stored("security-label", each.system, each.code)}
    return found | {keys.key("isArchived", "", "true" if state.archived else "false")}
