"""The second lock against its twin, on rows and readers drawn by chance; and every small mistake that could be made in
a policy is made in turn, and found out. All of it in a transaction of the owner, which is undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import orjson
import psycopg
import pytest
from psycopg import sql

from carnet.kernel import config, database
from tests.kernel.db import twin
from tests.kernel.db.twin import Row, Sight

pytestmark = pytest.mark.usefixtures("house")

Owner = psycopg.Connection[Any]
RECORDS = (UUID(int=1), UUID(int=2))
ACTORS = (UUID(int=11), UUID(int=12), UUID(int=13))
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CODES = (b"one", b"two")
ROWS, DRAWS = 60, 80
_FILLERS = {
    "uuid": "gen_random_uuid()",
    "text": "'x'",
    "character varying": "'x'",
    "integer": "0",
    "bigint": "0",
    "smallint": "0",
    "boolean": "false",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "bytea": "''::bytea",
    "ARRAY": "'{}'",
    "jsonb": "'{}'",
    "xid8": "pg_current_xact_id()",
}
_COLUMNS = """
    select column_name, data_type, is_nullable = 'YES' from information_schema.columns
     where table_schema || '.' || table_name = %s order by ordinal_position
"""
_CONSTRAINTS = "select conname from pg_constraint where conrelid = %s::regclass and contype in ('c', 'u', 'f', 'p')"
_INDEXES = """
    select indexrelid::regclass::text from pg_index
     where indrelid = %s::regclass and indisunique
       and not exists (select from pg_constraint k where k.conindid = indexrelid)
"""
_POLICIES = "select policyname, qual, with_check from pg_policies where schemaname || '.' || tablename = %s"
_TABLES = (
    "select distinct schemaname || '.' || tablename from pg_policies where policyname = 'see' and schemaname <> 'app'"
)


@contextmanager
def undone() -> Iterator[Owner]:
    """The owner's, who may empty and lock tables: whatever is done in it is undone."""
    with database.connect(config.load(), "owner") as owner:
        owner.execute("set local session_replication_role = replica")
        try:
            yield owner
        finally:
            owner.rollback()


_WORDS = {
    "outcome": ("done", "refused"),
    "action": ("documents-list", "document-deposit"),
    "purpose": ("self", "care"),
    "status": ("current", "superseded", "withdrawn"),
}


def chosen(chance: Random, column: str) -> Any:
    """A value for a column that policies look at; None for any other."""
    match column:
        case "labels" | "hidden_from" | "standing":
            return chance.choice((0, 0, 1, 2, 3, 4, 5, 6, 7))
        case "readers" | "readers_until":
            return held(chance, column)
        case "type_ordinal":
            return chance.randint(0, 2)
        case "types":
            return bits(chance)
        case "outcome" | "action" | "purpose" | "status":
            return chance.choice(_WORDS[column])
        case "digest":
            return chance.choice(CODES)
        case "at":
            return NOW + timedelta(days=chance.randint(-2, 2))
        case (
            "depositor_id"
            | "author_id"
            | "actor_id"
            | "target_id"
            | "recipient_id"
            | "carer_id"
            | "added_by"
            | "representative_id"
            | "person_id"
        ):
            return chance.choice(ACTORS)
    return None


def held(chance: Random, column: str) -> Any:
    """Who holds a document, and until when, far from today."""
    if column == "readers":
        return chance.choice((None, None, [], [ACTORS[0]], [*ACTORS[:2]]))
    return chance.choice((None, NOW - timedelta(days=900), NOW + timedelta(days=9000)))


def bits(chance: Random) -> str:
    return "".join(chance.choice("01") for _ in range(3)) + "0" * 253


def filled(owner: Owner, table: str, chance: Random) -> list[Row]:
    """Empties the table and puts rows in it of which only what policies look at is drawn; with where each lies."""
    name = sql.SQL(table)
    for (constraint,) in owner.execute(_CONSTRAINTS, (table,)).fetchall():
        drop = sql.SQL("alter table {} drop constraint if exists {} cascade")
        owner.execute(drop.format(name, sql.Identifier(constraint)))
    for (index,) in owner.execute(_INDEXES, (table,)).fetchall():
        owner.execute(sql.SQL("drop index if exists {}").format(sql.SQL(index)))
    owner.execute(sql.SQL("truncate {} cascade").format(name))
    columns = owner.execute(_COLUMNS, (table,)).fetchall()
    key = "record_id" if "record_id" in {column for column, _, _ in columns} else "id"
    for number in range(ROWS):
        put(owner, name, columns, drawn(chance, columns, key, number))
    found = owner.execute(sql.SQL("select ctid::text, * from {}").format(name))
    names = [column.name for column in found.description or ()]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


