"""The reader's choice of language, remembered in a cookie."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from carnet.kernel.http import Audience, Audit, door
from carnet.web import i18n
from carnet.web.auth.next_page import safe_path

COOKIE = "carnet_language"
_YEAR = 365 * 24 * 3600


def _chosen(request: HttpRequest) -> str:
    choice = request.COOKIES.get(COOKIE, "")
    return choice if choice in i18n.LANGUAGES else i18n.FRENCH


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with i18n.use(_chosen(request)):
            response = self.get_response(request)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                response["Content-Language"] = i18n.language()
            return response


@door(audience=Audience.OPEN, audit=Audit.NONE)
def choose(request: HttpRequest, code: str) -> HttpResponse:
    response = HttpResponseRedirect(safe_path(request.GET.get("suite"), "/"))
    if code in i18n.LANGUAGES:
        response.set_cookie(COOKIE, code, max_age=_YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response
