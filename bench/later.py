"""What PostgreSQL would do for each row is done once, when all rows are there: indexes, foreign keys, checkpoints.

For a database of one's own: the catalogue is told so directly. Whatever happens meanwhile, everything is in force
again at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

from psycopg import Connection, sql

from bench.tables import Table

_READY = """
    update pg_index set indisready = %(ready)s
     where indrelid in (select t::regclass from unnest(%(tables)s::text[]) t
                        union
                        select i.inhrelid from pg_inherits i where i.inhparent = any(%(tables)s::text[]::regclass[]))
       and indisready <> %(ready)s
    returning indexrelid::regclass::text, indrelid::regclass::text, pg_relation_size(indrelid)
"""

_UNSURE = """
    update pg_constraint set convalidated = false
     where contype = 'f' and convalidated and conparentid = 0 and conrelid = any(%s::text[]::regclass[])
"""
_TO_VALIDATE = """
    select format('alter table %%s validate constraint %%I', conrelid::regclass, conname) from pg_constraint
     where contype = 'f' and not convalidated and conrelid = any(%s::text[]::regclass[]) order by conrelid, conname
"""

# What was just written is read from the system's cache: to have others fetch it takes longer than reading it.
_REBUILDING = """
    set synchronous_commit = off;
    set max_parallel_maintenance_workers = 0;
    set effective_io_concurrency = 0;
    set maintenance_work_mem = '256MB'
"""
_AT_ONCE = 2

_SERVER: Final = {"max_wal_size": "4GB", "autovacuum": "off"}
_OURS = "select name, setting from pg_file_settings where sourcefile like '%%/postgresql.auto.conf' and name = any(%s)"

_Connect = Callable[[], Connection[Any]]


@contextmanager
def checks_later(owner: Connection[Any], every: Sequence[Table], connect: _Connect) -> Iterator[None]:
    """Indexes take no rows meanwhile and are made anew in one go; then the foreign keys are validated."""
    names = [each.name for each in every]
    owner.execute("set allow_system_table_mods = on")
    with _server_in_a_hurry(owner):
        owner.execute(_UNSURE, (names,))
        owner.execute(_READY, {"ready": False, "tables": names})
        try:
            yield
        finally:
            found = owner.execute(_READY, {"ready": True, "tables": names}).fetchall()
            # Those of one table follow each other: two that are made at once read its pages once.
            found = sorted((-size, table, index) for index, table, size in found if size)
            _side_by_side([f"reindex index {index}" for _, _, index in found], connect)
            _side_by_side([each for (each,) in owner.execute(_TO_VALIDATE, (names,))], connect)


def _side_by_side(statements: Sequence[str], connect: _Connect) -> None:
    """Over two connections, each taking the next as it comes free."""
    waiting = iter(statements)

    def work(connection: Connection[Any]) -> None:
        with connection:
            connection.execute(_REBUILDING)
            for each in waiting:
                connection.execute(each.encode())

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(work, [connect() for _ in range(_AT_ONCE)]))


@contextmanager
def _server_in_a_hurry(owner: Connection[Any]) -> Iterator[None]:
    """No checkpoint in the middle, after which each page would be logged whole, and nobody else who reads all rows."""
    before = dict(owner.execute(_OURS, (list(_SERVER),)).fetchall())
    try:
        for name, value in _SERVER.items():
            owner.execute(_system(name, value))
        owner.execute("select pg_reload_conf()")
        yield
    finally:
        for name in _SERVER:
            owner.execute(_system(name, before.get(name)))
        owner.execute("select pg_reload_conf()")


def _system(name: str, value: str | None) -> sql.Composed:
    named = sql.Identifier(name)
    if value is None:
        return sql.SQL("alter system reset {}").format(named)
    return sql.SQL("alter system set {} = {}").format(named, sql.Literal(value))
