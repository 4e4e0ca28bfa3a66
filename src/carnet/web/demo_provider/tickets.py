"""Codes and choices that carry, sealed, what they stand for."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from hashlib import sha256

from django.core import signing

_CODE, _CHOICE = "carnet.demo.code", "carnet.demo.choice"
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Code:
    actor: str
    client: str
    redirect_uri: str
    nonce: str
    challenge: str

    def seal(self) -> str:
        return signing.dumps(asdict(self), salt=_CODE)


def open_code(text: str, *, client: str, redirect_uri: str, verifier: str) -> Code | None:
    """None unless it is fresh, of this client and address, and the PKCE verifier is the right one."""
    try:
        code = Code(**signing.loads(text, salt=_CODE, max_age=_MINUTE))
    except signing.BadSignature:
        return None
    fits = code.client == client and code.redirect_uri == redirect_uri and code.challenge == challenge(verifier)
    return code if fits else None


def challenge(verifier: str) -> str:
    """S256 of RFC 7636."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def choice(actor: str) -> str:
    """The provider's own session: who was chosen, for the flow that follows at once."""
    return signing.dumps(actor, salt=_CHOICE)


def open_choice(text: str) -> str | None:
    return _opened(text, _CHOICE)


def _opened(text: str, salt: str) -> str | None:
    try:
        return str(signing.loads(text, salt=salt, max_age=_MINUTE))
    except signing.BadSignature:
        return None
