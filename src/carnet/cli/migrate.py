"""`carnet migrate`: roles, schemas, tables, policies and functions, up to this version. As the owner."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from carnet.kernel import database, vault
from carnet.kernel.config import Config

NAME: Final = "migrate"
HELP: Final = "prépare la base, ou la met à jour"
DATABASE: Final = "owner"
DEMO_ONLY: Final = False

# Waiting for a lock stops those who come after; a migration that cannot have it soon gives up and is run again.
_LOCK_TIMEOUT = "10s"
_STATEMENT_TIMEOUT = "30min"
# Any number, the same for every `carnet migrate` on a database.
_ONE_AT_A_TIME = 0x43524E54


def add_arguments(parser: ArgumentParser) -> None:
    """None."""


def run(_args: Namespace, config: Config) -> int:
    with database.connect(config, "owner", autocommit=True) as owner, _alone(owner):
        database.ensure_roles(owner, config)
        _make_schemas(owner)
        applied = _apply()
        _load_rules()
        vault.prepare()
    for name in applied:
        print(f"appliquée : {name}")
    print("La base est à jour.")
    return 0


@contextmanager
def _alone(owner: database.Connection) -> Iterator[None]:
    owner.execute("select pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
    try:
        yield
    finally:
        owner.execute("select pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])


def _make_schemas(owner: database.Connection) -> None:
    from carnet.kernel.db.statements import text

    owner.execute(text("carnet.kernel.sql", "schemas.sql").encode())


def _load_rules() -> None:
    """The access matrix that this version brings, when the database does not have it yet."""
    from carnet.consent.actions import load_matrix
    from carnet.formats.terminology import matrix

    load_matrix(matrix.load(), using="owner")


def _apply() -> list[str]:
    from django.core.management import call_command
    from django.db import connections

    from carnet.serve.pending import pending

    waiting = pending("owner")
    with connections["owner"].cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', %s, false)", [_LOCK_TIMEOUT])
        cursor.execute("select set_config('statement_timeout', %s, false)", [_STATEMENT_TIMEOUT])
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    return waiting
