"""Every address of Carnet. Each view declares its audience and its audit class (`kernel.http.door`)."""

from __future__ import annotations

from django.urls import include, path

from carnet.api import operations
from carnet.api.oauth import wellknown

handler400 = "carnet.web.errors.bad_request"
handler403 = "carnet.web.errors.forbidden"
handler404 = "carnet.web.errors.not_found"
handler500 = "carnet.web.errors.server_error"

urlpatterns = [
    # What is asked most stands first: addresses are tried one after the other.
    path("fhir/.well-known/smart-configuration", wellknown.smart_configuration),
    path("fhir", include("carnet.api.fhir.urls")),
    path("healthz", operations.healthz),
    path("readyz", operations.readyz),
    path("metrics", operations.metrics),
    path("", include("carnet.api.oauth.urls")),
    path("", include("carnet.web.urls")),
]
