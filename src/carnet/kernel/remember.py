"""Answers that hold for ever once they are given, remembered for a while in the process: what was not found is asked
again each time, so that what is new is seen at once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    def __init__(self, *, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._known: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K, ask: Callable[[], V | None]) -> V | None:
        now = time.monotonic()
        with self._lock:
            known = self._known.get(key)
        if known and known[0] > now:
            return known[1]
        found = ask()
        if found is not None:
            with self._lock:
                self._known[key] = (now + self._seconds, found)
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
        return found
