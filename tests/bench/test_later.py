"""What filling puts off (indexes, foreign keys, the server's settings) is there again, also when it fails midway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from uuid import UUID

import pytest
from bench.later import indexes_later, keys_later
from bench.moulds import Mould, mould
from bench.patterns import bring_in, patterns
from bench.tables import Table, framed, tables, uncompressed
from psycopg import Connection
from psycopg.errors import ForeignKeyViolation

from bench import generate
from carnet.kernel import config, database
from carnet.kernel.vault.place import here
from tests.conftest import House

pytestmark = pytest.mark.long

_FAR = 900_000
"""Copies that nobody else makes."""

_CATALOGUE = """
    select 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid),
           concat(indisvalid, indisready, indislive, indisunique, indisprimary, indimmediate) from pg_index
    union all
    select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid),
           concat(convalidated, conenforced) from pg_constraint
    union all
    select 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid), tgenabled::text from pg_trigger
    union all
    select 'policy', polrelid::regclass || '.' || polname, pg_get_expr(polqual, polrelid),
           pg_get_expr(polwithcheck, polrelid) from pg_policy
    union all
    select 'table', oid::regclass::text, relpersistence::text,
           concat(relrowsecurity, relforcerowsecurity, reloptions) from pg_class where relkind in ('r', 'p')
    union all
    select 'setting', name, setting, sourcefile from pg_file_settings
    order by 1, 2, 3
"""


@pytest.fixture(scope="module")
def owner(house: House) -> Iterator[Connection[Any]]:
    with connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def cast(owner: Connection[Any]) -> Mould:
    chosen = patterns(2, 1)
    bring_in(chosen, 1)
    return mould(owner, chosen[0], tables(owner), here().keeper)


@pytest.fixture(autouse=True)
def as_before(owner: Connection[Any], cast: Mould) -> Iterator[None]:
    """Other tests count what is in this house."""
    yield
    for number in (1, 2, 3):
        take_away(owner, cast.names.copy(_FAR + number, Random(number)).record_id)


def take_away(owner: Connection[Any], record_id: UUID, *names: str) -> None:
    """From these tables alone, if any are named, with nothing that follows from it."""
    account = owner.execute("select actor_id from app.people_person where record_id = %s", (record_id,)).fetchall()
    wanted = [record_id, *(each for (each,) in account)]
    with owner.transaction():
        owner.execute("set local session_replication_role = replica")
        for table in tables(owner):
            if not names or table.name in names:
                owner.execute(f"delete from {table.name} where {table.key} = any(%s)".encode(), (wanted,))


def connect() -> Connection[Any]:
    return database.connect(config.load(), "owner", autocommit=True)


def catalogue(owner: Connection[Any]) -> list[tuple[Any, ...]]:
    return owner.execute(_CATALOGUE).fetchall()


@contextmanager
def later(owner: Connection[Any]) -> Iterator[None]:
    every = tables(owner)
    with keys_later(owner, every, connect), indexes_later(owner, every, connect), uncompressed(owner):
        yield


def copy_in(cast: Mould, number: int) -> UUID:
    """One more record, as the generator writes it."""
    copy = cast.names.copy(_FAR + number, Random(number))
    with connect() as owner, owner.transaction(), owner.cursor() as cursor:
        owner.execute("set local session_replication_role = replica")
        for table, rows in cast.cast(copy).items():
            with cursor.copy(table.copy_in()) as stream:
                for piece in framed([rows]):
                    stream.write(piece)
    return copy.record_id


def found(owner: Connection[Any], record_id: UUID) -> list[int]:
    """Its documents, by an index and by reading everything."""
    counted = []
    for on, off in (("indexscan", "seqscan"), ("seqscan", "indexscan")):
        with owner.transaction():
            owner.execute(f"set local enable_{on} = on; set local enable_{off} = off".encode())
            owner.execute("set local enable_bitmapscan = off; set local enable_indexonlyscan = off")
            asked = "select count(*) from record.documents_document where record_id = %s"
            counted.append(owner.execute(asked, (record_id,)).fetchone()[0])  # type: ignore[index]
    return counted


def test_everything_is_in_force_again(owner: Connection[Any], cast: Mould) -> None:
    before = catalogue(owner)
    with later(owner):
        record_id = copy_in(cast, 1)
    assert catalogue(owner) == before
    assert found(owner, record_id) == [len(cast.documents)] * 2


def fail_after(record_id: UUID) -> None:
    raise RuntimeError(record_id)


def test_everything_is_in_force_again_when_filling_fails_midway(owner: Connection[Any], cast: Mould) -> None:
    before = catalogue(owner)
    with pytest.raises(RuntimeError) as failed, later(owner):
        fail_after(copy_in(cast, 2))
    (record_id,) = failed.value.args
    assert catalogue(owner) == before
    assert found(owner, record_id) == [len(cast.documents)] * 2


def test_the_settings_that_the_server_had_come_back(owner: Connection[Any]) -> None:
    owner.execute("alter system set max_wal_size = '1500MB'")
    try:
        before = catalogue(owner)
        with later(owner):
            assert catalogue(owner) != before
        assert catalogue(owner) == before
    finally:
        owner.execute("alter system reset max_wal_size")
        owner.execute("select pg_reload_conf()")


def test_a_row_that_belongs_to_nothing_is_told(owner: Connection[Any], cast: Mould) -> None:
    """Rows are copied without the triggers of foreign keys: afterwards PostgreSQL looks at all of them."""
    before = catalogue(owner)
    with pytest.raises(ForeignKeyViolation), later(owner):
        take_away(owner, copy_in(cast, 3), "record.documents_document")
    assert unproved(owner), "a key that does not hold is not called valid"
    take_away(owner, cast.names.copy(_FAR + 3, Random(3)).record_id)
    with later(owner):
        pass
    assert catalogue(owner) == before


def unproved(owner: Connection[Any]) -> list[tuple[Any, ...]]:
    return owner.execute("select conname from pg_constraint where not convalidated").fetchall()


def test_the_same_seed_gives_the_same_rows(owner: Connection[Any], cast: Mould) -> None:
    """All but the key of the record, which is drawn as the vault draws it."""
    assert told(cast, 7) == told(cast, 7)
    other = told(cast, 8)
    assert all(rows != other[name] for name, rows in told(cast, 7).items())


def told(cast: Mould, seed: int) -> dict[str, list[bytes]]:
    made: dict[Table, list[bytes]] = generate._made([cast], range(3, 6), seed)
    return {table.name: rows for table, rows in made.items() if table.name != "app.kernel_datakey"}


def test_a_record_does_not_depend_on_how_many_are_made_at_once(owner: Connection[Any], cast: Mould) -> None:
    once = generate._made([cast], range(4), 7)
    twice = [generate._made([cast], part, 7) for part in (range(1), range(1, 4))]
    for table, rows in once.items():
        if table.name != "app.kernel_datakey":
            assert rows == twice[0][table] + twice[1][table]
