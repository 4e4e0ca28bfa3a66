"""« Mes appareils »: where one is signed in, and how one's sessions end. Of the account, whatever record is open."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from carnet.formats.text.tidy import one_line
from carnet.kernel.actor import Actor
from carnet.kernel.http import Audience, Audit, door
from carnet.people import devices as known
from carnet.people import disowning, passkeys
from carnet.people.devices import Device
from carnet.people.rules import Way
from carnet.rights import entrance
from carnet.web.auth import opening
from carnet.web.i18n import gettext
from carnet.web.patient import family
from carnet.web.patient.standing import done
from carnet.web.render import page
from carnet.web.sent_twice import once

HOME: Final = "/appareils"
_DONE: Final = {"fermee", "autres", "pas-moi", "pas-moi-cle", "pas-moi-code", "ajoutee", "nommee", "retiree", "code"}


def of_account(request: HttpRequest) -> Actor:
    """Who asks. Which records they may open is known to the page's frame, and asked of none."""
    who: Actor = request.actor  # type: ignore[attr-defined]
    family.of(request, who)
    return who


@door(audience=Audience.PATIENT, audit=Audit.ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    who = of_account(request)
    if request.method == "POST" and request.POST.get("acte") == "code":
        entrance.call_off(who)
        return done(f"{HOME}?fait=code")
    if request.method == "POST":
        known.end_others(who, _key(request))
        return done(f"{HOME}?fait=autres")
    said = request.GET.get("fait", "")
    keys = passkeys.of(who)
    context = {
        "section": "devices",
        "done": said if said in _DONE else "",
        "devices": _listed(request, who),
        "passkeys": keys,
        "full": len(keys) >= passkeys.MOST,
        "named": named,
        "expected": entrance.expected(who),
        "waiting": disowning.waiting(who),
        "shut": disowning.shut(who),
    }
    return page(request, "patient/devices.html", context)


@once
@door(audience=Audience.PATIENT, audit=Audit.ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def session_page(request: HttpRequest, session_id: UUID) -> HttpResponse:
    who = of_account(request)
    found = next((each for each in _listed(request, who) if each.id == session_id), None)
    if found is None:
        raise Http404
    if request.method == "POST" and not found.here:
        return done(f"{HOME}?fait={_ended(request, who, found)}")
    keyless = not passkeys.of(who)
    context = {"section": "devices", "device": found, "named": named, "keyless": keyless}
    return page(request, "patient/device.html", context)


def _ended(request: HttpRequest, who: Actor, device: Device) -> str:
    if request.POST.get("acte") != "pas-moi":
        known.end(who, device.id)
        return "fermee"
    stopped = disowning.was_not_them(who, device.id, _key(request))
    if stopped is None:
        return "fermee"
    return {Way.PASSKEY: "pas-moi-cle", Way.CODE: "pas-moi-code"}.get(device.way, "pas-moi")


def _listed(request: HttpRequest, who: Actor) -> list[Device]:
    return known.of(who, _key(request), quiet=timedelta(minutes=settings.CARNET.patient_idle))


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


def named(device: Device) -> str:
    """« Firefox sur Windows »."""
    if device.browser and device.system:
        return gettext("%(browser)s sur %(system)s") % {"browser": device.browser, "system": device.system}
    return device.browser or device.system or gettext("Appareil inconnu")


def key_name(request: HttpRequest) -> str:
    """What somebody calls a key; "" for nothing that shows."""
    return one_line(request.POST.get("nom", ""))


def suggested(request: HttpRequest) -> str:
    """A name for a new key: the system that it is made on."""
    return opening.device_of(request)[1]
