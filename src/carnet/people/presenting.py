"""Keys as a publisher gives them: a JWK, a set of them, or a certificate or public key in PEM."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwk
from joserfc.errors import JoseError

from carnet.kernel import clock
from carnet.kernel.jwk import JwkError, PublicJwk, of

_MOST: Final = 5


def read(text: str) -> tuple[list[PublicJwk], datetime | None]:
    """The keys, and when they end: a certificate tells it. Raises `JwkError`, in French."""
    text = text.strip()
    if text.startswith("-----BEGIN CERTIFICATE-----"):
        return _certified(text)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise JwkError("La clé n'est ni un JWK, ni un jeu de clés (JWKS), ni un certificat en PEM.") from None
    return from_json(found), None


def from_json(found: Any) -> list[PublicJwk]:
    members = found.get("keys") if isinstance(found, dict) and "keys" in found else [found]
    if not isinstance(members, list) or not 0 < len(members) <= _MOST:
        raise JwkError(f"Un jeu de clés en a de une à {_MOST}.")
    keys = [of(each) for each in members]
    if len({key.kid for key in keys}) != len(keys):
        raise JwkError("Deux clés portent le même nom (kid) : chaque clé a le sien.")
    return keys


def _certified(text: str) -> tuple[list[PublicJwk], datetime]:
    try:
        found = x509.load_pem_x509_certificate(text.encode())
        pem = found.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        key = _imported(pem)
    except (ValueError, TypeError, JoseError):
        raise JwkError("Ce certificat ne se lit pas, ou sa clé n'est pas acceptée (RSA, EC, Ed25519).") from None
    if not found.not_valid_before_utc <= clock.now() < found.not_valid_after_utc:
        raise JwkError("Ce certificat n'est pas valable aujourd'hui.")
    return [of(key)], found.not_valid_after_utc


def _imported(pem: bytes) -> dict[str, Any]:
    for kind in ("RSA", "EC", "OKP"):
        try:
            return dict(jwk.import_key(pem, kind).as_dict(private=False))
        except (ValueError, TypeError, JoseError):
            continue
    raise ValueError(pem)
