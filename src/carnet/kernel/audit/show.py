"""The whole trail of one record, for the owner of the database: no row policy hides a line from him."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from carnet.kernel.db import statements

_SQL = statements("carnet.kernel.audit", "seals.sql")


def lines_of(connection: Connection[Any], record_id: UUID) -> Iterator[dict[str, Any]]:
    """Oldest first."""
    with connection.cursor(name="shown", row_factory=dict_row) as cursor:
        cursor.execute(_SQL["shown"], {"record_id": record_id})
        yield from cursor
