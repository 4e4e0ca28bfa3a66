"""The local folder as a store. A rename is atomic, but durable only once the folder that holds it has been
synchronised."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from carnet.kernel import durable
from carnet.kernel.vault.errors import StoreFault
from carnet.kernel.vault.store import NotThere, id_of

_READ = 256 * 1024
_UNFINISHED = "unfinished"


class FolderStore:
    def __init__(self, root: Path) -> None:
        self.root = root
        self._durable: set[Path] = set()

    def put(self, name: str, parts: Iterable[bytes]) -> None:
        target = self.root / name
        with _faults():
            self._prepare(self.root / _UNFINISHED)
            self._prepare(target.parent)
            draft = self.root / _UNFINISHED / uuid4().hex
            try:
                _write(draft, parts)
                draft.rename(target)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
            durable.sync(target.parent)

    def get(self, name: str) -> Iterator[bytes]:
        try:
            descriptor = os.open(self.root / name, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise NotThere(name) from None
        except OSError as error:
            raise StoreFault(os.strerror(error.errno or 0)) from error
        return _read(descriptor)

    def exists(self, name: str) -> bool:
        return (self.root / name).is_file()

    def delete(self, name: str) -> None:
        with _faults():
            (self.root / name).unlink(missing_ok=True)

    def names(self, older_than: datetime | None = None, folders: Collection[str] | None = None) -> Iterator[str]:
        for folder in _folders(self.root):
            if folders is not None and folder.name not in folders:
                continue
            for entry in os.scandir(folder):
                name = f"{folder.name}/{entry.name}"
                if id_of(name) is not None and _is_older(entry, older_than):
                    yield name

    def drop_unfinished(self, older_than: datetime) -> int:
        folder = self.root / _UNFINISHED
        drafts = [entry for entry in _entries(folder) if _is_older(entry, older_than)]
        for draft in drafts:
            Path(draft.path).unlink(missing_ok=True)
        return len(drafts)

    def probe(self) -> None:
        with _faults():
            self._prepare(self.root / _UNFINISHED)
            draft = self.root / _UNFINISHED / uuid4().hex
            try:
                _write(draft, [b"probe"])
            finally:
                draft.unlink(missing_ok=True)

    def _prepare(self, folder: Path) -> None:
        """Once per folder and process, even when the folder exists: who made it may not have synchronised
        its parent yet."""
        if folder not in self._durable:
            make_folder(folder)
            self._durable.add(folder)


def make_folder(folder: Path) -> None:
    """Private to its owner, with its missing parents, and durable."""
    missing = []
    above = folder
    while not above.is_dir():
        missing.append(above)
        above = above.parent
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
        durable.sync(path.parent)
    if not missing:
        durable.sync(folder.parent)


def _write(path: Path, parts: Iterable[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        for part in parts:
            _write_all(file.fileno(), part)
        os.fsync(file.fileno())


def _write_all(descriptor: int, part: bytes) -> None:
    view = memoryview(part)
    while view:
        view = view[os.write(descriptor, view) :]


def _read(descriptor: int) -> Iterator[bytes]:
    # The generator is started here, so that its descriptor is closed even when nobody asks for the first
    # byte.
    def parts() -> Iterator[bytes]:
        with open(descriptor, "rb", buffering=0) as file:
            yield b""
            while part := file.read(_READ):
                yield part

    started = parts()
    next(started)
    return started


def _folders(root: Path) -> Iterator[Path]:
    for entry in _entries(root):
        if entry.is_dir(follow_symlinks=False) and entry.name != _UNFINISHED:
            yield Path(entry.path)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return []


def _is_older(entry: os.DirEntry[str], than: datetime | None) -> bool:
    if than is None:
        return True
    try:
        return datetime.fromtimestamp(entry.stat().st_mtime, UTC) < than
    except FileNotFoundError:
        return False


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreFault(f"Dossier des contenus : {os.strerror(error.errno or 0)}.") from error
