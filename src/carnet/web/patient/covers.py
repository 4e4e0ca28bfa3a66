"""Opening another record of the family: in one tap."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from carnet.consent import parents
from carnet.consent.access import Refused
from carnet.consent.rules import Reason, Refusal
from carnet.kernel.http import Audience, Audit, door
from carnet.web.auth.session import authenticate
from carnet.web.patient import family, first_question
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Helps, Visit, patient_page
from carnet.web.render import page


@patient_page(helps=Helps.ANY)
def covers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every record that one may open, with what one is there."""
    family.look_anew(request, visit.actor)
    requests, left = bool(parents.own(visit.actor)), request.GET.get("fait") == "quitte"
    return page(request, "patient/covers.html", {"section": "covers", "requests": requests, "left": left})


@door(audience=Audience.PATIENT, audit=Audit.RECORD_READ)
@require_http_methods(["POST"])
def open_cover(request: HttpRequest) -> HttpResponse:
    actor = authenticate(request)
    if actor is None:
        raise Refused(Refusal(Reason.NO_RECORD), None)
    if first_question.unanswered_by(request, actor):
        return done(first_question.START)
    if not family.open_cover(request, actor, request.POST.get("ouvrir", "")):
        raise Http404
    return done("/accueil")
