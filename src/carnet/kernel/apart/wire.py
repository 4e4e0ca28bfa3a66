"""What goes through the pipes: frames of a small JSON head and a body. Nothing is unpickled: an answer may come
from a process that a hostile file has taken over."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import IO, Any

_SIZES = struct.Struct("!IQ")

Bytes = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class Frame:
    head: dict[str, Any] = field(default_factory=dict)
    body: Bytes = b""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one file: address space and answer in bytes, seconds of CPU and on the wall's clock. `threads`: for work on
    what is ours alone."""

    memory: int = 1 << 30
    answer: int = 32 << 20
    cpu: int = 4
    wall: int = 8
    threads: bool = False


def write(sink: IO[bytes], frame: Frame) -> None:
    head = json.dumps(frame.head).encode()
    sink.write(_SIZES.pack(len(head), len(frame.body)) + head)
    sink.write(frame.body)
    sink.flush()


def read(source: IO[bytes]) -> Frame:
    """Raises EOFError when the other end is gone, ValueError for what is no frame."""
    head_size, body_size = _SIZES.unpack(_exactly(source, _SIZES.size))
    head = json.loads(_exactly(source, head_size))
    if not isinstance(head, dict):
        raise ValueError  # noqa: TRY004  (of JSON, not of Python)
    return Frame(head, _exactly(source, body_size))


def _exactly(source: IO[bytes], size: int) -> bytes:
    data = source.read(size)
    if len(data) < size:
        raise EOFError
    return data
