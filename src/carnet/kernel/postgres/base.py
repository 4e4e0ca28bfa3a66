"""Django's PostgreSQL backend, whose pool does not ask a connection that answered a moment ago whether it lives.

That question is a round trip, as long as a hot read itself. A restart of PostgreSQL takes longer than the moment, so a
connection from before it is asked, and found dead, before a request meets it."""

from __future__ import annotations

import time
from typing import Any, Final

from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg_pool import ConnectionPool

_MOMENT: Final = 0.2
_BACK: Final = "carnet_came_back"


class DatabaseWrapper(base.DatabaseWrapper):
    @property
    def pool(self) -> Any:
        options = self.settings_dict["OPTIONS"].get("pool")
        if options and self.alias not in self._connection_pools:  # type: ignore[attr-defined]  # Django’s own
            pool = ConnectionPool(
                kwargs={**self.get_connection_params(), "autocommit": True},
                open=False,
                configure=self._configure_connection,  # type: ignore[attr-defined]
                check=_check,
                reset=_stamp,
                **options,
            )
            self._connection_pools.setdefault(self.alias, pool)  # type: ignore[attr-defined]
        return super().pool


def _stamp(connection: Connection[Any]) -> None:
    setattr(connection, _BACK, time.monotonic())


def _check(connection: Connection[Any]) -> None:
    if time.monotonic() - getattr(connection, _BACK, 0.0) > _MOMENT:
        ConnectionPool.check_connection(connection)
