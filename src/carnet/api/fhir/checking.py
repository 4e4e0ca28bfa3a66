"""What a document that comes in by FHIR must be besides its metadata: its content, and the header of a CDA."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
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
from carnet.formats.fhir.provided import Faulty, Given
from carnet.formats.fhir.read_subject import Subject
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.ids import from_fhir_id, from_short
from carnet.records.queries import existence


@contextmanager
def all_at_once(actor: Actor) -> Iterator[None]:
    """Problems of metadata are told with those of the record and of the documents themselves."""
    try:
        yield
    except Faulty as faulty:
        raise FhirError((*faulty.issues, *_further(actor, faulty))) from faulty


def checked(
    actor: Actor, purpose: Purpose, subject: Subject, documents: Sequence[Given], path: str
) -> tuple[UUID, tuple[NewDocument, ...], list[tuple[Issue, ...]]]:
    """The record of `subject`, the documents as they will be stored there, and the warnings of each; `path` is the
    resource that names the subject. Raises `FhirError` with every problem of the record and of the documents."""
    try:
        with traced_refusals(actor, purpose, None):
            record_id, patient = _record_of(actor, subject)
    except DepositRefused as refused:
        raise FhirError((*faults.at(refused, path), *_of_documents(actor, documents, subject.ins, None))) from refused
    new: list[NewDocument] = []
    warnings: list[tuple[Issue, ...]] = []
    issues: list[Issue] = []
    for each in documents:
        try:
            with traced_refusals(actor, purpose, record_id, each.entry.labels):
                document, found = _checked(actor, each, patient, record_id)
        except DepositRefused as refused:
            issues += faults.at(refused, each.content_path)
        except FhirError as error:
            issues += error.issues
        else:
            new.append(document)
            warnings.append(found)
    if issues:
        raise FhirError(issues)
    return record_id, tuple(new), warnings


def _record_of(actor: Actor, subject: Subject) -> tuple[UUID, Identifier]:
    """The record, and the INS of its holder: from the INS given, or from the id that TD0.2 told; both must name the
    same person."""
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


def _further(actor: Actor, faulty: Faulty) -> list[Issue]:
    """What is wrong besides the metadata. It leaves no line in the trail: whom it should be kept from is not known as
    long as the labels may be wrong."""
    told = {each.expression for each in faulty.issues if each.is_error}
    found: list[Issue] = []
    record_id, patient = None, faulty.subject.ins
    if faulty.documents and (faulty.subject.reference or faulty.subject.ins):
        try:
            record_id, patient = _record_of(actor, faulty.subject)
        except DepositRefused as refused:
            found += faults.at(refused, faulty.documents[0].path)
    found += _of_documents(actor, faulty.documents, patient, record_id)
    return [each for each in found if each.expression not in told]


def _of_documents(
    actor: Actor, documents: Iterable[Given], patient: Identifier | None, record_id: UUID | None
) -> list[Issue]:
    found: list[Issue] = []
    for each in documents:
        try:
            if each.content:
                _checked(actor, each, patient, record_id)
        except DepositRefused as refused:
            found += faults.at(refused, each.content_path)
        except FhirError as error:
            found += [issue for issue in error.issues if issue.is_error]
    return found


def _checked(
    actor: Actor, given: Given, patient: Identifier | None, record_id: UUID | None
) -> tuple[NewDocument, tuple[Issue, ...]]:
    """The document as it will be stored, and warnings; raises `DepositRefused`, or `FhirError` with its problems."""
    problems = Problems()
    entry = replace(given.entry, patient=replace(given.entry.patient, ins=patient))
    opened = intake.opened(given.content, entry.media_type or None, limit=settings.CARNET.max_fhir_bytes)
    entry = replace(entry, media_type=opened.media_type)
    header = _header_of(given, opened)
    if header:
        entry = _with_header(entry, header, given, problems, _holder(actor, record_id, entry, header))
    ids = _replaced(record_id, given, problems) if record_id else ()
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
        raise FhirError(faults.at(refused, path)) from refused
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


def _holder(actor: Actor, record_id: UUID | None, entry: DocumentEntry, header: DocumentEntry) -> Patient | None:
    """Against whom the header is held, where no number tells whose it is."""
    if record_id is None or not against_header.numberless(entry.patient.ins, header.patient.ins):
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
