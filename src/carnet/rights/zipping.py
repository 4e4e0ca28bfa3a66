"""A zip written as it goes: what is in it comes in parts, and leaves in parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

_FRANCE: Final = ZoneInfo("Europe/Paris")
_OWNER_ONLY: Final = 0o600 << 16
_DENSE: Final = frozenset({"pdf", "jpg", "png", "tiff"})
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class File:
    path: str
    at: datetime
    parts: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Written:
    path: str
    size: int
    sha256: str


@dataclass(slots=True)
class Zip:
    """`written` fills as `stream` goes on, so that the last file can tell of those before it."""

    written: list[Written] = field(default_factory=list)

    def stream(self, files: Iterable[File]) -> Iterator[bytes]:
        sink = _Sink()
        with zipfile.ZipFile(sink, "w") as archive:
            for file in files:
                yield from self._file(archive, sink, file)
        yield sink.take()

    def _file(self, archive: zipfile.ZipFile, sink: _Sink, file: File) -> Iterator[bytes]:
        digest, size = sha256(), 0
        with archive.open(_entry(file), "w", force_zip64=True) as entry:
            for part in file.parts:
                entry.write(part)
                digest.update(part)
                size += len(part)
                yield sink.take()
        self.written.append(Written(file.path, size, digest.hexdigest()))
        yield sink.take()


def _entry(file: File) -> zipfile.ZipInfo:
    local = file.at.astimezone(_FRANCE)
    moment = (local.year, local.month, local.day, local.hour, local.minute, local.second)
    entry = zipfile.ZipInfo(file.path, max(moment, _EARLIEST))
    entry.external_attr = _OWNER_ONLY
    dense = file.path.rpartition(".")[2] in _DENSE
    entry.compress_type = zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED
    return entry


class _Sink(io.RawIOBase):
    """Where the archive writes; it cannot go back."""

    def __init__(self) -> None:
        self._parts = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]
        self._parts += part
        return len(part)

    def take(self) -> bytes:
        taken, self._parts = bytes(self._parts), bytearray()
        return taken
