"""The keys that sign ID tokens. The private half stands sealed in the database, under a secret that does not; the next
key is published a week before it signs, so that whoever keeps the published ones for a while knows it by then."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from joserfc.jwk import RSAKey

from carnet.kernel import clock, vault
from carnet.kernel.db import WRITER, query, statements
from carnet.people.models import IdKey

ALGORITHM: Final = "RS256"
"""What OpenID Connect demands of every provider, and SMART's clients read."""
_SIGNS: Final = timedelta(days=90)
_BEFORE: Final = timedelta(days=7)
_BITS: Final = 2048
_NONCE: Final = 12
_SQL = statements("carnet.people", "id_keys.sql")


def signing() -> RSAKey:
    """The key that signs now; made at the first need."""
    row = _standing() or _first()
    return RSAKey.import_key(_opened(row), {"kid": row.kid, "use": "sig", "alg": ALGORITHM})


def published() -> list[dict[str, Any]]:
    """Those that sign, signed lately, or will sign: the first of all is made here too."""
    if _standing() is None:
        _first()
    return list(IdKey.objects.filter(until__gt=clock.now()).order_by("since", "kid").values_list("public", flat=True))


def turn() -> None:
    """The next key is made when the last one has a week to go; those that are over are forgotten."""
    with transaction.atomic(using=WRITER):
        query(WRITER, _SQL["one_at_a_time"], {})
        now = clock.now()
        last = IdKey.objects.using(WRITER).order_by("-since").first()
        if last and last.since + _SIGNS - _BEFORE <= now:
            _make(max(now + _BEFORE, last.since + _SIGNS))
        IdKey.objects.using(WRITER).filter(until__lt=now).delete()


def _standing() -> IdKey | None:
    return IdKey.objects.filter(since__lte=clock.now(), until__gt=clock.now()).order_by("-since").first()


def _first() -> IdKey:
    with transaction.atomic(using=WRITER):
        query(WRITER, _SQL["one_at_a_time"], {})
        known = IdKey.objects.using(WRITER).filter(since__lte=clock.now(), until__gt=clock.now())
        return known.order_by("-since").first() or _make(clock.now())


def _make(since: datetime) -> IdKey:
    key = RSAKey.generate_key(_BITS)
    kid = key.thumbprint()
    nonce = secrets.token_bytes(_NONCE)
    private = json.dumps(key.as_dict(private=True)).encode()
    return IdKey.objects.using(WRITER).create(
        kid=kid,
        sealed=nonce + _cipher().encrypt(nonce, private, kid.encode()),
        public=key.as_dict(private=False) | {"kid": kid, "use": "sig", "alg": ALGORITHM},
        since=since,
        # A week longer than it signs: the next key takes over, and what this one signed can still be looked at.
        until=since + _SIGNS + _BEFORE,
    )


def _opened(row: IdKey) -> dict[str, Any]:
    raw = bytes(row.sealed)
    opened: dict[str, Any] = json.loads(_cipher().decrypt(raw[:_NONCE], raw[_NONCE:], row.kid.encode()))
    return opened


def _cipher() -> AESGCM:
    return AESGCM(vault.derive("id-keys"))
