"""The way into the authorisation server: a form in, JSON out, never cached; a browser may call with its own proof."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Final
from urllib.parse import parse_qsl

import structlog
from authlib.oauth2 import OAuth2Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from carnet.api import bound
from carnet.api.oauth import addresses
from carnet.api.oauth.problems import Refusal, of_library
from carnet.api.oauth.server import Asked, refused
from carnet.kernel.http import Audience, Audit, door, seen_from

_FORM: Final = "application/x-www-form-urlencoded"
_MOST: Final = 64 * 1024

View = Callable[..., HttpResponse]
_log = structlog.get_logger("carnet.oauth")


def face(*methods: str, audience: Audience, audit: Audit) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @door(audience=audience, audit=audit)
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, **named: str) -> HttpResponse:
            preflight = request.method == "OPTIONS"
            response = HttpResponse(status=204) if preflight else _answer(view, methods, request, named)
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Allow-Methods"] = ", ".join((*methods, "OPTIONS"))
            response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Accept, DPoP, X-Request-Id"
            response["Access-Control-Expose-Headers"] = "X-Request-Id, Retry-After"
            return response

        return answered

    return wrap


def _answer(view: View, methods: tuple[str, ...], request: HttpRequest, named: dict[str, str]) -> HttpResponse:
    try:
        if request.method not in methods:
            raise Refusal("method")  # noqa: TRY301
        return view(request, **named)
    except OAuth2Error as error:
        response = refused(of_library(error))
        if response.status_code == 405:  # noqa: PLR2004
            response["Allow"] = ", ".join(methods)
        return response
    except Exception as error:  # noqa: BLE001  (the last resort: nothing of a fault reaches the caller)
        _log.error("fault", error=type(error).__name__, exc_info=True)
        return refused(Refusal("internal"))


def asked(request: HttpRequest) -> Asked:
    """Parameters count in the body alone: an address stands in the logs of others. Raises `Refusal`."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != _FORM:
        raise Refusal("media-type")
    body = request.read(_MOST + 1)
    if len(body) > _MOST:
        raise Refusal("body")
    try:
        pairs = parse_qsl(body.decode(), errors="strict", max_num_fields=50)
    except ValueError:
        raise Refusal("body") from None
    if any("\0" in each for pair in pairs for each in pair):
        raise Refusal("body")
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise Refusal("repeated")
    return Asked(parameters, addresses.token_endpoint(), seen_from(request), partial(_bound, request), request)


def _bound(request: HttpRequest) -> str:
    """What a token asked for here will be bound to. At the other addresses nothing is asked for."""
    address = addresses.token_endpoint()
    if not address.endswith(request.path):
        return ""
    try:
        return bound.asked(request, address)
    except bound.BadProof as bad:
        _log.warning("proof refused", reason=bad.reason)
        raise Refusal("proof") from None
