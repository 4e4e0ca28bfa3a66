"""Django's PostgreSQL backend; each thread keeps its connections, and one that served a moment ago is not asked
whether it lives.

A thread that ends closes its connections: its wrapper would hold them until garbage is collected.

That question is a round trip, as long as a hot read itself. A restart of PostgreSQL takes longer than the moment, so a
connection from before it is asked, and found dead, before a request meets it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from django.db.backends.postgresql import base
from django.db.transaction import TransactionManagementError
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from carnet.kernel.postgres.asking import Asking

_MOMENT: Final = 0.2


class _Opened:
    """The connections of one thread, closed with it."""

    def __init__(self) -> None:
        self._connections: list[Any] = []

    def add(self, connection: Any) -> None:
        self._connections = [each for each in self._connections if not each.closed]
        self._connections.append(connection)

    def __del__(self) -> None:
        for each in self._connections:
            each.close()


class _Here(threading.local):
    def __init__(self) -> None:
        self.opened = _Opened()


_here = _Here()


class _JsonbText(Loader):
    """What comes in binary form is left as its text, as Django leaves what comes as text."""

    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        # Before the text stands the number of the form.
        return bytes(data[1:]).decode()


class DatabaseWrapper(base.DatabaseWrapper):
    _served = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("jsonb", _JsonbText)
        _here.opened.add(connection)
        self._asking = Asking(connection)
        return connection

    def ask(self, statement: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        """A statement in autocommit, prepared, whose values stand at `%s`. Whoever listens to what is executed hears it
        as any other."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        execute = self._ask
        for wrapper in reversed(self.execute_wrappers):
            execute = partial(wrapper, execute)
        rows: list[dict[str, Any]] = execute(statement, values, False, {"connection": self, "cursor": None})  # noqa: FBT003  (as Django gives it)
        return rows

    def _ask(self, statement: str, values: Sequence[Any], *_more: object) -> list[dict[str, Any]]:
        if self.in_atomic_block:
            # Its BEGIN is psycopg's to send, with the first statement that psycopg executes.
            raise TransactionManagementError("what is asked at once is asked in autocommit")
        with self.wrap_database_errors:
            return self._asking.ask(statement, values)

    def close_if_unusable_or_obsolete(self) -> None:
        """Django's own, at both ends of a request."""
        if self.health_check_done:
            self._served = time.monotonic()
        super().close_if_unusable_or_obsolete()

    def close_if_health_check_failed(self) -> None:
        """Django's own, before the first statement of each request."""
        if time.monotonic() - self._served <= _MOMENT:
            self.health_check_done = True
        super().close_if_health_check_failed()
