"""The medical summary that a doctor writes: what is proposed of the record, and its deposit, as CDA and as FHIR."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from carnet.consent.access import Refused, permit_to_deposit, permit_to_read, reading
from carnet.consent.rules import As, Reason, Refusal
from carnet.documents import queries as documents
from carnet.documents.actions import deposit as put
from carnet.documents.queries import Document
from carnet.documents.submission import Deposited
from carnet.documents.writing import CDA, corrected, next_version, patient_of, signed
from carnet.formats.cda import header
from carnet.formats.cda.build import vsm
from carnet.formats.cda.build.codes import loinc
from carnet.formats.cda.build.vsm import Nothing, Part, Synthesis
from carnet.formats.cda.errors import CdaError
from carnet.formats.clinical.model import Entry, Treatment
from carnet.formats.clinical.values import Concept
from carnet.formats.entry import Author, Coded, DocumentEntry, Period
from carnet.formats.fhir import entries as fhir
from carnet.formats.fhir import ips
from carnet.formats.fhir.entries.absence import ABSENT_UNKNOWN
from carnet.formats.terminology import labels
from carnet.health import queries
from carnet.health.queries import Line
from carnet.health.synthesis_rules import KINDS, Proposal, Sourced, nothing_said, proposals
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Permit, hot, statements
from carnet.people import queries as people
from carnet.records.queries import existence

__all__ = [
    "CDA",
    "TITLE",
    "Before",
    "Proposed",
    "Written",
    "attends",
    "before",
    "content_of",
    "deposit",
    "may_write",
    "proposed",
    "written",
]

_SQL = statements("carnet.health", "synthesis.sql")
TITLE: Final = "Synthèse médicale"
_DOCTOR: Final = "10"
_TYPES: Final = frozenset({"Synthèse", "Synthèse médicale"})
# Where the summary in FHIR has another section than the one in CDA: alerts, and functions.
_SECTIONS: Final = {Part.WATCH: "44944-7", Part.FUNCTION: "54522-8"}
_EVENT: Final = loinc("34117-2", "Historique et clinique")


@dataclass(frozen=True, slots=True)
class Proposed:
    """`nothing`: where the record says openly that there is none, or that it is not known."""

    lines: tuple[Proposal, ...] = ()
    nothing: dict[Part, Nothing] | None = None

    @property
    def said(self) -> dict[Part, Nothing]:
        return self.nothing or {}


@dataclass(frozen=True, slots=True)
class Before:
    """The author's own summary that a new one replaces, and what it says."""

    document: Document
    content: bytes
    synthesis: Synthesis


def may_write(actor: Actor, record_id: UUID) -> None:
    """Doctors who may deposit. Raises `Refused` before anything is asked."""
    permit_to_deposit(actor, Purpose.CARE, record_id, action="document-deposit")
    if not is_author(actor):
        raise Refused(Refusal(Reason.PURPOSE), actor)


def is_author(actor: Actor) -> bool:
    """Whether they are a doctor who signs by a number of their own."""
    signature = people.signature(actor.id)
    return signature is not None and bool(signature.rpps) and signature.profession[0] == _DOCTOR


def attends(actor: Actor, purpose: Purpose, record_id: UUID) -> bool:
    """Whether they are the attending doctor, as whom they sign then."""
    try:
        return permit_to_read(actor, purpose, record_id, action="entries-list").capacity == As.ATTENDING
    except Refused:
        return False


def proposed(actor: Actor, purpose: Purpose, record_id: UUID, last: Before | None) -> Proposed:
    """Of what this author sees. Who may deposit and reads nothing writes on an empty sheet."""
    try:
        sourced = reading(actor, purpose, record_id, _lines, action="entries-list", target_kind="entries")
    except Refused:
        return Proposed()
    known = last.document if last else None
    found = proposals(
        sourced, clock.now(), before=known.id if known else None, since=known.deposited_at if known else None
    )
    return Proposed(found, nothing_said(sourced, found))


def _lines(permit: Permit) -> tuple[Sourced, ...]:
    found = hot(_SQL["lines"], permit, ("entries-list", queries.ranks(KINDS)))
    return tuple(_sourced(dict(row)) for row in found)


def _sourced(row: dict[str, object]) -> Sourced:
    labelled, standing = row.pop("labels"), row.pop("standing")
    line: Line = queries.line(row)
    return Sourced(line, int(str(labelled)), int(str(standing)))


