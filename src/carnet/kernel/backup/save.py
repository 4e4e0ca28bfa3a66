"""Makes a backup while everything runs: first the outside record of the seals, then the database as of one
instant, then the contents that this database names. A content is durable before its row and never
changes, so that each row finds its file."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import Connection

from carnet.kernel import database, durable
from carnet.kernel.backup import manifest as layout
from carnet.kernel.backup import programs
from carnet.kernel.backup.errors import BackupError
from carnet.kernel.config import Config
from carnet.kernel.vault.datakeys import CANARY
from carnet.kernel.vault.errors import StoreFault
from carnet.kernel.vault.folder import FolderStore, make_folder
from carnet.kernel.vault.store import NotThere, Store, name_of, open_store

_ROUTINES = """
    select p.oid::regprocedure::text, r.rolname,
           array(select case grantee when 0 then 'public' when current_user::regrole then 'owner'
                                     else pg_get_userbyid(grantee) end
                   from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner)))
                  where privilege_type = 'EXECUTE' order by 1)
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner
     where n.nspname in ('app', 'record', 'trail') and r.rolname = any(%s)
     order by 1
"""
_CANARY = "select encode(wrapped, 'hex'), master_id from app.kernel_datakey where scope_id = %s"


@dataclass(frozen=True, slots=True)
class Summary:
    """`lacking`: names of the contents that were missing or altered in the store; `erased`: records that a restoration
    has erased again."""

    contents: int
    with_keys: bool
    lacking: list[str]
    erased: int = 0


class _Different(Exception):
    pass


def backup(config: Config, folder: Path, *, with_keys: bool = True) -> Summary:
    _start(folder)
    files = {**_copy_logs(config, folder), **(_copy_keys(config, folder) if with_keys else {})}
    with database.connect(config, "owner", autocommit=True) as connection:
        server = connection.info.server_version // 10_000
        canary, routines = _save_database(config, connection, folder, programs.find("pg_dump", server))
    files |= {name: layout.sha256(folder / name) for name in (layout.DUMP, layout.LISTING)}
    contents, lacking = _save_contents(open_store(config.store_url), folder)
    layout.write(
        folder,
        layout.Manifest(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            server=server,
            with_keys=with_keys,
            contents=contents,
            files=files,
            routines=routines,
            lacking=lacking,
            canary=canary,
        ),
    )
    return Summary(contents, with_keys, lacking)


def _start(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} existe déjà et n'est pas un dossier vide.")
    try:
        make_folder(folder)
        folder.chmod(0o700)
    except OSError as error:
        raise BackupError(f"{folder} : {os.strerror(error.errno or 0)}.") from None


def _copy_logs(config: Config, folder: Path) -> dict[str, str]:
    """Before the database: a seal is in the database first, so that the copy never knows one that the dump
    lacks. An erasure is in its journal first: what the dump still holds of it is erased again."""
    copied: dict[str, str] = {}
    for name in (layout.SEALS, layout.ERASURES):
        source = config.data_dir / name
        if source.is_file():
            copied |= _copy(source, folder, name)
    return copied


def _copy_keys(config: Config, folder: Path) -> dict[str, str]:
    (folder / layout.KEYS).mkdir(mode=0o700)
    copied: dict[str, str] = {}
    others = config.data_dir / layout.KEYS
    for path in sorted(others.iterdir()) if others.is_dir() else []:
        if path.is_file() and not path.name.startswith(".") and path.name != layout.MASTER:
            copied |= _copy(path, folder, f"{layout.KEYS}/{path.name}")
    if not config.key_vault_url:
        copied |= _copy(config.key_file, folder, f"{layout.KEYS}/{layout.MASTER}")
    return copied


def _copy(source: Path, folder: Path, name: str) -> dict[str, str]:
    target = folder / name
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as original, os.fdopen(descriptor, "wb") as copy:
        shutil.copyfileobj(original, copy)
        copy.flush()
        os.fsync(copy.fileno())
    return {name: layout.sha256(target)}


def _save_database(
    config: Config, connection: Connection[Any], folder: Path, dump: Path
) -> tuple[list[str], list[layout.Routine]]:
    """The dump, and the list of contents as of the same instant."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        connection.execute("set local search_path = ''")
        snapshot = connection.execute("select pg_export_snapshot()").fetchone()
        canary = connection.execute(_CANARY, [CANARY]).fetchone() or ()
        routines = connection.execute(_ROUTINES, [list(database.FUNCTION_OWNERS)]).fetchall()
        target = folder / layout.DUMP
        target.touch(mode=0o600)
        arguments = ["--format=custom", f"--snapshot={(snapshot or ('',))[0]}", f"--file={target}"]
        programs.run(config, dump, *arguments, "--lock-wait-timeout=60s")
        _list_contents(connection, folder / layout.LISTING)
    durable.sync(target)
    return list(canary), [layout.Routine(*row) for row in routines]


def _list_contents(connection: Connection[Any], path: Path) -> None:
    with connection.cursor(name="contents") as cursor, path.open("w", encoding="ascii") as file:
        path.chmod(0o600)
        cursor.execute("select id, stored_sha256 from app.kernel_blob order by id")
        file.writelines(f"{name_of(blob_id)}\t{bytes(digest).hex()}\n" for blob_id, digest in _rows(cursor))
        file.flush()
        os.fsync(file.fileno())


def _rows(cursor: Any) -> Iterator[tuple[UUID, bytes]]:
    while page := cursor.fetchmany(1000):
        yield from page


def _save_contents(store: Store, folder: Path) -> tuple[int, list[str]]:
    """A missing or altered content does not end the backup of all others; it is named in the end."""
    target, saved, lacking = FolderStore(folder / layout.CONTENTS), 0, list[str]()
    for name, digest in layout.listed(folder):
        try:
            target.put(name, _compared(store.get(name), digest))
            saved += 1
        except (NotThere, _Different):
            lacking.append(name)
        except StoreFault as error:
            raise BackupError(str(error)) from error
    return saved, lacking


def _compared(parts: Iterator[bytes], expected: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
        yield part
    if digest.hexdigest() != expected:
        raise _Different
