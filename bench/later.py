"""What PostgreSQL would do for each row is done once, when all rows are there: indexes, foreign keys, checkpoints.

For a database of one's own: the catalogue is told so directly. Whatever happens meanwhile, everything is in force
again at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

from psycopg import Connection, Error, sql

from bench.tables import Table

_INDEXES = """
    select array_agg(indexrelid) from pg_index
     where indisvalid and indrelid in
           (select t::regclass from unnest(%(tables)s::text[]) t
            union select i.inhrelid from pg_inherits i where i.inhparent = any(%(tables)s::text[]::regclass[]))
"""
# As of a CREATE INDEX CONCURRENTLY that failed: they take no rows, and no question trusts them.
_STALE = "update pg_index set indisvalid = false, indisready = false where indexrelid = any(%s)"
_EMPTY = """
    update pg_index set indisvalid = true, indisready = true
     where indexrelid = any(%s) and pg_relation_size(indrelid) = 0
"""
# Those of one table follow each other: two that are made at once read its pages once.
_TO_MAKE_ANEW = """
    select 'reindex index ' || indexrelid::regclass from pg_index
     where indexrelid = any(%s) and not indisready
     order by pg_relation_size(indrelid) desc, indrelid, indexrelid
"""

_UNPROVED = """
    update pg_constraint set convalidated = false
     where contype = 'f' and convalidated and conparentid = 0 and conrelid = any(%s::text[]::regclass[])
"""
_TO_PROVE = """
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
def indexes_later(owner: Connection[Any], every: Sequence[Table], connect: _Connect) -> Iterator[None]:
    """Indexes take no rows meanwhile, and are made anew in one go."""
    indexes = owner.execute(_INDEXES, {"tables": [each.name for each in every]}).fetchone()
    owner.execute("set allow_system_table_mods = on")
    with _server_in_a_hurry(owner):
        owner.execute(_STALE, indexes)
        try:
            yield
        finally:
            owner.execute(_EMPTY, indexes)
            _side_by_side(owner.execute(_TO_MAKE_ANEW, indexes).fetchall(), connect)


@contextmanager
def keys_later(owner: Connection[Any], every: Sequence[Table], connect: _Connect) -> Iterator[None]:
    """Foreign keys count as unproved meanwhile; at the end PostgreSQL looks at all rows, in the indexes alone when the
    tables have been vacuumed."""
    names = [each.name for each in every]
    owner.execute("set allow_system_table_mods = on")
    owner.execute(_UNPROVED, (names,))
    try:
        yield
    finally:
        _side_by_side(owner.execute(_TO_PROVE, (names,)).fetchall(), connect)


def _side_by_side(statements: Sequence[tuple[str]], connect: _Connect) -> None:
    """Over two connections, each taking the next as it comes free. What fails keeps nothing else from being done."""
    waiting, failed = iter(statements), list[Error]()

    def work(connection: Connection[Any]) -> None:
        with connection:
            connection.execute(_REBUILDING)
            for (each,) in waiting:
                try:
                    connection.execute(each.encode())
                except Error as error:
                    failed.append(error)

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(work, [connect() for _ in range(_AT_ONCE)]))
    if failed:
        raise failed[0]


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
