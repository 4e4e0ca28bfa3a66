from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from carnet.api.fhir.face import anyone
from carnet.formats.fhir import errors


@anyone("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
def elsewhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """What the CapabilityStatement does not list is answered alike to everyone."""
    raise errors.failure("not-found")
