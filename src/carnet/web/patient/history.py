"""Mon histoire de santé: what happened, line by line, newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.health.history import Wanted, history
from carnet.web.i18n import today
from carnet.web.patient import history_asked, history_words
from carnet.web.patient.band import band
from carnet.web.patient.visit import Helps, Visit, patient_page
from carnet.web.render import page


@patient_page(helps=Helps.READS_ALL)
def timeline(request: HttpRequest, visit: Visit) -> HttpResponse:
    wanted, after = history_asked.read(request.GET), history_asked.after(request.GET)
    whole = wanted == Wanted() and after is None
    of = visit.actor, visit.purpose, visit.record_id
    found = history(*of, wanted, since=visit.since, after=after, problems=whole)
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
        "band": band(found.problems, found.born, today()) if whole else None,
        "everything": wanted == Wanted(),
    }
    return page(request, "patient/history.html", context)
