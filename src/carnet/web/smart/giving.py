"""The pages on the way to an app, and the code at its end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER
from carnet.people import granting, launching
from carnet.people.launching import Kind
from carnet.web.auth import opening, session
from carnet.web.headers import policy
from carnet.web.render import page
from carnet.web.smart import asking, choosing
from carnet.web.smart.asking import Asked, Wrong

_log = structlog.get_logger("carnet.apps")


def code(
    request: HttpRequest,
    asked: Asked,
    who: Actor,
    *,
    purpose: Purpose,
    record_id: UUID | None,
    scope: str,
    ends: datetime | None = None,
) -> HttpResponse:
    """Raises `granting.SessionOver`."""
    wish = granting.Wish(
        client_id=asked.client.id,
        actor=who,
        purpose=purpose,
        scope=scope,
        record_id=record_id,
        session=request.session.session_key or "",
        refreshes=asked.refreshes,
        offline=asked.offline,
        assurance=session.proven_level(request) or opening.assurance(request.session),
        proven_at=datetime.fromtimestamp(session.proven_at(request), UTC),
        ends=ends,
    )
    with transaction.atomic(using=WRITER):
        if asked.launched and not launching.spend(Kind.LAUNCH, asked.launch):
            raise Wrong("invalid_request", "Ce lancement a déjà servi.")
        given = granting.grant(wish, redirect_uri=asked.to.redirect_uri, challenge=asked.challenge, nonce=asked.nonce)
    choosing.forget(request, asked.mark)
    _log.info("app let in", client=asked.client.key)
    return redirect(asking.answer(asked.to, code=given))


def shown(
    request: HttpRequest, asked: Asked, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The answer to its forms may lead to the app: browsers hold that against `form-action` too."""
    context = {"place_of_work": session.situation(request), **context}
    parts = urlsplit(asked.to.redirect_uri)
    csp = policy(form_action=f"'self' {parts.scheme}://{parts.netloc}")
    return page(request, template, context, status=status, csp=csp)


def redirect(address: str) -> HttpResponse:
    response = HttpResponse(status=303, headers={"Location": address})
    # The code stands in the address: the app's page is not told from where it came.
    response["Referrer-Policy"] = "no-referrer"
    return response
