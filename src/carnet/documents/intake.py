"""From bytes to a deposit: a CDA tells its patient and its metadata itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid5

from django.conf import settings

from carnet.documents.actions import Deposited, deposit, traced_refusals
from carnet.documents.rules import DepositRefused, Fault, Identified, patient_of
from carnet.formats.cda import body, header
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.xml import Source, parse
from carnet.formats.entry import Coded, DocumentEntry, Identifier, Patient, replace
from carnet.formats.terminology import document_types
from carnet.kernel import clock, vault
from carnet.kernel.actor import SYSTEM, Actor, ActorKind, Purpose
from carnet.records.actions import open_record_for
from carnet.records.queries import record_of_ins
from carnet.records.rules import Identity

CDA_TYPES = frozenset({"text/xml", "application/xml", "application/xslt+xml"})
_HARM = frozenset({"malware", "active-content", "encrypted", "polyglot", "too-complex"})


@dataclass(frozen=True, slots=True)
class Opened:
    """Content that may be stored: what it is, and a CDA's parsed root."""

    media_type: str
    cda: Source | None = None


def checked(data: bytes, declared: str | None, *, limit: int) -> str:
    """The media type of content that may be stored; see `opened`."""
    return opened(data, declared, limit=limit).media_type


def opened(data: bytes, declared: str | None, *, limit: int) -> Opened:
    """Content that may be stored, the files inside a CDA checked as well; raises `DepositRefused` with the reason, or
    `vault.ScannerUnavailable`."""
    media_type = _checked(data, declared, limit=limit)
    if media_type not in CDA_TYPES:
        return Opened(media_type)
    try:
        root = parse(data)
    except CdaError as error:
        raise DepositRefused(Fault.CONTENT, error.message, code=error.code) from error
    _check_inside(root, limit=limit)
    return Opened(media_type, root)


def _check_inside(data: Source, *, limit: int) -> None:
    """The one file of a level-1 body must be what it says. What a level-3 body carries along is judged by what it
    is, since official samples declare a PNG as a JPEG, and may be of a kind that is only kept; harm is refused."""
    try:
        file = body.read_file(data)
        pieces = [] if file else body.attachments(data)
    except CdaError as error:
        raise DepositRefused(Fault.CONTENT, error.message, code=error.code) from error
    if file:
        _checked(file.data, file.media_type, limit=limit)
    for piece in pieces:
        try:
            _checked(piece.data, None, limit=limit)
        except DepositRefused as refused:
            if refused.code in _HARM:
                raise


def _checked(data: bytes, declared: str | None, *, limit: int) -> str:
    try:
        media_type = vault.check(data, declared, limit=limit)
        vault.scan(data)
    except vault.ScannerUnavailable:
        raise
    except vault.Refused as refused:
        raise DepositRefused(Fault.CONTENT, refused.message, code=refused.code) from refused
    return media_type


def read_cda(data: Source) -> DocumentEntry:
    try:
        return header.read(data)
    except CdaError as error:
        raise DepositRefused(Fault.CONTENT, error.message, code=error.code) from error


def person(number: Identifier | None) -> Identified:
    return patient_of(number, demonstration=settings.CARNET.demo)


def record_of(actor: Actor, patient: Identified) -> UUID:
    """Persons do not learn, by the time it takes, whether somebody has a record."""
    knows = actor.kind in {ActorKind.PROFESSIONAL, ActorKind.CLIENT}
    record_id = record_of_ins(patient.ins.oid, patient.ins.value15, remembered=knows)
    if record_id is None:
        raise DepositRefused(Fault.UNKNOWN_PATIENT)
    return record_id


def deposit_cda(
    actor: Actor,
    purpose: Purpose,
    *,
    data: bytes,
    labels: frozenset[str] = frozenset(),
    deposited_at: datetime | None = None,
    limit: int | None = None,
) -> Deposited:
    """A bare CDA, with labels besides those of its header."""
    with traced_refusals(actor, purpose, None):
        found = opened(data, "text/xml", limit=limit or settings.CARNET.max_fhir_bytes)
        entry = read_cda(data if found.cda is None else found.cda)
        patient = person(entry.patient.ins)
        entry = replace(entry, labels=entry.labels | labels, warnings=(*entry.warnings, *patient.warnings))
        record_id = record_of(actor, patient)
        return deposit(actor, purpose, record_id=record_id, entry=entry, content=data, deposited_at=deposited_at)


def is_cda(data: bytes) -> bool:
    return vault.guess(data) in CDA_TYPES


def open_record_of(data: bytes) -> UUID:
    """Opens a record for the patient of a CDA when the INS has none: the demonstration's way to begin."""
    if not settings.CARNET.demo:
        raise PermissionError("Records are opened from documents in the demonstration only.")
    named = read_cda(data).patient
    ins = patient_of(named.ins, demonstration=True).ins
    known = record_of_ins(ins.oid, ins.value15)
    if known:
        return known
    return open_record_for(
        SYSTEM,
        identity=Identity(
            ins_oid=ins.oid,
            ins=ins.value15,
            birth_family=named.birth_family or named.used_family,
            birth_given=named.birth_given or named.used_given,
            birth_givens=named.birth_givens,
            used_family=named.used_family,
            used_given=named.used_given,
            sex=named.sex if named.sex in {"F", "M"} else "U",
            birth_date=named.birth_date,
            birth_place=named.birth_place[:5],
        ),
    )


def deposit_file(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    data: bytes,
    type_code: str,
    title: str,
    limit: int,
) -> Deposited:
    """A PDF, an image or a text, whose metadata the depositor gives. The same bytes again are the same document."""
    with traced_refusals(actor, purpose, record_id):
        media_type = checked(data, None, limit=limit)
    kind = document_types.by_code(type_code, "")
    if kind is None:
        raise DepositRefused(Fault.TYPE_UNKNOWN)
    entry = DocumentEntry(
        unique_id=str(uuid5(record_id, sha256(data).hexdigest())),
        type=Coded(kind.code, kind.system, kind.display),
        title=title,
        created=clock.now(),
        media_type=media_type,
        patient=Patient(),
        format=document_types.default_format(media_type),
    )
    return deposit(actor, purpose, record_id=record_id, entry=entry, content=data)
