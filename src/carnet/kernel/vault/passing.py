"""Contents that pass: what is on its way into a record, or out of it, for some hours or days.

Each has a key of its own, in a row that may be deleted: with the row the content is gone, wherever a copy of the
file may lie. Backups and `carnet check --deep` know nothing of them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connections, transaction

from carnet.kernel.ids import uuid7
from carnet.kernel.vault import crypto
from carnet.kernel.vault.errors import Altered, Missing, StoreFault
from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import NotThere, name_of

_WRITER = "default"
_log = structlog.get_logger("carnet.vault")


@dataclass(frozen=True, slots=True)
class Passing:
    id: UUID
    size: int
    sha256: bytes


def keep(data: bytes | Iterable[bytes], *, until: datetime) -> Passing:
    """Encrypted and durable when it returns; its row belongs to the caller's transaction, if there is one."""
    place, content_id, key = here(), uuid7(), os.urandom(crypto.KEY_BYTES)
    digest, size = hashlib.sha256(), 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for part in [data] if isinstance(data, bytes) else data:
            size += len(part)
            digest.update(part)
            yield part

    place.store.put(name_of(content_id), crypto.encrypt(key, content_id.bytes, counted()))
    wrapped, master_id = place.keeper.wrap(key, content_id.bytes)
    with connections[_WRITER].cursor() as cursor:
        cursor.execute(
            "insert into kernel_passing (id, wrapped, master_id, until) values (%s, %s, %s, %s)",
            (content_id, wrapped, master_id, until),
        )
    return Passing(content_id, size, digest.digest())


def open(content_id: UUID) -> Iterator[bytes]:  # noqa: A001  (read as passing.open)
    """Verified parts, as `vault.open` gives them. Raises Missing or Altered at the call for what the first shows."""
    parts = _verified(content_id)
    return _resume(next(parts), parts)


def read(content_id: UUID) -> bytes:
    return b"".join(open(content_id))


def drop(content_ids: Collection[UUID]) -> None:
    """For good. The files go when the caller's transaction has committed; one that stays behind opens no more."""
    if not content_ids:
        return
    with connections[_WRITER].cursor() as cursor:
        cursor.execute("delete from kernel_passing where id = any(%s)", (list(content_ids),))
    transaction.on_commit(lambda: _delete(content_ids), using=_WRITER)


def drop_ended(now: datetime) -> int:
    """How many contents have reached their end."""
    with transaction.atomic(using=_WRITER):
        with connections[_WRITER].cursor() as cursor:
            cursor.execute("select id from kernel_passing where until <= %s for update skip locked", (now,))
            ended = [row[0] for row in cursor.fetchall()]
        drop(ended)
    return len(ended)


def _delete(content_ids: Collection[UUID]) -> None:
    for content_id in content_ids:
        try:
            here().store.delete(name_of(content_id))
        except (StoreFault, OSError) as error:
            _log.warning("passing content kept", blob=content_id, error=type(error).__name__)


def _verified(content_id: UUID) -> Iterator[bytes]:
    place = here()
    with connections[_WRITER].cursor() as cursor:
        cursor.execute("select wrapped, master_id from kernel_passing where id = %s", (content_id,))
        row = cursor.fetchone()
    if row is None:
        raise Missing(content_id)
    key = place.keeper.unwrap(bytes(row[0]), row[1], content_id.bytes)
    try:
        yield from crypto.decrypt(key, content_id.bytes, place.store.get(name_of(content_id)))
    except NotThere:
        raise Missing(content_id) from None
    except crypto.Tampered:
        raise Altered(content_id) from None


def _resume(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
