"""In a sandbox, what software asked and whether it was right is kept for its conformance report: which interaction, and
of a fault the codes and places that the answer told. Nothing of what was sent."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

import orjson
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from carnet.api.fhir import refusals
from carnet.apps import conformance
from carnet.formats.fhir.errors import CATALOGUE
from carnet.formats.fhir.outcome import PROBLEM_SYSTEM
from carnet.formats.fhir.search.entry_types import TYPES

_ENTRIES: Final = "|".join((*TYPES, "Provenance", "<entry:kind>"))
_SEARCH: Final = r"(?:/_search)?"
_ID: Final = r"<str:fhir_id>"
# Methods, route below the base, interaction.
_TABLE: Final = tuple(
    (frozenset(methods.split()), re.compile(route), interaction)
    for methods, route, interaction in (
        ("POST", r"", "iti-65"),
        ("POST", r"DocumentReference", "iti-105"),
        ("POST", r"DocumentReference/\$generate-metadata", "iti-106"),
        ("GET POST", rf"List{_SEARCH}", "iti-66"),
        ("GET", rf"List/{_ID}", "iti-66"),
        ("GET POST", rf"DocumentReference{_SEARCH}", "iti-67"),
        ("GET", rf"(?:Binary|Bundle)/{_ID}", "iti-68"),
        ("GET", rf"DocumentReference/{_ID}", "read"),
        ("GET", rf"Patient/{_ID}", "patient"),
        ("PATCH", rf"DocumentReference(?:/{_ID})?", "td3.3"),
        ("POST", rf"DocumentReference/{_ID}/\$withdraw", "withdraw"),
        ("GET", rf"(?:DocumentReference|List)/{_ID}/_history.*", "history"),
        ("GET POST", rf"Patient{_SEARCH}", "td0.2"),
        ("POST", r".*\$validate", "validate"),
        ("GET POST", r"Patient/.*\$summary", "summary"),
        ("GET POST", r"Patient/.*\$everything", "everything"),
        ("GET POST", r"Patient/.*\$new-since", "new-since"),
        ("GET POST", rf"(?:{_ENTRIES})(?:/.*)?", "entries"),
        ("GET POST PATCH", r"Consent(?:/.*)?", "consent"),
        ("GET POST", r"AuditEvent(?:/.*)?", "audit"),
        ("GET POST PUT DELETE", r"Subscription(?:/.*)?", "subscription"),
        ("GET POST PUT DELETE", r"Appointment(?:/.*)?", "appointment"),
    )
)
# No fault of the software: a right that it has not, what is not there, a house that is busy or at fault itself.
_NO_FAULT: Final = frozenset(
    {"forbidden", "not-found", "patient-unknown", "record-not-open", "busy", "internal", "reason-required"}
)
_REFUSED: Final = 400
_OURS: Final = 500
_log = structlog.get_logger("carnet.fhir")


def interaction(method: str, route: str) -> str:
    """ "" for what no guide of the report names."""
    address = route.removeprefix("fhir").strip("/")
    told = "GET" if method == "HEAD" else method
    return next((name for methods, pattern, name in _TABLE if told in methods and pattern.fullmatch(address)), "")


def count(request: HttpRequest, response: HttpResponseBase) -> None:
    """After the answer is made, which it never spoils."""
    client_id = refusals.client_of(request)
    if client_id is None or not settings.CARNET.sandbox:
        return
    match = request.resolver_match
    named = interaction(request.method or "", match.route) if match else ""
    if named:
        try:
            _count(client_id, named, response)
        except Exception as error:  # noqa: BLE001  (the answer stands, whatever becomes of the count)
            _log.warning("an interaction was not counted", error=type(error).__name__)


def _count(client_id: UUID, named: str, response: Any) -> None:
    if response.status_code < _REFUSED:
        conformance.right(client_id, named)
        return
    if response.status_code >= _OURS:
        return
    issues = orjson.loads(response.content)["issue"]
    codes = [
        coding["code"]
        for issue in issues
        for coding in issue.get("details", {}).get("coding", ())
        if coding.get("system") == PROBLEM_SYSTEM and issue["severity"] in {"error", "fatal"}
    ]
    faults = [each for each in codes if each in CATALOGUE and each not in _NO_FAULT]
    if faults:
        places = [place for issue in issues for place in issue.get("expression", ())]
        conformance.wrong(client_id, named, codes=faults, places=places, status=response.status_code)
