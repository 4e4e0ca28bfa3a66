"""What is known of a submission set and of a folder: the two lists of XDS, in plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from carnet.formats.entry import Author, Coded, Organisation

__all__ = ["Folder", "SubmissionSet"]


@dataclass(frozen=True, slots=True)
class SubmissionSet:
    """`source_id` (the system that sends) and `unique_id` in XDS form; `date` is when it was sent.

    `author` writes it, `organisation` is its author when there is no person, else the one for which he writes.
    """

    source_id: str
    date: datetime
    designation: Coded | None = None
    unique_id: str | None = None
    title: str = ""
    note: str = ""
    author: Author | None = None
    organisation: Organisation | None = None
    recipients: tuple[Author, ...] = ()
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """PDSm wants one designation, MHD allows several; `date` is when it was last changed."""

    title: str
    date: datetime
    designations: tuple[Coded, ...] = ()
    unique_id: str | None = None
    note: str = ""
    archived: bool = False
