"""« Ma santé »: what all sources say of a person, whose words each line is, and what the person keeps beside it."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper
from psycopg.pq import Format

from carnet.consent.access import reading
from carnet.consent.facts import As
from carnet.consent.holders import permit_of_holder
from carnet.formats.clinical.model import Kind
from carnet.formats.terminology import document_types, labels
from carnet.health.handing import for_anybody, without_own_secrets
from carnet.health.profile_models import LONGEST_NAME, LONGEST_WORDS, Own
from carnet.health.queries import Line, Over, read_lines, read_treatments
from carnet.health.queries import line as line_of
from carnet.health.sections import KINDS, Section, arranged
from carnet.health.stating import SECRET, NotYours
from carnet.kernel import clock, vault
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, Permit, Trace, note, open_record, rows, statements
from carnet.kernel.ids import uuid7
from carnet.people import queries as people

__all__ = [
    "LONGEST_NAME",
    "LONGEST_WORDS",
    "Arrangement",
    "Kept",
    "Over",
    "Own",
    "Profile",
    "Said",
    "SourceDocument",
    "Word",
]

_SQL = statements("carnet.health", "profile.sql")
# Under what a word of one's own is read: what a document of the person would be that says the same. Wishes are not told
# to carers, and directives not to every profession.
_TYPES: Final = {Own.DIRECTIVES: "EXPPAT_3", Own.ORGANS: "EXPPAT_1"}
_TYPE: Final = "DOCPAT08"
_READ: Final = tuple(kind for kinds in KINDS.values() for kind in kinds)
_NOTHING: Final = Trace("entries-list", "entries")


@dataclass(frozen=True, slots=True)
class SourceDocument:
    id: UUID
    title: str
    author_label: str
    organisation_label: str
    at: datetime
    author_id: UUID | None
    depositor_id: UUID

    @property
    def who(self) -> str:
        return self.author_label or self.organisation_label


@dataclass(frozen=True, slots=True)
class Said:
    """Words that a person or a professional said here themselves. `masked`: hidden from professionals; `secret`: from
    those who represent the holder. `helps`: they are, or were, a carer of this person."""

    source_id: UUID
    masked: bool
    secret: bool
    depositor_id: UUID
    stated_at: datetime
    helps: bool = False
    who: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """Of `health.profile_models.OwnWord`."""

    id: UUID
    kind: Own
    name: str
    relation: str
    phone: str
    answer: str
    words: str
    at: datetime
    masked: bool
    depositor_id: UUID
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """From whom something is hidden: `masked` from professionals, `secret` from those who represent the holder."""

    masked: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Arrangement:
    order: tuple[Section, ...] = tuple(Section)
    pinned: frozenset[str] = frozenset()
    dismissed: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactReport:
    """Of `health.profile_models.FactReport`. `corrected`: another note of its author stands in its place."""

    id: UUID
    fact: UUID
    source_id: UUID
    words: str
    at: datetime
    reporter_id: UUID
    depositor_id: UUID
    answered_at: datetime | None
    corrected: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything in the sight of this reader, and nothing else. `more`: how many older lines of its kind and name there
    are beside a line that is over, where not all were asked for."""

    lines: tuple[Line, ...] = ()
    documents: Mapping[UUID, SourceDocument] = field(default_factory=dict)
    said: Mapping[UUID, Said] = field(default_factory=dict)
    words: tuple[Word, ...] = ()
    arrangement: Arrangement = Arrangement()
    reports: tuple[FactReport, ...] = ()
    more: Mapping[UUID, int] = field(default_factory=dict)

    def of(self, kind: Own) -> tuple[Word, ...]:
        return tuple(each for each in self.words if each.kind is kind)

    def line(self, fact: UUID) -> Line | None:
        return next((each for each in self.lines if each.fact == fact), None)

    def sources_of(self, facts: Collection[UUID]) -> tuple[UUID, ...]:
        """Every document, and all words, that state one of them."""
        return tuple(dict.fromkeys(each for line in self.lines if line.fact in facts for each in line.sources))

    def spoken(self, statement_id: UUID) -> Line | None:
        """The line of somebody's own words."""
        return next((each for each in self.lines if each.said_by != "document" and statement_id in each.sources), None)


def told(
    actor: Actor,
    purpose: Purpose,
    record_id: UUID,
    kinds: Sequence[Kind] = _READ,
    *,
    over: Over | None = None,
    stays: bool = False,
    for_others: bool = False,
) -> Profile:
    """All lines of these kinds, but those that `over` leaves out. `stays`: without visits that documents say to have
    been no stay. `for_others`: without what is kept from anybody. Raises `Refused`."""

    def read(permit: Permit) -> Profile:
        if not for_others:
            return _told(permit, kinds=kinds, over=over, stays=stays)
        found = _told(for_anybody(permit), kinds=kinds, over=over, stays=stays)
        words = tuple(each for each in found.words if not (each.masked or each.secret))
        return replace(found, lines=without_own_secrets(permit, found.lines), words=words)

    return reading(actor, purpose, record_id, read, action="entries-list", target_kind="entries")


