"""After a restoration, by the owner: what had been erased is erased again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import Connection

from carnet.kernel.db.statements import text
from carnet.kernel.erasing import journal
from carnet.kernel.vault.store import Store, name_of


def replay(connection: Connection[Any], store: Store, log: Path, others: Iterable[Path] = ()) -> int:
    """How many records of the restored database had been erased after the backup. `log` tells them all afterwards,
    those that the database knows too; `others` are copies that were kept elsewhere, and the backup's own."""
    told = {each for path in (log, *others) for each in journal.read(path)} | _known(connection)
    if not told:
        return 0
    # A backup may be older than the functions that erase.
    _lay_down(connection)
    again = [record_id for record_id in sorted(told) if _erase(connection, store, record_id)]
    journal.append(log, [(record_id, datetime.now(UTC)) for record_id in sorted(told)])
    return len(again)


def _known(connection: Connection[Any]) -> set[UUID]:
    if connection.execute("select to_regclass('trail.erasure')").fetchone() == (None,):
        return set()
    return {row[0] for row in connection.execute("select record_id from trail.erasure").fetchall()}


def _lay_down(connection: Connection[Any]) -> None:
    connection.execute(text("carnet.kernel.sql", "erase.sql").encode())


def _erase(connection: Connection[Any], store: Store, record_id: UUID) -> bool:
    with connection.transaction():
        known = connection.execute("select from record.kernel_scope where record_id = %s", [record_id]).rowcount
        contents = connection.execute("select id from app.kernel_blob where scope_id = %s", [record_id]).fetchall()
        connection.execute("select record.wipe(%s)", [record_id])
        connection.execute("select app.part_from(%s)", [record_id])
        if connection.execute("select to_regclass('trail.erasure')").fetchone() != (None,):
            connection.execute(
                "insert into trail.erasure (record_id, due_at) values (%s, now()) on conflict do nothing", [record_id]
            )
    for (content_id,) in contents:
        store.delete(name_of(content_id))
    return bool(known or contents)
