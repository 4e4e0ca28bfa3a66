"""What a summary tells, and in which section each fact stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from carnet.formats.clinical.model import Entry, Problem
from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Author, Coded, Organisation, Patient
from carnet.formats.fhir.entries.absence import EMPTY_REASON
from carnet.formats.fhir.entries.sections import PAST, SECTIONS, Section
from carnet.formats.fhir.ips import words

__all__ = ["REQUIRED", "Summary", "completed", "is_empty_reason", "sectioned"]

REQUIRED: Final = ("10160-0", "48765-2", "11450-4")
_ENDED: Final = frozenset({"inactive", "resolved", "remission"})
_ERROR: Final = "entered-in-error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`number`: of the document. `language`: fr or en, of titles and narratives. `attester`: who answers for it.
    `remarks`: words of their author, by the code of a section and its title: they are read in that section, which may
    have nothing else; a reader of facts finds no fact in them."""

    number: UUID
    written: datetime
    patient: Patient
    author: Author
    entries: tuple[Entry, ...]
    custodian: Organisation | None = None
    attester: Author | None = None
    language: str = "fr"
    title: str = ""
    remarks: tuple[tuple[str, str, str], ...] = ()


def completed(summary: Summary) -> Summary:
    """In the order of its sections, without what was entered in error; a section that must be there and has nothing
    says that no information is available. What is written, and read back, is this."""
    found = sectioned(summary)
    return replace(summary, entries=tuple(entry for entries in found.values() for entry in entries))


def sectioned(summary: Summary) -> dict[str, tuple[Entry, ...]]:
    """By the code of the section, in their order."""
    facts = [entry for entry in summary.entries if not _is_error(entry)]
    found: dict[str, tuple[Entry, ...]] = {}
    for section in SECTIONS:
        entries = [entry for entry in facts if _section_of(entry) == section.code]
        entries = _settled(entries)
        if not entries and section.code in REQUIRED:
            entries = [_nothing_known(section, summary.language)]
        if entries:
            found[section.code] = tuple(entries)
    return found


def _is_error(entry: Entry) -> bool:
    return _ERROR in (entry.status, getattr(entry, "verification", ""))


def _section_of(entry: Entry) -> str:
    if isinstance(entry, Problem) and not entry.absence and (entry.clinical in _ENDED or entry.when.end):
        return PAST
    return next(section.code for section in SECTIONS if entry.kind in section.kinds)


def _settled(entries: list[Entry]) -> list[Entry]:
    """A section is not both empty and full: one document's silence does not speak against another's fact."""
    empty = [entry for entry in entries if is_empty_reason(entry)]
    return [entry for entry in entries if entry not in empty] or empty[:1]


def is_empty_reason(entry: Entry) -> bool:
    """Only a reason, and nothing else that a section could not say."""
    bare = type(entry)(kind=entry.kind, code=entry.code, absence=True)
    return replace(entry, path="") == bare and bool(entry.code.code_of(EMPTY_REASON))


def _nothing_known(section: Section, language: str) -> Entry:
    reason = Concept(words.NO_INFORMATION[language], (Coded("unavailable", EMPTY_REASON, "Unavailable"),))
    return section.of_absence(kind=section.kinds[0], code=reason, absence=True)
