"""What the authorisation server can do, said truthfully (RFC 8414, SMART App Launch 2, OpenID Connect Discovery).
Access tokens are opaque; the keys of `jwks_uri` sign ID tokens alone."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from carnet.api.oauth import addresses
from carnet.api.oauth.app_tokens import CODE, PUBLIC, REFRESH
from carnet.api.oauth.assertion import GRANTS, METHOD
from carnet.api.oauth.face import face
from carnet.formats import smart
from carnet.formats.fhir.search.entry_types import TYPES
from carnet.kernel.http import Audience, Audit
from carnet.kernel.jwk import ALGORITHMS
from carnet.people import id_keys
from carnet.people.rules import LEVELS

_MINUTES: Final = 5
_SCOPES: Final = [f"{context}/{what}" for context in ("system", "user", "patient") for what in ("*.cruds", "*.rs")]
_SUBSCRIPTIONS: Final = [f"{context}/Subscription.cruds" for context in ("system", "user", "patient")]
_ENTRIES: Final = [f"user/{each}.rs" for each in (*TYPES, "Provenance")]
"""Of the structured record, for who reads nothing else: one type, nothing that is written."""
_CAPABILITIES: Final = (
    "launch-ehr",
    "launch-standalone",
    "authorize-post",
    "client-public",
    "client-confidential-asymmetric",
    "sso-openid-connect",
    "context-banner",
    "context-ehr-patient",
    "context-standalone-patient",
    "permission-offline",
    "permission-online",
    "permission-patient",
    "permission-user",
    "permission-v1",
    "permission-v2",
)


def metadata() -> dict[str, Any]:
    """RFC 8414. Software proves itself with a key; a public app keeps none, and asks nothing about tokens."""
    told: dict[str, Any] = {
        "issuer": addresses.issuer(),
        "authorization_endpoint": addresses.authorization_endpoint(),
        "token_endpoint": addresses.token_endpoint(),
        "jwks_uri": addresses.jwks_uri(),
        "revocation_endpoint": addresses.revocation_endpoint(),
        "introspection_endpoint": addresses.introspection_endpoint(),
        "registration_endpoint": addresses.registration_endpoint(),
        "grant_types_supported": [*GRANTS, CODE, REFRESH],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "scopes_supported": [*_SCOPES, *_ENTRIES, *_SUBSCRIPTIONS, *sorted(smart.OF_APPS), smart.INTROSPECTION],
        # RFC 9449; RFC 8705 where a proxy is trusted to name certificates.
        "dpop_signing_alg_values_supported": list(ALGORITHMS),
        "tls_client_certificate_bound_access_tokens": bool(settings.CARNET.client_cert_proxies),
    }
    for name, methods in (
        ("token", [METHOD, PUBLIC]),
        ("revocation", [METHOD, PUBLIC]),
        ("introspection", [METHOD]),
    ):
        told[f"{name}_endpoint_auth_methods_supported"] = methods
        told[f"{name}_endpoint_auth_signing_alg_values_supported"] = list(ALGORITHMS)
    return told


@face("GET", "HEAD", audience=Audience.OPEN, audit=Audit.NONE)
def authorization_server(request: HttpRequest) -> HttpResponse:
    return _told(metadata())


@face("GET", "HEAD", audience=Audience.OPEN, audit=Audit.NONE)
def openid(request: HttpRequest) -> HttpResponse:
    return _told(
        {
            **metadata(),
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [id_keys.ALGORITHM],
            "acr_values_supported": list(LEVELS),
            "claims_supported": ["iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "acr", "fhirUser"],
        }
    )


@face("GET", "HEAD", audience=Audience.OPEN, audit=Audit.NONE)
def smart_configuration(request: HttpRequest) -> HttpResponse:
    return _told({**metadata(), "capabilities": list(_CAPABILITIES)})


@face("GET", "HEAD", audience=Audience.OPEN, audit=Audit.NONE)
def keys(request: HttpRequest) -> HttpResponse:
    """Public halves (RFC 7517)."""
    return _told({"keys": id_keys.published()})


def _told(configuration: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(configuration)
    response["Cache-Control"] = f"public, max-age={_MINUTES * 60}"
    return response
