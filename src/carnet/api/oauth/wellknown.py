"""What the authorisation server can do, said truthfully (RFC 8414, SMART App Launch 2, OpenID Connect Discovery).

No `jwks_uri`: tokens are opaque and nothing is signed. No `authorization_endpoint`: people do not consent here yet."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from carnet.api.oauth import addresses
from carnet.api.oauth.assertion import GRANTS, METHOD
from carnet.api.oauth.face import face
from carnet.formats import smart
from carnet.formats.fhir.search.entry_types import TYPES
from carnet.kernel.http import Audience, Audit
from carnet.kernel.jwk import ALGORITHMS

_MINUTES: Final = 5
_SCOPES: Final = [f"{context}/{what}" for context in ("system", "user") for what in ("*.cruds", "*.rs")]
_SUBSCRIPTIONS: Final = [f"{context}/Subscription.cruds" for context in ("system", "user")]
_ENTRIES: Final = [f"user/{each}.rs" for each in (*TYPES, "Provenance")]
"""Of the structured record, for who reads nothing else: one type, nothing that is written."""


def metadata() -> dict[str, Any]:
    """RFC 8414; all three addresses authenticate the client in the same way."""
    told: dict[str, Any] = {
        "issuer": addresses.issuer(),
        "token_endpoint": addresses.token_endpoint(),
        "revocation_endpoint": addresses.revocation_endpoint(),
        "introspection_endpoint": addresses.introspection_endpoint(),
        "registration_endpoint": addresses.registration_endpoint(),
        "grant_types_supported": list(GRANTS),
        # RFC 8414 requires it, and has no value for a server without an authorisation endpoint.
        "response_types_supported": [],
        "scopes_supported": [*_SCOPES, *_ENTRIES, *_SUBSCRIPTIONS, smart.INTROSPECTION],
        # RFC 9449; RFC 8705 where a proxy is trusted to name certificates.
        "dpop_signing_alg_values_supported": list(ALGORITHMS),
        "tls_client_certificate_bound_access_tokens": bool(settings.CARNET.client_cert_proxies),
    }
    for name in ("token", "revocation", "introspection"):
        told[f"{name}_endpoint_auth_methods_supported"] = [METHOD]
        told[f"{name}_endpoint_auth_signing_alg_values_supported"] = list(ALGORITHMS)
    return told


@face("GET", "HEAD", audience=Audience.OPEN, audit=Audit.NONE)
def authorization_server(request: HttpRequest) -> HttpResponse:
    return _told(metadata())


@face("GET", "HEAD", audience=Audience.OPEN, audit=Audit.NONE)
def openid(request: HttpRequest) -> HttpResponse:
    """The same: who looks for OAuth here finds it, and no ID token is promised."""
    return _told(metadata())


@face("GET", "HEAD", audience=Audience.OPEN, audit=Audit.NONE)
def smart_configuration(request: HttpRequest) -> HttpResponse:
    return _told(
        {
            **metadata(),
            "capabilities": ["client-confidential-asymmetric", "permission-user", "permission-v1", "permission-v2"],
            # SMART demands it of every configuration, also where no authorisation endpoint takes a challenge (App
            # Launch 2.2, conformance: "REQUIRED … S256 SHALL be included"). RFC 8414 does not: it stands here alone.
            "code_challenge_methods_supported": ["S256"],
        }
    )


def _told(configuration: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(configuration)
    response["Cache-Control"] = f"public, max-age={_MINUTES * 60}"
    return response
