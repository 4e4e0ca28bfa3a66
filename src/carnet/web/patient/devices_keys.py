"""Passkeys of a person: adding one (by a script, after a provider's sign-in), naming it, taking it away."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from carnet.kernel.actor import Actor
from carnet.kernel.http import Audience, Audit, door
from carnet.notify import telling
from carnet.people import devices as known
from carnet.people import disowning, passkeys
from carnet.people.passkeys import LONGEST_NAME, MOST, TooMany
from carnet.web.auth import opening
from carnet.web.auth import passkeys as ceremonies
from carnet.web.auth.errors import SignInError
from carnet.web.auth.passkey_views import JSON
from carnet.web.i18n import gettext
from carnet.web.patient.devices import HOME, key_name, of_account, suggested
from carnet.web.patient.standing import done
from carnet.web.render import page
from carnet.web.sent_twice import once

ADD: Final = f"{HOME}/cles/ajouter"


@once
@door(audience=Audience.PATIENT, audit=Audit.ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    who = of_account(request)
    if request.method != "POST" or not _may_add(request, who):
        return _adding(request, who)
    name = key_name(request)
    if not name:
        return _adding(request, who, error=gettext("Donnez un nom à cette clé, par exemple « Mon téléphone »"))
    try:
        made = ceremonies.enrolled(request, request.POST.get("reponse", ""))
        passkeys.add(who, made, name=name, assurance=opening.assurance(request.session))
    except SignInError:
        return _adding(request, who, name=name, failed=True)
    except TooMany:
        return _adding(request, who, name=name, failed=True)
    telling.tell_account(who)
    return done(f"{HOME}?fait=ajoutee")


@door(audience=Audience.PATIENT, audit=Audit.NONE)
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    """For the script of that page."""
    who = of_account(request)
    if not _may_add(request, who):
        return HttpResponse(status=403)
    return HttpResponse(ceremonies.ask_to_enrol(request, who), content_type=JSON)


@once
@door(audience=Audience.PATIENT, audit=Audit.ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    who = of_account(request)
    keys = passkeys.of(who)
    found = next((each for each in keys if each.id == passkey_id), None)
    if found is None:
        raise Http404
    error = ""
    if request.method == "POST" and request.POST.get("acte") == "retirer":
        known.retire(who, passkey_id, request.session.session_key or "")
        return done(f"{HOME}?fait=retiree")
    if request.method == "POST":
        name = key_name(request)
        if name:
            passkeys.rename(who, passkey_id, name)
            return done(f"{HOME}?fait=nommee")
        error = gettext("Donnez un nom à cette clé, par exemple « Mon téléphone »")
    context = {
        "section": "devices",
        "key": found,
        "only": len(keys) == 1,
        "shut": disowning.shut(who),
        "longest": LONGEST_NAME,
        "errors": [("nom", error)] if error else [],
    }
    return page(request, "patient/device_key.html", context, status=422 if error else 200)


def _may_add(request: HttpRequest, who: Actor) -> bool:
    """Not while the support looks into a session that was not theirs: this one may be."""
    return opening.recently_proven(request.session) and not disowning.waiting(who)


def _adding(request: HttpRequest, who: Actor, *, name: str = "", error: str = "", failed: bool = False) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "devices",
        "waiting": disowning.waiting(who),
        "recent": opening.recently_proven(request.session),
        "full": len(passkeys.of(who)) >= MOST,
        "most": MOST,
        "longest": LONGEST_NAME,
        "name": name or suggested(request),
        "errors": [("nom", error)] if error else [],
        "failed": failed,
        "here": ADD,
    }
    return page(request, "patient/device_key_add.html", context, status=422 if error or failed else 200)
