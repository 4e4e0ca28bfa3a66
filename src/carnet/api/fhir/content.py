"""The document itself (ITI-68): byte for byte in its own type, or as a FHIR resource when that is asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from carnet.api.fhir import parameters
from carnet.api.fhir.accepting import FHIR_JSON, JSON, preferred
from carnet.api.fhir.face import software
from carnet.api.fhir.ids import identified, unaddressed
from carnet.documents import intake, queries
from carnet.documents.queries import Content
from carnet.formats.cda.build import vsm
from carnet.formats.fhir import binary as fhir_binary
from carnet.formats.fhir import errors
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audit, header


@software("GET", "HEAD", audit=Audit.RECORD_READ, negotiates=True)
def binary(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponseBase:
    content = _opened(actor, purpose, fhir_id)
    media_type = content.document.media_type
    # The document itself goes before the resource about it where both are wanted alike.
    wanted = preferred(header(request, "Accept"), parameters.stated_format(request), (*_own_types(media_type), *JSON))
    if wanted is None:
        raise errors.failure("not-acceptable")
    if wanted in JSON and media_type != FHIR_JSON:
        resource = fhir_binary.stream(fhir_id=fhir_id, media_type=media_type, chunks=content.chunks)
        return _private(StreamingHttpResponse(resource, content_type=f"{FHIR_JSON}; charset=utf-8"))
    return _as_it_is(content)


@software("GET", "HEAD", audit=Audit.RECORD_READ)
def fhir_document(request: HttpRequest, actor: Actor, purpose: Purpose, fhir_id: str) -> HttpResponseBase:
    """A FHIR document at the address of a Bundle, or the one that goes with a medical summary in CDA; any other
    document is not there."""
    content = _opened(actor, purpose, fhir_id)
    if content.document.media_type == FHIR_JSON:
        return _as_it_is(content)
    beside = vsm.beside(b"".join(content.chunks)) if content.document.media_type in intake.CDA_TYPES else None
    if beside is None:
        raise errors.failure("not-found")
    return _sealed(HttpResponse(beside, content_type=FHIR_JSON))


def _opened(actor: Actor, purpose: Purpose, fhir_id: str) -> Content:
    record_id, document_id = identified(fhir_id)
    with unaddressed():
        content = queries.content(actor, purpose, record_id, document_id)
    if content is None:
        raise errors.failure("not-found")
    return content


def _own_types(media_type: str) -> tuple[str, ...]:
    """A CDA bears three names for one thing."""
    return (media_type, *sorted(intake.CDA_TYPES - {media_type})) if media_type in intake.CDA_TYPES else (media_type,)


def _as_it_is(content: Content) -> HttpResponseBase:
    response = StreamingHttpResponse(content.chunks, content_type=content.document.media_type)
    response["Content-Length"] = str(content.document.size)
    return _sealed(response)


def _sealed(response: HttpResponseBase) -> HttpResponseBase:
    """A file that a browser runs nothing of."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "attachment"
    return _private(response)


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "no-store"
    return response
