"""The provider's addresses, under /demo."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from joserfc import jwt
from joserfc.errors import JoseError

from carnet.kernel.http import Audience, Audit, door
from carnet.web.auth.providers import DEMO_PATH, PATIENT, PROFESSIONAL, base, demonstrated
from carnet.web.auth.views import CALLBACK
from carnet.web.demo_provider import tickets
from carnet.web.demo_provider.directory import PATIENTS, PROFESSIONALS, Account, accounts, of_client
from carnet.web.demo_provider.keys import ALGORITHM, signing_key
from carnet.web.demo_provider.request import AuthRequest, BadAuthRequest, read
from carnet.web.render import page

_COOKIE = "carnet_demo_choice"
_STARTS = {PATIENTS: "/connexion/patient", PROFESSIONALS: "/connexion/professionnel"}
_PROVIDERS = {PATIENTS: PATIENT, PROFESSIONALS: PROFESSIONAL}
_LIFETIME = 300
_MINUTE = 60
_TYPE = "at+jwt"


@csrf_exempt
@door(audience=Audience.DEMO, audit=Audit.NONE)
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """The authorisation endpoint and the form in one. A choice made without a request under way is remembered for
    the flow that it starts."""
    if "client_id" not in request.GET:
        return _bare(request)
    try:
        asked = read(request.GET, base(request) + CALLBACK)
    except BadAuthRequest:
        return page(request, "demo/choose.html", {"groups": [], "wrong": True}, status=400)
    account = _chosen(request)
    if account is None or account.client != asked.client:
        return _form(request, asked.client, status=_form_status(request))
    response = HttpResponseRedirect(_answer(request, asked, account))
    response.delete_cookie(_COOKIE, path=DEMO_PATH)
    return response


def _bare(request: HttpRequest) -> HttpResponse:
    account = accounts().get(request.POST.get("actor", "")) if request.method == "POST" else None
    if account is None or not demonstrated(_PROVIDERS[account.client]):
        return _form(request, None, status=_form_status(request))
    response = HttpResponseRedirect(_STARTS[account.client])
    response.status_code = 303
    response.set_cookie(
        _COOKIE,
        tickets.choice(account.key),
        max_age=60,
        path=DEMO_PATH,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


def _chosen(request: HttpRequest) -> Account | None:
    """By the form just sent, else by the choice remembered a moment ago."""
    key = request.POST.get("actor") or tickets.open_choice(request.COOKIES.get(_COOKIE, ""))
    return accounts().get(key or "")


def _form_status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _form(request: HttpRequest, client: str | None, *, status: int) -> HttpResponse:
    shown = [client] if client else [each for each, name in _PROVIDERS.items() if demonstrated(name)]
    if not shown:
        raise Http404
    groups = [(name, of_client(name)) for name in shown]
    return page(request, "demo/choose.html", {"groups": groups, "wrong": False}, status=status)


def _answer(request: HttpRequest, asked: AuthRequest, account: Account) -> str:
    code = tickets.Code(account.key, asked.client, asked.redirect_uri, asked.nonce, asked.challenge).seal()
    query = {"code": code, "state": asked.state, "iss": base(request) + DEMO_PATH}
    return f"{asked.redirect_uri}?{urlencode(query)}"


@door(audience=Audience.DEMO, audit=Audit.NONE)
@require_GET
def configuration(request: HttpRequest) -> JsonResponse:
    issuer = base(request) + DEMO_PATH
    return JsonResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/connexion",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "authorization_response_iss_parameter_supported": True,
            "acr_values_supported": ["eidas1", "eidas2"],
        }
    )


@door(audience=Audience.DEMO, audit=Audit.NONE)
@require_GET
def jwks(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"keys": [_key().as_dict(private=False)]})


@csrf_exempt
@door(audience=Audience.DEMO, audit=Audit.NONE)
@require_POST
def token(request: HttpRequest) -> JsonResponse:
    client = request.POST.get("client_id", "")
    code = tickets.open_code(
        request.POST.get("code", ""),
        client=client,
        redirect_uri=request.POST.get("redirect_uri", ""),
        verifier=request.POST.get("code_verifier", ""),
    )
    if code is None or request.POST.get("grant_type") != "authorization_code":
        return JsonResponse({"error": "invalid_grant"}, status=400)
    return JsonResponse(
        {
            "access_token": _signed(_access(base(request) + DEMO_PATH, code), _TYPE),
            "token_type": "Bearer",
            "expires_in": _MINUTE,
            "id_token": _signed(_identity(base(request) + DEMO_PATH, code)),
        }
    )


def _signed(claims: dict[str, Any], kind: str = "JWT") -> str:
    return jwt.encode({"alg": ALGORITHM, "kid": _key().kid, "typ": kind}, claims, _key())


def _access(issuer: str, code: tickets.Code) -> dict[str, Any]:
    """As Keycloak writes them: `azp` is the party that asked for it."""
    account, now = accounts()[code.actor], int(time.time())
    return {
        "iss": issuer,
        "sub": account.claims["sub"],
        "aud": f"{issuer}/userinfo",
        "azp": code.client,
        "iat": now,
        "exp": now + _MINUTE,
        "acr": account.acr,
        "actor": code.actor,
    }


def _identity(issuer: str, code: tickets.Code) -> dict[str, Any]:
    account, now = accounts()[code.actor], int(time.time())
    named = {name: account.claims[name] for name in ("SubjectNameID",) if name in account.claims}
    return {
        **named,
        "iss": issuer,
        "sub": account.claims["sub"],
        "aud": code.client,
        "iat": now,
        "auth_time": now,
        "exp": now + _LIFETIME,
        "nonce": code.nonce,
        "acr": account.acr,
        "amr": ["demo"],
    }


def _key() -> Any:
    return signing_key(settings.CARNET.data_dir / "keys")


@door(audience=Audience.DEMO, audit=Audit.NONE)
@require_GET
def userinfo(request: HttpRequest) -> JsonResponse:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    account = _account_of(bearer, base(request) + DEMO_PATH) if scheme == "Bearer" else None
    if account is None:
        return JsonResponse({"error": "invalid_token"}, status=401)
    return JsonResponse(account.claims)


def _account_of(token: str, issuer: str) -> Account | None:
    """Of an access token of ours that has not ended; an ID token is none."""
    try:
        opened = jwt.decode(token, _key(), algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        return None
    claims = opened.claims
    fits = opened.header.get("typ") == _TYPE and claims.get("iss") == issuer and claims.get("exp", 0) > time.time()
    return accounts().get(str(claims.get("actor"))) if fits else None
