"""A professional's software launches an app with the patient already chosen, or opens the patient's screen: it gets a
handle and a link, opaque and used once. The patient's number goes in the body, and stands in no address."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse

from carnet.api import bound
from carnet.api.fhir.patients import record_of_identifier
from carnet.api.oauth import addresses, mandate
from carnet.api.oauth.face import face
from carnet.api.oauth.problems import Refusal
from carnet.consent.standing import looked_up
from carnet.formats import smart
from carnet.kernel import context
from carnet.kernel.actor import ActorKind, Purpose
from carnet.kernel.db import Stale
from carnet.kernel.http import Audience, Audit, header
from carnet.people import client_queries, launching, tokens
from carnet.people.client_queries import RegisteredClient
from carnet.people.launching import LIVES, Kind, Wish
from carnet.people.queries import VerifiedToken
from carnet.records.queries import existence

_MOST: Final = 16 * 1024
_JSON: Final = "application/json"
_CONTEXT: Final = "user"
_log = structlog.get_logger("carnet.oauth")


@dataclass(frozen=True, slots=True)
class _Asked:
    system: str
    value: str
    app: RegisteredClient | None
    purpose: Purpose


@face("POST", audience=Audience.SOFTWARE, audit=Audit.RECORD_READ)
def launch(request: HttpRequest) -> HttpResponse:
    verified = _caller(request)
    asked = _asked(_body(request))
    with context.use(f"oauth:{verified.client_key}", context.current().request_id):
        record_id = _record(verified, asked)
        told = _told(verified, asked, record_id)
    response = JsonResponse(told, status=201)
    response["Cache-Control"] = "no-store"
    return response


def _caller(request: HttpRequest) -> VerifiedToken:
    """Software with a key of its own, and a token for a professional who may look a person up: an app that a
    professional let in launches no other."""
    scheme, _, token = header(request, "Authorization").partition(" ")
    verified = tokens.verify(token.strip(), anew=True) if token and scheme.lower() in {"bearer", "dpop"} else None
    if verified is None:
        raise Refusal("launch-token")
    try:
        if verified.bound or scheme.lower() != "bearer":
            bound.check(request, scheme.lower(), token.strip(), verified.bound, addresses.launch_endpoint())
    except bound.BadProof as bad:
        _log.warning("proof refused", reason=bad.reason)
        raise Refusal("launch-token") from None
    if verified.actor.kind is not ActorKind.PROFESSIONAL or verified.client_id is None or verified.grant_id:
        raise Refusal("launch-holder")
    if not smart.known(verified.scope).allow(_CONTEXT, "Patient", "s"):
        raise Refusal("launch-scope")
    return verified


def _body(request: HttpRequest) -> dict[str, Any]:
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != _JSON:
        raise Refusal("launch-form")
    body = request.read(_MOST + 1)
    try:
        found = json.loads(body) if len(body) <= _MOST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refusal("launch-form")
    return found


def _asked(said: dict[str, Any]) -> _Asked:
    system, bar, value = _text(said, "patient").partition("|")
    if not bar or not value:
        raise Refusal("launch-form")
    return _Asked(system, value, _app(_text(said, "client_id")), mandate.purpose(said.get("purpose")))


def _text(said: dict[str, Any], name: str) -> str:
    found = said.get(name, "")
    if not isinstance(found, str) or not found.isprintable():
        raise Refusal("launch-form")
    return found.strip()


def _app(key: str) -> RegisteredClient | None:
    if not key:
        return None
    found = client_queries.client_by_key(key)
    if found is None or not found.active or not found.launch_uris:
        raise Refusal("launch-app")
    return found


def _record(verified: VerifiedToken, asked: _Asked) -> UUID:
    """As TD0.2 tells it: whether this person has a record, with a line in its trail."""
    actor = verified.actor
    record_id = record_of_identifier(actor, asked.system, asked.value)
    try:
        found = existence(actor, record_id)
    except Stale:
        raise Refusal("launch-token") from None
    looked_up(actor, asked.purpose, record_id)
    if found is None or not found.state.exists:
        raise Refusal("launch-patient")
    return found.record_id


def _told(verified: VerifiedToken, asked: _Asked, record_id: UUID) -> dict[str, Any]:
    app = asked.app
    if verified.client_id is None:
        raise Refusal("launch-holder")
    wish = Wish(
        asker_id=verified.client_id,
        actor=verified.actor,
        purpose=asked.purpose,
        record_id=record_id,
        app_id=app.id if app else None,
        proof=verified.proof,
    )
    link = f"{addresses.opening()}?{urlencode({'lien': launching.ask(Kind.LINK, wish)})}"
    told: dict[str, Any] = {"link": link, "link_expires_in": int(LIVES[Kind.LINK].total_seconds())}
    if app:
        handle = launching.ask(Kind.LAUNCH, wish)
        told |= {
            "launch": handle,
            "iss": addresses.fhir(),
            "expires_in": int(LIVES[Kind.LAUNCH].total_seconds()),
            "launch_url": addresses.launched_at(app.launch_uris[0], handle),
        }
    return told
