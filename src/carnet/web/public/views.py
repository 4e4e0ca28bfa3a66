"""Pages for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from carnet.kernel.http import Audience, Audit, door
from carnet.web.auth.providers import available
from carnet.web.auth.session import authenticate
from carnet.web.auth.views import HOMES
from carnet.web.render import page, session_limits

_open = door(audience=Audience.OPEN, audit=Audit.NONE)


@_open
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    who = authenticate(request)
    home = HOMES.get(who.kind) if who else None
    return page(request, "public/landing.html", {"available": available(request), "home": home})


@_open
@require_safe
def refuse(request: HttpRequest) -> HttpResponse:
    """How not to have a record."""
    return page(request, "public/refuse.html", {"available": available(request)})


@_open
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return page(request, "public/help.html", {"limits": session_limits()})


@_open
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return page(request, "public/accessibility.html")


@_open
@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    return page(request, "public/legal.html")