def drawn(chance: Random, columns: list[Any], key: str, number: int) -> Row:
    row = {column: chosen(chance, column) for column, _, _ in columns}
    return row | {key: RECORDS[number % 3 == 0]}


def put(owner: Owner, name: sql.SQL, columns: list[Any], row: Row) -> None:
    used = [(column, kind) for column, kind, nullable in columns if row[column] is not None or not nullable]
    values = [sql.Placeholder() if row[column] is not None else sql.SQL(_FILLERS[kind]) for column, kind in used]
    insert = sql.SQL("insert into {} ({}) values ({})").format(
        name, sql.SQL(", ").join(sql.Identifier(column) for column, _ in used), sql.SQL(", ").join(values)
    )
    owner.execute(insert, [row[column] for column, _ in used if row[column] is not None])


def a_sight(chance: Random) -> Sight:
    since = [NOW + timedelta(days=chance.choice((-1, 1, 900))) for _ in range(2)]
    told = dict(zip(chance.sample(ACTORS, 2), since, strict=True))
    return Sight(
        record=chance.choice((*RECORDS, *RECORDS, None)),
        actor=chance.choice((*ACTORS, None)),
        types=chance.choice((bits(chance), bits(chance), bits(chance), None)),
        hidden=chance.choice((0, 1, 2, 4, 6, -1, None)),
        trail=chance.random() < 0.7,
        withdraws=chance.random() < 0.3,
        discreet=chance.choice((None, told)),
        told=chance.choice((None, {who: NOW - timedelta(days=chance.choice((-1, 2))) for who in ACTORS[:2]})),
        visits=chance.choice((None, {ACTORS[0]: (NOW - timedelta(days=1), NOW + timedelta(days=1))})),
        reviews=chance.random() < 0.3,
        invitation=chance.choice((None, *CODES)),
    )


def enter(owner: Owner, s: Sight) -> None:
    discreet = {str(who): since.isoformat() for who, since in (s.discreet or {}).items()}
    discreet |= {f"{who}/told": at.isoformat() for who, at in (s.told or {}).items()}
    discreet |= {
        f"{who}/visits": f"{{[{begun.isoformat()},{over.isoformat()})}}"
        for who, (begun, over) in (s.visits or {}).items()
    }
    values = {
        "record": s.record,
        "actor": s.actor,
        "types": s.types,
        "hidden": s.hidden,
        "trail": "yes" if s.trail else "no",
        "withdraws": "yes" if s.withdraws else "no",
        "reviews": "yes" if s.reviews else "no",
        "invitation": s.invitation and f"\\x{s.invitation.hex()}",
        "discreet": orjson.dumps(discreet).decode() if discreet else "",
    }
    for name, value in values.items():
        owner.execute("select set_config(%s, %s, true)", (f"carnet.{name}", "" if value is None else str(value)))


def seen(owner: Owner, table: str, s: Sight) -> set[str]:
    enter(owner, s)
    owner.execute("set local role carnet_reader")
    found = owner.execute(sql.SQL("select ctid::text from {}").format(sql.SQL(table))).fetchall()
    owner.execute("reset role")
    return {row[0] for row in found}


def changed(owner: Owner, table: str, key: str, s: Sight, to: UUID) -> int | None:
    """How many rows the writer may make those of a record, None when the policy says no; undone."""
    enter(owner, s)
    owner.execute("savepoint one")
    owner.execute("set local role carnet_writer")
    try:
        statement = sql.SQL("update {} set {} = {}").format(sql.SQL(table), sql.Identifier(key), sql.Literal(to))
        return owner.execute(statement).rowcount
    except psycopg.errors.InsufficientPrivilege:
        return None
    finally:
        owner.execute("rollback to savepoint one")


def expected_change(table: str, rows: list[Row], key: str, s: Sight, to: UUID) -> int | None:
    touched = [row for row in rows if twin.shown(table)(row, s)]
    if not all(twin.kept(table)(row | {key: to}, s) for row in touched):
        return None
    return len(touched)


