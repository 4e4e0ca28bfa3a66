"""Brings a backup back into an empty installation. Nothing is touched before every byte of the backup has
been verified, and the database, which makes everything visible, comes last, in one transaction."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg import Connection, sql

from carnet.kernel import database, durable, erasing, vault
from carnet.kernel.audit import seal
from carnet.kernel.backup import manifest as layout
from carnet.kernel.backup import programs
from carnet.kernel.backup.errors import BackupError
from carnet.kernel.backup.save import Summary
from carnet.kernel.config import Config
from carnet.kernel.db.statements import text
from carnet.kernel.erasing import journal as erasing_journal
from carnet.kernel.vault.datakeys import CANARY
from carnet.kernel.vault.errors import VaultError
from carnet.kernel.vault.folder import make_folder
from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import Store, open_store

_SCHEMAS = ("app", "record", "trail")
_EXPECTED_ROLES = {"owner", "public", *database.ROLES.values(), *database.FUNCTION_OWNERS}


def restore(config: Config, folder: Path, *, erasures: Path | None = None) -> Summary:
    """`erasures`: a copy of the erasure journal that was kept elsewhere, newer than the backup's."""
    manifest = layout.read(folder)
    layout.verify(folder, manifest)
    store = open_store(config.store_url)
    with database.connect(config, "owner", autocommit=True) as connection:
        _refuse_full_database(connection)
        _refuse_full_store(store, folder)
        _restore_files(config, folder, manifest)
        _refuse_wrong_keys(manifest)
        _restore_contents(store, folder, manifest)
        _restore_database(config, connection, folder, manifest)
        # What the backup's own copy, this installation's file or the one given tells: all of it stays erased.
        copies = [path for path in (folder / layout.ERASURES, erasures) if path is not None]
        erased = erasing.replay(connection, store, erasing_journal.place(config), copies)
        # Transaction ids start anew in another cluster: what the trail seals from now on belongs to another
        # era.
        seal.new_era(connection, config)
    return Summary(manifest.contents, manifest.with_keys, manifest.lacking, erased)


def _refuse_full_database(connection: Connection[Any]) -> None:
    row = connection.execute(
        "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any(%s)",
        [list(_SCHEMAS)],
    ).fetchone()
    if row and row[0]:
        raise BackupError("La base n'est pas vide : une sauvegarde ne se restaure que dans une installation neuve.")


def _refuse_full_store(store: Store, folder: Path) -> None:
    """What an interrupted restoration of this very backup has left may stay."""
    strangers = set(store.names()) - {name for name, _ in layout.listed(folder)}
    if strangers:
        raise BackupError(
            "Le dépôt des contenus n'est pas vide : videz-le, ou indiquez-en un autre (CARNET_STORE_URL)."
        )


def _restore_files(config: Config, folder: Path, manifest: layout.Manifest) -> None:
    for name in manifest.files:
        if name == f"{layout.KEYS}/{layout.MASTER}":
            _put_back(folder / name, config.key_file)
        elif name.startswith(f"{layout.KEYS}/") or name == layout.SEALS:
            _put_back(folder / name, config.data_dir / name)
    vault.configure(config)


def _put_back(source: Path, target: Path) -> None:
    """A file that is there already (a fresh installation makes its own keys) is set aside, never destroyed."""
    content = source.read_bytes()
    if target.is_file():
        if target.read_bytes() == content:
            return
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        target.rename(target.with_name(f".{target.name}.before-restore-{stamp}"))
    make_folder(target.parent)
    durable.write_private(target, content)
    durable.sync(target.parent)


def _restore_contents(store: Store, folder: Path, manifest: layout.Manifest) -> None:
    lacking = set(manifest.lacking)
    try:
        for name, _ in layout.listed(folder):
            if name not in lacking:
                store.put(name, layout.parts(folder / layout.CONTENTS / name))
    except VaultError as error:
        raise BackupError(str(error)) from error


