"""The files of a document: the original, what a browser opens by itself, and images of its pages."""

from __future__ import annotations

from functools import cache
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from carnet.documents import pictures, queries
from carnet.documents import reading as opening
from carnet.documents.queries import Document
from carnet.kernel import render
from carnet.kernel.limits import LargeBodies
from carnet.web import headers
from carnet.web.patient import faults, reading, sheets
from carnet.web.patient.reading import Piece
from carnet.web.patient.visit import Visit, patient_page

R = TypeVar("R", bound=HttpResponseBase)


@cache
def _large() -> LargeBodies:
    return LargeBodies(settings.CARNET.large_bodies * 1024 * 1024)


@patient_page()
def image(request: HttpRequest, visit: Visit, document_id: UUID, number: int) -> HttpResponse:
    """A page of a PDF, scan or photograph, `largeur` points wide; or an image of the sentence that says why not."""
    part = opening.part(visit.actor, visit.purpose, visit.record_id, document_id)
    file = reading.file_of(part.document.media_type, whole(part)) if part else None
    if file is None:
        raise Http404
    widths = {str(width): width for width in sheets.WIDTHS}
    try:
        shown = sheets.image(file, number, widths.get(request.GET.get("largeur", ""), sheets.WIDTHS[0]))
    except render.Unreadable as unreadable:
        if unreadable.code == "no-such-page":
            raise Http404 from None
        return _file(HttpResponse(faults.drawn(unreadable.code), content_type="image/svg+xml", status=422), "page.svg")
    return _file(HttpResponse(shown.data, content_type=render.IMAGE_TYPE), "page.webp")


@patient_page()
def content(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    """What the browser can open by itself: the document, or the one file that a level-1 CDA carries."""
    found = _content(visit, document_id)
    about = found.document
    if about.media_type in reading.OPENED:
        return _stream(found, inline=True)
    if about.media_type not in reading.CDA:
        raise Http404
    shown = reading.of_bytes(about.media_type, whole(found))
    if shown.kind is reading.Kind.NARRATIVE or shown.file is None:
        raise Http404
    return _piece(shown.file, about.title)


@patient_page()
def piece(request: HttpRequest, visit: Visit, document_id: UUID, number: int) -> HttpResponse:
    """A file inside a structured document; the first has number 1."""
    found = _content(visit, document_id)
    if found.document.media_type not in reading.CDA:
        raise Http404
    inside = reading.of_bytes(found.document.media_type, whole(found)).pieces
    if not 1 <= number <= len(inside):
        raise Http404
    return _piece(inside[number - 1], found.document.title)


@patient_page()
def original(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    """Byte for byte as it was deposited."""
    return _stream(_content(visit, document_id), inline=False)


@patient_page()
def picture(request: HttpRequest, visit: Visit, document_id: UUID, number: int) -> HttpResponseBase:
    """One of the pictures that this person added, byte for byte as their device made it."""
    found = pictures.find(visit.actor, visit.purpose, visit.record_id, document_id, number)
    if found is None:
        raise Http404
    about, chunks = found
    response = StreamingHttpResponse(chunks, content_type=_content_type(about.media_type))
    response["Content-Length"] = str(about.size)
    return _file(response, about.name or reading.file_name(f"photo {number}", about.media_type), inline=False)


def whole(found: queries.Content) -> bytes:
    with _large().admit(found.document.size):
        return b"".join(found.chunks)


def _content(visit: Visit, document_id: UUID) -> queries.Content:
    """Unknown and hidden are the same 404."""
    found = queries.content(visit.actor, visit.purpose, visit.record_id, document_id)
    if found is None:
        raise Http404
    return found


def _stream(found: queries.Content, *, inline: bool) -> StreamingHttpResponse:
    about: Document = found.document
    response = StreamingHttpResponse(found.chunks, content_type=_content_type(about.media_type))
    response["Content-Length"] = str(about.size)
    return _file(response, reading.file_name(about.title, about.media_type), inline=inline)


def _piece(piece: Piece, title: str) -> HttpResponse:
    response = HttpResponse(piece.data, content_type=_content_type(piece.media_type))
    name = piece.name or reading.file_name(title, piece.media_type)
    return _file(response, name, inline=piece.media_type in reading.OPENED)


def _content_type(media_type: str) -> str:
    """What a browser might run is announced as mere bytes."""
    return media_type if media_type in reading.OPENED else "application/octet-stream"


def _file(response: R, name: str, *, inline: bool = True) -> R:
    disposition = content_disposition_header(as_attachment=not inline, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Content-Security-Policy"] = headers.FILE
    return response
