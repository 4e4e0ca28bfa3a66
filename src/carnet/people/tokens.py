"""Verified tokens remembered by hash, until they expire, the actor's epoch moves, or too many stand here."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from threading import Lock

from carnet.kernel import clock
from carnet.people.queries import VerifiedToken, actor_for_token

_MOST = 20_000

_remembered: OrderedDict[bytes, VerifiedToken] = OrderedDict()
_lock = Lock()


def verify(token: str, *, anew: bool = False) -> VerifiedToken | None:
    """`anew` asks the database even when the token is remembered (after a *stale* answer)."""
    digest = sha256(token.encode()).digest()
    with _lock:
        known = None if anew else _remembered.get(digest)
    if known and known.expires_at > clock.now():
        return known
    verified = actor_for_token(token)
    with _lock:
        if verified is None:
            _remembered.pop(digest, None)
        else:
            _remembered[digest] = verified
            while len(_remembered) > _MOST:
                _remembered.popitem(last=False)
    return verified
