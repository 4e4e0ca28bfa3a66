"""Codes that people read from paper: drawn, kept as keyed hashes, and wrong for an hour after some wrong ones."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from carnet.kernel import vault
from carnet.records.life import ALPHABET
from carnet.records.rules import strict

MOST_TRIES: Final = 5
_FORGIVEN_AFTER: Final = timedelta(hours=1)


class WrongCode(Exception):
    """These traits and this code do not belong together: whether it is for the code, or because nobody of that name was
    ever given one, is not said."""


def drawn(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def digest(use: str, record_id: UUID, code: str) -> bytes:
    """As it is read from paper: capitals, whatever stands between them."""
    bare = "".join(strict(code).split())
    return hmac.digest(_key(use), record_id.bytes + bare.encode(), "sha256")


def recent_tries(tries: int, tried_at: datetime | None, now: datetime) -> int:
    """How many wrong ones count at this instant."""
    return tries if tried_at and tried_at > now - _FORGIVEN_AFTER else 0


@cache
def _key(use: str) -> bytes:
    return vault.derive(use)
