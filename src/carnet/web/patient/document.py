"""One document: its page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.documents import reading as opening
from carnet.documents.queries import Document
from carnet.web import headers
from carnet.web.patient import listing, sharing
from carnet.web.patient.visit import Helps, Visit, patient_page
from carnet.web.reading import authors, changed, looked, rendering, serving, sheets, versions
from carnet.web.render import page


@patient_page(helps=Helps.READS)
def document(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    """`q`: words to be marked; `page`: the page of a long document that must be among those shown."""
    words, terms = looked.asked(request.GET.get("q", ""))
    opened = opening.opened(visit.actor, visit.purpose, visit.record_id, document_id, terms)
    if opened is None:
        raise Http404
    found = opened.content.document
    whole = serving.whole(opened.content)
    shown = rendering.of_bytes(found.media_type, whole, terms)
    around = versions.of(opened.around)
    leaves, fault = sheets.told(shown, terms, request.GET.get("page", ""), opened.hit)
    context: dict[str, Any] = {
        "section": "documents",
        "document": found,
        "row": _row(found),
        "reading": shown,
        "sheets": leaves,
        "fault": fault,
        "looked": looked.of(words, terms, shown, leaves),
        "versions": around,
        "compared": bool(around.earlier) and changed.is_summary(found.media_type, whole),
        "replaced": listing.replaced(),
        "authors": authors.authors(found.fhir),
        "readers": sharing.readers(found, opened.seers),
        "holder": opened.holder,
        "pictures": opened.pictures,
    }
    return page(request, "patient/document.html", context, csp=headers.READING)


@patient_page(helps=Helps.READS)
def changes(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    """What a version of a medical summary says otherwise than the one before it."""
    found = changed.of_document(visit.actor, visit.purpose, visit.record_id, document_id)
    if found is None:
        raise Http404
    context = {"section": "documents", "document_id": document_id, "found": found}
    return page(request, "patient/changes.html", context)


def _row(found: Document) -> listing.Row:
    """Its title without what shows nothing or turns the direction of letters."""
    row = listing.row(found)
    return replace(row, title=rendering.visible(row.title))
