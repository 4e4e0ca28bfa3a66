"""What the FHIR door can do, and where its tokens come from."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carnet.api.fhir.face import anyone, base_url, json
from carnet.formats.fhir import capability

_RELEASED = datetime(2026, 11, 26, tzinfo=UTC)


@anyone("GET", "HEAD")
def capabilities(request: HttpRequest) -> HttpResponse:
    home = f"{settings.CARNET.public_url.rstrip('/')}/oauth"
    oauth = capability.OAuth(
        authorize=f"{home}/authorize",
        token=f"{home}/token",
        register=f"{home}/register",
        introspect=f"{home}/introspect",
        revoke=f"{home}/revoke",
    )
    return json(
        capability.statement(base_url=base_url(), software_version=version("carnet"), date=_RELEASED, oauth=oauth)
    )
