"""Too many failures of somebody in a short time: they wait. Counted in one small table for all processes, by a keyed
hash of whom: neither names nor addresses stand there. What fails at the same time is counted whole."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import connections

from carnet.kernel import vault
from carnet.kernel.db import READER, WRITER, query, statements

_SQL = statements("carnet.kernel", "throttle.sql")
_LONGEST: Final = 200
"""Of a part of whom: what a stranger says of themselves may be long."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """`most` failures are let through within `window` of the first; `name` keeps one use from another."""

    name: str
    most: int
    window: timedelta

    def wait(self, *whom: str) -> int:
        """Seconds to wait before the next attempt; 0 for none."""
        found = query(READER, _SQL["wait"], {"digest": self._digest(whom), "most": self.most})
        return int(found[0]["seconds"]) if found else 0

    def failed(self, *whom: str) -> int:
        """Counts one more; answers how many they are by now. Outside the transaction of what failed, or it would be
        forgotten with it."""
        values: dict[str, Any] = {"digest": self._digest(whom), "window": self.window}
        return int(query(WRITER, _SQL["failed"], values)[0]["count"])

    def _digest(self, whom: tuple[str, ...]) -> bytes:
        told = "\0".join((self.name, *(part[:_LONGEST] for part in whom)))
        return hmac.digest(vault.derive("throttle"), told.encode(errors="replace"), "sha256")


def purge() -> None:
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["purge"])
