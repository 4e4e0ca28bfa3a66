"""Somebody who was invited to help: who asks, for what and until when; yes or no, signed in to their own account."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from carnet.consent import answering
from carnet.consent.access import Refused
from carnet.consent.answering import NotThere
from carnet.consent.inviting import CareRefused, Fault
from carnet.consent.rules import Reason, Refusal
from carnet.kernel import audit
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.http import Audience, Audit, door
from carnet.kernel.throttle import Throttle
from carnet.web.auth.session import authenticate
from carnet.web.i18n import gettext
from carnet.web.patient import carers, family
from carnet.web.patient.standing import done
from carnet.web.render import page
from carnet.web.sent_twice import once
from carnet.web.words import first_name, marked

_WRONG: Final = Throttle("invitation", 10, timedelta(hours=1))
"""Codes of one person."""

CODE_MISSING: Final = marked("Écrivez le code de l'invitation")
OWN: Final = marked("C'est votre propre invitation : donnez ce code à la personne que vous invitez.")
_LONGEST: Final = 100
_REFUSED: Final = "refused_to_help"
_FAULTS: Final = {
    Fault.TOO_MANY: marked("Cette personne a déjà le plus grand nombre d'aidants possible. Dites-le-lui."),
    Fault.TOO_MANY_HELPED: marked("Vous aidez déjà le plus grand nombre de personnes possible."),
    Fault.ALREADY: marked("Vous aidez déjà cette personne. C'est à elle de changer ce que vous pouvez faire."),
}


@once
@door(audience=Audience.PATIENT, audit=Audit.RECORD_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    actor = authenticate(request)
    if actor is None:
        raise Refused(Refusal(Reason.NO_RECORD), None)
    family.of(request, actor)
    given = request.POST if request.method == "POST" else request.GET
    code = given.get("code", "").strip()[:_LONGEST]
    if not code and request.GET.get("fait") == "refuse" and _REFUSED in request.session:
        context = {"section": "covers", "name": request.session[_REFUSED]}
        return page(request, "patient/carer_refused.html", context)
    if not code:
        sent = request.method == "POST"
        return _ask(request, gettext(CODE_MISSING) if sent else "", status=422 if sent else 200)
    if tired(actor):
        return _ask(request, gettext("Trop de codes essayés : attendez une heure"), status=429)
    try:
        return _answered(request, actor, code)
    except NotThere:
        note(actor)
        audit.refused(actor, Purpose.CARER, record_id=None, action="carer-invited", reason="not-found")
        return _ask(request, gettext("Ce code ne vaut pas, ou plus. Demandez une nouvelle invitation."), status=422)


def _answered(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    offer = answering.offered(code)
    if answering.is_own(actor, offer.record_id, offer.by_id):
        return _ask(request, gettext(OWN), status=409)
    if request.method != "POST" or request.POST.get("acte") not in {"accepter", "refuser"}:
        return _shown(request, offer, code)
    if request.POST["acte"] == "refuser":
        answering.refuse(actor, code)
        request.session[_REFUSED] = first_name(offer.helped)
        return done(f"{request.path}?fait=refuse")
    try:
        record_id = answering.accept(actor, code)
    except CareRefused as refused:
        return _shown(request, offer, code, error=gettext(_FAULTS.get(refused.fault, _FAULTS[Fault.TOO_MANY])))
    family.open_cover(request, actor, str(record_id))
    return done("/accueil")


def _shown(request: HttpRequest, offer: answering.Offer, code: str, *, error: str = "") -> HttpResponse:
    context = {
        "section": "covers",
        "offer": offer,
        "code": code,
        "name": first_name(offer.helped),
        "by": first_name(offer.by),
        "told": carers.lasts(offer.given),
        "error": error,
    }
    return page(request, "patient/carer_offer.html", context, status=409 if error else 200)


def _ask(request: HttpRequest, error: str, *, status: int = 200) -> HttpResponse:
    context = {"section": "covers", "errors": [("code", error)] if error else []}
    return page(request, "patient/carer_answer.html", context, status=status)


def tired(actor: Actor) -> bool:
    """Of trying codes."""
    return bool(_WRONG.wait(str(actor.id)))


def note(actor: Actor) -> None:
    """A code that led nowhere."""
    _WRONG.failed(str(actor.id))
