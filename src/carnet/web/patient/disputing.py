"""« Contester cet accès »: what it does is said first; what became of it is followed on the same page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.consent import giving, reviewing
from carnet.consent.actions import Grantee
from carnet.consent.models import LONGEST_WORDS
from carnet.consent.reviewing import WordsTooLong
from carnet.formats.text.tidy import readable
from carnet.kernel import clock
from carnet.people import queries as people
from carnet.web.auth import drafts
from carnet.web.i18n import gettext
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page


@patient_form()
def dispute(request: HttpRequest, visit: Visit, professional_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _page(request, visit, professional_id)
    words = readable(request.POST.get("mots", ""))
    try:
        reviewing.dispute(
            visit.actor, visit.purpose, record_id=visit.record_id, professional_id=professional_id, words=words
        )
    except reviewing.Unknown:
        raise Http404 from None
    except WordsTooLong:
        text = gettext("Écrivez %(most)s caractères au plus : il y en a %(count)s.")
        said = text % {"most": LONGEST_WORDS, "count": len(words)}
        return _page(request, visit, professional_id, words, [("mots", said)])
    return done(f"{request.path}?fait=1")


def _page(
    request: HttpRequest,
    visit: Visit,
    professional_id: UUID,
    words: str = "",
    errors: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
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
        "words": words or drafts.fields(request, visit.actor.id).get("mots", ""),
        "most": LONGEST_WORDS,
        "errors": errors,
    }
    return page(request, "patient/dispute.html", context, status=422 if errors else 200)
