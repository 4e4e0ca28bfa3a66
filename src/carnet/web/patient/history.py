"""Mon histoire de santé: what happened, line by line, newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.health.history import Wanted, history
from carnet.web.patient import history_asked, history_words
from carnet.web.patient.visit import Helps, Visit, patient_page
from carnet.web.render import page


@patient_page(helps=Helps.READS_ALL)
def timeline(request: HttpRequest, visit: Visit) -> HttpResponse:
    wanted, after = history_asked.read(request.GET), history_asked.after(request.GET)
    found = history(visit.actor, visit.purpose, visit.record_id, wanted, since=visit.since, after=after)
    context = {
        "section": "health",
        "wanted": wanted,
        "kept": history_asked.fields(wanted),
        "sorts": history_asked.sorts(wanted, found.counts),
        "year_choices": history_asked.years(wanted, found.counts),
        "counts": found.counts,
        "years": history_words.by_year(found.lines),
        "after": after,
        "start": history_asked.href(wanted),
        "more": {"id": found.next.key, "href": history_asked.href(wanted, found.next)} if found.next else None,
        "everything": wanted == Wanted(),
    }
    return page(request, "patient/history.html", context)
