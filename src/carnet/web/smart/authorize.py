"""Where an app sends a professional's browser (`/oauth/authorize`), and what they answer (`/oauth/accord`); a person's,
for an app of persons, goes on in `persons`.

One order of steps: is it a registered app; is what it asks for in form; who is there; is it the professional for whom
the launch was made; which patient; may they read that record; do they let the app in. Each step that is missing is a
page; when none is, the app gets its code. Nothing is kept between steps but the patient who was chosen: each answer
goes through all of them again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from carnet.api.oauth import conforming
from carnet.consent.standing import Standing, standing
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import Stale
from carnet.kernel.http import Audience, Audit, door
from carnet.people import app_consents, granting
from carnet.people import queries as people
from carnet.records.queries import Holder, existence
from carnet.web import errors, i18n
from carnet.web.auth import continuing, session
from carnet.web.auth.views import SITUATION
from carnet.web.patient import first_question
from carnet.web.pro import band, desk, finding, may
from carnet.web.pro.seeking import Sought, sought
from carnet.web.render import page
from carnet.web.smart import asking, choosing, giving, persons, scope_words
from carnet.web.smart.asking import Asked, NoApp, Wrong

ADDRESS: Final = "/oauth/authorize"
ANSWER: Final = "/oauth/accord"
_STATUS: Final = {"app": 400, "address": 400, "form": 400}
_log = structlog.get_logger("carnet.apps")


@dataclass(frozen=True, slots=True)
class _Step:
    """An app's request with what is known of who answers it."""

    asked: Asked
    query: str
    who: Actor
    record_id: UUID | None
    purpose: Purpose = Purpose.CARE


