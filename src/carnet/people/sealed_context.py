"""The patient of a grant, a launch or a ticket: sealed where it is kept, and tied to that place."""

from __future__ import annotations

import secrets
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from carnet.kernel import vault

_NONCE: Final = 12


def seal(tie: bytes, record_id: UUID) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher().encrypt(nonce, record_id.bytes, tie)


def open_(tie: bytes, sealed: bytes | memoryview) -> UUID:
    """Raises `InvalidTag` for what was moved from elsewhere."""
    raw = bytes(sealed)
    return UUID(bytes=_cipher().decrypt(raw[:_NONCE], raw[_NONCE:], tie))


def _cipher() -> AESGCM:
    return AESGCM(vault.derive("app-contexts"))
