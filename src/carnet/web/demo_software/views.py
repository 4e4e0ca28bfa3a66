"""`/demo/logiciel` plays the software of a doctor's practice: a list of patients, and two ways into Carnet with the
patient already chosen. `/demo/application` is the app that it opens.

Real software asks `POST /oauth/launch` with a token that it exchanged; here the same act is done in place, for whom is
chosen in the form."""

from __future__ import annotations

import time
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from carnet.api.oauth import addresses
from carnet.demo import cast
from carnet.kernel.actor import Purpose
from carnet.kernel.http import Audience, Audit, door
from carnet.people import launching, provider_sessions
from carnet.people import queries as people
from carnet.people.launching import Kind, Wish
from carnet.web.auth.providers import base
from carnet.web.demo_software import registered
from carnet.web.render import page

_DOCTOR: Final = "dr-martin"
_WAYS: Final = ("lien", "application")


@door(audience=Audience.DEMO, audit=Audit.NONE)
@require_http_methods(["GET", "HEAD", "POST"])
def software(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request)
    key, way = request.POST.get("soignant", ""), request.POST.get("acte", "")
    doctor = people.actor_by_key(key) if key in {each.key for each in cast.CLINICIANS} else None
    patient = people.actor_by_key(request.POST.get("patient", ""))
    record_id = people.record_of(patient) if patient else None
    if doctor is None or record_id is None or way not in _WAYS:
        return _form(request, wrong=True, status=422)
    asker, app = registered.software(), registered.app(base(request))
    wish = Wish(
        asker_id=asker.id,
        actor=doctor,
        purpose=Purpose.CARE,
        record_id=record_id,
        app_id=app.id if way == "application" else None,
        proof={
            "acr": "eidas1",
            "at": int(time.time()),
            "session": "",
            "subject": provider_sessions.subject_hash(cast.REALM, f"psc:{key}").hex(),
        },
    )
    query = urlencode({"lien": launching.ask(Kind.LINK, wish)})
    return HttpResponse(status=303, headers={"Location": f"/pro/ouvrir?{query}"})


@door(audience=Audience.DEMO, audit=Audit.NONE)
@require_safe
def application(request: HttpRequest) -> HttpResponse:
    registered.app(base(request))
    context = {"client_id": registered.APP, "scope": registered.SCOPE, "iss": addresses.fhir()}
    return page(request, "demo/application.html", context, anonymous=True)


def _form(request: HttpRequest, *, wrong: bool = False, status: int = 200) -> HttpResponse:
    patients = [(each.key, each.identity.name) for each in cast.RESIDENTS]
    doctors = [(each.key, each.professional.name) for each in cast.CLINICIANS]
    context = {"patients": patients, "doctors": doctors, "first": _DOCTOR, "wrong": wrong}
    return page(request, "demo/software.html", context, status=status, anonymous=True)
