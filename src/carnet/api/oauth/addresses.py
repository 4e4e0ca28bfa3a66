"""Where the authorisation server stands, as others must write it."""

from __future__ import annotations

from urllib.parse import urlencode

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


def authorization_endpoint() -> str:
    return f"{issuer()}/oauth/authorize"


def jwks_uri() -> str:
    return f"{issuer()}/oauth/jwks"


def launch_endpoint() -> str:
    return f"{issuer()}/oauth/launch"


def opening() -> str:
    """Where links into the portal lead."""
    return f"{issuer()}/pro/ouvrir"


def fhir() -> str:
    return f"{issuer()}/fhir"


def launched_at(launch_uri: str, handle: str) -> str:
    """The address at which an app is launched (SMART App Launch 2, EHR launch)."""
    mark = "&" if "?" in launch_uri else "?"
    return f"{launch_uri}{mark}{urlencode({'iss': fhir(), 'launch': handle})}"
