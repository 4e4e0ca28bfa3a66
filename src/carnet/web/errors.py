"""Pages for what did not go well: what happened, and what to do. Nothing of the inside shows."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from carnet.consent.rules import Reason
from carnet.kernel.actor import Actor
from carnet.web.auth.session import authenticate
from carnet.web.auth.views import HOMES
from carnet.web.patient import family, reopening
from carnet.web.render import page

_BY_CODE: Final = "/connexion/code"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, "errors/400.html", status=400, anonymous=True)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, "errors/500.html", status=500, anonymous=True)


def busy(request: HttpRequest, retry_after: int) -> HttpResponse:
    response = page(request, "errors/503.html", status=503)
    response["Retry-After"] = str(retry_after)
    return response


def content_fault(request: HttpRequest) -> HttpResponse:
    """A stored file is missing or altered: an alarm elsewhere, an honest sentence here."""
    return page(request, "errors/file.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Most often a form that stayed open while its session ended. Or the second tap on the one that signs in by a code,
    which the first has changed: they are in."""
    if request.path == _BY_CODE and authenticate(request):
        return HttpResponse(status=303, headers={"Location": "/accueil"})
    return page(request, "errors/form.html", status=403)


def other_face(request: HttpRequest, who: Actor) -> HttpResponse:
    """Signed in, but as somebody whose pages these are not."""
    return page(request, "errors/other_face.html", {"home": HOMES[who.kind]}, status=403)


def refused(request: HttpRequest, reason: Reason) -> HttpResponse:
    """The decision's no. Only the state of the record that one has open is told; every other reason reads the same."""
    own = {
        Reason.CLOSED: "closed",
        Reason.OPPOSED: "opposed",
        Reason.NO_RECORD: "none",
        Reason.SUSPENDED: "suspended",
        Reason.DECEASED: "deceased",
    }
    context = {"state": own.get(reason, ""), "opens_at": None, **_whose(request)}
    if reason is Reason.NO_RECORD and (coming := reopening.to_come(request)):
        context |= {"state": "informed", "opens_at": coming.opens_at}
    return page(request, "errors/refused.html", context, status=403)


def _whose(request: HttpRequest) -> dict[str, Any]:
    """Of a record that is not one's own: whose it is, whether one helps there, and whether there are others."""
    found = family.shown(request)
    if found is None or found.open.own:
        return {"name": "", "helps": False, "several": bool(found and found.several), "reopens": True, "lost": False}
    return {
        "name": found.open.name,
        "helps": found.open.helped,
        "several": found.several,
        "reopens": reopening.reopens(request, found.open),
        "lost": family.lost(request),
    }
