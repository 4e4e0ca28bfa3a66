"""Who may come in by which door, for the pages of people (software has its own, in `carnet.api`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.sessions import middleware as sessions
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware import csrf

from carnet.consent.access import Refused
from carnet.kernel.actor import Actor, ActorKind
from carnet.kernel.http import Audience, door_of, is_software
from carnet.web import compression, errors, language
from carnet.web.auth import drafts, session
from carnet.web.headers import HeadersMiddleware

__all__ = [
    "AudienceMiddleware",
    "CompressionMiddleware",
    "CsrfViewMiddleware",
    "HeadersMiddleware",
    "LanguageMiddleware",
    "SessionMiddleware",
]

_Middleware = Callable[[HttpRequest], HttpResponseBase]


def _for_people(middleware: Any) -> Any:
    """Passed by requests of software: what it knows of sessions, cookies, languages and pages costs as much as a hot
    read. What guards them stands in `carnet.api.fhir.face`."""

    class ForPeople(middleware):  # type: ignore[misc]
        def __call__(self, request: HttpRequest) -> HttpResponseBase:
            answer: _Middleware = self.get_response if is_software(request) else super().__call__
            return answer(request)

    return ForPeople


CompressionMiddleware = _for_people(compression.CompressionMiddleware)
SessionMiddleware = _for_people(sessions.SessionMiddleware)
LanguageMiddleware = _for_people(language.LanguageMiddleware)
CsrfViewMiddleware = _for_people(csrf.CsrfViewMiddleware)

_ADMITTED = {
    Audience.SIGNED_IN: {ActorKind.PERSON, ActorKind.PROFESSIONAL, ActorKind.OPERATOR},
    Audience.PATIENT: {ActorKind.PERSON},
    Audience.PROFESSIONAL: {ActorKind.PROFESSIONAL},
    Audience.OPERATOR: {ActorKind.OPERATOR},
}


class AudienceMiddleware:
    """Sets `request.actor` for the audiences of people. A stranger is sent to sign in; who is signed in as somebody
    else gets a page that says so; the demonstration's doors do not exist elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        declared = door_of(view)
        audience = declared[0] if declared else None
        if audience is Audience.DEMO and not settings.CARNET.demo:
            raise Http404
        if audience not in _ADMITTED:
            return None
        return _admit(request, _ADMITTED[audience])

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refused):
            return errors.refused(request, error.reason)
        return None


def _admit(request: HttpRequest, kinds: set[ActorKind]) -> HttpResponseBase | None:
    who: Actor | None = session.authenticate(request)
    if who is None:
        return _to_sign_in(request)
    if who.kind not in kinds:
        return errors.other_face(request, who)
    request.actor = who  # type: ignore[attr-defined]
    if request.method == "POST":
        drafts.drop(request, who.id)
    return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """A browser that brings a session that has ended is told so, and what it sent is kept for its owner."""
    had = settings.SESSION_COOKIE_NAME in request.COOKIES
    query = {"raison": "fermee" if session.was_stopped(request) else "expiree" if had else "requise"}
    whose = session.ended(request)
    if request.method in {"GET", "HEAD"}:
        query["suite"] = request.get_full_path()
    elif whose:
        # A form is posted to its own page, which is where its owner goes on.
        drafts.keep(request, whose)
        query["suite"] = request.path
    address = f"/connexion?{urlencode(query)}"
    if request.headers.get("HX-Request"):
        # A fragment cannot show another page: the browser goes there.
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
