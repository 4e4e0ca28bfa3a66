"""Home: what is new, who looked last, where things are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.documents import queries
from carnet.web.patient import accesses, listing
from carnet.web.patient.visit import Visit, patient_page
from carnet.web.render import page
from carnet.web.words import first_name

_NEWEST = 3


@patient_page()
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    lines = queries.list_documents(visit.actor, visit.purpose, visit.record_id)
    newest = sorted(lines, key=lambda line: line.deposited_at, reverse=True)[:_NEWEST]
    return page(
        request,
        "patient/home.html",
        {
            "section": "home",
            "first_name": first_name(visit.actor.name),
            "newest": [listing.row(line) for line in newest],
            "count": len(lines),
            "last": accesses.last_of_others(visit),
        },
    )
