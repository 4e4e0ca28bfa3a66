"""Contents in and out: encrypted, durable before the row that points to them, verified when read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from carnet.kernel.ids import uuid7
from carnet.kernel.vault import crypto
from carnet.kernel.vault.errors import Altered, Missing
from carnet.kernel.vault.place import Place, here
from carnet.kernel.vault.store import NotThere, name_of

_WRITER = "default"
_log = structlog.get_logger("carnet.vault")


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """`size`, `sha256` and `sha1` are the plain content's; `stored_sha256` is the encrypted file's."""

    id: UUID
    scope_id: UUID
    size: int
    sha256: bytes
    sha1: bytes
    stored_sha256: bytes


class _Tally:
    """Counts and hashes what streams through."""

    def __init__(self, *names: str) -> None:
        self.size = 0
        self._hashes = [hashlib.new(name, usedforsecurity=False) for name in names]

    def through(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        for part in parts:
            self.size += len(part)
            for digest in self._hashes:
                digest.update(part)
            yield part

    def digests(self) -> list[bytes]:
        return [digest.digest() for digest in self._hashes]


def put(scope_id: UUID, data: bytes | bytearray | memoryview | Iterable[bytes]) -> StoredBlob:
    """Durable in the store when it returns. Writes no row: `register` does, inside the transaction of the
    deposit."""
    place = here()
    blob_id = uuid7()
    key = place.data_keys.to_write(scope_id)
    parts: Iterable[bytes] = [bytes(data)] if isinstance(data, bytes | bytearray | memoryview) else data
    plain, stored = _Tally("sha256", "sha1"), _Tally("sha256")
    encrypted = crypto.encrypt(key, context_of(scope_id, blob_id), plain.through(parts))
    place.store.put(name_of(blob_id), stored.through(encrypted))
    sha256, sha1 = plain.digests()
    return StoredBlob(blob_id, scope_id, plain.size, sha256, sha1, stored.digests()[0])


def described(scope_id: UUID, data: bytes) -> StoredBlob:
    """What `put` would answer, of a content that is not kept: nothing is encrypted, and no hash of it stands there."""
    sha1 = hashlib.sha1(data, usedforsecurity=False).digest()
    return StoredBlob(uuid7(), scope_id, len(data), hashlib.sha256(data).digest(), sha1, b"")


def register(on: BaseDatabaseWrapper | CursorWrapper, blob: StoredBlob) -> None:
    """The row of a content, in the caller's transaction on the writer's connection."""
    if isinstance(on, BaseDatabaseWrapper):
        with on.cursor() as cursor:
            register(cursor, blob)
        return
    on.execute(
        "insert into kernel_blob (id, scope_id, size, sha256, stored_sha256, created_at)"
        " values (%s, %s, %s, %s, %s, now())",
        (blob.id, blob.scope_id, blob.size, blob.sha256, blob.stored_sha256),
    )


def row_of(blob: StoredBlob) -> dict[str, Any]:
    """The row of a content as JSON, for a function that registers it among other things."""
    return {
        "id": blob.id,
        "size": blob.size,
        "sha256": f"\\x{blob.sha256.hex()}",
        "stored_sha256": f"\\x{blob.stored_sha256.hex()}",
    }


def open(blob_id: UUID, scope_id: UUID) -> Iterator[bytes]:  # noqa: A001  (read as vault.open)
    """Verified parts of 64 KiB at most. Raises Missing or Altered at the call for what the first part shows.

    A later fault raises Altered in mid-stream: the reply must then be cut, never ended as if it were whole.
    """
    place = here()
    key = place.data_keys.to_read(scope_id)
    parts = _verified(place, key, scope_id, blob_id)
    return _resume(next(parts), parts)


def read(blob_id: UUID, scope_id: UUID) -> bytes:
    return b"".join(open(blob_id, scope_id))


def forget(blob: StoredBlob) -> None:
    """Best effort, for a content whose row was rolled back; the sweep takes what stays behind."""
    try:
        with connections[_WRITER].cursor() as cursor:
            cursor.execute("select 1 from kernel_blob where id = %s", (blob.id,))
            registered = cursor.fetchone() is not None
        if not registered:
            here().store.delete(name_of(blob.id))
    except Exception as error:  # noqa: BLE001  (nothing here may hide the fault that made the caller forget)
        _log.warning("unregistered content kept", blob=blob.id, error=type(error).__name__)


def context_of(scope_id: UUID, blob_id: UUID) -> bytes:
    return scope_id.bytes + blob_id.bytes


def _verified(place: Place, key: bytes, scope_id: UUID, blob_id: UUID) -> Iterator[bytes]:
    try:
        stored = place.store.get(name_of(blob_id))
        yield from crypto.decrypt(key, context_of(scope_id, blob_id), stored)
    except NotThere:
        _alarm("missing", blob_id)
        raise Missing(blob_id) from None
    except crypto.Tampered:
        _alarm("altered", blob_id)
        raise Altered(blob_id) from None


def _resume(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _alarm(fault: str, blob_id: UUID) -> None:
    _log.error("content fault", reason=fault, blob=blob_id)
