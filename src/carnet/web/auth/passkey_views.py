"""Signing in by passkey: what the script of the page asks for, and the form that it sends."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from carnet.kernel.actor import Actor, ActorKind
from carnet.kernel.http import Audience, Audit, door, seen_from
from carnet.people import actions as people_actions
from carnet.people import queries as people
from carnet.people.passkeys import Credential
from carnet.people.rules import Way, assurance_of_passkey
from carnet.web.auth import opening, passkeys, session
from carnet.web.auth.errors import SignInError, Trouble
from carnet.web.auth.next_page import safe_path
from carnet.web.auth.opening import Opening
from carnet.web.auth.throttles import PASSKEYS
from carnet.web.auth.views import HOMES, failed, note

JSON = "application/json"
log = structlog.get_logger("carnet.signin")


@door(audience=Audience.OPEN, audit=Audit.NONE)
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    if PASSKEYS.wait(seen_from(request)):
        return HttpResponse(status=429)
    return HttpResponse(passkeys.ask_to_sign_in(request), content_type=JSON)


@door(audience=Audience.OPEN, audit=Audit.ACCOUNT)
@require_POST
def come_in(request: HttpRequest) -> HttpResponse:
    if PASSKEYS.wait(seen_from(request)):
        return failed(request, SignInError(Trouble.OFTEN, "too-many-refused-passkeys"))
    try:
        key = passkeys.proven(request, request.POST.get("reponse", ""))
        who = _person(key)
    except SignInError as error:
        PASSKEYS.failed(seen_from(request))
        return failed(request, error)
    return _welcome(request, who, key, safe_path(request.POST.get("suite"), HOMES[who.kind]))


def _person(key: Credential) -> Actor:
    """Whose account still stands."""
    who = people.actor_by_id(key.actor_id)
    if who is None or who.kind is not ActorKind.PERSON:
        raise SignInError(Trouble.KEY, "passkey-of-nobody")
    return who


def _welcome(request: HttpRequest, who: Actor, key: Credential, there: str) -> HttpResponse:
    """As after a provider's answer."""
    session.sign_in(request, who, people_actions.begin_visit(who.id))
    opening.note(request, Opening(Way.PASSKEY, assurance_of_passkey(key.assurance), key.id))
    note(who, "passkey-sign-in")
    log.info("signin", provider="passkey", outcome="done")
    return opening.recognised(request, who, HttpResponseRedirect(there))
