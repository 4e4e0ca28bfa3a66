"""The tables that tell of a record, and the lines of COPY that make it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

_COLUMNS = """
    select c.table_schema || '.' || c.table_name,
           array_agg(quote_ident(c.column_name)::text order by c.ordinal_position),
           array_agg(c.column_name::text) && array['record_id']
      from information_schema.columns c
      join pg_class k on k.oid = format('%I.%I', c.table_schema, c.table_name)::regclass and not k.relispartition
     where c.table_schema in ('app', 'record', 'trail') and c.is_generated = 'NEVER'
       and not (c.table_name = 'line' and c.column_name in ('xid', 'era'))
     group by 1, c.table_schema, c.table_name
    having array_agg(c.column_name::text) && array['record_id', 'scope_id']
"""

_READY = """
    update pg_index set indisready = %(ready)s
     where indrelid in (select t::regclass from unnest(%(tables)s::text[]) t
                        union
                        select i.inhrelid from pg_inherits i where i.inhparent = any(%(tables)s::text[]::regclass[]))
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table and the columns that are copied; what the database gives by itself (transaction ids) is left to it."""

    name: str
    columns: tuple[str, ...]
    key: str

    def copy_in(self) -> sql.Composed:
        return sql.SQL("copy {} ({}) from stdin").format(self._named(), self._listed())

    def copy_out(self, wanted: Sequence[UUID]) -> sql.Composed:
        return sql.SQL("copy (select {} from {} where {} = any ({}) order by ctid) to stdout").format(
            self._listed(), self._named(), sql.SQL(self.key), sql.Literal(list(wanted))
        )

    def _named(self) -> sql.Identifier:
        return sql.Identifier(*self.name.split("."))

    def _listed(self) -> sql.Composed:
        return sql.SQL(", ").join(map(sql.SQL, self.columns))


def tables(owner: Connection[Any]) -> list[Table]:
    """Every table that tells of a record, whatever a deposit writes into."""
    found = [Table(name, tuple(own), "record_id" if record else "scope_id") for name, own, record in _found(owner)]
    record = _columns_of(owner, "records_record")
    actor = _columns_of(owner, "kernel_actor")
    return [Table("record.records_record", record, "id"), Table("app.kernel_actor", actor, "id"), *found]


@contextmanager
def indexes_later(owner: Connection[Any], every: Sequence[Table]) -> Iterator[None]:
    """Indexes take no rows meanwhile, and are made anew in one go, which is several times as fast. For a database of
    one's own: the catalogue is told so directly."""
    owner.execute("set allow_system_table_mods = on")
    owner.execute(_READY, {"ready": False, "tables": [each.name for each in every]})
    yield
    owner.execute(_READY, {"ready": True, "tables": [each.name for each in every]})
    for each in every:
        owner.execute(sql.SQL("reindex table {}").format(sql.Identifier(*each.name.split("."))))


def _found(owner: Connection[Any]) -> list[tuple[str, list[str], bool]]:
    return owner.execute(_COLUMNS).fetchall()


def _columns_of(owner: Connection[Any], table: str) -> tuple[str, ...]:
    rows = owner.execute(
        "select column_name::text from information_schema.columns where table_name = %s order by ordinal_position",
        (table,),
    )
    return tuple(row[0] for row in rows)


def lines(owner: Connection[Any], table: Table, wanted: Sequence[UUID]) -> bytes:
    with owner.cursor() as cursor, cursor.copy(table.copy_out(wanted)) as copy:
        return b"".join(bytes(each) for each in copy)
