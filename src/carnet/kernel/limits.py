"""A limited number of large bodies at a time in one process, so that memory stays bounded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LARGE = 1024 * 1024


class Busy(Exception):
    """Too many large bodies at once: 503 with Retry-After."""

    retry_after = 2


class LargeBodies:
    def __init__(self, at_once: int) -> None:
        self._free = threading.BoundedSemaphore(at_once)

    @contextmanager
    def admit(self, size: int) -> Iterator[None]:
        """Small bodies pass; a large one takes a place or is refused at once."""
        if size <= LARGE:
            yield
            return
        if not self._free.acquire(blocking=False):
            raise Busy
        try:
            yield
        finally:
            self._free.release()