def _told(permit: Permit, *, kinds: Sequence[Kind], over: Over | None, stays: bool) -> Profile:
    lasting = KINDS[Section.TREATMENTS] if over else ()
    lines = read_lines(permit, kinds=[each for each in kinds if each not in lasting], stays=stays)
    more: dict[UUID, int] = {}
    if over and set(lasting) & set(kinds):
        medicines, more = read_treatments(permit, lasting, over)
        lines = (*lines, *medicines)
    # The reading of the lines left the line of this act.
    with open_record(permit, trace=None) as cursor:
        # Values come as PostgreSQL holds them, which is the quickest to read.
        cursor.cursor.format = Format.BINARY
        asked = {"record_id": permit.record_id}
        documents = _documents(cursor, permit, lines)
        said = _said(cursor, permit)
        words = [Word(**row | {"kind": Own(row["kind"])}) for row in _rows(cursor, "words", asked)]
        arrangement = _arrangement(cursor, permit)
        reports = _reports(cursor, permit)
    return Profile(lines, documents, _signed(said), tuple(words), arrangement, reports, more)


def told_of(actor: Actor, purpose: Purpose, record_id: UUID, fact: UUID) -> Profile:
    """One fact, of whatever kind, who states it and every error that was reported; no line where it is not in sight."""

    def read(permit: Permit) -> Profile:
        with open_record(permit, trace=_NOTHING) as cursor:
            lines = tuple(map(line_of, _rows(cursor, "told_of", {"record_id": record_id, "fact": fact})))
            documents = _documents(cursor, permit, lines)
            said, reports = _said(cursor, permit), _reports(cursor, permit)
        return Profile(lines, documents, _signed(said), reports=reports)

    return reading(actor, purpose, record_id, read, action="entries-list", target_kind="entries")


def _documents(cursor: CursorWrapper, permit: Permit, lines: Sequence[Line]) -> Mapping[UUID, SourceDocument]:
    ids = list({source for line in lines if line.said_by == "document" for source in line.sources})
    found = _rows(cursor, "documents", {"record_id": permit.record_id, "ids": ids})
    return {row["id"]: SourceDocument(**row) for row in found}


def _reports(cursor: CursorWrapper, permit: Permit) -> tuple[FactReport, ...]:
    return tuple(FactReport(**row) for row in _rows(cursor, "reports", {"record_id": permit.record_id}))


def sayers(actor: Actor, purpose: Purpose, record_id: UUID) -> Mapping[UUID, Said]:
    """Who said what was said here without a document, by the id of the words."""

    def read(permit: Permit) -> Sequence[Mapping[str, Any]]:
        # Beside a reading that leaves the line of this act.
        with open_record(permit, trace=None) as cursor:
            return _said(cursor, permit)

    return _signed(reading(actor, purpose, record_id, read, action="entries-list", target_kind="entries"))


def signed(actor: Actor, purpose: Purpose, record_id: UUID, documents: Sequence[UUID]) -> Profile:
    """Nothing but who wrote these documents, and who said what was said here without one."""

    def read(permit: Permit) -> Profile:
        # Beside a reading that leaves the line of this act.
        with open_record(permit, trace=None) as cursor:
            found = _rows(cursor, "documents", {"record_id": record_id, "ids": list(documents)})
            said = _said(cursor, permit)
        return Profile(documents={row["id"]: SourceDocument(**row) for row in found}, said=_signed(said))

    return reading(actor, purpose, record_id, read, action="entries-list", target_kind="entries")


def kept(actor: Actor, purpose: Purpose, record_id: UUID, sources: Sequence[UUID]) -> Kept:
    """From whom any of these sources is hidden, by its labels or by a standing mask."""

    def read(permit: Permit) -> Kept:
        # Beside a reading that leaves the line of this act.
        with open_record(permit, trace=None) as cursor:
            return Kept(**_rows(cursor, "kept", {"record_id": record_id, "ids": list(sources)})[0])

    return reading(actor, purpose, record_id, read, action="entries-list", target_kind="entries")


def _said(cursor: CursorWrapper, permit: Permit) -> Sequence[Mapping[str, Any]]:
    return _rows(cursor, "own_sources", {"record_id": permit.record_id})


def _signed(said: Sequence[Mapping[str, Any]]) -> Mapping[UUID, Said]:
    names = people.names({row["depositor_id"] for row in said}) if said else {}
    return {row["source_id"]: Said(**row, who=names.get(row["depositor_id"], "")) for row in said}


