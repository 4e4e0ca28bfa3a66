"""« Contester cet accès »: what it does is said first; what became of it is followed on the same page."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.consent import giving, reviewing
from carnet.consent.actions import Grantee
from carnet.kernel import clock
from carnet.people import queries as people
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page


@patient_form()
def dispute(request: HttpRequest, visit: Visit, professional_id: UUID) -> HttpResponse:
    if request.method == "POST":
        try:
            reviewing.dispute(visit.actor, visit.purpose, record_id=visit.record_id, professional_id=professional_id)
        except reviewing.Unknown:
            raise Http404 from None
        return done(f"{request.path}?fait=1")
    known = reviewing.cases(visit.actor, visit.purpose, visit.record_id)
    who = people.professionals([professional_id]).get(professional_id)
    to = Grantee("professional", professional_id)
    stands = giving.footing(visit.actor, visit.purpose, record_id=visit.record_id, to=to, action="disputes-read")
    if who is None or stands is None:
        raise Http404
    case = next((each for each in known if each.professional.id == professional_id), None)
    context = {
        "section": "accesses",
        "professional": who,
        "stands": stands,
        "case": case,
        "left": -((clock.now() - case.due_at) // timedelta(days=1)) if case else 0,
        "days": reviewing.ANSWERED_WITHIN.days,
        "done": "fait" in request.GET,
    }
    return page(request, "patient/dispute.html", context)
