"""What a bundle of ITI-65 provides, in plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from carnet.formats.entry import DocumentEntry
from carnet.formats.fhir.fhir_document import Standing
from carnet.formats.fhir.outcome import FhirError, Issue
from carnet.formats.fhir.read_subject import Subject
from carnet.formats.submission import Folder, SubmissionSet

__all__ = [
    "Faulty",
    "Given",
    "Items",
    "Patch",
    "Provided",
    "ProvidedDocument",
    "ProvidedFolder",
    "ProvidedSet",
    "Slot",
    "SlotKind",
]

SlotKind = Literal["submission-set", "document", "content", "folder", "patch", "patient"]


@dataclass(frozen=True, slots=True)
class Given:
    """A document as it was read. `path` is where its DocumentReference stands, `content_path` what describes its bytes,
    `standing` where they are; None when they are made here. `replaces` are the ids of literal targets."""

    entry: DocumentEntry
    content: bytes
    replaces: tuple[str, ...]
    path: str
    content_path: str
    archived: bool = False
    full_url: str = ""
    standing: Standing | None = None


class Faulty(FhirError):
    """The problems of metadata, with what could be read all the same: the documents may have problems of their own, and
    nobody is sent back for the ones and then for the others."""

    def __init__(self, issues: Iterable[Issue], subject: Subject, documents: tuple[Given, ...]) -> None:
        super().__init__(issues)
        self.subject = subject
        self.documents = documents


@dataclass(frozen=True, slots=True)
class Items:
    """What a list holds: full URLs of documents and of folders of the same bundle, ids of stored ones."""

    documents: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    folder_references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvidedSet:
    """`entry_uuid` is the bare lower-case UUID that the sender gave."""

    position: int
    full_url: str
    metadata: SubmissionSet
    entry_uuid: str | None
    items: Items


@dataclass(frozen=True, slots=True)
class ProvidedFolder:
    """`folder_id` is the id of the stored folder that a PUT changes, None for a new one."""

    position: int
    full_url: str
    folder_id: str | None
    metadata: Folder
    entry_uuid: str | None
    items: Items


@dataclass(frozen=True, slots=True)
class ProvidedDocument:
    """`replaces_references` are the ids of literal targets; identified targets are in `entry.replaces`. `standing` is
    where the bytes are."""

    position: int
    full_url: str
    entry: DocumentEntry
    content: bytes
    replaces_references: tuple[str, ...]
    archived: bool
    standing: Standing | None = None

    @property
    def given(self) -> Given:
        path = f"Bundle.entry[{self.position}].resource"
        return Given(
            self.entry,
            self.content,
            self.replaces_references,
            path,
            f"{path}.content[0].attachment",
            self.archived,
            self.full_url,
            self.standing,
        )


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

    submission_set: ProvidedSet
    documents: tuple[ProvidedDocument, ...]
    folders: tuple[ProvidedFolder, ...]
    patches: tuple[Patch, ...]
    subject: Subject
    slots: tuple[Slot, ...]
    warnings: tuple[Issue, ...]