def _restore_database(config: Config, connection: Connection[Any], folder: Path, manifest: layout.Manifest) -> None:
    database.ensure_roles(connection, config)
    _drop_empty_schemas(connection)
    server = connection.info.server_version // 10_000
    if server < manifest.server:
        raise BackupError(
            f"Cette sauvegarde vient de PostgreSQL {manifest.server} et la base est en version {server} : "
            "restaurez dans la même version ou une plus récente."
        )
    _load(config, folder / layout.DUMP, programs.find("pg_restore", server))
    _give_routines(connection, manifest)
    connection.execute(text("carnet.kernel.sql", "schemas.sql"))


def _drop_empty_schemas(connection: Connection[Any]) -> None:
    for schema in _SCHEMAS:
        connection.execute(sql.SQL("drop schema if exists {}").format(sql.Identifier(schema)))


def _load(config: Config, dump: Path, program: Path) -> None:
    """Everything belongs to whoever restores, whatever the owner was called where the backup was made."""
    entries = programs.run(config, program, "--list", str(dump)).splitlines(keepends=True)
    with tempfile.NamedTemporaryFile("w", suffix=".list") as kept:
        kept.writelines(entry for entry in entries if not _is_ours_to_settle(entry))
        kept.flush()
        arguments = ["--no-owner", "--single-transaction", "--exit-on-error", f"--use-list={kept.name}"]
        programs.run(config, program, *arguments, str(dump))


def _is_ours_to_settle(entry: str) -> bool:
    """Default privileges name the former owner (schemas.sql lays them down anew); so may the grants on
    functions that belong to somebody else (`_give`)."""
    return " DEFAULT ACL " in entry or (" ACL " in entry and entry.rsplit(maxsplit=1)[-1] in database.FUNCTION_OWNERS)


def _give_routines(connection: Connection[Any], manifest: layout.Manifest) -> None:
    """The few functions that may do what no log-in may belong to roles that cannot log in."""
    for routine in manifest.routines:
        row = connection.execute(
            "select n.nspname, p.proname, pg_get_function_identity_arguments(p.oid) from pg_proc p"
            " join pg_namespace n on n.oid = p.pronamespace where p.oid = to_regprocedure(%s)",
            [routine.identity],
        ).fetchone()
        if row is None or not {routine.owner, *routine.executed_by} <= _EXPECTED_ROLES:
            raise BackupError("La sauvegarde nomme une fonction ou un rôle que cette version ne connaît pas.")
        _give(connection, routine, *row)


def _give(connection: Connection[Any], routine: layout.Routine, schema: str, name: str, arguments: str) -> None:
    names = {
        "schema": sql.Identifier(schema),
        "owner": sql.Identifier(routine.owner),
        # The types come from the catalogue, which has quoted them.
        "routine": sql.SQL("{}({})").format(sql.Identifier(schema, name), sql.SQL(arguments)),
        "users": sql.SQL(", ").join(_role(role) for role in routine.executed_by),
    }
    steps = [
        # The new owner must be allowed to create there, for this one instant.
        "grant create on schema {schema} to {owner}",
        "alter routine {routine} owner to {owner}",
        "revoke create on schema {schema} from {owner}",
        "revoke all on routine {routine} from public, {owner}",
        *(["grant execute on routine {routine} to {users}"] if routine.executed_by else []),
    ]
    with connection.transaction():
        for step in steps:
            connection.execute(sql.SQL(step).format(**names))


def _role(name: str) -> sql.Composable:
    return {"owner": sql.SQL("current_user"), "public": sql.SQL("public")}.get(name) or sql.Identifier(name)


def _refuse_wrong_keys(manifest: layout.Manifest) -> None:
    """A backup without keys needs those that its contents were encrypted with; one with keys must be of one
    piece."""
    if not manifest.canary:
        return
    wrapped, master_id = manifest.canary
    try:
        keeper = here().keeper
        if keeper.unwrap(bytes.fromhex(wrapped), master_id, CANARY.bytes) == keeper.derive("canary"):
            return
    except vault.KeyFault:
        pass
    raise BackupError(
        "La clé maîtresse présente n'est pas celle de cette sauvegarde : mettez la bonne en place (CARNET_KEY_FILE ou "
        "CARNET_KEY_VAULT_URL), puis recommencez."
    )
