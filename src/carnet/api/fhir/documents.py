"""DocumentReference and Binary: ITI-105 (simplified publish), ITI-67 (find), read, ITI-68 (retrieve)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from carnet.api.fhir import body, parameters
from carnet.api.fhir.face import base_url, json, software
from carnet.api.fhir.patients import record_of_identifier
from carnet.consent.access import Refused
from carnet.consent.rules import Reason
from carnet.documents import intake, queries
from carnet.documents.actions import Deposited, deposit, traced_refusals
from carnet.documents.rules import DepositRefused, Fault
from carnet.formats.entry import DocumentEntry, Identifier, replace
from carnet.formats.fhir import binary as fhir_binary
from carnet.formats.fhir import bundle, document_reference, errors
from carnet.formats.fhir import search as fhir_search
from carnet.formats.fhir.search import DocumentSearch, Token
from carnet.formats.terminology import systems
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit
from carnet.kernel.ids import from_fhir_id, from_short
from carnet.kernel.limits import LargeBodies
from carnet.records.queries import existence

_large = LargeBodies(settings.CARNET.large_bodies * 1024 * 1024)


@software("GET", "HEAD", "POST", audit=Audit.RECORD_WRITE)
def collection(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponseBase:
    if request.method == "POST":
        return _publish(request, actor, purpose)
    return _find(request, actor, purpose)


@software("POST", "GET", "HEAD", audit=Audit.RECORD_READ)
def search(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    return _find(request, actor, purpose)


# ITI-105


def _publish(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    limit = settings.CARNET.max_fhir_bytes
    with _large.admit(body.declared_size(request)), traced_refusals(actor, purpose, None):
        submission = document_reference.read(body.resource(request, limit=limit))
        entry, content = submission.entry, submission.content
        literal, replaced = submission.subject_reference, submission.replaces_references
        del submission
        media_type = intake.checked(content, entry.media_type, limit=limit)
        record_id, entry = _subject(actor, replace(entry, media_type=media_type), literal)
        if media_type in intake.CDA_TYPES:
            entry = _with_header(entry, content)
        done = deposit(
            actor,
            purpose,
            record_id=record_id,
            entry=entry,
            content=content,
            replaces_ids=_replaced(record_id, replaced),
        )
    return _published(done)


def _subject(actor: Actor, entry: DocumentEntry, literal: str | None) -> tuple[UUID, DocumentEntry]:
    """The record, and the entry with its patient's INS: from the INS given, or from the id that TD0.2 told; both
    must name the same person."""
    if literal is None:
        return intake.record_of(intake.identified(entry)), entry
    holder = existence(actor, from_short(literal))
    if holder is None or not holder.state.exists:
        raise DepositRefused(Fault.UNKNOWN_PATIENT)
    ins = Identifier(holder.identity.ins_oid, holder.identity.ins)
    named = replace(entry, patient=replace(entry.patient, ins=ins))
    if entry.patient.ins and intake.identified(entry).ins != intake.identified(named).ins:
        raise DepositRefused(Fault.PATIENT_DIFFERS)
    return holder.record_id, named


def _with_header(entry: DocumentEntry, content: bytes) -> DocumentEntry:
    """A CDA names its patient itself: never file it in somebody else's record. What its header restricts or replaces
    holds, whatever the metadata around it say."""
    inside = intake.read_cda(content)
    if inside.patient.ins is not None:
        own = intake.identified(replace(entry, patient=replace(entry.patient, ins=inside.patient.ins))).ins
        if own != intake.identified(entry).ins:
            raise DepositRefused(Fault.PATIENT_DIFFERS)
    return replace(entry, labels=entry.labels | inside.labels, replaces=entry.replaces or inside.replaces)


def _replaced(record_id: UUID, references: Sequence[str]) -> list[UUID]:
    """The documents of this record that literal references name."""
    pairs = [from_fhir_id(reference) for reference in references]
    if any(pair is None or pair[0] != record_id for pair in pairs):
        raise DepositRefused(Fault.REPLACED_UNKNOWN)
    return [pair[1] for pair in pairs if pair]


def _published(done: Deposited) -> HttpResponse:
    response = json(done.fhir.encode(), status=201 if done.new else 200)
    response["Location"] = f"{base_url()}/DocumentReference/{done.fhir_id}/_history/{done.version}"
    response["ETag"] = f'W/"{done.version}"'
    return response


# ITI-67


def _find(request: HttpRequest, actor: Actor, purpose: Purpose) -> HttpResponse:
    asked = fhir_search.documents(parameters.of(request), strict=parameters.strict(request))
    # Without a record the same work is done: both refusals take the same time.
    record_id = _record(asked) or UUID(int=0)
    found = queries.search(
        actor,
        purpose,
        record_id,
        statuses=asked.statuses or None,
        unique_ids=_unique_ids(asked),
        ids=_ids(asked, record_id),
        after=_after(asked.cursor),
        limit=asked.count,
    )
    next_url = _address(asked, _cursor(found.last)) if found.more and found.last else None
    return json(
        bundle.searchset(
            found.entries,
            total=found.total,
            self_url=_address(asked, asked.cursor),
            next_url=next_url,
            base=base_url(),
        )
    )


def _record(asked: DocumentSearch) -> UUID | None:
    """The one record that every given patient names."""
    named = {from_short(text) for text in asked.patient_ids}
    named |= {record_of_identifier(token.system or "", token.code or "") for token in asked.patient_identifiers}
    named |= {pair[0] if (pair := from_fhir_id(text)) else None for text in asked.ids}
    if not named:
        raise errors.failure("search-patient-required", expression="patient")
    return named.pop() if len(named) == 1 else None


def _unique_ids(asked: DocumentSearch) -> list[str] | None:
    if not asked.identifiers:
        return None
    return [unique for token in asked.identifiers if (unique := fhir_search.unique_id(token))]


def _ids(asked: DocumentSearch, record_id: UUID) -> list[UUID] | None:
    if not asked.ids:
        return None
    pairs = [from_fhir_id(text) for text in asked.ids]
    return [pair[1] for pair in pairs if pair and pair[0] == record_id]


_SALT = "fhir-page"


def _cursor(last: tuple[datetime, UUID]) -> str:
    """Where the next page continues; signed, so that nobody makes one."""
    return signing.dumps([last[0].isoformat(), str(last[1])], salt=_SALT)


def _after(cursor: str) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    try:
        at, identifier = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature:
        raise errors.failure("search-value", expression="http._cursor") from None
    return datetime.fromisoformat(at), UUID(identifier)


def _address(asked: DocumentSearch, cursor: str) -> str:
    """The search as it was understood: parameters that had no effect are not repeated."""
    pairs: list[tuple[str, str]] = []
    if asked.patient_ids:
        pairs.append(("patient", ",".join(asked.patient_ids)))
    pairs += [("patient.identifier", _text(token)) for token in asked.patient_identifiers]
    if asked.statuses:
        pairs.append(("status", ",".join(asked.statuses)))
    if asked.identifiers:
        pairs.append(("identifier", ",".join(_text(token) for token in asked.identifiers)))
    if asked.ids:
        pairs.append(("_id", ",".join(asked.ids)))
    pairs.append(("_count", str(asked.count)))
    if cursor:
        pairs.append(("_cursor", cursor))
    return f"{base_url()}/DocumentReference?{urlencode(pairs)}"


def _text(token: Token) -> str:
    """The token as a client writes it."""
    code = token.code or ""
    return code if token.system is None else f"{systems.to_uri(token.system)}|{code}"


# read, ITI-68


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def read(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponse:
    record_id, document_id = _identified(fhir_id)
    with _unaddressed():
        document = queries.read_document(actor, purpose, record_id, document_id)
    if document is None:
        raise errors.failure("not-found")
    response = json(document.fhir.encode())
    response["ETag"] = f'W/"{document.version}"'
    return response


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def binary(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponseBase:
    """The document byte for byte in its own type, or as a Binary resource when FHIR JSON is asked for."""
    record_id, document_id = _identified(fhir_id)
    with _unaddressed():
        content = queries.content(actor, purpose, record_id, document_id)
    if content is None:
        raise errors.failure("not-found")
    document = content.document
    as_resource, as_is = _wanted(request, document.media_type)
    if as_resource:
        resource = fhir_binary.stream(fhir_id=fhir_id, media_type=document.media_type, chunks=content.chunks)
        response = StreamingHttpResponse(resource, content_type="application/fhir+json; charset=utf-8")
    elif as_is:
        response = StreamingHttpResponse(content.chunks, content_type=document.media_type)
        response["Content-Length"] = str(document.size)
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Content-Disposition"] = "attachment"
    else:
        raise errors.failure("not-acceptable")
    response["Cache-Control"] = "no-store"
    return response


def _wanted(request: HttpRequest, media_type: str) -> tuple[bool, bool]:
    """Whether FHIR JSON is asked for, and whether the document's own type would do."""
    accepted = [part.partition(";")[0].strip().lower() for part in request.headers.get("Accept", "*/*").split(",")]
    own = {media_type, "*/*", f"{media_type.partition('/')[0]}/*"}
    if media_type in intake.CDA_TYPES:
        own |= intake.CDA_TYPES
    first = accepted[0] if accepted else "*/*"
    as_resource = first in {"application/fhir+json", "application/json"} and first != media_type
    return as_resource, bool(own & set(accepted))


@contextmanager
def _unaddressed() -> Iterator[None]:
    """Who names a record by its id, not by an INS, learns nothing of whether it exists."""
    try:
        yield
    except Refused as refused:
        if refused.reason in {Reason.NO_RECORD, Reason.OPPOSED}:
            raise errors.failure("forbidden") from None
        raise


def _identified(fhir_id: str) -> tuple[UUID, UUID]:
    pair = from_fhir_id(fhir_id)
    if pair is None:
        raise errors.failure("not-found")
    return pair
