"""Software registered by its publisher's own program (RFC 7591), and how that stands (the reading half of RFC 7592)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from carnet.api import conformance as report
from carnet.api.oauth import addresses
from carnet.api.oauth.app_tokens import CODE, PUBLIC, REFRESH
from carnet.api.oauth.assertion import GRANTS, METHOD
from carnet.api.oauth.face import face
from carnet.api.oauth.problems import Refusal
from carnet.apps import conformance as apps_conformance
from carnet.apps import receivers
from carnet.formats import app_address
from carnet.formats.rpps import RppsError
from carnet.kernel.http import Audience, Audit, header, seen_from
from carnet.kernel.jwk import JwkError, PublicJwk
from carnet.people import presenting, publishers
from carnet.people.publishers import LONGEST, Standing, Wish

_MOST: Final = 64 * 1024
_JSON: Final = "application/json"


@face("POST", audience=Audience.OPEN, audit=Audit.ACCOUNT)
def register(request: HttpRequest) -> HttpResponse:
    said = _said(request)
    method = said.get("token_endpoint_auth_method", METHOD)
    if method not in (METHOD, PUBLIC) or (method == PUBLIC and not said.get("redirect_uris")):
        raise Refusal("metadata-method")
    keys, until = _keys(said) if method == METHOD else ([], None)
    told_at = _receivers(said)
    try:
        wish = _wish(said)
        made = publishers.register(wish, keys, sandbox=settings.CARNET.sandbox, address=seen_from(request), until=until)
    except publishers.NothingOfIt:
        raise Refusal("metadata-scope") from None
    except publishers.TooMany as late:
        raise Refusal("too-many-registered", retry_after=late.seconds) from None
    for address in told_at:
        receivers.add(client_id=made.id, address=address)
    told = {
        "client_id": made.client_key,
        "subscription_endpoints": told_at,
        "client_name": said["client_name"],
        "token_endpoint_auth_method": method,
        "grant_types": ([GRANTS[0]] if method == METHOD else []) + ([CODE, REFRESH] if wish.redirect_uris else []),
        "redirect_uris": wish.redirect_uris,
        "launch_uris": wish.launch_uris,
        "for_persons": wish.for_persons,
        "scope": made.scope,
        "jwks": {"keys": [each.members for each in keys]},
        "registration_access_token": made.secret,
        "registration_client_uri": f"{addresses.registration_endpoint()}/{made.client_key}",
        "active": made.active,
    }
    return _answer(told, 201)


@face("GET", audience=Audience.OPEN, audit=Audit.NONE)
def read(request: HttpRequest, client_id: str) -> HttpResponse:
    found = _standing(request, client_id)
    return _answer(publishers.told(found) | {"subscription_endpoints": receivers.of_client(found.client_id)}, 200)


@face("GET", audience=Audience.OPEN, audit=Audit.NONE)
def conformance(request: HttpRequest, client_id: str) -> HttpResponse:
    """How the software fares in the sandbox, for its publisher's own program."""
    found = _standing(request, client_id)
    return _answer({"client_id": client_id} | report.told(apps_conformance.report(found.client_id, found.scope)), 200)


def _standing(request: HttpRequest, client_id: str) -> Standing:
    scheme, _, secret = header(request, "Authorization").partition(" ")
    found = publishers.standing(client_id, secret.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise Refusal("registration-unknown")
    return found


def _receivers(said: dict[str, Any]) -> list[str]:
    """Where the software lets itself be told of changes."""
    given = said.get("subscription_endpoints", [])
    if not isinstance(given, list) or len(given) > receivers.MOST or not all(isinstance(each, str) for each in given):
        raise Refusal("metadata-receivers")
    try:
        return [receivers.check(each) for each in given]
    except receivers.NotAnAddress:
        raise Refusal("metadata-receivers") from None


def _answer(told: dict[str, Any], status: int) -> HttpResponse:
    response = JsonResponse(told, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _said(request: HttpRequest) -> dict[str, Any]:
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != _JSON:
        raise Refusal("metadata-form")
    body = request.read(_MOST + 1)
    try:
        found = json.loads(body) if len(body) <= _MOST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refusal("metadata-form")
    return found


def _wish(said: dict[str, Any]) -> Wish:
    contacts = said.get("contacts")
    people = contacts if isinstance(contacts, list) and contacts else [""]
    email = next((each for each in people if isinstance(each, str) and "@" in each), "")
    name = next((each for each in people if isinstance(each, str) and "@" not in each), "") or email
    try:
        structure = publishers.structure(_text(said, "structure", needed=False))
    except RppsError:
        raise Refusal("metadata-structure") from None
    return Wish(
        software=_text(said, "client_name"),
        publisher=_text(said, "organization_name"),
        address=_text(said, "organization_address"),
        website=_website(said),
        contact=_text({"it": name}, "it"),
        email=_text({"it": email}, "it"),
        scope=_text(said, "scope", longest=500),
        structure=structure,
        redirect_uris=_addresses(said, "redirect_uris"),
        launch_uris=_addresses(said, "launch_uris"),
        public=said.get("token_endpoint_auth_method") == PUBLIC,
        for_persons=_for_persons(said),
    )


def _website(said: dict[str, Any]) -> str:
    found = _text(said, "client_uri", needed=False)
    if found and not app_address.is_website(found):
        raise Refusal("metadata-website")
    return found


def _for_persons(said: dict[str, Any]) -> bool:
    """An app that patients open themselves has somewhere to answer to, and nobody launches it."""
    found = said.get("for_persons", False)
    if not isinstance(found, bool) or (found and (not said.get("redirect_uris") or said.get("launch_uris"))):
        raise Refusal("metadata-persons")
    return found


def _addresses(said: dict[str, Any], name: str) -> tuple[str, ...]:
    found = said.get(name, [])
    if not isinstance(found, list) or len(found) > app_address.MOST or not all(isinstance(each, str) for each in found):
        raise Refusal("metadata-address")
    try:
        return tuple(app_address.checked(each, local=settings.CARNET.sandbox) for each in found)
    except app_address.AppAddressError:
        raise Refusal("metadata-address") from None


def _text(said: dict[str, Any], name: str, *, needed: bool = True, longest: int = LONGEST) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or len(value) > longest or (needed and not value.strip()):
        raise Refusal("metadata-missing")
    if value and not value.isprintable():
        raise Refusal("metadata-missing")
    return value.strip()


def _keys(said: dict[str, Any]) -> tuple[list[PublicJwk], datetime | None]:
    try:
        if isinstance(said.get("certificate"), str):
            return presenting.read(said["certificate"])
        return presenting.from_json(said.get("jwks", {"keys": []})), None
    except JwkError:
        raise Refusal("metadata-keys") from None
