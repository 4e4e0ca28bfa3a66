"""Where the authorisation server stands, as others must write it."""

from __future__ import annotations

from django.conf import settings


def issuer() -> str:
    return str(settings.CARNET.public_url).rstrip("/")


def token_endpoint() -> str:
    return f"{issuer()}/oauth/token"


def revocation_endpoint() -> str:
    return f"{issuer()}/oauth/revoke"


def registration_endpoint() -> str:
    return f"{issuer()}/oauth/register"


def introspection_endpoint() -> str:
    return f"{issuer()}/oauth/introspect"
