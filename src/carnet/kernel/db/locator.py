"""Look-ups that do not name a record: a keyed hash of an identifier leads to the records that bear it.

Without the key (derived from the master key, never in the database) the table tells nothing of anyone.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterator
from functools import cache
from uuid import UUID

from django.db import connections
from django.db.backends.utils import CursorWrapper

from carnet.kernel import vault
from carnet.kernel.db.record import READER, query

INS = "ins"
UNIQUE_ID = "unique-id"
TRAITS = "traits"
OWN = "own-uid"


@cache
def _key() -> bytes:
    return vault.derive("locator")


def digest(kind: str, value: str) -> bytes:
    return hmac.digest(_key(), f"{kind}\x00{value}".encode(), "sha256")


def own(actor_id: UUID, unique_id: str) -> str:
    """The name by which somebody finds his own document, and nobody else does."""
    return f"{actor_id} {unique_id}"


def find(kind: str, value: str, *, using: str = READER) -> list[UUID]:
    found = query(
        using, "select record_id from app.kernel_locator where digest = %s and kind = %s", (digest(kind, value), kind)
    )
    return [row["record_id"] for row in found]


def records(kind: str) -> Iterator[UUID]:
    """Every record that bears an identifier of that kind, as a stream."""
    with connections[READER].chunked_cursor() as cursor:
        cursor.execute("select distinct record_id from app.kernel_locator where kind = %s", (kind,))
        for row in cursor:
            yield row[0]


def add(cursor: CursorWrapper, kind: str, value: str, record_id: UUID) -> None:
    """Inside the transaction of the act; adding the same twice is no act."""
    cursor.execute(
        "insert into app.kernel_locator (digest, record_id, kind) values (%s, %s, %s)"
        " on conflict (digest, record_id) do nothing",
        (digest(kind, value), record_id, kind),
    )


def leave(cursor: CursorWrapper, kinds: Collection[str], record_id: UUID) -> None:
    """What led to a record leads there no more."""
    cursor.execute("delete from app.kernel_locator where record_id = %s and kind = any(%s)", (record_id, list(kinds)))


def lead(cursor: CursorWrapper, kind: str, value: str, record_id: UUID, into_id: UUID) -> None:
    """What led to a record leads to another of the same person from now on."""
    cursor.execute(
        "update app.kernel_locator set record_id = %s where digest = %s and record_id = %s and kind = %s",
        (into_id, digest(kind, value), record_id, kind),
    )
