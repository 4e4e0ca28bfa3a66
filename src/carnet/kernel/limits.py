"""A bounded weight of large bodies at a time in one process, so that memory stays bounded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LARGE = 1024 * 1024


class Busy(Exception):
    """Too many large bodies at once: 503 with Retry-After."""

    retry_after = 2


class LargeBodies:
    """`budget` in bytes. A single body above it passes when it is alone: the channel's own limit bounds it."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._taken = 0
        self._lock = threading.Lock()

    @contextmanager
    def admit(self, size: int) -> Iterator[None]:
        """Small bodies pass; a large one finds room or is refused at once."""
        weight = size if size > LARGE else 0
        with self._lock:
            if weight and self._taken and self._taken + weight > self._budget:
                raise Busy
            self._taken += weight
        try:
            yield
        finally:
            with self._lock:
                self._taken -= weight
