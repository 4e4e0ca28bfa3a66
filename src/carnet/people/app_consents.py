"""Which apps a professional has let act for them, or a person into their own record, remembered until they withdraw
it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from carnet.formats import smart
from carnet.kernel import audit
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.kernel.ids import uuid7
from carnet.people import granting

_SQL = statements("carnet.people", "granting.sql")


@dataclass(frozen=True, slots=True)
class App:
    """`given_at` is None for one of the house's own, to which nobody has to agree; `open`: it holds something now."""

    id: UUID
    key: str
    name: str
    scope: str
    given_at: datetime | None
    used_at: datetime | None
    open: bool


def covers(actor: Actor, client_id: UUID, scope: str) -> bool:
    """Whether they agreed to as much already."""
    found = query(READER, _SQL["agreed"], {"actor_id": actor.id, "client_id": client_id})
    return bool(found) and smart.known(scope).within_all(smart.known(found[0]["scope"]))


@dataclass(frozen=True, slots=True)
class Given:
    scope: str
    at: datetime


def given(actor: Actor, client_id: UUID) -> Given | None:
    found = query(READER, _SQL["agreed"], {"actor_id": actor.id, "client_id": client_id})
    return Given(found[0]["scope"], found[0]["given_at"]) if found else None


def agree(actor: Actor, client_id: UUID, scope: str) -> None:
    with transaction.atomic(using=WRITER):
        before = query(WRITER, _SQL["agreed"], {"actor_id": actor.id, "client_id": client_id})
        whole = str(smart.known(scope) | smart.known(before[0]["scope"])) if before else scope
        values = {"id": uuid7(), "actor_id": actor.id, "client_id": client_id, "scope": whole}
        query(WRITER, _SQL["agree"], values)
        _note(actor, client_id, "app-allowed")


def withdraw(actor: Actor, client_id: UUID) -> bool:
    """What the app was granted ends with its next request. False when there was nothing to withdraw."""
    with transaction.atomic(using=WRITER):
        gone = query(WRITER, _SQL["withdraw"], {"actor_id": actor.id, "client_id": client_id})
        ended = granting.end_of(client_id=client_id, actor_id=actor.id)
        if gone or ended:
            _note(actor, client_id, "app-withdrawn")
    return bool(gone) or ended


def apps(actor: Actor) -> list[App]:
    return [App(**row) for row in query(READER, _SQL["apps"], {"actor_id": actor.id})]


def _note(actor: Actor, client_id: UUID, action: str) -> None:
    audit.done(
        actor,
        Purpose.SELF if actor.kind is ActorKind.PERSON else Purpose.CARE,
        record_id=None,
        capacity="account",
        action=action,
        target_kind="client",
        target_id=client_id,
    )
