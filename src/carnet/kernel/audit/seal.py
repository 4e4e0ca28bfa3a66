"""Sealing the trail: a worker chains a signed Merkle root over each window of transaction ids that has ended.

The worker sees hashes, never a line. What is committed in the database is then appended to a file outside it;
when a crash comes between the two, the next run repairs the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from django.db import connections, transaction
from psycopg import Connection, sql

from carnet.kernel import clock
from carnet.kernel import config as settings
from carnet.kernel.audit import keys, ledger, merkle
from carnet.kernel.audit.canonical import CLOSED, EraMark, Seal, Signed
from carnet.kernel.config import Config
from carnet.kernel.db import WRITER, statements

# One seal holds about this many lines at most, and one run makes this many seals: memory stays bounded.
LINES_PER_SEAL = 20_000
SEALS_PER_RUN = 25

_SQL = statements("carnet.kernel.audit", "seals.sql")


class _Cursor(Protocol):
    """What a cursor of Django and one of psycopg have in common."""

    def execute(self, query: Any, params: Any = ...) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where the signing key and the seals outside the database lie."""

    keys: Path
    log: Path


def place(config: Config | None = None) -> Place:
    data_dir = (config or settings.load()).data_dir
    return Place(data_dir / "keys", data_dir / "seals.log")


def seal_pending(config: Config | None = None) -> list[int]:
    """Seals what has ended. The numbers of the seals made, none when there was nothing to seal."""
    where = place(config)
    key = keys.sealing_key(where.keys)
    with transaction.atomic(using=WRITER), connections[WRITER].cursor() as cursor:
        made = list(_seals(cursor, key, _SQL["open"], {"most": LINES_PER_SEAL}, SEALS_PER_RUN))
        transaction.on_commit(partial(_write_out, where), using=WRITER)
    return made


def new_era(connection: Connection[Any], config: Config | None = None) -> int:
    """After a restore, by the owner: transaction ids start anew, or go back.

    Closes the era found in the database (what it had not sealed is sealed now, whatever its ids) and begins the
    next one. Its number is above any that the log has seen, should an older backup have been restored twice.
    Whoever is writing is waited for, so that no line of the old era can come after its end.
    """
    where = place(config)
    key = keys.sealing_key(where.keys)
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("lock table trail.line in access exclusive mode")
        cursor.execute(_SQL["present"])
        present, latest = cursor.fetchone() or (1, 0)
        era = max(present, ledger.last_order(where.log)[0]) + 1
        closing = {"horizon": str(CLOSED), "most": LINES_PER_SEAL}
        for _ in _seals(cursor, key, _SQL["open_up_to"], closing, None):
            pass
        _mark(cursor, key, EraMark(era, latest, clock.now()))
        cursor.execute(sql.SQL("alter table trail.line alter column era set default {}").format(sql.Literal(era)))
    with connection.cursor() as cursor:
        ledger.append(where.log, entries(cursor, ledger.last_order(where.log)))
    return era


def _seals(
    cursor: _Cursor, key: keys.SealingKey, opening: str, parameters: dict[str, Any], limit: int | None
) -> Iterator[int]:
    count = 0
    while limit is None or count < limit:
        cursor.execute(opening, parameters)
        row = cursor.fetchone()
        if row is None:
            return
        seal_id, era, from_xid, to_xid, previous_root, hashes = row
        root = merkle.root(bytes(hashed) for hashed in hashes)
        seal = Seal(seal_id, era, from_xid, to_xid, len(hashes), root, bytes(previous_root), clock.now())
        _close(cursor, key, seal)
        yield seal_id
        count += 1


def _close(cursor: _Cursor, key: keys.SealingKey, seal: Seal) -> None:
    cursor.execute(
        _SQL["close"],
        {
            "id": seal.id,
            "era": seal.era,
            "from": str(seal.from_xid),
            "to": str(seal.to_xid),
            "lines": seal.lines,
            "root": seal.root,
            "previous": seal.previous_root,
            "at": seal.at,
            "key": key.id,
            "signature": key.sign(seal.statement()),
        },
    )


def _mark(cursor: _Cursor, key: keys.SealingKey, mark: EraMark) -> None:
    cursor.execute(
        _SQL["mark"],
        {
            "id": mark.era,
            "after": mark.after_seal,
            "at": mark.at,
            "key": key.id,
            "signature": key.sign(mark.statement()),
        },
    )


def _write_out(where: Place) -> None:
    with connections[WRITER].cursor() as cursor:
        ledger.append(where.log, entries(cursor, ledger.last_order(where.log)))


def entries(cursor: _Cursor, after: tuple[int, int]) -> Iterable[Signed]:
    """Marks and seals of the database in the order of the log, from the given place on."""
    cursor.execute(_SQL["marks"])
    marks = [(EraMark(era, latest, at), key, signature) for era, latest, at, key, signature in cursor.fetchall()]
    for index, (mark, key_id, signature) in enumerate(marks):
        if mark.era < after[0]:
            continue
        if signature is not None:
            yield Signed(mark, mark.era, key_id, bytes(signature))
        last = marks[index + 1][0].after_seal if index + 1 < len(marks) else CLOSED
        first = max(mark.after_seal, after[1]) if mark.era == after[0] else mark.after_seal
        cursor.execute(_SQL["seals"], {"after": first, "last": last})
        yield from (_signed(row, mark.era) for row in cursor.fetchall())


def _signed(row: Any, under: int) -> Signed:
    seal_id, era, from_xid, to_xid, lines, root, previous, at, key_id, signature = row
    seal = Seal(seal_id, era, from_xid, to_xid, lines, bytes(root), bytes(previous), at)
    return Signed(seal, under, key_id, bytes(signature))