def added(owner: Owner, table: str, row: Row, s: Sight) -> bool:
    """Whether the writer may add a copy of that row; undone."""
    enter(owner, s)
    owner.execute("savepoint one")
    owner.execute("set local role carnet_writer")
    kept = [column for column in row if column != "ctid"]
    try:
        put_all(owner, table, kept, [row[column] for column in kept])
    except psycopg.errors.InsufficientPrivilege:
        return False
    else:
        return True
    finally:
        owner.execute("rollback to savepoint one")


def put_all(owner: Owner, table: str, columns: list[str], values: list[Any]) -> None:
    insert = sql.SQL("insert into {} ({}) values ({})").format(
        sql.SQL(table),
        sql.SQL(", ").join(sql.Identifier(column) for column in columns),
        sql.SQL(", ").join(sql.Placeholder() for _ in columns),
    )
    owner.execute(insert, values)


def agrees(owner: Owner, table: str, rows: list[Row], sights: list[Sight]) -> bool:
    """Whether the table shows and lets change what the twin says, to each of these readers."""
    writable = table.startswith("record.")
    key = "record_id" if "record_id" in rows[0] else "id"
    for number, s in enumerate(sights):
        if seen(owner, table, s) != {row["ctid"] for row in rows if twin.shown(table)(row, s)}:
            return False
        to = RECORDS[number % 2]
        if writable and changed(owner, table, key, s, to) != expected_change(table, rows, key, s, to):
            return False
        row = rows[number % len(rows)]
        if writable and added(owner, table, row, s) != twin.kept(table)(row, s):
            return False
    return True


def tables() -> list[str]:
    with database.connect(config.load(), "owner") as owner:
        return sorted(row[0] for row in owner.execute(_TABLES).fetchall())


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in (1, 2, 3))])
def test_every_table_shows_what_its_twin_says_and_each_mistake_in_its_policies_is_found_out(part: int) -> None:
    alive, made = [], 0
    for table in tables()[part::4]:
        # A table that is added changes nothing of what is drawn for the others.
        chance = Random(f"policies/{table}")
        with undone() as owner:
            rows = filled(owner, table, chance)
            sights = [a_sight(chance) for _ in range(DRAWS)]
            assert agrees(owner, table, rows, sights), table
            for policy, what, statement in mutants(owner, table):
                made += 1
                owner.execute("savepoint mutant")
                owner.execute(statement)
                if not found_out(owner, table, rows, sights):
                    alive.append(f"{table}, {policy}: {what}")
                owner.execute("rollback to savepoint mutant")
    assert made > 50
    assert alive == [], made


def found_out(owner: Owner, table: str, rows: list[Row], sights: list[Sight]) -> bool:
    try:
        return not agrees(owner, table, rows, sights)
    except psycopg.Error:
        return True


_SWAPS = [
    (r" AND ", " OR "),
    (r" OR ", " AND "),
    (r" = ", " <> "),
    (r" <> ", " = "),
    (r" >= ", " < "),
    (r" & ", " | "),
    (r"'yes'", "'no'"),
    (r"(?<=, )0(?=\))", "1"),
    # What stands for nothing; not the `true` of a setting that may be missing.
    (r"(?<=, )true(?=\) AND |\)\)$)", "false"),
]


def mutants(owner: Owner, table: str) -> Iterator[tuple[str, str, sql.Composed]]:
    """Each policy with one thing changed: a connective, a comparison, a word, what stands for nothing."""
    for policy, using, check in owner.execute(_POLICIES, (table,)).fetchall():
        if policy not in {"see", "add", "change"}:
            continue
        for clause, text in (("using", using), ("with check", check)):
            for what, other in twisted(text or ""):
                yield (
                    f"{policy} {clause}",
                    what,
                    sql.SQL("alter policy {} on {} {} ({})").format(
                        sql.Identifier(policy), sql.SQL(table), sql.SQL(clause), sql.SQL(other)
                    ),
                )


def twisted(text: str) -> Iterator[tuple[str, str]]:
    for pattern, other in _SWAPS:
        for match in re.finditer(pattern, text):
            twist = text[: match.start()] + other + text[match.end() :]
            yield f"…{text[max(0, match.start() - 60) : match.end() + 10]}… → {other.strip()}", twist
