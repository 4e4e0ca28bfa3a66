"""Signing in and out. A session begins only with a verified answer of a provider about somebody we know."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from carnet.kernel import audit
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.http import Audience, Audit, door
from carnet.people import actions as people_actions
from carnet.people import queries as people
from carnet.people.rules import Way
from carnet.web.auth import attempts, drafts, oidc, opening, session
from carnet.web.auth.attempts import Attempt
from carnet.web.auth.errors import SignInError, Trouble
from carnet.web.auth.next_page import safe_path
from carnet.web.auth.opening import Opening
from carnet.web.auth.provider import Provider
from carnet.web.auth.providers import PATIENT, PROFESSIONAL, available, base, provider
from carnet.web.render import page

CALLBACK = "/connexion/retour"
HOMES = {
    ActorKind.PERSON: "/accueil",
    ActorKind.PROFESSIONAL: "/pro/",
    ActorKind.OPERATOR: "/console/",
}
SITUATION = "/pro/situation"
_KINDS = {PATIENT: {ActorKind.PERSON}, PROFESSIONAL: {ActorKind.PROFESSIONAL, ActorKind.OPERATOR}}
_PURPOSES = {
    ActorKind.PERSON: Purpose.SELF,
    ActorKind.PROFESSIONAL: Purpose.CARE,
    ActorKind.OPERATOR: Purpose.SUPPORT,
}
_STATUS = {Trouble.PROVIDER: 503, Trouble.OFTEN: 429}
_REASONS = {"requise", "expiree", "deconnecte"}

log = structlog.get_logger("carnet.signin")


@door(audience=Audience.OPEN, audit=Audit.NONE)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The page of all ways in."""
    who = session.authenticate(request)
    reason = request.GET.get("raison", "")
    wanted = safe_path(request.GET.get("suite"), "")
    if who and not reason:
        return HttpResponseRedirect(HOMES[who.kind])
    return page(
        request,
        "signin/choose.html",
        {
            "reason": reason if reason in _REASONS else "",
            "wanted": wanted,
            "available": available(request),
            "kept": drafts.waits(request),
        },
    )


@door(audience=Audience.OPEN, audit=Audit.NONE)
@require_safe
def start_patient(request: HttpRequest) -> HttpResponse:
    return _start(request, PATIENT)


@door(audience=Audience.OPEN, audit=Audit.NONE)
@require_safe
def start_professional(request: HttpRequest) -> HttpResponse:
    return _start(request, PROFESSIONAL)


def _start(request: HttpRequest, name: str) -> HttpResponse:
    chosen = provider(name, request)
    if chosen is None:
        return page(request, "signin/unavailable.html", {"name": name}, status=503)
    try:
        url, pending = oidc.begin(chosen, base(request) + CALLBACK)
    except SignInError as error:
        return failed(request, error)
    attempts.remember(request.session, Attempt(name, safe_path(request.GET.get("suite"), ""), pending))
    return HttpResponseRedirect(url)


@door(audience=Audience.OPEN, audit=Audit.ACCOUNT)
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Where a provider sends people back to."""
    try:
        chosen, attempt = _attempt(request)
        subject = oidc.finish(
            chosen,
            base(request) + CALLBACK,
            attempt.pending,
            request.GET.get("code", ""),
            request.GET.get("iss"),
        )
    except SignInError as error:
        return failed(request, error)
    return _welcome(request, chosen, subject, attempt.next_page)


def _attempt(request: HttpRequest) -> tuple[Provider, Attempt]:
    """What this browser began, for the state that came back: nobody is signed in by another's link."""
    found = attempts.take(request.session, request.GET.get("state", ""))
    chosen = provider(found.provider, request) if found else None
    if found is None or chosen is None:
        raise SignInError(Trouble.ATTEMPT, "state-unknown,-used-or-too-old")
    if "error" in request.GET:
        denied = request.GET["error"] == "access_denied"
        raise SignInError(Trouble.DENIED if denied else Trouble.PROVIDER, "provider-answered-with-an-error")
    return chosen, found


def _welcome(request: HttpRequest, chosen: Provider, subject: str, next_page: str) -> HttpResponse:
    known = people.professional_for_identity if chosen.name == PROFESSIONAL else people.actor_for_identity
    who = known(chosen.realm, subject)
    if who is None or who.kind not in _KINDS[chosen.name]:
        session.sign_out(request)
        log.info("signin", provider=chosen.name, outcome="unknown")
        return page(request, "signin/unknown.html", {"name": chosen.name}, status=403)
    session.sign_in(request, who, people_actions.begin_visit(who.id))
    opening.note(request, Opening(Way.PROVIDER, chosen.levels[0]))
    note(who, "sign-in")
    log.info("signin", provider=chosen.name, outcome="done")
    home = HOMES[who.kind]
    if who.kind is ActorKind.PROFESSIONAL and len(people.situations(who.id)) > 1:
        session.situate(request, None)
        home = SITUATION
    there = HttpResponseRedirect(next_page if next_page and who.kind is ActorKind.PERSON else home)
    return opening.recognised(request, who, there)


def note(who: Actor, action: str) -> None:
    audit.done(who, _PURPOSES[who.kind], record_id=None, capacity="account", action=action)


def failed(request: HttpRequest, error: SignInError) -> HttpResponse:
    log.warning("signin", outcome="failed", reason=error.reason)
    return page(request, "signin/failed.html", {"trouble": error.trouble.value}, status=_STATUS.get(error.trouble, 400))


@door(audience=Audience.OPEN, audit=Audit.ACCOUNT)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    who = session.authenticate(request)
    if who:
        note(who, "sign-out")
    session.sign_out(request)
    response = HttpResponseRedirect("/connexion?raison=deconnecte")
    response["Clear-Site-Data"] = '"cache"'
    return response
