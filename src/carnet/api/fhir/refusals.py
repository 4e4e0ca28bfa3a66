"""Deposits that were answered with a refusal, counted for the operators by the rules that the caller was told."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import orjson
import structlog
from django.http import HttpRequest, HttpResponseBase

from carnet.formats.fhir.errors import CATALOGUE
from carnet.formats.fhir.outcome import PROBLEM_SYSTEM
from carnet.people import refusals
from carnet.people.queries import VerifiedToken

_DEPOSITS: Final = frozenset({"fhir", "fhir/", "fhir/DocumentReference", "fhir/DocumentReference/$generate-metadata"})
_REFUSED: Final = 400
_CLIENT: Final = "carnet_client"
_GRANT: Final = "carnet_grant"
_log = structlog.get_logger("carnet.fhir")


def remember(request: HttpRequest, verified: VerifiedToken) -> None:
    """Which software calls, should it be refused later."""
    setattr(request, _CLIENT, verified.client_id)
    setattr(request, _GRANT, verified.grant_id)


def client_of(request: HttpRequest) -> UUID | None:
    found: UUID | None = getattr(request, _CLIENT, None)
    return found


def grant_of(request: HttpRequest) -> UUID | None:
    found: UUID | None = getattr(request, _GRANT, None)
    return found


def count(request: HttpRequest, response: HttpResponseBase) -> None:
    """In a transaction of its own, after the answer is made, which it never spoils."""
    client_id = client_of(request)
    if response.status_code < _REFUSED or client_id is None or not _deposits(request):
        return
    try:
        refusals.count(client_id, _codes(response))
    except Exception as error:  # noqa: BLE001  (the answer stands, whatever becomes of the count)
        _log.warning("a refused deposit was not counted", error=type(error).__name__)


def _deposits(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.route in _DEPOSITS


def _codes(response: Any) -> set[str]:
    """Codes of the public catalogue, and nothing else of the answer."""
    issues = orjson.loads(response.content)["issue"]
    told = {
        coding["code"]
        for issue in issues
        if issue["severity"] in {"error", "fatal"}
        for coding in issue["details"]["coding"]
        if coding.get("system") == PROBLEM_SYSTEM
    }
    return told & CATALOGUE.keys()
