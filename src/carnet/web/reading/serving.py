"""The files of a document as answers: the original, what a browser opens by itself, and images of its pages. Whoever
asks, for the face to say; unknown and hidden are the same 404."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from carnet.documents import queries
from carnet.documents import reading as opening
from carnet.documents.queries import Document
from carnet.kernel import render
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.limits import LargeBodies
from carnet.web import headers
from carnet.web.reading import faults, rendering, sheets
from carnet.web.reading.rendering import Piece

R = TypeVar("R", bound=HttpResponseBase)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who reads in which record, and what for."""

    actor: Actor
    purpose: Purpose
    record_id: UUID


@cache
def _large() -> LargeBodies:
    return LargeBodies(settings.CARNET.large_bodies * 1024 * 1024)


def image(asker: Asker, document_id: UUID, number: int, wanted: str) -> HttpResponse:
    """A page of a PDF, scan or photograph, `wanted` points wide; or an image of the sentence that says why not."""
    part = opening.part(asker.actor, asker.purpose, asker.record_id, document_id)
    file = rendering.file_of(part.document.media_type, whole(part)) if part else None
    if file is None:
        raise Http404
    widths = {str(width): width for width in sheets.WIDTHS}
    try:
        shown = sheets.image(file, number, widths.get(wanted, sheets.WIDTHS[0]))
    except render.Unreadable as unreadable:
        if unreadable.code == "no-such-page":
            raise Http404 from None
        return named(HttpResponse(faults.drawn(unreadable.code), content_type="image/svg+xml", status=422), "page.svg")
    return named(HttpResponse(shown.data, content_type=render.IMAGE_TYPE), "page.webp")


def content(asker: Asker, document_id: UUID) -> HttpResponseBase:
    """What the browser can open by itself: the document, or the one file that a level-1 CDA carries."""
    found = _content(asker, document_id)
    about = found.document
    if about.media_type in rendering.OPENED:
        return _stream(found, inline=True)
    if about.media_type not in rendering.CDA:
        raise Http404
    shown = rendering.of_bytes(about.media_type, whole(found))
    if shown.kind is rendering.Kind.NARRATIVE or shown.file is None:
        raise Http404
    return _piece(shown.file, about.title)


def piece(asker: Asker, document_id: UUID, number: int) -> HttpResponse:
    """A file inside a structured document; the first has number 1."""
    found = _content(asker, document_id)
    if found.document.media_type not in rendering.CDA:
        raise Http404
    inside = rendering.of_bytes(found.document.media_type, whole(found)).pieces
    if not 1 <= number <= len(inside):
        raise Http404
    return _piece(inside[number - 1], found.document.title)


def original(asker: Asker, document_id: UUID) -> HttpResponseBase:
    """Byte for byte as it was deposited."""
    return _stream(_content(asker, document_id), inline=False)


def whole(found: queries.Content) -> bytes:
    with _large().admit(found.document.size):
        return b"".join(found.chunks)


def _content(asker: Asker, document_id: UUID) -> queries.Content:
    found = queries.content(asker.actor, asker.purpose, asker.record_id, document_id)
    if found is None:
        raise Http404
    return found


def _stream(found: queries.Content, *, inline: bool) -> StreamingHttpResponse:
    about: Document = found.document
    response = StreamingHttpResponse(found.chunks, content_type=content_type(about.media_type))
    response["Content-Length"] = str(about.size)
    return named(response, rendering.file_name(about.title, about.media_type), inline=inline)


def _piece(piece: Piece, title: str) -> HttpResponse:
    response = HttpResponse(piece.data, content_type=content_type(piece.media_type))
    name = piece.name or rendering.file_name(title, piece.media_type)
    return named(response, name, inline=piece.media_type in rendering.OPENED)


def content_type(media_type: str) -> str:
    """What a browser might run is announced as mere bytes."""
    return media_type if media_type in rendering.OPENED else "application/octet-stream"


def named(response: R, name: str, *, inline: bool = True) -> R:
    disposition = content_disposition_header(as_attachment=not inline, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Content-Security-Policy"] = headers.FILE
    return response
