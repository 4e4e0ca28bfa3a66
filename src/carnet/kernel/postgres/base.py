"""Django's PostgreSQL backend; each thread keeps its connections, and one that served a moment ago is not asked
whether it lives.

That question is a round trip, as long as a hot read itself. A restart of PostgreSQL takes longer than the moment, so a
connection from before it is asked, and found dead, before a request meets it."""

from __future__ import annotations

import time
from typing import Any, Final

from django.db.backends.postgresql import base
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

_MOMENT: Final = 0.2


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
        return connection

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
