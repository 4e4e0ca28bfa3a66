"""One data key per record, wrapped by a master key, made when the record gets its first content."""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from carnet.kernel.vault.crypto import KEY_BYTES
from carnet.kernel.vault.errors import KeyFault
from carnet.kernel.vault.keys import KeyKeeper

_READER = "reader"
_WRITER = "default"
_REMEMBERED = 4096

CANARY = UUID(int=0)
"""Not a record: this row holds a derived secret, wrapped. It tells a wrong key file before it does harm."""


@dataclass(frozen=True, slots=True)
class _Rewrap:
    """Wrapped keys of one kind: those of older master keys, one of them locked, and its new wrapping."""

    older: str
    lock: str
    store: str


_REWRAP = (
    _Rewrap(
        "select scope_id from kernel_datakey where master_id <> %s",
        "select wrapped, master_id from kernel_datakey where scope_id = %s for update",
        "update kernel_datakey set wrapped = %s, master_id = %s where scope_id = %s",
    ),
    _Rewrap(
        "select id from kernel_passing where master_id <> %s",
        "select wrapped, master_id from kernel_passing where id = %s for update",
        "update kernel_passing set wrapped = %s, master_id = %s where id = %s",
    ),
)


class DataKeys:
    def __init__(self, keeper: KeyKeeper) -> None:
        self.keeper = keeper
        self._known: OrderedDict[UUID, bytes] = OrderedDict()
        self._lock = Lock()
        self._prepared = False

    def to_read(self, scope_id: UUID) -> bytes:
        known = self._recall(scope_id)
        if known:
            return known
        key = self._stored(_READER, scope_id)
        if key is None:
            raise KeyFault("Ce dossier n'a pas de clé de contenu dans la base.")
        self._remember(scope_id, key)
        return key

    def to_write(self, scope_id: UUID) -> bytes:
        known = self._recall(scope_id)
        if known:
            return known
        key = self._stored(_WRITER, scope_id) or self._make(scope_id)
        # Inside a transaction the row may still be rolled back: what is remembered must exist for good. A
        # savepoint that is rolled back takes its callbacks with it.
        transaction.on_commit(lambda: self._remember(scope_id, key), using=_WRITER)
        return key

    def prepare(self) -> None:
        """Writes the canary of this database once, and refuses keys that are not those of this database."""
        expected = self.keeper.derive("canary")
        found = self._stored(_WRITER, CANARY)
        if found is None:
            self._insert(CANARY, expected)
            found = self._stored(_WRITER, CANARY)
        if found != expected:
            raise _not_of_this_database()

    def check(self) -> bool:
        """Raises KeyFault when the keys are not those of this database; False when it has none to compare
        with yet."""
        found = self._stored(_READER, CANARY)
        if found is not None and found != self.keeper.derive("canary"):
            raise _not_of_this_database()
        return found is not None

    def forget(self, scope_id: UUID) -> None:
        """What this process remembers of a key that is gone."""
        with self._lock:
            self._known.pop(scope_id, None)

    def rewrap(self) -> int:
        """Wraps again, with the current master key, what older ones have wrapped; contents stay as they are."""
        return sum(self._rewrap_all(statements) for statements in _REWRAP)

    def _rewrap_all(self, statements: _Rewrap) -> int:
        with connections[_WRITER].cursor() as cursor:
            cursor.execute(statements.older, (self.keeper.current(),))
            ids = [row[0] for row in cursor.fetchall()]
        for each in ids:
            with transaction.atomic(using=_WRITER), connections[_WRITER].cursor() as cursor:
                self._rewrap_one(cursor, statements, each)
        return len(ids)

    def _rewrap_one(self, cursor: CursorWrapper, statements: _Rewrap, each: UUID) -> None:
        cursor.execute(statements.lock, (each,))
        row = cursor.fetchone()
        if row is not None:
            key = self.keeper.unwrap(bytes(row[0]), row[1], each.bytes)
            cursor.execute(statements.store, (*self.keeper.wrap(key, each.bytes), each))

    def _make(self, scope_id: UUID) -> bytes:
        if not self._prepared:
            self.prepare()
            self._prepared = not connections[_WRITER].in_atomic_block
        self._insert(scope_id, os.urandom(KEY_BYTES))
        # Another process may have been first; its key is then everybody's.
        key = self._stored(_WRITER, scope_id)
        if key is None:
            raise KeyFault("La clé de contenu de ce dossier vient d'être effacée.")
        return key

    def _insert(self, scope_id: UUID, key: bytes) -> None:
        with connections[_WRITER].cursor() as cursor:
            cursor.execute(
                "insert into kernel_datakey (scope_id, wrapped, master_id, created_at) values (%s, %s, %s, now())"
                " on conflict (scope_id) do nothing",
                (scope_id, *self.keeper.wrap(key, scope_id.bytes)),
            )

    def _stored(self, alias: str, scope_id: UUID) -> bytes | None:
        with connections[alias].cursor() as cursor:
            cursor.execute("select wrapped, master_id from kernel_datakey where scope_id = %s", (scope_id,))
            row = cursor.fetchone()
        return None if row is None else self.keeper.unwrap(bytes(row[0]), row[1], scope_id.bytes)

    def _recall(self, scope_id: UUID) -> bytes | None:
        with self._lock:
            key = self._known.get(scope_id)
            if key:
                self._known.move_to_end(scope_id)
            return key

    def _remember(self, scope_id: UUID, key: bytes) -> None:
        with self._lock:
            self._known[scope_id] = key
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)


def _not_of_this_database() -> KeyFault:
    return KeyFault(
        "Les clés maîtresses ne sont pas celles de cette base : rien de nouveau ne doit être écrit avec elles."
    )
