"""Registered software: what it may ask for, its keys, and for whom of its house it may ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from carnet.kernel.actor import Actor, ActorKind
from carnet.kernel.db import READER, query, statements

_SQL = statements("carnet.people")


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """`organisation` is the national structure identifier; `scope` the most that a token may allow;
    `provider_client_id` its name at the provider of professionals, whose tokens it exchanges for ours ("" for none).
    The rest is of an app that professionals open in a browser (`people.models.Client`)."""

    id: UUID
    key: str
    name: str
    active: bool
    epoch: int
    organisation_id: UUID
    organisation: str
    scope: str
    acts_for_professionals: bool
    provider_client_id: str
    redirect_uris: list[str]
    launch_uris: list[str]
    public: bool
    trusted: bool
    opens_sessions: bool
    for_persons: bool

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.CLIENT, self.id, self.name, self.organisation_id, None, self.epoch)


@dataclass(frozen=True, slots=True)
class RegisteredKey:
    """`holds`: begun, not ended, not revoked."""

    id: UUID
    client_id: UUID
    kid: str
    jwk: dict[str, Any]
    since: datetime
    until: datetime | None
    revoked_at: datetime | None
    holds: bool


def client_by_key(key: str) -> RegisteredClient | None:
    found = query(READER, _SQL["client"], {"key": key})
    return RegisteredClient(**found[0]) if found else None


def client_by_id(client_id: UUID) -> RegisteredClient | None:
    found = query(READER, _SQL["app"], {"id": client_id})
    return RegisteredClient(**found[0]) if found else None


def clients() -> list[RegisteredClient]:
    return [RegisteredClient(**row) for row in query(READER, _SQL["clients"], {})]


def keys_of(client_ids: Iterable[UUID]) -> list[RegisteredKey]:
    found = query(READER, _SQL["client_keys"], {"clients": list(client_ids)})
    return [RegisteredKey(**{**row, "jwk": orjson.loads(row["jwk"])}) for row in found]


def professional_in(rpps: str, organisation_id: UUID) -> tuple[Actor, bool] | None:
    """The active professional of that number, and whether they work there: in the organisation or a service of it,
    or as the deputy of somebody who does."""
    found = query(READER, _SQL["professional_in"], {"rpps": rpps, "organisation_id": organisation_id})
    if not found:
        return None
    row = found[0]
    actor = Actor(ActorKind.PROFESSIONAL, row["id"], row["name"], row["organisation_id"], None, row["epoch"])
    return actor, row["works_there"]
