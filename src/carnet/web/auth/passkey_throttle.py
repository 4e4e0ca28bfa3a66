"""Too many refused passkeys from one address: it waits. Counted in each process, without the database: no
signature can be guessed, the count spares work and lines of the log. Other ways in stay open."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from carnet.kernel.http import header

MOST: Final = 20
WINDOW: Final = 60
_KEPT: Final = 10_000
_LONGEST: Final = 64

_refused: OrderedDict[str, list[float]] = OrderedDict()
_lock = Lock()


def waits(request: HttpRequest) -> bool:
    with _lock:
        return len(_recent(_address(request))) >= MOST


def failed(request: HttpRequest) -> None:
    address = _address(request)
    with _lock:
        _refused[address] = [*_recent(address)[-MOST:], time.monotonic()]
        _refused.move_to_end(address)
        while len(_refused) > _KEPT:
            _refused.popitem(last=False)


def _recent(address: str) -> list[float]:
    since = time.monotonic() - WINDOW
    return [at for at in _refused.get(address, ()) if at > since]


def _address(request: HttpRequest) -> str:
    """Behind the proxy of an https installation, the address that the proxy saw."""
    seen = header(request, "X-Forwarded-For") if settings.CARNET.secure else ""
    return (seen.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", "")))[:_LONGEST]
