"""What a document that comes in by FHIR must be besides its metadata: its content, and the header of a CDA."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from carnet.api.fhir import faults
from carnet.documents import intake
from carnet.documents.actions import traced_refusals
from carnet.documents.rules import DepositRefused, Fault
from carnet.documents.submission import NewDocument
from carnet.documents.writing import patient_of
from carnet.formats.entry import Author, DocumentEntry, Identifier, Patient, replace
from carnet.formats.fhir import against_header, document_metadata, errors, fhir_document, generate
from carnet.formats.fhir.fhir_document import Standing
from carnet.formats.fhir.node import Problems
from carnet.formats.fhir.outcome import FhirError, Issue
from carnet.formats.fhir.read_subject import Subject
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.ids import from_fhir_id, from_short
from carnet.records.queries import existence


@dataclass(frozen=True, slots=True)
class Given:
    """A document as it was read. `path` is where its DocumentReference stands, `content_path` what describes its bytes,
    `standing` where they are; None when they are made here."""

    entry: DocumentEntry
    content: bytes
    replaces: tuple[str, ...]
    path: str
    content_path: str
    archived: bool = False
    full_url: str = ""
    standing: Standing | None = None


def record_of(actor: Actor, purpose: Purpose, subject: Subject, path: str) -> tuple[UUID, Identifier]:
    """The record, and the INS of its holder: from the INS given, or from the id that TD0.2 told; both must name the
    same person. `path` is the resource that names its subject. Raises `FhirError`."""
    try:
        with traced_refusals(actor, purpose, None):
            return _record_of(actor, subject)
    except DepositRefused as refused:
        raise faults.failure(refused, lambda _: path) from refused


def _record_of(actor: Actor, subject: Subject) -> tuple[UUID, Identifier]:
    if subject.reference is None:
        person = intake.person(subject.ins)
        return intake.record_of(actor, person), Identifier(person.ins.oid, person.ins.value15)
    holder = existence(actor, from_short(subject.reference))
    if holder is None or not holder.state.exists:
        raise DepositRefused(Fault.UNKNOWN_PATIENT)
    own = Identifier(holder.identity.ins_oid, holder.identity.ins)
    if subject.ins and intake.person(subject.ins).ins != intake.person(own).ins:
        raise DepositRefused(Fault.PATIENT_DIFFERS)
    return holder.record_id, own


def checked(
    actor: Actor, purpose: Purpose, given: Given, patient: Identifier, record_id: UUID
) -> tuple[NewDocument, tuple[Issue, ...]]:
    """The document as it will be stored, and warnings; raises `FhirError` with every problem of it."""
    problems = Problems()
    entry = replace(given.entry, patient=replace(given.entry.patient, ins=patient))
    try:
        with traced_refusals(actor, purpose, record_id, entry.labels):
            opened = intake.opened(given.content, entry.media_type, limit=settings.CARNET.max_fhir_bytes)
            entry = replace(entry, media_type=opened.media_type)
            header = _header_of(given, opened)
            if header:
                holder = _holder(actor, record_id, entry, header)
                entry = _with_header(entry, header, given, problems, holder)
    except DepositRefused as refused:
        raise faults.failure(refused, lambda _: given.content_path) from refused
    ids = _replaced(record_id, given, problems)
    if problems.failed:
        raise FhirError(problems.issues)
    return NewDocument(entry, given.content, ids, given.archived, given.full_url), problems.warnings


def metadata_of(actor: Actor, purpose: Purpose, bare: generate.Given) -> DocumentEntry:
    """What a document that came alone says of itself; raises `FhirError`."""
    path = "Parameters.parameter[0].resource"
    if bare.media_type == fhir_document.MEDIA_TYPE:
        encoded = bare.kind == "binary"
        return _of_document(bare.content, Standing(f"{path}.data" if encoded else path, encoded))
    try:
        with traced_refusals(actor, purpose, None):
            opened = intake.opened(bare.content, bare.media_type, limit=settings.CARNET.max_fhir_bytes)
            if opened.cda is not None:
                return replace(intake.read_cda(opened.cda), media_type=opened.media_type)
    except DepositRefused as refused:
        raise faults.failure(refused, lambda _: path) from refused
    raise errors.failure("no-metadata", expression=path)


def _header_of(given: Given, opened: intake.Opened) -> DocumentEntry | None:
    """What the document says of itself, if it is of a kind that does."""
    if opened.cda is not None:
        return intake.read_cda(opened.cda)
    return _of_document(given.content, given.standing) if opened.media_type == fhir_document.MEDIA_TYPE else None


def _of_document(content: bytes, standing: Standing | None) -> DocumentEntry:
    try:
        return document_metadata.of_bytes(content)
    except FhirError as refused:
        raise (standing.failure(refused) if standing else refused) from refused


def _holder(actor: Actor, record_id: UUID, entry: DocumentEntry, header: DocumentEntry) -> Patient | None:
    """Against whom the header is held, where no number tells whose it is."""
    if not against_header.numberless(entry.patient.ins, header.patient.ins):
        return None
    found = existence(actor, record_id)
    return patient_of(found.identity) if found else None


def _with_header(
    entry: DocumentEntry, header: DocumentEntry, given: Given, problems: Problems, holder: Patient | None
) -> DocumentEntry:
    """A document says itself whose it is and what it is; what it restricts, replaces or belongs to holds, whatever
    the metadata around it say."""
    against_header.check(entry, header, problems, given.path, holder=holder)
    return replace(
        entry,
        labels=entry.labels | header.labels,
        authors=tuple(dict.fromkeys((*entry.authors, *_others(header.authors, entry.authors)))),
        replaces=entry.replaces or header.replaces,
        references=tuple(dict.fromkeys((*entry.references, *header.references))),
        encounter=entry.encounter or header.encounter,
        referrers=entry.referrers or header.referrers,
    )


def _others(authors: Iterable[Author], known: Iterable[Author]) -> list[Author]:
    """Those who are known by a number, and are not there yet: a metadata author without one is one of them already."""
    numbers = {author.identifier for author in known}
    return [author for author in authors if author.identifier and author.identifier not in numbers]


def _replaced(record_id: UUID, given: Given, problems: Problems) -> tuple[UUID, ...]:
    """The documents of this record that literal references name."""
    pairs = [from_fhir_id(reference) for reference in given.replaces]
    if any(pair is None or pair[0] != record_id for pair in pairs):
        problems.add("replaced-unknown", f"{given.path}.relatesTo")
    return tuple(pair[1] for pair in pairs if pair)
