"""A database of its own for tests that forge the trail or look at every job: nothing else works in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from carnet.kernel import config, database
from carnet.kernel.db.statements import text

SEARCH_PATH = "-c search_path=app,record,trail,public"
_ALIASES = ("default", "reader")
_EMPTY = (
    "truncate app.kernel_job, trail.line, trail.leaf, trail.seal;"
    " delete from trail.era where id > 1; alter table trail.line alter era set default 1"
)


def as_owner(name: str) -> psycopg.Connection[Any]:
    """The owner, a superuser in tests: the intruder of the tampering tests too."""
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
def created(name: str) -> Iterator[str]:
    """A fresh database with the kernel's tables."""
    with psycopg.Connection.connect if False else as_owner(_served()) as server:
        server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        with as_owner(name) as owner:
            database.ensure_roles(owner, config.load())
            owner.execute(text("carnet.kernel.sql", "schemas.sql"))
        _migrate(name)
        yield name
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _served() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def _migrate(name: str) -> None:
    parameters = database.connection_parameters(config.load(), "owner")
    connections.settings["own"] = connections.configure_settings(
        {"own": {"ENGINE": "django.db.backends.postgresql", **parameters, "NAME": name}}
        | {"default": connections.settings["default"]}
    )["own"]
