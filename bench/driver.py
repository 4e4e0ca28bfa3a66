"""Sends requests over connections that stay open, one after the other on each, and notes how long each answer took.

One thread and one `epoll`, no more reading than finding where an answer ends: the driver must cost little beside what
it measures. A child of the harness (`bench.children`): takes a `Load`, answers a `Result`.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench.children import Result, attend, processor
from bench.requests import Load, prepared

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_READ = 256 * 1024
_PATIENCE = 30.0


class _Connection:
    """A blocking send (requests fit the socket's buffer or nearly), answers as they come."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1024 * 1024)
        self._got = bytearray()
        self._whole = 0
        self.began = 0.0

    def ask(self, request: bytes) -> None:
        self._got.clear()
        self._whole = 0
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def hear(self) -> bytes | None:
        """The head of the answer once the whole of it is there."""
        part = self.socket.recv(_READ)
        if not part:
            raise ConnectionError("The server closed the connection.")
        self._got += part
        if not self._whole:
            end = self._got.find(b"\r\n\r\n")
            length = _LENGTH.search(self._got, 0, end + 2) if end >= 0 else None
            if end < 0:
                return None
            if length is None:
                raise ConnectionError("An answer without its length.")
            self._whole = end + 4 + int(length[1])
        return bytes(self._got[:600]) if len(self._got) >= self._whole else None


def prepare(load: Load) -> Callable[[], Result]:
    waiting = iter(prepared(load))
    connections = [_Connection(load.port) for _ in range(load.clients)]
    return lambda: _run(load, connections, waiting)


def _run(load: Load, connections: list[_Connection], waiting: Iterator[bytes]) -> Result:
    selector = selectors.EpollSelector()
    for each in connections:
        selector.register(each.socket, selectors.EVENT_READ, each)
    used, began = processor(), time.perf_counter()
    took, failed = _loop(selector, connections, waiting, began + load.seconds)
    result = Result(took, time.perf_counter() - began, processor() - used, failed)
    for each in connections:
        each.socket.close()
    return result


def _loop(
    selector: selectors.EpollSelector, connections: list[_Connection], waiting: Iterator[bytes], until: float
) -> tuple[list[float], list[str]]:
    took: list[float] = []
    failed: list[str] = []
    busy = sum(_next(each, waiting) for each in connections)
    while busy:
        for key, _ in selector.select(_PATIENCE):
            connection: Any = key.data
            head = connection.hear()
            if head is None:
                continue
            now = time.perf_counter()
            took.append(now - connection.began)
            if not head.startswith(b"HTTP/1.1 20"):
                failed.append(head.decode(errors="replace"))
            if now >= until or not _next(connection, waiting):
                busy -= 1
    return took, failed


def _next(connection: _Connection, waiting: Iterator[bytes]) -> bool:
    request = next(waiting, None)
    if request is not None:
        connection.ask(request)
    return request is not None


if __name__ == "__main__":
    attend(prepare)
