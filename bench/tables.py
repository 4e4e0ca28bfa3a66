"""The tables that tell of a record, and the lines of COPY that make it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString
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

_TARGET = """
    select option_value from pg_class c, pg_options_to_table(c.reloptions)
     where c.oid = %s::regclass and option_name = 'toast_tuple_target'
"""

# Of a binary COPY: signature, flags, no extension; and the mark of its end.
_BEFORE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_AFTER = b"\xff\xff"
_LARGE = 30_000

_WIDE = ("record.documents_document", "record.documents_list", "record.documents_version")
_WHOLE_PAGE = 8160


@dataclass(frozen=True, slots=True)
class Table:
    """A table and the columns that are copied; what the database gives by itself (transaction ids) is left to it."""

    name: str
    columns: tuple[str, ...]
    key: str

    def copy_in(self) -> sql.Composed:
        return sql.SQL("copy {} ({}) from stdin (format binary)").format(self._named(), self._listed())

    def copy_out(self, wanted: Sequence[UUID], form: str) -> sql.Composed:
        return sql.SQL("copy (select {} from {} where {} = any ({}) order by ctid) to stdout (format {})").format(
            self._listed(), self._named(), sql.SQL(self.key), sql.Literal(list(wanted)), sql.SQL(form)
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
def uncompressed(owner: Connection[Any]) -> Iterator[None]:
    """Rows that fit a page are left as they come: compressing them takes as long as all the rest of COPY. They read the
    same and take up more room."""
    before = {table: owner.execute(_TARGET, (table,)).fetchall() for table in _WIDE}
    for table in _WIDE:
        owner.execute(_altered(table, "set (toast_tuple_target = {})", _WHOLE_PAGE))
    try:
        yield
    finally:
        for table, found in before.items():
            owner.execute(_altered(table, "reset (toast_tuple_target)"))
            for (width,) in found:
                owner.execute(_altered(table, "set (toast_tuple_target = {})", int(width)))


def _altered(table: str, what: LiteralString, *values: int) -> sql.Composed:
    named = sql.Identifier(*table.split("."))
    return sql.SQL("alter table {} ").format(named) + sql.SQL(what).format(*map(sql.Literal, values))


def _found(owner: Connection[Any]) -> list[tuple[str, list[str], bool]]:
    return owner.execute(_COLUMNS).fetchall()


def _columns_of(owner: Connection[Any], table: str) -> tuple[str, ...]:
    rows = owner.execute(
        "select column_name::text from information_schema.columns where table_name = %s order by ordinal_position",
        (table,),
    )
    return tuple(row[0] for row in rows)


def text(owner: Connection[Any], table: Table, wanted: Sequence[UUID]) -> bytes:
    """The rows of these records as people read them."""
    with owner.cursor() as cursor, cursor.copy(table.copy_out(wanted, "text")) as copy:
        return b"".join(bytes(each) for each in copy)


def rows(owner: Connection[Any], table: Table, wanted: Sequence[UUID]) -> bytes:
    """The same as PostgreSQL takes them quickest, without what stands around them."""
    with owner.cursor() as cursor, cursor.copy(table.copy_out(wanted, "binary")) as copy:
        return b"".join(bytes(each) for each in copy)[len(_BEFORE) : -len(_AFTER)]


def framed(several: Sequence[bytes]) -> Iterator[bytes]:
    """What COPY takes: the rows of several records of one table, small ones together, since each piece that is sent has
    its cost, and large ones as they are, since joining them has."""
    waiting = [_BEFORE]
    for each in several:
        if len(each) > _LARGE:
            yield b"".join(waiting)
            waiting = []
            yield each
        else:
            waiting.append(each)
    yield b"".join((*waiting, _AFTER))
