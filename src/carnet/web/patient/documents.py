"""The list of documents."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.documents import queries
from carnet.web.patient import listing
from carnet.web.patient.visit import Visit, patient_page
from carnet.web.render import page


@patient_page()
def documents(request: HttpRequest, visit: Visit) -> HttpResponse:
    lines = queries.list_documents(visit.actor, visit.purpose, visit.record_id)
    context = {"section": "documents", "years": listing.by_year(lines), "count": len(lines)}
    return page(request, "patient/documents.html", context)
