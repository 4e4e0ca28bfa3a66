"""Signing in and out. A session begins only with a verified answer of a provider about somebody we know."""

from __future__ import annotations

import time

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from carnet.kernel import audit
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.http import Audience, Audit, door
from carnet.people import actions as people_actions
from carnet.people import queries as people
from carnet.people.rules import Way
from carnet.records.ages import AGES
from carnet.web.auth import (
    arriving,
    assurance,
    attempts,
    continuing,
    drafts,
    leaving,
    metadata,
    oidc,
    opening,
    session,
    stepup,
)
from carnet.web.auth.arriving import Arrived, Unwelcome
from carnet.web.auth.assurance import Deed
from carnet.web.auth.attempts import Attempt
from carnet.web.auth.errors import SignInError, Trouble
from carnet.web.auth.next_page import safe_path
from carnet.web.auth.oidc import Proven
from carnet.web.auth.opening import Opening
from carnet.web.auth.provider import Provider
from carnet.web.auth.providers import PATIENT, PROFESSIONAL, available, base, provider
from carnet.web.render import page, session_limits

CALLBACK = "/connexion/retour"
HOMES = {
    ActorKind.PERSON: "/accueil",
    ActorKind.PROFESSIONAL: "/pro/",
    ActorKind.OPERATOR: "/console/",
}
SITUATION = "/pro/situation"
_PURPOSES = {
    ActorKind.PERSON: Purpose.SELF,
    ActorKind.PROFESSIONAL: Purpose.CARE,
    ActorKind.OPERATOR: Purpose.SUPPORT,
}
_STATUS = {Trouble.PROVIDER: 503, Trouble.OFTEN: 429}
_TROUBLES = {"access_denied": Trouble.DENIED, "unmet_authentication_requirements": Trouble.LEVEL}
_REASONS = {"requise", "expiree", "fermee", "deconnecte"}
_SIGNED_OUT = "/connexion?raison=deconnecte"
_LONGEST_TOKEN = 16_384

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
            "limits": session_limits(),
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


def _start(request: HttpRequest, name: str, confirming: str = "") -> HttpResponse:
    chosen = provider(name, request)
    if chosen is None:
        return page(request, "signin/unavailable.html", {"name": name}, status=503)
    there, deed = safe_path(request.GET.get("suite"), ""), _deed(request.GET.get("acte", "")) if confirming else ""
    try:
        published = metadata.of(chosen.issuer).levels if deed else ()
        levels = assurance.offered(chosen, _levels(chosen, deed), published)
        if not levels:
            log.info("signin", provider=chosen.name, outcome="level-not-offered")
            return stepup.beyond(request, chosen, there)
        asked = levels if deed else ()
        url, pending = oidc.begin(chosen, base(request) + CALLBACK, anew=bool(confirming), levels=asked)
    except SignInError as error:
        return failed(request, error)
    attempt = Attempt(name, there, pending, confirming, deed)
    attempts.remember(request.session, attempt)
    return HttpResponseRedirect(url)


def _deed(text: str) -> str:
    """ "" for what is no sensitive act: their page asks anew for what it lacks."""
    return text if text in set(Deed) else ""


def _levels(chosen: Provider, deed: str) -> tuple[str, ...]:
    return assurance.enough(chosen, Deed(deed)) if deed else chosen.levels


@door(audience=Audience.SIGNED_IN, audit=Audit.NONE)
@require_safe
def confirm(request: HttpRequest) -> HttpResponse:
    """Who is signed in proves anew who they are, before an act that asks for it."""
    who = session.authenticate(request)
    if who is None:
        return HttpResponseRedirect("/connexion")
    return _start(request, PATIENT if who.kind is ActorKind.PERSON else PROFESSIONAL, str(who.id))


@door(audience=Audience.OPEN, audit=Audit.ACCOUNT)
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Where a provider sends people back to."""
    try:
        chosen, attempt = _attempt(request)
    except SignInError as error:
        return failed(request, error)
    try:
        return _answered(request, chosen, attempt)
    except SignInError as error:
        if attempt.deed and error.trouble is Trouble.LEVEL:
            log.warning("signin", outcome="failed", reason=error.reason)
            return stepup.beyond(request, chosen, attempt.next_page)
        return failed(request, error)


def _attempt(request: HttpRequest) -> tuple[Provider, Attempt]:
    """What this browser began, for the state that came back: nobody is signed in by another's link."""
    found = attempts.take(request.session, request.GET.get("state", ""))
    chosen = provider(found.provider, request) if found else None
    if found is None or chosen is None:
        raise SignInError(Trouble.ATTEMPT, "state-unknown,-used-or-too-old")
    return chosen, found


def _answered(request: HttpRequest, chosen: Provider, attempt: Attempt) -> HttpResponse:
    if "error" in request.GET:
        trouble = _TROUBLES.get(request.GET["error"], Trouble.PROVIDER)
        raise SignInError(trouble, "provider-answered-with-an-error")
    proven = oidc.finish(
        chosen,
        base(request) + CALLBACK,
        attempt.pending,
        request.GET.get("code", ""),
        request.GET.get("iss"),
        levels=_levels(chosen, attempt.deed),
    )
    if attempt.confirming:
        return _confirmed(request, chosen, proven, attempt)
    return _welcome(request, chosen, proven, attempt.next_page)


