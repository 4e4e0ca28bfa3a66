"""What every page about one document of the list begins with: the document as its holder keeps it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from carnet.documents import shelf
from carnet.documents.changing import NotThere
from carnet.documents.shelf import Place
from carnet.web.patient.visit import Visit


def standing(visit: Visit, document_id: UUID) -> Place:
    """Unknown and hidden are the same 404."""
    found = shelf.place(visit.actor, visit.purpose, visit.record_id, document_id)
    if found is None:
        raise NotThere
    return found


def done(address: str) -> HttpResponse:
    """After a POST: the page that says what was done (303, so that reloading it sends nothing again)."""
    return HttpResponse(status=303, headers={"Location": address})
