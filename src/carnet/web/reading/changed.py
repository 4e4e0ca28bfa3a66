"""What a new version of a medical summary says otherwise than the one before it, in words, for every face."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from carnet.documents import queries
from carnet.documents import reading as opening
from carnet.documents.writing import CDA
from carnet.formats.cda.build import vsm
from carnet.formats.cda.build.vsm import Change, Part, Synthesis
from carnet.health import synthesis
from carnet.kernel.actor import Actor, Purpose
from carnet.web.i18n import gettext
from carnet.web.reading import versions
from carnet.web.words import marked

__all__ = ["Changed", "Chapter", "is_summary", "of", "of_document"]

_KINDS = {
    "added": marked("Ajouté"),
    "removed": marked("Retiré"),
    "changed": marked("Modifié"),
    "moved": marked("Changé de chapitre"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """`kind` is a word; the lines are the document's, in French."""

    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    changes: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """Of one document against the version before it; `before` is its id."""

    title: str
    before: UUID
    chapters: tuple[Chapter, ...]


def of(old: Synthesis, new: Synthesis) -> tuple[Chapter, ...]:
    found = vsm.changes(old, new)
    return tuple(
        Chapter(vsm.CHAPTERS[part].title, tuple(map(_said, each)))
        for part in Part
        if (each := [change for change in found if change.part is part])
    )


def _said(change: Change) -> Said:
    kind = "changed"
    if not change.before:
        kind = "added"
    elif not change.after:
        kind = "removed"
    elif change.moved_from is not None:
        kind = "moved"
    return Said(gettext(_KINDS[kind]), change.before, change.after)


def of_document(actor: Actor, purpose: Purpose, record_id: UUID, document_id: UUID) -> Changed | None:
    """None where it is no summary, or where no version before it is in this reader's sight."""
    opened = opening.opened(actor, purpose, record_id, document_id)
    earlier = versions.of(opened.around).earlier if opened else ()
    if opened is None or not earlier or opened.content.document.media_type != CDA:
        return None
    former = queries.content(actor, purpose, record_id, earlier[0].id)
    if former is None or former.document.media_type != CDA:
        return None
    old = synthesis.content_of(b"".join(former.chunks))
    new = synthesis.content_of(b"".join(opened.content.chunks))
    if old is None or new is None:
        return None
    return Changed(opened.content.document.title, earlier[0].id, of(old, new))


def is_summary(media_type: str, content: bytes) -> bool:
    """Of which the page offers the comparison with the version before it."""
    return media_type == CDA and synthesis.content_of(content) is not None