def _welcome(request: HttpRequest, chosen: Provider, proven: Proven, next_page: str) -> HttpResponse:
    arrived = arriving.of(chosen, proven)
    if isinstance(arrived, Unwelcome):
        return _not_welcome(request, chosen, arrived)
    who = arrived.who
    session.sign_in(request, who, people_actions.begin_visit(who.id))
    session.prove(request, proven.at, proven.acr)
    leaving.tie(request, chosen, who.id, proven)
    # Somebody may have said meanwhile that it is not them: what ended their sessions did not know this one.
    waits = arriving.on_hold(chosen, proven)
    if waits is not None:
        return _not_welcome(request, chosen, Unwelcome("held", waits))
    opening.note(request, Opening(Way.PROVIDER, assurance.named(proven.acr)))
    note(who, "sign-in")
    log.info("signin", provider=chosen.name, outcome="done")
    there = next_page if who.kind is ActorKind.PERSON and next_page else _home(request, arrived, next_page)
    return opening.recognised(request, who, HttpResponseRedirect(there))


def _not_welcome(request: HttpRequest, chosen: Provider, why: Unwelcome) -> HttpResponse:
    session.sign_out(request)
    log.info("signin", provider=chosen.name, outcome=why.why)
    return unknown(request, chosen.name, why)


def unknown(request: HttpRequest, name: str, why: Unwelcome) -> HttpResponse:
    """Whom we do not let in, and what they can do."""
    context = {"name": name, "why": why.why, "reference": why.reference, "age": AGES.own_access}
    return page(request, "signin/unknown.html", context, status=403)


def _home(request: HttpRequest, arrived: Arrived, next_page: str) -> str:
    """A professional comes to the desk, unless an app or another software sent them; where they practise is first."""
    if arrived.who.kind is not ActorKind.PROFESSIONAL:
        return HOMES[arrived.who.kind]
    who = session.practise(request, arrived.places, regulates=arrived.regulates) or arrived.who
    if session.settle(request, who):
        return next_page if continuing.goes_on(next_page) else HOMES[who.kind]
    continuing.keep(request, next_page)
    return SITUATION


def _confirmed(request: HttpRequest, chosen: Provider, proven: Proven, attempt: Attempt) -> HttpResponse:
    """The same person as before, and a proof of now: the provider may have ignored what it was asked."""
    who = session.authenticate(request)
    waits = arriving.on_hold(chosen, proven)
    if waits is not None:
        return _not_welcome(request, chosen, Unwelcome("held", waits))
    if who is None or str(who.id) != attempt.confirming or arriving.known(chosen, proven) != who.id:
        session.sign_out(request)
        raise SignInError(Trouble.SOMEBODY, "confirmed-as-somebody-else")
    if time.time() - proven.at > session.confirmed_for():
        raise SignInError(Trouble.ATTEMPT, "proof-is-not-fresh")
    session.prove(request, proven.at, proven.acr)
    leaving.tie(request, chosen, who.id, proven)
    note(who, "sign-in-confirmed")
    log.info("signin", provider=chosen.name, outcome="confirmed")
    return HttpResponseRedirect(attempt.next_page or HOMES[who.kind])


def note(who: Actor, action: str) -> None:
    audit.done(who, _PURPOSES[who.kind], record_id=None, capacity="account", action=action)


def failed(request: HttpRequest, error: SignInError) -> HttpResponse:
    log.warning("signin", outcome="failed", reason=error.reason)
    return page(request, "signin/failed.html", {"trouble": error.trouble.value}, status=_STATUS.get(error.trouble, 400))


@door(audience=Audience.OPEN, audit=Audit.ACCOUNT)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Here at once, then at the provider, which ends its own session. A page stands between: what a form is sent to may
    not lead to another site."""
    who = session.authenticate(request)
    name, elsewhere = leaving.address(request)
    if who:
        note(who, "sign-out")
    session.sign_out(request)
    if elsewhere:
        response = page(request, "signin/leaving.html", {"name": name, "address": elsewhere})
        response["Refresh"] = f"0; url={elsewhere}"
    else:
        response = HttpResponseRedirect(_SIGNED_OUT)
    response["Clear-Site-Data"] = '"cache"'
    return response


@door(audience=Audience.OPEN, audit=Audit.NONE)
@require_safe
def left(_request: HttpRequest) -> HttpResponse:
    """Where a provider sends people after it has ended its own session."""
    return HttpResponseRedirect(_SIGNED_OUT)


@csrf_exempt
@door(audience=Audience.OPEN, audit=Audit.ACCOUNT)
@require_POST
def ended_elsewhere(request: HttpRequest) -> HttpResponse:
    """A provider tells, server to server, that its session has ended: so do ours that hang on it."""
    try:
        ended = leaving.end_by(request, request.POST.get("logout_token", "")[:_LONGEST_TOKEN])
    except SignInError as error:
        log.warning("signin", outcome="logout-refused", reason=error.reason)
        response = JsonResponse({"error": "invalid_request"}, status=400)
    else:
        for each in ended:
            if who := people.actor_by_id(each):
                note(who, "sign-out")
        log.info("signin", outcome="ended-by-provider", count=len(ended))
        response = JsonResponse({}, status=200)
    response["Cache-Control"] = "no-store"
    return response
