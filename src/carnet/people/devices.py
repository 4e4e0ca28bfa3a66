"""The sessions of a person as they see them: on which device, since when, opened how; and how they end one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import READER, WRITER, query, statements
from carnet.people import passkeys, sessions
from carnet.people.rules import Way

NOTED_EVERY: Final = 5 * 60
"""Seconds between two notes that a session is in use."""
_SQL = statements("carnet.people", "devices.sql")
_FORGOTTEN: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Device:
    """`browser` and `system` are words of a short list, "" when they could not be told. `here`: that which asks."""

    id: UUID
    browser: str
    system: str
    since: datetime
    seen: datetime
    way: Way
    passkey_id: UUID | None
    passkey: str
    here: bool


def describe(key: str, *, browser: str, system: str, way: Way, passkey_id: UUID | None) -> None:
    """Of a session that has just begun."""
    _run("describe", digest=_digest(key), browser=browser, system=system, way=way.value, passkey_id=passkey_id)


def seen(key: str) -> None:
    _run("seen", digest=_digest(key))


def of(actor: Actor, key: str, *, quiet: timedelta) -> list[Device]:
    """Those that hold, this one first. `quiet` is after how long a silence a session ends by itself."""
    now = clock.now()
    values = {
        "actor_id": actor.id,
        "digest": _digest(key),
        "since": now - sessions.LONGEST,
        "quiet_since": now - quiet - timedelta(seconds=NOTED_EVERY),
    }
    return [Device(**row | {"way": Way(row["way"])}) for row in query(READER, _SQL["of"], values)]


def end(actor: Actor, session_id: UUID) -> bool:
    """On its next request, whichever process serves it. False for one that is not theirs or has ended."""
    with transaction.atomic(using=WRITER):
        ended = query(WRITER, _SQL["end_one"], {"id": session_id, "actor_id": actor.id})
        if ended:
            _note(actor, "session-ended", session_id)
    return bool(ended)


def end_others(actor: Actor, key: str) -> int:
    with transaction.atomic(using=WRITER):
        ended = query(WRITER, _SQL["end_others"], {"actor_id": actor.id, "digest": _digest(key)})
        if ended:
            _note(actor, "sessions-ended")
    return len(ended)


def retire(actor: Actor, passkey_id: UUID, key: str) -> bool:
    """The passkey opens nothing any more, and what it opened ends, but for the session that asks. False for a key that
    is not theirs."""
    with transaction.atomic(using=WRITER):
        gone = passkeys.revoke(actor, passkey_id)
        if gone:
            _end_opened_by(actor, passkey_id, key)
    return gone


def _end_opened_by(actor: Actor, passkey_id: UUID, key: str = "") -> None:
    query(WRITER, _SQL["end_opened_by"], {"actor_id": actor.id, "passkey_id": passkey_id, "digest": _digest(key)})


def recognise(actor_id: UUID, token: str) -> bool:
    """Notes the browser that carries this token; whether it is new to somebody who came by another one before."""
    digest = sha256(actor_id.bytes + token.encode()).digest()
    return bool(query(WRITER, _SQL["recognise"], {"actor_id": actor_id, "digest": digest})[0]["is_new"])


def purge() -> None:
    _run("purge_devices", before=clock.now().date() - _FORGOTTEN)


def _digest(key: str) -> bytes:
    return sha256(key.encode()).digest()


def _note(actor: Actor, action: str, session_id: UUID | None = None) -> None:
    audit.done(
        actor,
        Purpose.SELF,
        record_id=None,
        capacity="account",
        action=action,
        target_kind="session",
        target_id=session_id,
    )


def _run(statement: str, **values: Any) -> None:
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL[statement], values)
