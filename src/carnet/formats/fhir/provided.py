"""What a bundle of ITI-65 provides, in plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from carnet.formats.entry import Author, Coded, DocumentEntry, Organisation
from carnet.formats.fhir.outcome import Issue
from carnet.formats.fhir.read_subject import Subject

__all__ = ["Folder", "Items", "Patch", "Provided", "ProvidedDocument", "Slot", "SlotKind", "SubmissionSet"]

SlotKind = Literal["submission-set", "document", "content", "folder", "patch", "patient"]


@dataclass(frozen=True, slots=True)
class Items:
    """What a list holds: full URLs of documents and of folders of the same bundle, ids of stored documents."""

    documents: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmissionSet:
    """`unique_id` and `source_id` are in XDS form, `entry_uuid` is a bare lower-case UUID."""

    position: int
    full_url: str
    unique_id: str | None
    entry_uuid: str | None
    source_id: str
    designation: Coded | None
    title: str
    note: str
    author: Author | None
    author_organisation: Organisation | None
    recipients: tuple[Author, ...]
    archived: bool
    date: datetime
    items: Items


@dataclass(frozen=True, slots=True)
class Folder:
    """`folder_id` is the id of the stored folder that a PUT changes, None for a new one.

    PDSm wants one designation type, MHD lets a folder have several.
    """

    position: int
    full_url: str
    folder_id: str | None
    unique_id: str | None
    entry_uuid: str | None
    designations: tuple[Coded, ...]
    title: str
    note: str
    archived: bool
    date: datetime
    items: Items


@dataclass(frozen=True, slots=True)
class ProvidedDocument:
    """`replaces_references` are the ids of literal targets; identified targets are in `entry.replaces`."""

    position: int
    full_url: str
    entry: DocumentEntry
    content: bytes
    replaces_references: tuple[str, ...]
    archived: bool


@dataclass(frozen=True, slots=True)
class Patch:
    """The stored document `target` becomes superseded."""

    position: int
    target: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One entry of the request: what it is, and its number among those of its kind.

    A content has the number of its document. `warnings` belong to this entry alone.
    """

    kind: SlotKind
    number: int
    warnings: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Provided:
    """`subject` may carry both the id of a literal `Patient/ID` and an INS: both must be the same person.

    When a document replaces by identifier, only the record can tell whether that is the target of a patch.
    """

    submission_set: SubmissionSet
    documents: tuple[ProvidedDocument, ...]
    folders: tuple[Folder, ...]
    patches: tuple[Patch, ...]
    subject: Subject
    slots: tuple[Slot, ...]
    warnings: tuple[Issue, ...]
