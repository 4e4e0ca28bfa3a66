"""What is put into a record in one act, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carnet.documents.pictures import NewPicture
from carnet.formats.entry import DocumentEntry
from carnet.formats.submission import Folder, SubmissionSet


@dataclass(frozen=True, slots=True)
class Handed:
    """For these professionals alone, until when; `hidden_from`: the label bits of those who are not to learn of it;
    `about`: what was chosen to be in it."""

    readers: tuple[UUID, ...]
    until: datetime | None = None
    hidden_from: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """`content` has been checked (`intake.checked`). `replaces_ids` are documents of the record named by their id,
    besides those that the entry names by uniqueId; `full_url` is its name inside the submission. The content was made
    of `pictures`, which are kept for who adds them alone."""

    entry: DocumentEntry
    content: bytes
    replaces_ids: tuple[UUID, ...] = ()
    archived: bool = False
    full_url: str = ""
    pictures: tuple[NewPicture, ...] = ()
    handed: Handed | None = None


@dataclass(frozen=True, slots=True)
class NewFolder:
    """A folder to make, or to change when `folder_id` names a stored one. It holds documents of the same submission by
    full URL, and stored ones by FHIR id."""

    folder: Folder
    folder_id: str | None = None
    documents: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """All or nothing. Without a `submission_set` the house makes one; `at` is the demonstration's, which tells a
    past. `superseded` are documents that the depositor says are replaced: each must be, by this submission."""

    documents: tuple[NewDocument, ...]
    submission_set: SubmissionSet | None = None
    folders: tuple[NewFolder, ...] = ()
    superseded: tuple[UUID, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deposited:
    """`new` is False when the same submission had been deposited before: nothing was added. `secrecy` is why the
    document is kept from who represents the holder, or ""."""

    record_id: UUID
    id: UUID
    fhir_id: str
    version: int
    fhir: str
    new: bool
    warnings: tuple[str, ...] = ()
    secrecy: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A submission set or a folder as stored."""

    fhir_id: str
    version: int
    new: bool


@dataclass(frozen=True, slots=True)
class Submitted:
    """In the order of the submission."""

    documents: tuple[Deposited, ...]
    submission_set: Listed
    folders: tuple[Listed, ...] = ()
