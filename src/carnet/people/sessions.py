"""Sessions of browsers: who has some, and how all of somebody's end. The sessions themselves are the web's."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import connections

from carnet.kernel import clock
from carnet.kernel.db import WRITER, statements

LONGEST: Final = timedelta(hours=12)
"""No session lasts longer."""

_SQL = statements("carnet.people", "support.sql")


def begin(actor_id: UUID, key: str) -> None:
    _run("begin", digest=_digest(key), actor_id=actor_id, since=clock.now())


def end(key: str) -> None:
    _run("end", digest=_digest(key))


def end_all(actor_id: UUID) -> None:
    """On the next request: whatever began by now is over."""
    _run("end_all", actor_id=actor_id, at=clock.now())


def purge(before: datetime | None = None) -> None:
    _run("purge_sessions", before=before or clock.now() - LONGEST)


def _digest(key: str) -> bytes:
    return sha256(key.encode()).digest()


def _run(statement: str, **values: Any) -> None:
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL[statement], values)
