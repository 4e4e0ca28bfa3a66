"""An S3 bucket, or a compatible one, as a store. An object is there whole or not at all, and durable once
acknowledged."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store as Bucket

from carnet.kernel.vault.errors import StoreFault
from carnet.kernel.vault.store import NotThere, id_of

if TYPE_CHECKING:
    from obstore import ObjectMeta  # it exists for the type checker only

_PART = 8 * 1024 * 1024
_READ = 1024 * 1024


class S3Store:
    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    @classmethod
    def open(cls, url: str) -> S3Store:
        """Credentials, region and endpoint come from the AWS_* variables."""
        plain_http = os.environ.get("AWS_ENDPOINT_URL", os.environ.get("AWS_ENDPOINT", "")).startswith("http://")
        with _faults():
            return cls(
                Bucket.from_url(
                    url,
                    # We delete one by one, and not every server knows the request for many.
                    config={"disable_bulk_delete": True},
                    client_options={
                        # A private network may speak plain HTTP to its store: the contents are encrypted, and
                        # whoever writes http:// in the endpoint has decided so.
                        "allow_http": plain_http,
                        "timeout": timedelta(minutes=5),
                        "connect_timeout": timedelta(seconds=10),
                    },
                )
            )

    def put(self, name: str, parts: Iterable[bytes]) -> None:
        """One request for what fits in one part; else a multipart upload, invisible until it is complete."""
        source = iter(parts)
        head = _head(source)
        with _faults():
            if len(head) < _PART:
                obstore.put(self._bucket, name, bytes(head), use_multipart=False)
            else:
                whole = chain([bytes(head)], source)
                obstore.put(self._bucket, name, whole, use_multipart=True, chunk_size=_PART, max_concurrency=2)

    def get(self, name: str) -> Iterator[bytes]:
        with _faults():
            stream = obstore.get(self._bucket, name).stream(min_chunk_size=_READ)
        return _read(stream)

    def exists(self, name: str) -> bool:
        try:
            with _faults():
                obstore.head(self._bucket, name)
        except NotThere:
            return False
        return True

    def delete(self, name: str) -> None:
        try:
            with _faults():
                obstore.delete(self._bucket, name)
        except NotThere:
            return

    def names(self, older_than: datetime | None = None, folders: Collection[str] | None = None) -> Iterator[str]:
        for prefix in [None] if folders is None else folders:
            for entry in self._listed(prefix):
                if id_of(entry["path"]) and (older_than is None or entry["last_modified"] < older_than):
                    yield entry["path"]

    def _listed(self, prefix: str | None) -> Iterator[ObjectMeta]:
        with _faults():
            for page in obstore.list(self._bucket, prefix, chunk_size=1000):
                yield from page

    def drop_unfinished(self, older_than: datetime) -> int:
        """Nothing: an interrupted upload is invisible here; the bucket's lifecycle rule ends it (see
        docs/operate/keys.md)."""
        return 0

    def probe(self) -> None:
        with _faults():
            next(iter(obstore.list(self._bucket, chunk_size=1)), None)


def _head(source: Iterator[bytes]) -> bytearray:
    head = bytearray()
    for part in source:
        head += part
        if len(head) >= _PART:
            break
    return head


def _read(stream: Iterable[object]) -> Iterator[bytes]:
    with _faults():
        for part in stream:
            yield bytes(part)  # type: ignore[call-overload]


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise NotThere from error
    except (BaseError, OSError) as error:
        raise StoreFault(f"Le dépôt S3 ne répond pas comme attendu ({type(error).__name__}).") from error
