"""The list of documents."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.documents import shelf_list
from carnet.documents.shelf_list import PAGE, Sort, Wanted
from carnet.web.patient import filters, listing
from carnet.web.patient.visit import Helps, Visit, patient_page
from carnet.web.render import page

_MOST_DIGITS = 5


@patient_page(helps=Helps.READS)
def documents(request: HttpRequest, visit: Visit) -> HttpResponse:
    wanted = filters.read(request.GET)
    offset = _offset(request.GET.get("depuis", ""))
    found = shelf_list.documents(
        visit.actor, visit.purpose, visit.record_id, wanted, since=visit.since, offset=offset, limit=PAGE
    )
    dated = listing.deposit_date if wanted.sort is Sort.DEPOSITED else listing.act_date
    shown = offset + len(found.lines)
    context = {
        "section": "documents",
        "wanted": wanted,
        "filters": filters.filters(wanted, found.counts),
        "open": request.headers.get("HX-Trigger", "").startswith(filters.MORE),
        "counts": found.counts,
        "years": listing.by_year(found.lines, dated, found.counts.folders),
        "offset": offset,
        "more": {"offset": shown, "href": filters.href(wanted, shown)} if shown < found.counts.total else None,
        "start": filters.href(wanted),
        "everything": wanted == Wanted(sort=wanted.sort),
    }
    return page(request, "patient/documents.html", context)


def _offset(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0