def _rows(cursor: CursorWrapper, name: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    cursor.execute(_SQL[name], dict(asked))
    return rows(cursor)


def _arrangement(cursor: CursorWrapper, permit: Permit) -> Arrangement:
    found = _rows(cursor, "arrangement", {"record_id": permit.record_id})
    if not found:
        return Arrangement()
    row = found[0]
    return Arrangement(
        arranged(row["sections"], row["pinned"]),
        frozenset(row["pinned"]),
        tuple(row["dismissed"]),
        tuple(row["answered"]),
    )


def say(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    kind: Own,
    name: str = "",
    relation: str = "",
    phone: str = "",
    answer: str = "",
    words: str = "",
    masked: bool = False,
    secret: bool = False,
    instead_of: UUID | None = None,
) -> UUID:
    """By the holder or who represents them; `secret` as `stating.state` has it. Raises `Refused`, or `NotYours` when
    `instead_of` is not there."""
    permit = permit_of_holder(actor, purpose, record_id, action="entry-stated")
    made = uuid7()
    values: dict[str, Any] = {
        "record_id": record_id,
        "id": made,
        "kind": kind.value,
        "name": name,
        "relation": relation,
        "phone": phone,
        "answer": answer,
        "words": words,
        "at": clock.now(),
        "type": document_types.known(_TYPES.get(kind, _TYPE)).ordinal,
        "labels": (bits := (labels.MASQUE_PS if masked else 0) | (SECRET if secret and _is_holder(permit) else 0)),
        "actor_id": actor.id,
    }
    with open_record(permit, trace=None, using=WRITER) as cursor:
        before = _unsay(cursor, record_id, instead_of) if instead_of is not None else 0
        cursor.execute(_SQL["say"], values)
        quiet = (bits | before) & SECRET
        note(cursor, permit, Trace("entry-amended" if instead_of else "entry-stated", "entry", hidden_from=quiet))
    return made


def _is_holder(permit: Permit) -> bool:
    return permit.capacity == As.HOLDER


def unsay(actor: Actor, purpose: Purpose, *, record_id: UUID, word_id: UUID) -> None:
    """Raises `Refused`, `NotYours`."""
    permit = permit_of_holder(actor, purpose, record_id, action="entry-retracted")
    with open_record(permit, trace=None, using=WRITER) as cursor:
        quiet = _unsay(cursor, record_id, word_id) & SECRET
        note(cursor, permit, Trace("entry-retracted", "entry", hidden_from=quiet))


def _unsay(cursor: CursorWrapper, record_id: UUID, word_id: UUID) -> int:
    """From whom they were kept."""
    cursor.execute(_SQL["unsay"], {"record_id": record_id, "id": word_id})
    found = rows(cursor)
    if not found:
        raise NotYours
    return int(found[0]["labels"])


def arrange(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    order: Sequence[Section] | None = None,
    pinned: Sequence[Section] | None = None,
) -> None:
    """The person's own order; None stays as it is."""
    _keep(actor, purpose, record_id, sections=order, pinned=pinned)


def dismiss(actor: Actor, purpose: Purpose, *, record_id: UUID, question: str, secret: bool = False) -> None:
    """A question that is not to be asked again. `secret`: who represents the holder is not told that it was put aside
    either."""
    kept = told_arrangement(actor, purpose, record_id).dismissed
    keys = tuple(dict.fromkeys((*kept, key_of(record_id, question))))
    _keep(actor, purpose, record_id, SECRET if secret else 0, dismissed=keys)


def answered(actor: Actor, purpose: Purpose, *, record_id: UUID, steps: Iterable[str]) -> None:
    """Questions of the first filling that were answered or passed over."""
    kept = told_arrangement(actor, purpose, record_id).answered
    _keep(actor, purpose, record_id, answered=tuple(dict.fromkeys((*kept, *steps))))


def told_arrangement(actor: Actor, purpose: Purpose, record_id: UUID) -> Arrangement:
    def read(permit: Permit) -> Arrangement:
        with open_record(permit, trace=_NOTHING) as cursor:
            return _arrangement(cursor, permit)

    return reading(actor, purpose, record_id, read, action="entries-list", target_kind="entries")


def key_of(record_id: UUID, question: str) -> str:
    """Keyed: what is kept tells nothing of what was asked."""
    return hmac.digest(vault.derive("health-questions"), f"{record_id}\x00{question}".encode(), "sha256").hex()[:32]


def _keep(actor: Actor, purpose: Purpose, record_id: UUID, hidden: int = 0, **changes: Sequence[str] | None) -> None:
    permit = permit_of_holder(actor, purpose, record_id, action="profile-arranged")
    names = ("sections", "pinned", "dismissed", "answered")
    values: dict[str, Any] = {"record_id": record_id}
    for name in names:
        kept = changes.get(name)
        values[name] = None if kept is None else list(map(str, kept))
    with open_record(permit, trace=Trace("profile-arranged", hidden_from=hidden), using=WRITER) as cursor:
        cursor.execute(_SQL["arrange"], values)
