"""Tokens that serve their sender alone: bound to a key by DPoP (RFC 9449), or to a client certificate that a trusted
proxy names (RFC 8705, RFC 9440). A stolen token is then worth nothing without the key.

A binding is a word: `jkt:` or `x5t#S256:` and the thumbprint."""

from __future__ import annotations

import ipaddress
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from django.http import HttpRequest
from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError

from carnet.kernel import clock
from carnet.kernel import jwk as public_keys
from carnet.kernel.http import header
from carnet.people import clients

TYPE: Final = "dpop+jwt"
BY_KEY: Final = "jkt"
BY_CERTIFICATE: Final = "x5t#S256"
_SKEW: Final = 60
"""Seconds that clocks may differ, and that a proof may be under way."""
_LONGEST: Final = 8000
_LONGEST_JTI: Final = 200
_PORTS: Final = {"https": 443, "http": 80}


class BadProof(Exception):
    """`reason` is for the log and for tests: the caller learns that the proof is not good."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def confirmation(bound: str) -> dict[str, str]:
    """As introspection tells it (`cnf`)."""
    method, _, thumbprint = bound.partition(":")
    return {method: thumbprint}


def asked(request: HttpRequest, address: str) -> str:
    """To what a token asked for here is bound; "" for nothing. Raises `BadProof`."""
    if header(request, "DPoP"):
        return f"{BY_KEY}:{proved(request, address)}"
    thumbprint = certificate(request)
    return f"{BY_CERTIFICATE}:{thumbprint}" if thumbprint else ""


def check(request: HttpRequest, scheme: str, token: str, bound: str, address: str) -> None:
    """Whether who calls with that token is whom it was given to. Raises `BadProof`."""
    method, _, thumbprint = bound.partition(":")
    if (method == BY_KEY) is not (scheme == "dpop"):
        raise BadProof("scheme")
    if method == BY_KEY and not compare_digest(proved(request, address, token=token), thumbprint):
        raise BadProof("another-key")
    if method == BY_CERTIFICATE and not compare_digest(certificate(request), thumbprint):
        raise BadProof("another-certificate")


def proved(request: HttpRequest, address: str, *, token: str = "") -> str:
    """The thumbprint of the key that signed the proof of this request, which is thereby used up."""
    text = header(request, "DPoP")
    if not text or len(text) > _LONGEST or "," in text:
        raise BadProof("form")
    claims, thumbprint = _signed(text)
    if claims.get("htm") != request.method or _plain(claims.get("htu")) != _plain(address):
        raise BadProof("another-request")
    if token and claims.get("ath") != _encoded(sha256(token.encode()).digest()):
        raise BadProof("another-token")
    ends = _ends(claims.get("iat"))
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= _LONGEST_JTI:
        raise BadProof("jti")
    if not clients.spend_proof(thumbprint=thumbprint, jti=jti, expires_at=ends):
        raise BadProof("replayed")
    return thumbprint


def _signed(text: str) -> tuple[Mapping[str, Any], str]:
    """The claims, and the thumbprint of the public key that the proof brings along."""
    try:
        head = jws.extract_compact(text.encode()).headers()
        if head.get("typ") != TYPE or head.get("alg") not in public_keys.ALGORITHMS:
            raise BadProof("algorithm")
        key = public_keys.of(head.get("jwk"))
        imported = jwk.import_key(key.members)
        claims = jwt.decode(text, imported, algorithms=[head["alg"]]).claims
        return claims, imported.thumbprint()
    except (JoseError, public_keys.JwkError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadProof("signature") from None


def _ends(issued: object) -> datetime:
    at = clock.stated(issued)
    now = clock.now().timestamp()
    if not now - 2 * _SKEW < at <= now + _SKEW:
        raise BadProof("time")
    return datetime.fromtimestamp(at + 3 * _SKEW, UTC)


def _plain(address: object) -> tuple[str, str, int | None, str] | None:
    """Scheme, host, port and path: what follows them does not count (RFC 9449, section 4.3)."""
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme), parts.path
    except ValueError:
        return None


def certificate(request: HttpRequest) -> str:
    """The thumbprint of the certificate with which the caller came to the trusted proxy; "" for none. Who is no such
    proxy may write what they like in that header: it counts for nothing."""
    text = header(request, "Client-Cert")
    if not text or not _from_proxy(str(request.META.get("REMOTE_ADDR", ""))):
        return ""
    if len(text) > _LONGEST or not (text.startswith(":") and text.endswith(":") and len(text) > len("::")):
        raise BadProof("certificate-form")
    try:
        raw = b64decode(text[1:-1], validate=True)
        found = x509.load_der_x509_certificate(raw)
    except ValueError:
        raise BadProof("certificate-form") from None
    if not found.not_valid_before_utc <= clock.now() < found.not_valid_after_utc:
        raise BadProof("certificate-time")
    return _encoded(sha256(raw).digest())


def _from_proxy(address: str) -> bool:
    trusted = settings.CARNET.client_cert_proxies
    try:
        return bool(trusted) and any(ipaddress.ip_address(address) in ipaddress.ip_network(each) for each in trusted)
    except ValueError:
        return False


def _encoded(digest: bytes) -> str:
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