@csrf_exempt
@door(audience=Audience.OPEN, audit=Audit.ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """A request that was posted (SMART, `authorize-post`) comes without the session of this site: it goes on as an
    address of it, where the session is."""
    if request.method == "POST":
        return HttpResponse(status=303, headers={"Location": f"{ADDRESS}?{urlencode(list(request.POST.items()))}"})
    return _stepwise(request, act="")


@door(audience=Audience.OPEN, audit=Audit.ACCOUNT)
@require_POST
def answered(request: HttpRequest) -> HttpResponse:
    """The professional's own forms, sent with the app's request in the address."""
    return _stepwise(request, act=request.POST.get("acte", ""))


def _stepwise(request: HttpRequest, *, act: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    try:
        given = asking.pairs(query)
        to = asking.answerable(given)
    except NoApp as none:
        _log.info("app refused", reason=none.why)
        if none.client:
            conforming.sent_wrongly(none.client, "redirect-uri")
        return page(request, "smart/no_app.html", {"why": none.why}, status=_STATUS[none.why])
    try:
        asked = asking.read(given, to)
        try:
            return _asked(request, asked, query, act)
        except granting.SessionOver:
            return _sign_in(asked, query)
    except Wrong as wrong:
        _log.info("app refused", client=to.client.key, reason=wrong.error)
        if wrong.code:
            conforming.sent_wrongly(to.client, wrong.code)
        return giving.redirect(asking.answer(to, error=wrong.error, error_description=wrong.text))


def _asked(request: HttpRequest, asked: Asked, query: str, act: str) -> HttpResponse:
    who = session.authenticate(request)
    if who is None:
        return _sign_in(asked, query)
    if who.kind is not (ActorKind.PERSON if asked.client.for_persons else ActorKind.PROFESSIONAL):
        return errors.other_face(request, who)
    if asked.launched and asked.launched.actor_id != who.id:
        return _somebody_else(request, asked, query, act, who)
    if who.kind is ActorKind.PERSON:
        return _as_person(request, asked, query, act, who)
    if session.unsituated(request):
        continuing.keep(request, f"{ADDRESS}?{query}")
        return HttpResponseRedirect(SITUATION)
    try:
        return _here(request, asked, query, act, who)
    except Stale:
        anew = session.authenticate_anew(request)
        return _here(request, asked, query, act, anew) if anew else _sign_in(asked, query)


def _sign_in(asked: Asked, query: str) -> HttpResponse:
    if asked.prompt == "none":
        raise Wrong("login_required", "Personne n'est connecté.")
    way = "/connexion" if asked.client.for_persons else "/connexion/professionnel"
    return HttpResponseRedirect(f"{way}?{urlencode({'suite': f'{ADDRESS}?{query}'})}")


def _as_person(request: HttpRequest, asked: Asked, query: str, act: str, who: Actor) -> HttpResponse:
    if first_question.unanswered_by(request, who):
        if asked.prompt == "none":
            raise Wrong("interaction_required", "La personne n'a pas encore dit que ce carnet est le sien.")
        return HttpResponseRedirect(first_question.START)
    try:
        return persons.answered(request, asked, query, act, who, answer=ANSWER)
    except Stale:
        anew = session.authenticate_anew(request)
        return persons.answered(request, asked, query, act, anew, answer=ANSWER) if anew else _sign_in(asked, query)


def _somebody_else(request: HttpRequest, asked: Asked, query: str, act: str, who: Actor) -> HttpResponse:
    """Nobody's session is replaced without their being told."""
    if asked.prompt == "none":
        raise Wrong("login_required", "Une autre personne est connectée.")
    if act == "changer":
        session.sign_out(request)
        return _sign_in(asked, query)
    meant = people.names([asked.launched.actor_id]) if asked.launched else {}
    context = {
        "meant": next(iter(meant.values()), ""),
        "action": f"{ANSWER}?{query}",
        "hidden": {"acte": "changer"},
    }
    return page(request, "smart/somebody_else.html", context, status=403)


def _here(request: HttpRequest, asked: Asked, query: str, act: str, who: Actor) -> HttpResponse:
    record_id = asked.launched.record_id if asked.launched else None
    if asked.chooses:
        if act == "choisir":
            return _choose(request, asked, query, who)
        record_id = choosing.chosen(request, asked.mark)
        if record_id is None:
            return _choosing(request, asked, query, who, finding.Fields(), Sought())
    step = _Step(asked, query, who, record_id)
    holder = existence(who, record_id) if record_id else None
    if record_id and (holder is None or not holder.state.exists):
        raise Wrong("access_denied", "Ce carnet n'existe pas.")
    if act == "refuser":
        raise Wrong("access_denied", "La personne a refusé.")
    if holder is None:
        return _agreed(request, step, None, act)
    stands = standing(who, holder.record_id)
    purpose = _purpose(stands, asked)
    if purpose is None:
        return _missing(request, step, holder, stands)
    return _agreed(request, replace(step, purpose=purpose), holder, act)


def _purpose(stands: Standing, asked: Asked) -> Purpose | None:
    """For which they may read now: the one of the launch, if they may for that one; None for none."""
    reads = {
        Purpose.CARE: stands.read.granted,
        Purpose.EMERGENCY: stands.in_emergency.granted,
        Purpose.REGULATION: stands.in_regulation.granted,
    }
    wanted = asked.launched.purpose if asked.launched else Purpose.CARE
    return next((each for each in (wanted, *reads) if reads.get(each)), None)


def _choose(request: HttpRequest, asked: Asked, query: str, who: Actor) -> HttpResponse:
    fields = finding.given({name: str(value) for name, value in request.POST.items()})
    found = sought(who, fields, request.POST.get("par", ""))
    if found.record_id is None:
        return _choosing(request, asked, query, who, fields, found)
    choosing.keep(request, asked.mark, found.record_id)
    return HttpResponse(status=303, headers={"Location": f"{ADDRESS}?{query}"})


def _choosing(
    request: HttpRequest,
    asked: Asked,
    query: str,
    who: Actor,
    fields: finding.Fields,
    found: Sought,
) -> HttpResponse:
    if asked.prompt == "none":
        raise Wrong("interaction_required", "Le patient reste à choisir.")
    context = {
        "app": asked.client.name,
        "action": f"{ANSWER}?{query}",
        "fields": fields,
        "outcome": found.outcome,
        "errors": found.faults,
    }
    return giving.shown(request, asked, "smart/choose.html", context, status=422 if found.faults else 200)


def _missing(request: HttpRequest, step: _Step, holder: Holder, stands: Standing) -> HttpResponse:
    """Who may not read the record gives no app the right to: the page leads to the acts that open it, and back."""
    if step.asked.prompt == "none":
        raise Wrong("interaction_required", "Le droit de lire ce carnet reste à déclarer.")
    desk.lay(request, holder.record_id)
    continuing.keep(request, f"{ADDRESS}?{step.query}", about=str(holder.record_id))
    urgent = may.urgency(stands)
    context = {
        "app": step.asked.client.name,
        "band": band.of(holder, i18n.today()),
        "place": f"/pro/carnets/{holder.record_id}",
        "declares": stands.declare.granted,
        "urgent": bool(urgent and urgent.granted),
        "again": f"{ADDRESS}?{step.query}",
        "action": f"{ANSWER}?{step.query}",
    }
    return giving.shown(request, step.asked, "smart/access.html", context, status=403)


def _agreed(request: HttpRequest, step: _Step, holder: Holder | None, act: str) -> HttpResponse:
    asked, scope = step.asked, str(step.asked.scope)
    if act == "accepter":
        app_consents.agree(step.who, asked.client.id, scope)
    elif not asked.client.trusted and (
        asked.prompt == "consent" or not app_consents.covers(step.who, asked.client.id, scope)
    ):
        return _consent(request, step, holder)
    return giving.code(request, asked, step.who, purpose=step.purpose, record_id=step.record_id, scope=scope)


def _consent(request: HttpRequest, step: _Step, holder: Holder | None) -> HttpResponse:
    asked = step.asked
    if asked.prompt == "none":
        raise Wrong("consent_required", "L'application n'a pas encore l'accord du professionnel.")
    context = {
        "app": asked.client.name,
        "house": _house(asked),
        "band": band.of(holder, i18n.today()) if holder else None,
        "reads": scope_words.reads(asked.scope),
        "writes": scope_words.writes(asked.scope),
        "names_you": bool(asked.scope.words & {"openid", "fhirUser"}),
        "offline": asked.offline,
        "days": granting.OFFLINE_LIVES.days,
        "action": f"{ANSWER}?{step.query}",
    }
    return giving.shown(request, asked, "smart/consent.html", context)


def _house(asked: Asked) -> str:
    return people.organisation_names([asked.client.organisation_id]).get(asked.client.organisation_id, "")
