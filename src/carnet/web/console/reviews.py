"""Accesses to look into, for the support: who, when, which way, by when, and nothing of why or of what was read."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from carnet.consent import reviewing
from carnet.consent.reviewing import Kind, Verdict
from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.http import Audience, Audit, door
from carnet.web.auth.session import authenticate
from carnet.web.console.face import shown
from carnet.web.i18n import gettext
from carnet.web.words import marked

_ADDRESS: Final = "/console/acces"
_KINDS: Final = {
    Kind.EMERGENCY: marked("Accès en urgence"),
    Kind.REGULATION: marked("Accès du Samu (15)"),
    Kind.DISPUTE: marked("Accès contesté"),
}


@door(audience=Audience.OPERATOR, audit=Audit.RECORD_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def reviews(request: HttpRequest) -> HttpResponse:
    who = authenticate(request)
    try:
        if who and request.method == "POST":
            return _close(request, who)
        cases = reviewing.open_cases(who) if who else []
    except PermissionError:
        return shown(request, "console/reviews.html", {"cases": None, "done": ""}, section=_ADDRESS, status=403)
    kinds = {kind: gettext(words) for kind, words in _KINDS.items()}
    context = {"cases": cases, "kinds": kinds, "now": clock.now(), "done": request.GET.get("fait", "")}
    return shown(request, "console/reviews.html", context, section=_ADDRESS)


def _close(request: HttpRequest, who: Actor) -> HttpResponse:
    try:
        case_id, verdict = UUID(request.POST.get("cas", "")), Verdict(request.POST.get("avis", ""))
    except ValueError:
        return HttpResponse(status=303, headers={"Location": _ADDRESS})
    reviewing.close(who, case_id, verdict)
    return HttpResponse(status=303, headers={"Location": f"{_ADDRESS}?fait={verdict.value}"})
