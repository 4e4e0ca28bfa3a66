"""A hot statement is asked at once, outside the interpreter, and is else as any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, NotSupportedError, OperationalError, connections, transaction
from django.db.transaction import TransactionManagementError

from carnet.kernel import config, database
from carnet.kernel.db import READER


@pytest.fixture(autouse=True)
def reader() -> Iterator[Any]:
    yield connections[READER]
    connections.close_all()


def as_owner(*statements: str) -> None:
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        for each in statements:
            owner.execute(each.encode())


def test_values_go_and_come_as_by_a_cursor(reader: Any) -> None:
    given = (UUID(int=7), ["à", None], 3, None)
    text = "select %s::uuid as id, %s::text[] as words, %s + 1 as more, %s::date as day, 'a' like 'a%%' as likely"
    with reader.cursor() as cursor:
        cursor.execute(text, given)
        (row,) = cursor.fetchall()
    assert reader.ask(text, given) == [dict(zip(("id", "words", "more", "day", "likely"), row, strict=True))]


def test_a_fault_is_djangos_and_the_connection_goes_on(reader: Any) -> None:
    with pytest.raises(DataError):
        reader.ask("select 1 / %s::int as n", (0,))
    assert reader.ask("select 1 / %s::int as n", (1,)) == [{"n": 1}]


def test_a_lost_connection_is_told_as_lost(reader: Any) -> None:
    number = reader.ask("select pg_backend_pid() as n", ())[0]["n"]
    as_owner(f"select pg_terminate_backend({number}, 5000)")
    with pytest.raises(OperationalError):
        reader.ask("select pg_backend_pid() as n", ())
    reader.close_if_unusable_or_obsolete()
    assert reader.ask("select pg_backend_pid() as n", ())[0]["n"] != number


def test_in_a_transaction_it_is_refused(reader: Any) -> None:
    with transaction.atomic(using=READER), pytest.raises(TransactionManagementError):
        reader.ask("select 1 as n", ())


def test_what_was_prepared_is_gone_after_a_rollback_and_prepared_anew(reader: Any) -> None:
    """Psycopg deallocates every statement then."""
    assert reader.ask("select 1 + %s::int as n", (1,)) == [{"n": 2}]
    with suppress(DataError), transaction.atomic(using=READER), reader.cursor() as cursor:
        cursor.execute("select 1 / 0")
    with reader.cursor() as cursor:
        cursor.execute("deallocate all")
    assert reader.ask("select 1 + %s::int as n", (1,)) == [{"n": 2}]


def test_a_function_with_other_columns_is_prepared_anew(reader: Any) -> None:
    def made(columns: str) -> str:
        return f"create function app.asked_here() returns table({columns}) language sql as 'select 1, 2'"

    drop, asked = "drop function if exists app.asked_here()", "select * from app.asked_here()"
    as_owner(drop, made("a int, b int"), "grant execute on function app.asked_here() to carnet_reader")
    try:
        assert reader.ask(asked, ()) == [{"a": 1, "b": 2}]
        as_owner(drop, made("a int, c bigint"))
        as_owner("grant execute on function app.asked_here() to carnet_reader")
        with pytest.raises(NotSupportedError):
            reader.ask(asked, ())
        assert reader.ask(asked, ()) == [{"a": 1, "c": 2}]
    finally:
        as_owner(drop)
