"""The life of registered software: its keys, its rights, and the tokens that it asks for with a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from carnet.formats import smart
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from carnet.kernel.db import WRITER, query, statements
from carnet.kernel.db.constraints import violations
from carnet.kernel.ids import uuid7
from carnet.kernel.jwk import PublicJwk
from carnet.people.actions import deactivate, issue_token
from carnet.people.models import Client, ClientKey, SpentAssertion, Token

LIFETIME: Final = timedelta(minutes=5)
"""Of a token that software asked for: what SMART Backend Services recommends."""

_SQL = statements("carnet.people")


class KeyEnded(Exception):
    """The key has ended or was revoked, or its client was disabled, since the assertion was verified."""


def add_key(*, client_id: UUID, key: PublicJwk, since: datetime | None = None, until: datetime | None = None) -> None:
    """Raises `Violation` when the client has a key of that name already, revoked ones included."""
    with violations(), transaction.atomic(using=WRITER):
        ClientKey.objects.using(WRITER).create(
            id=uuid7(),
            client_id=client_id,
            kid=key.kid,
            jwk=key.members,
            since=since or clock.now(),
            until=until,
        )


def revoke_key(*, client_id: UUID, kid: str) -> bool:
    """Ends the key, and on the next request every token that it asked for. False when no such key holds."""
    with transaction.atomic(using=WRITER):
        standing = ClientKey.objects.using(WRITER).filter(client_id=client_id, kid=kid, revoked_at=None)
        key = standing.select_for_update().first()
        if key is None:
            return False
        key.revoked_at = clock.now()
        key.save(using=WRITER, update_fields=["revoked_at"])
        end_tokens(client_id, key.id)
    return True


def change(
    *,
    client_id: UUID,
    scope: str | None = None,
    acts_for_professionals: bool | None = None,
    provider_client_id: str | None = None,
    opens_sessions: bool | None = None,
    trusted: bool | None = None,
    for_persons: bool | None = None,
    public: bool | None = None,
    redirect_uris: Sequence[str] | None = None,
    launch_uris: Sequence[str] | None = None,
) -> None:
    """What is not given stays. Tokens end, so that the client asks for new ones with its new rights; what professionals
    granted it ends too. Raises `ScopeError`."""
    told = {
        "acts_for_professionals": acts_for_professionals,
        "provider_client_id": provider_client_id,
        "opens_sessions": opens_sessions,
        "trusted": trusted,
        "for_persons": for_persons,
        "public": public,
        "redirect_uris": None if redirect_uris is None else list(redirect_uris),
        "launch_uris": None if launch_uris is None else list(launch_uris),
    }
    changes: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
    if scope is not None:
        changes["scope"] = str(smart.parse(scope))
    with transaction.atomic(using=WRITER):
        Client.objects.using(WRITER).filter(actor_id=client_id).update(**changes)
        end_tokens(client_id)


def disable(*, client_id: UUID) -> None:
    """The client and every token that it asked for end on the next request, also those for a professional."""
    with transaction.atomic(using=WRITER):
        deactivate(actor_id=client_id)
        end_tokens(client_id)


def ask_token(
    *,
    actor_id: UUID,
    key_id: UUID,
    purpose: Purpose,
    scope: str,
    bound: str = "",
    regulates: bool = False,
    proof: Mapping[str, Any] | None = None,
) -> str:
    """A token for the client itself or for a professional. Raises `KeyEnded`."""
    with transaction.atomic(using=WRITER):
        if not query(WRITER, _SQL["key_still_holds"], {"key_id": key_id}):
            raise KeyEnded
        return issue_token(
            actor_id=actor_id,
            purpose=purpose,
            scope=scope,
            lifetime=LIFETIME,
            key_id=key_id,
            bound=bound,
            regulates=regulates,
            proof=proof,
        )


def spend_assertion(*, client_id: UUID, jti: str, expires_at: datetime) -> bool:
    """False when this client has used that `jti` already, in whichever process."""
    return _spend(client_id.bytes + jti.encode("utf-8", "surrogatepass"), expires_at)


def spend_proof(*, thumbprint: str, jti: str, expires_at: datetime) -> bool:
    """False when that key has signed a proof of that `jti` already, in whichever process."""
    return _spend(f"dpop/{thumbprint}/{jti}".encode("utf-8", "surrogatepass"), expires_at)


def _spend(what: bytes, expires_at: datetime) -> bool:
    digest = sha256(what).digest()
    return bool(query(WRITER, _SQL["spend_assertion"], {"digest": digest, "expires_at": expires_at}))


def purge_assertions() -> None:
    """Forgets those that have ended by themselves."""
    SpentAssertion.objects.using(WRITER).filter(expires_at__lt=clock.now()).delete()


def purge_tokens() -> None:
    """Forgets those that ended a day ago, whoever had them; the row policy lets no other go."""
    Token.objects.using(WRITER).filter(expires_at__lt=clock.now() - timedelta(days=1)).delete()


def end_tokens(client_id: UUID, key_id: UUID | None = None) -> None:
    """All that the client asked for, or those of one key; also those for professionals. Without a key: all that
    professionals granted it, too."""
    if key_id is None:
        query(WRITER, statements("carnet.people", "granting.sql")["end"], _all_of(client_id))
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["end_tokens"], {"client_id": client_id, "key_id": key_id})


def _all_of(client_id: UUID) -> dict[str, UUID | None]:
    return {"id": None, "client_id": client_id, "actor_id": None}
