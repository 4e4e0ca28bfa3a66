"""A way to one patient for one professional, sealed in an address: it opens no session, and says nothing to who reads
it. It holds while they sign in."""

from __future__ import annotations

import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from carnet.kernel import vault
from carnet.kernel.actor import Purpose

_LIFETIME: Final = 15 * 60
_NONCE: Final = 12
_TIE: Final = b"opening"
_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Way:
    """`app_id` is the app that is launched there, for the software `asker_id`; None where the portal is opened."""

    actor_id: UUID
    record_id: UUID
    purpose: Purpose
    app_id: UUID | None = None
    asker_id: UUID | None = None


def seal(way: Way) -> str:
    told = {
        "actor": str(way.actor_id),
        "record": str(way.record_id),
        "purpose": way.purpose.value,
        "app": str(way.app_id or ""),
        "asker": str(way.asker_id or ""),
        "at": int(time.time()),
    }
    nonce = os.urandom(_NONCE)
    return urlsafe_b64encode(nonce + _cipher().encrypt(nonce, orjson.dumps(told), _TIE)).rstrip(b"=").decode()


def opened(text: str) -> Way | None:
    """None for what is none of ours, or too old."""
    if not 0 < len(text) <= _LONGEST:
        return None
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        told = orjson.loads(_cipher().decrypt(raw[:_NONCE], raw[_NONCE:], _TIE))
    except (InvalidTag, ValueError):
        return None
    if time.time() - told["at"] > _LIFETIME:
        return None
    return Way(
        UUID(told["actor"]),
        UUID(told["record"]),
        Purpose(told["purpose"]),
        UUID(told["app"]) if told["app"] else None,
        UUID(told["asker"]) if told["asker"] else None,
    )


def _cipher() -> AESGCM:
    return AESGCM(vault.derive("openings"))
