"""A page: its template, and what every page knows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from carnet.web import i18n
from carnet.web.auth import drafts, providers
from carnet.web.auth.session import authenticate
from carnet.web.patient import family


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    csp: str | None = None,
    anonymous: bool = False,
) -> HttpResponse:
    """A page with a policy of its own (`csp`) has no script. `anonymous` shows the page without looking who is signed
    in (nothing is read from the database)."""
    who = None if anonymous else authenticate(request)
    shared = {
        "who": who,
        "draft": drafts.with_files(request, who.id) if who and request.method == "GET" else None,
        "scripts": csp is None,
        "demo": settings.CARNET.demo,
        "demo_ways": [name for name in providers.NAMES if providers.demonstrated(name)],
        "public_url": settings.CARNET.public_url,
        "other_language": _other_language(request),
        "family": family.shown(request) if who else None,
    }
    response = render(request, template, shared | (context or {}), status=status)
    if csp:
        response["Content-Security-Policy"] = csp
    return response


def session_limits() -> dict[str, int]:
    """After how long a session ends, as the settings say: minutes of silence, and hours."""
    known = settings.CARNET
    return {"patient": known.patient_idle, "professional": known.professional_idle, "hours": known.longest_session}


def _other_language(request: HttpRequest) -> dict[str, str]:
    """Code, own name and address of the language that is not shown."""
    code = next(code for code in i18n.LANGUAGES if code != i18n.language())
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    return {"code": code, "name": i18n.LANGUAGES[code], "url": f"/langue/{code}?{urlencode({'suite': here})}"}
