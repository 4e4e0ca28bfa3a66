"""Files out of a browser's form: each is checked and kept as soon as it is whole, so that one file at a time is in
memory and none lies in clear on a disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from carnet.documents import drafts
from carnet.documents.drafts import DraftRefused, Piece
from carnet.kernel import clock, render, vault
from carnet.kernel.limits import LargeBodies

BUSY: Final = "busy"
INTERRUPTED: Final = "interrupted"
TOO_MUCH: Final = "too-much"
LAST_FIELD: Final = "fin"
"""The form's last field: without it, the rest of the form did not come."""
_MOST_AT_ONCE: Final = 8
"""A whole request may hold so many times the largest file."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken: its name as it was sent, its size, and why (the codes of `DraftRefused`, "busy"). What
    concerns the whole request has no name."""

    name: str
    code: str
    size: int = 0


@dataclass(slots=True)
class Received:
    pieces: list[Piece] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


class Receiver(FileUploadHandler):
    def __init__(self, limit: int, until: datetime) -> None:
        super().__init__()
        self.received = Received()
        self._limit = limit
        self._until = until
        self._data = bytearray()
        self._size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._data, self._size = bytearray(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size <= self._limit:
            self._data += raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        name, data = (self.file_name or "").replace("\0", ""), bytes(self._data)
        self._data = bytearray()
        try:
            self._keep(name, data)
        except DraftRefused as refused:
            self.received.refusals.append(Refusal(name, refused.code, self._size))
        except (vault.ScannerUnavailable, render.Busy):
            self.received.refusals.append(Refusal(name, BUSY, self._size))
        return UploadedFile(name=name, size=file_size)

    def _keep(self, name: str, data: bytes) -> None:
        if self._size > self._limit:
            raise DraftRefused("too-large")
        self.received.pieces.append(drafts.receive(name, data, limit=self._limit, until=self._until))

    def take(self, request: HttpRequest) -> Received:
        """What came belongs to the caller from now on. Of a form that was cut off, whole files alone: the parser gives
        a file when it meets the next boundary."""
        if LAST_FIELD not in request.POST:
            self.received.refusals.append(Refusal("", INTERRUPTED))
        return self.take_shared()

    def take_shared(self) -> Received:
        """Of a form that is not ours, which has no last field of ours."""
        taken, self.received = self.received, Received()
        return taken


@cache
def _large() -> LargeBodies:
    return LargeBodies(settings.CARNET.large_bodies * 1024 * 1024)


def too_much(request: HttpRequest) -> bool:
    """Whether the request is so long that it is not read at all."""
    return _length(request) > _MOST_AT_ONCE * int(settings.CARNET.max_web_bytes)


@contextmanager
def receiving(request: HttpRequest, *, until: datetime | None = None) -> Iterator[Receiver]:
    """Around whatever reads the request's form. What came and is not taken, since the form's token was wrong, is
    dropped; what is taken is kept until then, or as long as a draft. Raises `kernel.limits.Busy` when too many large
    forms come at a time."""
    limit = settings.CARNET.max_web_bytes
    receiver = Receiver(limit, until or clock.now() + drafts.LASTS)
    if request.content_type == "multipart/form-data":
        # Another form has no files, and may have been read by now.
        request.upload_handlers = [receiver]
    with _large().admit(min(_length(request), limit)):
        try:
            yield receiver
        finally:
            drafts.forget(receiver.received.pieces)


def _length(request: HttpRequest) -> int:
    return int(request.META.get("CONTENT_LENGTH") or 0)
