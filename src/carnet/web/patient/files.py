"""The files of the holder's documents."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from carnet.documents import pictures
from carnet.web.patient.visit import Helps, Visit, patient_page
from carnet.web.reading import rendering, serving
from carnet.web.reading.serving import Asker


@patient_page(helps=Helps.READS)
def image(request: HttpRequest, visit: Visit, document_id: UUID, number: int) -> HttpResponse:
    return serving.image(_asker(visit), document_id, number, request.GET.get("largeur", ""))


@patient_page(helps=Helps.READS)
def content(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    return serving.content(_asker(visit), document_id)


@patient_page(helps=Helps.READS)
def piece(request: HttpRequest, visit: Visit, document_id: UUID, number: int) -> HttpResponse:
    return serving.piece(_asker(visit), document_id, number)


@patient_page(helps=Helps.READS)
def original(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    return serving.original(_asker(visit), document_id)


@patient_page(helps=Helps.READS)
def picture(request: HttpRequest, visit: Visit, document_id: UUID, number: int) -> HttpResponseBase:
    """One of the pictures that this person added, byte for byte as their device made it."""
    found = pictures.find(visit.actor, visit.purpose, visit.record_id, document_id, number)
    if found is None:
        raise Http404
    about, chunks = found
    response = StreamingHttpResponse(chunks, content_type=serving.content_type(about.media_type))
    response["Content-Length"] = str(about.size)
    name = about.name or rendering.file_name(f"photo {number}", about.media_type)
    return serving.named(response, name, inline=False)


def _asker(visit: Visit) -> Asker:
    return Asker(visit.actor, visit.purpose, visit.record_id)
