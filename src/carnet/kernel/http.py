"""Closed by default: every view declares its audience and what its use leaves in the trail.

`door` is that declaration; `DoorMiddleware` serves no view without one. A test lists every address with both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.http.response import ResponseHeaders

from carnet.kernel import context, metrics
from carnet.kernel.ids import uuid7


class Audience(StrEnum):
    OPEN = "open"
    DEMO = "demo"
    OPERATIONS = "operations"
    SIGNED_IN = "signed-in"
    PATIENT = "patient"
    PROFESSIONAL = "professional"
    OPERATOR = "operator"
    SOFTWARE = "software"


class Audit(StrEnum):
    """What a use of the address leaves: nothing, a line on the account, or a line in the record's trail."""

    NONE = "none"
    ACCOUNT = "account"
    RECORD_READ = "record-read"
    RECORD_WRITE = "record-write"


View = TypeVar("View", bound=Callable[..., HttpResponseBase])

_DOOR = "carnet_door"
_FACES = frozenset({"fhir", "oauth"})
_FHIR = "/fhir/"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Told by name; callers invent others, and each name of a figure is kept for ever."""


def door(*, audience: Audience, audit: Audit) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, _DOOR, (audience, audit))
        return view

    return declare


def seen_from(request: HttpRequest) -> str:
    """The address that calls; behind the proxy of an https installation, the one that the proxy saw."""
    seen = header(request, "X-Forwarded-For") if settings.CARNET.secure else ""
    return seen.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def door_of(view: Any) -> tuple[Audience, Audit] | None:
    declared: tuple[Audience, Audit] | None = getattr(view, _DOOR, None)
    return declared


def header(request: HttpRequest, name: str, default: str = "") -> str:
    """One header, without the table of all that `request.headers` makes first."""
    value: str = request.META.get(_variable(name), default)
    return value


@cache
def _variable(name: str) -> str:
    variable = name.upper().replace("-", "_")
    return variable if variable in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{variable}"


def constant(headers: Mapping[str, str]) -> Callable[[HttpResponseBase], None]:
    """Sets headers that are the same each time: Django checks and encodes them once, not with every answer."""
    checked = ResponseHeaders(headers)._store  # noqa: SLF001

    def set_on(response: HttpResponseBase) -> None:
        response.headers._store.update(checked)  # noqa: SLF001

    return set_on


def is_software(request: HttpRequest) -> bool:
    """Whether the address is of the FHIR face, which knows no session, cookie, form, language or page."""
    return request.path_info.startswith(_FHIR) or request.path_info == _FHIR[:-1]


class UndeclaredView(RuntimeError):
    """A view without a door: a fault of ours, never shown to a person."""


class DoorMiddleware:
    """Names the request, logs how it ended, and refuses views that declare no door.

    Logged: method, route pattern (never the path with its ids, never the query), status, time, request id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.log = structlog.get_logger("carnet.http").bind()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        first = request.path_info.strip("/").partition("/")[0]
        with context.use(first if first in _FACES else "web", _request_id(request)) as here:
            response = self.get_response(request)
            response["X-Request-Id"] = str(here.request_id)
            match = request.resolver_match
            route, took = match.route if match else "-", time.perf_counter() - began
            method = request.method if request.method in _METHODS else "other"
            metrics.requests.labels(method, route, response.status_code).inc()
            metrics.seconds.labels(route).observe(took)
            # The line names the request and its door by itself, which are the context's.
            self.log.info("request", method=method, route=route, status=response.status_code, ms=round(took * 1000, 1))
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if door_of(view) is None:
            raise UndeclaredView(getattr(view, "__qualname__", repr(view)))


def _request_id(request: HttpRequest) -> UUID:
    """The caller's own request id when it is a UUID, so that both sides can speak of the same request."""
    try:
        return UUID(given) if (given := header(request, "X-Request-Id")) else uuid7()
    except ValueError:
        return uuid7()
