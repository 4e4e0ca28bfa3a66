"""One document: its page, and its files."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from carnet.documents import queries
from carnet.documents.queries import Document
from carnet.kernel.limits import LargeBodies
from carnet.web import headers
from carnet.web.patient import listing, reading, sharing
from carnet.web.patient.reading import Piece, Reading
from carnet.web.patient.visit import Visit, patient_page
from carnet.web.render import page

R = TypeVar("R", bound=HttpResponseBase)


@cache
def _large() -> LargeBodies:
    return LargeBodies(settings.CARNET.large_bodies * 1024 * 1024)


@patient_page()
def document(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    found = _content(visit, document_id)
    kind = found.document.media_type
    shown = reading.of_bytes(kind, _bytes(found) if reading.needs_content(kind) else b"")
    context: dict[str, Any] = {
        "section": "documents",
        "document": found.document,
        "row": listing.row(found.document),
        "reading": shown,
        "readers": sharing.readers(found.document),
    }
    return page(request, "patient/document.html", context, csp=headers.READING)


@patient_page()
def content(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    """What the browser can show by itself: the document, or the one file that a level-1 CDA carries."""
    found = _content(visit, document_id)
    if found.document.media_type in reading.SHOWN:
        return _stream(found, inline=True)
    if found.document.media_type not in reading.CDA:
        raise Http404
    shown = reading.of_bytes(found.document.media_type, _bytes(found))
    if shown.kind is reading.Kind.NARRATIVE or not shown.pieces:
        raise Http404
    return _piece(shown.pieces[0], found.document.title)


@patient_page()
def piece(request: HttpRequest, visit: Visit, document_id: UUID, number: int) -> HttpResponse:
    """A file inside a structured document; the first has number 1."""
    found = _content(visit, document_id)
    inside: Reading | None = None
    if found.document.media_type in reading.CDA:
        inside = reading.of_bytes(found.document.media_type, _bytes(found))
    if inside is None or not 1 <= number <= len(inside.pieces):
        raise Http404
    return _piece(inside.pieces[number - 1], found.document.title)


@patient_page()
def original(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    """Byte for byte as it was deposited."""
    return _stream(_content(visit, document_id), inline=False)


def _content(visit: Visit, document_id: UUID) -> queries.Content:
    """Unknown and hidden are the same 404."""
    found = queries.content(visit.actor, visit.purpose, visit.record_id, document_id)
    if found is None:
        raise Http404
    return found


def _bytes(found: queries.Content) -> bytes:
    with _large().admit(found.document.size):
        return b"".join(found.chunks)


def _stream(found: queries.Content, *, inline: bool) -> StreamingHttpResponse:
    about: Document = found.document
    response = StreamingHttpResponse(found.chunks, content_type=_content_type(about.media_type))
    response["Content-Length"] = str(about.size)
    return _file(response, reading.file_name(about.title, about.media_type), inline=inline)


def _piece(piece: Piece, title: str) -> HttpResponse:
    response = HttpResponse(piece.data, content_type=_content_type(piece.media_type))
    name = piece.name or reading.file_name(title, piece.media_type)
    return _file(response, name, inline=piece.media_type in reading.SHOWN)


def _content_type(media_type: str) -> str:
    """What a browser might run is announced as mere bytes."""
    return media_type if media_type in reading.SHOWN else "application/octet-stream"


def _file(response: R, name: str, *, inline: bool) -> R:
    disposition = content_disposition_header(as_attachment=not inline, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Content-Security-Policy"] = headers.FILE
    return response
