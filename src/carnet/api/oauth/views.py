"""The addresses under /oauth for software that proves itself with a signed assertion."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.api.oauth import conforming
from carnet.api.oauth.face import asked, face
from carnet.api.oauth.server import SERVER, Introspection, Revocation
from carnet.kernel.http import Audience, Audit


@face("POST", audience=Audience.SOFTWARE, audit=Audit.ACCOUNT)
def token(request: HttpRequest) -> HttpResponse:
    wish = asked(request)
    response: HttpResponse = SERVER.create_token_response(wish)
    conforming.count(wish, response)
    return response


@face("POST", audience=Audience.SOFTWARE, audit=Audit.ACCOUNT)
def revoke(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = SERVER.create_endpoint_response(Revocation.ENDPOINT_NAME, asked(request))
    return response


@face("POST", audience=Audience.SOFTWARE, audit=Audit.NONE)
def introspect(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = SERVER.create_endpoint_response(Introspection.ENDPOINT_NAME, asked(request))
    return response
