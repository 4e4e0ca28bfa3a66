"""The two providers of this installation, from its settings: one for patients, one for professionals."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from carnet.demo import cast
from carnet.kernel.config import Config
from carnet.web.auth.provider import Provider

PATIENT = "patient"
PROFESSIONAL = "professionnel"
NAMES = (PATIENT, PROFESSIONAL)

DEMO_PATH = "/demo"


def config() -> Config:
    found: Config = settings.CARNET
    return found


def base(request: HttpRequest) -> str:
    """The address of this site as the outside sees it; in a demonstration, the one that was called, if it has a port
    of ours: the server asks its own provider there, and must not be sent to a neighbour's."""
    called = f"{request.scheme}://{request.get_host()}"
    known = config()
    if known.demo and _port(called) in {known.port, _port(known.public_url)}:
        return called
    return known.public_url


def _port(address: str) -> int | None:
    parts = urlsplit(address)
    try:
        return parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None


def provider(name: str, request: HttpRequest) -> Provider | None:
    """None when the installation has no such provider."""
    found = _configured(name, config())
    if not found.issuer:
        return None
    if demonstrated(name):
        return replace(found, issuer=base(request) + DEMO_PATH, realm=cast.REALM)
    return found


def demonstrated(name: str) -> bool:
    """Whether people come in there by the provider of the demonstration, and may choose who they are."""
    known = config()
    return known.demo and _configured(name, known).issuer == known.public_url + DEMO_PATH


def available(request: HttpRequest) -> frozenset[str]:
    return frozenset(name for name in NAMES if provider(name, request))


def _configured(name: str, from_: Config) -> Provider:
    if name == PATIENT:
        # FranceConnect+: health data need at least the substantial level.
        return Provider(
            name=PATIENT,
            issuer=from_.patient_oidc_issuer,
            client_id=from_.patient_oidc_client_id,
            client_secret=from_.patient_oidc_client_secret,
            scope=from_.patient_oidc_scope,
            levels=from_.patient_oidc_levels,
            subject="sub",
            realm=from_.patient_oidc_issuer,
        )
    # Pro Santé Connect: a professional is known by the national identifier, not by the account's `sub`.
    return Provider(
        name=PROFESSIONAL,
        issuer=from_.professional_oidc_issuer,
        client_id=from_.professional_oidc_client_id,
        client_secret=from_.professional_oidc_client_secret,
        scope=from_.professional_oidc_scope,
        levels=from_.professional_oidc_levels,
        subject="SubjectNameID",
        realm=from_.professional_oidc_issuer,
    )
