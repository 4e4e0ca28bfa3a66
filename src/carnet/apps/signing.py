"""Notifications are signed: a JWT in a header, whose claims say for whom, until when and over which body. Whoever
receives them signs JWTs to get tokens and has the library, which checks audience and end by itself; a detached JWS
needs more than most of them do. The key is found at our address of keys, the same on every machine."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256
from typing import Any, Final

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc import jwk

from carnet.kernel import vault

HEADER: Final = "Carnet-Signature"
TYPE: Final = "carnet-notification+jwt"
_ALGORITHM: Final = "ES256"
_USE: Final = "apps-signing-1"
# The order of the curve P-256: a key is a number below it, from one on.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_BYTES: Final = 32


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    drawn = int.from_bytes(vault.derive(_USE) + vault.derive(f"{_USE}-more"))
    return ec.derive_private_key(drawn % (_ORDER - 1) + 1, ec.SECP256R1())


@cache
def public() -> dict[str, Any]:
    """As the set of keys tells it."""
    numbers = _key().public_key().public_numbers()
    members: dict[str, Any] = {
        "kty": "EC",
        "crv": "P-256",
        "x": _text(_number(numbers.x)),
        "y": _text(_number(numbers.y)),
    }
    kid = jwk.ECKey.import_key(members).thumbprint()
    return {**members, "kid": kid, "use": "sig", "alg": _ALGORITHM}


def signature(body: bytes, claims: dict[str, Any]) -> str:
    """`claims`: from whom and for whom, from when until when, and a name that serves once."""
    head = _text(orjson.dumps({"alg": _ALGORITHM, "kid": public()["kid"], "typ": TYPE}))
    said = _text(orjson.dumps({**claims, "sha-256": _text(sha256(body).digest())}))
    der = _key().sign(f"{head}.{said}".encode(), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(der)
    return f"{head}.{said}.{_text(_number(r) + _number(s))}"


def _number(value: int) -> bytes:
    return value.to_bytes(_BYTES)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
