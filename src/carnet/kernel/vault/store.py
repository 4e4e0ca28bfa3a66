"""Where encrypted contents lie: a local folder, or an S3 bucket. Names are given once and contents never
change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from carnet.kernel.vault.errors import StoreFault


class NotThere(StoreFault):
    """No content under this name."""


class Store(Protocol):
    def put(self, name: str, parts: Iterable[bytes]) -> None:
        """Durable when it returns; nothing visible under `name` before."""

    def get(self, name: str) -> Iterator[bytes]:
        """Raises NotThere at the call, not at the first byte."""

    def exists(self, name: str) -> bool: ...

    def delete(self, name: str) -> None:
        """Silent when there is nothing."""

    def names(self, older_than: datetime | None = None, folders: Collection[str] | None = None) -> Iterator[str]:
        """Of some folders of the fan-out, or of all."""

    def drop_unfinished(self, older_than: datetime) -> int:
        """Removes what interrupted writes left behind, where the store shows it."""

    def probe(self) -> None:
        """Raises StoreFault when the store cannot be used."""


def name_of(blob_id: UUID) -> str:
    """Fanned out over 4096 folders by the random end of the id (its beginning is the time)."""
    return f"{blob_id.hex[-3:]}/{blob_id.hex}"


def folders_of(part: int, parts: int) -> list[str]:
    """One part of the fan-out, when the whole is too much for one go."""
    return [f"{number:03x}" for number in range(4096) if number % parts == part]


def id_of(name: str) -> UUID | None:
    """None for whatever `name_of` has not made: files of others in the same place are left alone."""
    try:
        blob_id = UUID(hex=name.rpartition("/")[2])
    except ValueError:
        return None
    return blob_id if name_of(blob_id) == name else None


def open_store(url: str) -> Store:
    """`file:///folder`, or `s3://bucket/prefix` with the usual AWS_* variables."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"}:
        from carnet.kernel.vault.folder import FolderStore  # noqa: PLC0415  (it imports this module)

        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        from carnet.kernel.vault.s3 import S3Store  # noqa: PLC0415  (the S3 client weighs; only who uses it loads it)

        return S3Store.open(url)
    raise StoreFault("CARNET_STORE_URL : adresse attendue de la forme file:///dossier ou s3://seau/prefixe.")
