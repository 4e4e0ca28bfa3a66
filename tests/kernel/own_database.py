"""A database of its own for tests that forge the trail or count every job: nothing else works in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from carnet.kernel import config, database
from carnet.kernel.db.statements import text

SEARCH_PATH = "-c search_path=app,record,trail,public"

_EMPTY = """
    delete from app.kernel_job; delete from trail.line; delete from trail.leaf; delete from trail.seal;
    delete from trail.era where id > 1;
    alter table trail.line alter column era set default 1
"""


def as_owner(name: str) -> psycopg.Connection[Any]:
    """The owner is a superuser in tests: he stands for the intruder too."""
    parameters = database.connection_parameters(config.load(), "owner")
    return psycopg.connect(
        host=parameters["HOST"],
        port=parameters["PORT"] or None,
        user=parameters["USER"],
        password=parameters["PASSWORD"] or None,
        dbname=name,
        options=SEARCH_PATH,
        autocommit=True,
    )


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """A fresh database with the kernel's tables."""
    served = database.connection_parameters(config.load(), "owner")["NAME"]
    quoted = sql.Identifier(name)
    with as_owner(served) as server:
        server.execute(sql.SQL("drop database if exists {} with (force)").format(quoted))
        server.execute(sql.SQL("create database {}").format(quoted))
        _fill(name)
        yield name
        server.execute(sql.SQL("drop database {} with (force)").format(quoted))


def _fill(name: str) -> None:
    settings = config.load()
    with as_owner(name) as owner:
        database.ensure_roles(owner, settings)
        owner.execute(text("carnet.kernel.sql", "schemas.sql"))
    owner_login = database.connection_parameters(settings, "owner")
    with _pointed("default", owner_login | {"NAME": name, "OPTIONS": {"options": SEARCH_PATH}}):
        call_command("migrate", "kernel", "0005_seals", verbosity=0)


@contextmanager
def served_by(name: str) -> Iterator[None]:
    """Django's two log-ins work in this database."""
    with _pointed("default", {"NAME": name}), _pointed("reader", {"NAME": name}):
        yield


@contextmanager
def _pointed(alias: str, changes: dict[str, Any]) -> Iterator[None]:
    settings = connections.settings[alias]
    before = {key: settings[key] for key in changes}
    _disconnect(alias)
    settings.update(changes)
    try:
        yield
    finally:
        _disconnect(alias)
        settings.update(before)


def _disconnect(alias: str) -> None:
    connection: Any = connections[alias]
    connection.close()
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close_pool()


def emptied(name: str) -> None:
    with as_owner(name) as owner:
        owner.execute(_EMPTY)
