"""Taking back a document that the person added."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect

from carnet.documents import adding, queries
from carnet.web.patient import listing
from carnet.web.patient.visit import Helps, Visit, patient_form
from carnet.web.render import page


@patient_form(helps=Helps.ADDS)
def remove(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    """What it means is said before it is done."""
    if request.method == "POST":
        adding.take_back(visit.actor, visit.purpose, record_id=visit.record_id, document_id=document_id)
        return HttpResponseRedirect("/documents?fait=supprime")
    found = queries.read_document(visit.actor, visit.purpose, visit.record_id, document_id)
    if found is None or not found.mine:
        raise Http404
    context = {"section": "documents", "document": found, "row": listing.row(found)}
    return page(request, "patient/remove.html", context)