def before(actor: Actor, purpose: Purpose, record_id: UUID) -> Before | None:
    """The newest of their own that is in force and is a summary as this house writes them, or any other in CDA."""
    try:
        lines = documents.list_documents(actor, purpose, record_id)
    except Refused:
        return None
    own = [each for each in lines if each.mine and each.status == "current" and each.media_type == CDA]
    for line in own:
        if line.type_label not in _TYPES:
            continue
        found = documents.content(actor, purpose, record_id, line.id)
        if found is None:
            continue
        content = b"".join(found.chunks)
        made = content_of(content)
        if made is not None:
            return Before(found.document, content, made)
    return None


def content_of(content: bytes) -> Synthesis | None:
    """What a summary in CDA says; None for what is none."""
    try:
        return vsm.read(content) if vsm.is_summary(content) else None
    except CdaError:
        return None


@dataclass(frozen=True, slots=True)
class Written:
    """A summary as it is deposited: its metadata, its bytes, and the same as FHIR."""

    entry: DocumentEntry
    content: bytes
    ips: bytes


def written(
    actor: Actor, *, record_id: UUID, number: UUID, synthesis: Synthesis, attending: bool, last: Before | None = None
) -> Written:
    """Nothing is stored. Raises `Refused`, `CdaError`."""
    author = signed(actor, None)
    author = replace(author, role="Médecin traitant") if attending else author
    entry = _entry(actor, record_id, author, number)
    if last is not None:
        entry = next_version(entry, corrected(last.document, last.content))
    kept = _carried(synthesis, author)
    beside = fhir.dump(ips.write(_international(kept, entry, number)))
    content = vsm.write(entry, kept, ips=beside)
    return Written(replace(entry, format=header.read(content).format), content, beside)


def _carried(synthesis: Synthesis, author: Author) -> Synthesis:
    """Both formats say what both can say."""
    chapters = (
        replace(each, entries=tuple(vsm.carried(entry, author) for entry in each.entries))
        for each in synthesis.chapters
    )
    return Synthesis(tuple(chapters))


def _entry(actor: Actor, record_id: UUID, author: Author, number: UUID) -> DocumentEntry:
    holder = existence(actor, record_id)
    if holder is None:
        raise Refused(Refusal(Reason.NO_RECORD), actor)
    at = author.at or clock.now()
    return DocumentEntry(
        unique_id=f"2.25.{number.int}",
        type=vsm.TYPE,
        title=TITLE,
        created=at,
        media_type=CDA,
        patient=patient_of(holder.identity),
        confidentiality=labels.base("N"),
        authors=(author,),
        authenticator=replace(author, role=""),
        custodian=author.organisation,
        events=(_EVENT,),
        period=Period(start=at),
        set_id=f"2.25.{number.int}",
        version="1",
    )


def _international(synthesis: Synthesis, entry: DocumentEntry, number: UUID) -> ips.Summary:
    (author,) = entry.authors
    stated = (_stated(each) for each in synthesis.entries)
    return ips.Summary(
        number=number,
        written=entry.created,
        patient=entry.patient,
        author=author,
        attester=author,
        custodian=entry.custodian,
        entries=(*stated, *_absences(synthesis)),
        title=TITLE,
        remarks=tuple(_remarks(synthesis)),
    )


def _remarks(synthesis: Synthesis) -> Iterator[tuple[str, str, str]]:
    for chapter in synthesis.chapters:
        if chapter.remark:
            place = vsm.CHAPTERS[chapter.part]
            yield _SECTIONS.get(chapter.part, place.code.code), place.title, chapter.remark


def _stated(entry: Entry) -> Entry:
    """A treatment in a summary is going on: CDA says so by its place, FHIR by its state."""
    return replace(entry, status="active") if isinstance(entry, Treatment) and entry.status == "unknown" else entry


def _absences(synthesis: Synthesis) -> list[Entry]:
    found = []
    for chapter in synthesis.chapters:
        place = vsm.CHAPTERS[chapter.part]
        if chapter.entries or not chapter.nothing or place.of is None or place.kind is None:
            continue
        unknown = chapter.nothing is Nothing.UNKNOWN
        code = Coded(place.absent[unknown], ABSENT_UNKNOWN, "Non renseigné" if unknown else place.none)
        found.append(place.of(kind=place.kind, code=Concept("", (code,)), absence=True))
    return found


def deposit(
    actor: Actor, *, record_id: UUID, made: Written, labelled: frozenset[str], last: Before | None
) -> Deposited:
    """`labelled`: what keeps it from others, for what it holds. Raises `Refused`, `DepositRefused`."""
    return put(
        actor,
        Purpose.CARE,
        record_id=record_id,
        entry=replace(made.entry, labels=labelled),
        content=made.content,
        replaces_ids=(last.document.id,) if last else (),
    )
