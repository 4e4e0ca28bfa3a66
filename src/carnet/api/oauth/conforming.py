"""In a sandbox, how software fares with tokens is kept for its conformance report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import structlog
from django.conf import settings
from django.http import HttpResponse

from carnet.api.oauth import assertion
from carnet.api.oauth.app_tokens import CODE, REFRESH
from carnet.api.oauth.assertion import Caller
from carnet.api.oauth.exchange import GRANT
from carnet.api.oauth.problems import PROBLEMS, Refusal
from carnet.api.oauth.server import REFUSED, Asked
from carnet.apps import conformance
from carnet.people import client_queries

LAUNCH: Final = "smart-launch"
_OF_GRANT: Final = {GRANT: "token-exchange", CODE: LAUNCH, REFRESH: "smart-refresh"}
_FAILED: Final = 400
_OURS: Final = 500
_log = structlog.get_logger("carnet.oauth")


def count(asked: Asked, response: HttpResponse) -> None:
    """After the answer is made."""
    if response.status_code < _OURS:
        _quietly(lambda: _count(asked, response))


def sent_wrongly(client: client_queries.RegisteredClient, code: str) -> None:
    """An app sent a browser to the authorisation with a fault of its own."""
    status = PROBLEMS[code].status
    _quietly(lambda: conformance.wrong(client.id, LAUNCH, codes=[code], places=(), status=status))


def _quietly(counted: Callable[[], None]) -> None:
    """In a sandbox; the answer stands, whatever becomes of the count."""
    if not settings.CARNET.sandbox:
        return
    try:
        counted()
    except Exception as error:  # noqa: BLE001  (see above)
        _log.warning("an interaction was not counted", error=type(error).__name__)


def _count(asked: Asked, response: HttpResponse) -> None:
    caller = asked.client if isinstance(asked.client, Caller) else None
    client = caller.client if caller else _named(asked)
    if client is None:
        return
    named = _OF_GRANT.get(asked.form.get("grant_type", ""), "token")
    if named == "token" and caller and "extensions" in caller.claims:
        named = "token-professional"
    if response.status_code < _FAILED:
        conformance.right(client.id, named)
        return
    code = getattr(response, REFUSED, "")
    if code in PROBLEMS:
        conformance.wrong(client.id, named, codes=[code], places=(), status=response.status_code)


def _named(asked: Asked) -> client_queries.RegisteredClient | None:
    """Whom an assertion that proved nothing names: they learn in their report that it did not."""
    try:
        return client_queries.client_by_key(assertion.read(asked.form.get("client_assertion") or "").client)
    except Refusal:
        return None
