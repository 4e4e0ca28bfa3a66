"""Too many failed authentications of one client from one address: it waits. Counted in each process, without the
database: no signature can be guessed, the count spares work and log lines. A registered client elsewhere goes on."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import Final

MOST: Final = 20
WINDOW: Final = 60
"""Seconds in which so many failures are let through."""

_KEPT: Final = 10_000
_LONGEST: Final = 64
"""Of a name that is kept: both are what a stranger says, and may be long."""

_failures: OrderedDict[tuple[str, str], list[float]] = OrderedDict()
_lock = Lock()


def wait(client: str, address: str) -> int:
    """Seconds to wait before the next attempt; 0 for none."""
    with _lock:
        recent = _recent(client, address)
        return int(recent[0] + WINDOW - time.monotonic()) + 1 if len(recent) >= MOST else 0


def failed(client: str, address: str) -> None:
    key = _key(client, address)
    with _lock:
        _failures[key] = [*_recent(client, address)[-MOST:], time.monotonic()]
        _failures.move_to_end(key)
        while len(_failures) > _KEPT:
            _failures.popitem(last=False)


def _recent(client: str, address: str) -> list[float]:
    since = time.monotonic() - WINDOW
    return [at for at in _failures.get(_key(client, address), ()) if at > since]


def _key(client: str, address: str) -> tuple[str, str]:
    return client[:_LONGEST], address[:_LONGEST]
