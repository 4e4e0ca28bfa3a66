"""Passkeys of persons: the public half of each, what it may be used for, and its end. No password stands anywhere."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from carnet.kernel import audit, clock, vault
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.kernel.ids import uuid7

MOST: Final = 10
LONGEST_NAME: Final = 60
_SQL = statements("carnet.people", "passkeys.sql")
_CHALLENGE: Final = timedelta(minutes=5)


class TooMany(Exception):
    """This person has as many keys as one may, or this very key."""


@dataclass(frozen=True, slots=True)
class New:
    """What an authenticator has made, verified. `may_be_copied` and `is_copied` are its backup flags."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    may_be_copied: bool
    is_copied: bool


@dataclass(frozen=True, slots=True)
class Passkey:
    id: UUID
    name: str
    assurance: str
    may_be_copied: bool
    is_copied: bool
    created_at: datetime
    used_at: datetime | None
    credential_id: bytes


@dataclass(frozen=True, slots=True)
class Credential:
    """What a signature is verified with."""

    id: UUID
    actor_id: UUID
    public_key: bytes
    sign_count: int
    assurance: str


def handle(actor_id: UUID) -> bytes:
    """What an authenticator knows a person by: it tells nothing, not even our own identifier."""
    return hmac.new(vault.derive("passkey-handles"), actor_id.bytes, sha256).digest()


def of(actor: Actor) -> list[Passkey]:
    """Those that hold, the oldest first."""
    found = query(READER, _SQL["of"], {"actor_id": actor.id})
    return [Passkey(**row | {"credential_id": bytes(row["credential_id"])}) for row in found]


def add(actor: Actor, new: New, *, name: str, assurance: str) -> UUID:
    """Raises `TooMany`."""
    if actor.kind is not ActorKind.PERSON:
        raise PermissionError("Only persons have passkeys.")
    values = {
        "id": uuid7(),
        "actor_id": actor.id,
        "credential_id": new.credential_id,
        "public_key": new.public_key,
        "sign_count": new.sign_count,
        "name": name[:LONGEST_NAME],
        "assurance": assurance,
        "may_be_copied": new.may_be_copied,
        "is_copied": new.is_copied,
        "most": MOST,
    }
    with transaction.atomic(using=WRITER):
        query(WRITER, _SQL["one_at_a_time"], {"actor_id": actor.id})
        made = query(WRITER, _SQL["add"], values)
        if not made:
            raise TooMany
        _note(actor, "passkey-added", made[0]["id"])
    found: UUID = made[0]["id"]
    return found


def rename(actor: Actor, passkey_id: UUID, name: str) -> bool:
    return bool(query(WRITER, _SQL["rename"], {"id": passkey_id, "actor_id": actor.id, "name": name[:LONGEST_NAME]}))


def revoke(actor: Actor, passkey_id: UUID) -> bool:
    """It opens nothing any more (`devices.retire` ends what it opened). False for one that is not theirs."""
    with transaction.atomic(using=WRITER):
        gone = bool(query(WRITER, _SQL["revoke"], {"id": passkey_id, "actor_id": actor.id}))
        if gone:
            _note(actor, "passkey-revoked", passkey_id)
    return gone


def revoke_all(actor_id: UUID) -> int:
    """In the transaction of whoever has a reason to."""
    return len(query(WRITER, _SQL["revoke"], {"id": None, "actor_id": actor_id}))


def find(credential_id: bytes) -> Credential | None:
    """One that holds."""
    found = query(WRITER, _SQL["found"], {"credential_id": credential_id})
    if not found:
        return None
    row = found[0]
    return Credential(**row | {"public_key": bytes(row["public_key"])})


def used(passkey_id: UUID, *, sign_count: int, is_copied: bool) -> bool:
    """False when it was revoked meanwhile, or its count has not grown: somebody else may have a copy."""
    return bool(query(WRITER, _SQL["used"], {"id": passkey_id, "sign_count": sign_count, "is_copied": is_copied}))


def spend(challenge: bytes) -> bool:
    """False for a challenge that was answered before, in whichever process."""
    values: dict[str, Any] = {"digest": sha256(challenge).digest(), "until": clock.now() + _CHALLENGE}
    return bool(query(WRITER, _SQL["spend"], values))


def purge() -> None:
    query(WRITER, _SQL["purge"], {})


def _note(actor: Actor, action: str, passkey_id: UUID) -> None:
    audit.done(
        actor,
        Purpose.SELF,
        record_id=None,
        capacity="account",
        action=action,
        target_kind="passkey",
        target_id=passkey_id,
    )
