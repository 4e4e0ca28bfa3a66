"""Each point of the database discipline, asked in SQL as the application's own roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from carnet.documents import queries
from carnet.kernel import config, database
from carnet.kernel.actor import Purpose
from carnet.kernel.db import READER, WRITER, Permit, Trace, open_record
from tests import people
from tests.conftest import House

pytestmark = pytest.mark.usefixtures("house")

PROTECTED = """
    select n.nspname || '.' || c.relname
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('record', 'trail') and c.relkind in ('r', 'p')
     order by 1
"""


@contextmanager
def session(login: database.Login) -> Iterator[psycopg.Connection[Any]]:
    with database.connect(config.load(), login, autocommit=True) as connection:
        yield connection


def column(connection: psycopg.Connection[Any], statement: str, *parameters: object) -> list[Any]:
    return [row[0] for row in connection.execute(statement, parameters).fetchall()]


def tables(schema: str) -> list[str]:
    with session("owner") as owner:
        return [name for name in column(owner, PROTECTED) if name.startswith(schema)]


@pytest.mark.parametrize("login", ["reader", "writer"])
def test_without_a_grant_every_table_with_health_content_shows_nothing(login: database.Login, house: House) -> None:
    with session("owner") as owner:
        filled = [name for name in tables("record") if column(owner, f"select 1 from {name} limit 1")]
    assert len(filled) >= 6, "the cast fills the tables, or this test would prove nothing"
    with session(login) as connection:
        for name in tables("record"):
            assert column(connection, f"select count(*) from {name}") == [0], name
        assert column(connection, "select count(*) from trail.line") == [0]


@pytest.mark.parametrize("login", ["reader", "writer"])
def test_partitions_read_directly_show_nothing(login: database.Login) -> None:
    partitions = [name for name in tables("trail") if name.startswith("trail.line_")]
    assert partitions
    with session(login) as connection:
        for name in partitions:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select count(*) from {name}")


def test_a_recycled_connection_shows_nothing(house: House) -> None:
    """A setting that was once set reads '' afterwards, not NULL: the policies close on both."""
    patient = people.a_patient()
    people.deposited(people.software(), patient)
    with session("reader") as reader:
        with reader.transaction():
            reader.execute(
                "select set_config('carnet.record', %s, true), set_config('carnet.types', %s, true),"
                " set_config('carnet.hidden', '0', true), set_config('carnet.trail', 'yes', true)",
                (str(patient.record_id), "1" * 256),
            )
            assert column(reader, "select count(*) from record.documents_document") == [1]
        assert column(reader, "select current_setting('carnet.record', true)") == [""]
        assert column(reader, "select count(*) from record.documents_document") == [0]
        assert column(reader, "select count(*) from trail.line") == [0]


def test_a_record_shows_itself_and_no_other(house: House) -> None:
    hers, his = people.a_patient(), people.a_patient()
    software = people.software()
    people.deposited(software, hers)
    other = people.deposited(software, his)
    with open_record(_permit(hers), trace=Trace("documents-list")) as cursor:
        cursor.execute("select record_id, id from record.documents_document")
        seen = cursor.fetchall()
    assert [row[0] for row in seen] == [hers.record_id]
    assert other.id not in {row[1] for row in seen}


@pytest.mark.parametrize(
    ("types", "hidden", "seen"),
    [
        ("1" * 256, 0, 1),
        ("0" * 256, 0, 0),
        ("1" * 256, 1, 0),
        ("1" * 256, 2, 1),
    ],
)
def test_the_second_lock_tests_types_and_labels(types: str, hidden: int, seen: int, house: House) -> None:
    patient = people.a_patient()
    people.deposited(people.software(), patient, of=people.entry(labels=frozenset({"MASQUE_PS"})))
    permit = _permit(patient, types=types, hidden=hidden)
    with open_record(permit, trace=Trace("documents-list")) as cursor:
        cursor.execute("select count(*) from record.documents_document")
        assert cursor.fetchone() == (seen,)


def test_the_reader_cannot_write(house: House) -> None:
    with session("reader") as reader:
        for name in tables("record"):
            for verb in ("insert into {} default values", "delete from {}", "truncate {}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    reader.execute(verb.format(name))


@pytest.mark.parametrize("login", ["reader", "writer"])
@pytest.mark.parametrize("act", ["update trail.line set detail = ''", "delete from trail.line", "truncate trail.line"])
def test_nobody_who_serves_changes_the_trail(login: database.Login, act: str) -> None:
    with session(login) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(act)


@pytest.mark.parametrize("login", ["reader", "writer"])
def test_the_trail_is_added_to_by_its_function_alone(login: database.Login) -> None:
    with session(login) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "insert into trail.line (actor_kind, actor_id, purpose, capacity, door, action, outcome, target_kind)"
                " values ('system', gen_random_uuid(), 'system', '', '', '', 'done', '')"
            )
        connection.execute(
            "select trail.write(null, 'system', gen_random_uuid(), null, 'system', 'test', 'test', 'test', 'done',"
            " 'record', null, '', 0, null)"
        )


def test_the_log_ins_have_no_power_beyond_their_grants() -> None:
    with session("owner") as owner:
        powers = owner.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles"
            " where rolname in ('carnet_reader', 'carnet_writer', 'carnet_trail', 'carnet_sealer', 'carnet_eraser')"
        ).fetchall()
    assert len(powers) == 5
    assert not any(any(row[1:]) for row in powers)


def test_every_table_with_health_content_is_locked() -> None:
    """The catalogue itself: row-level security on, and on record tables a policy for each verb that is granted."""
    with session("owner") as owner:
        open_tables = column(
            owner,
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname in ('record', 'trail') and c.relkind in ('r', 'p') and not c.relrowsecurity"
            " and has_any_column_privilege('carnet_reader', c.oid, 'select')",
        )
        nested = column(
            owner,
            "select polname || ' on ' || polrelid::regclass from pg_policy"
            " where pg_get_expr(polqual, polrelid) ~* 'select |exists' ",
        )
    assert open_tables == []
    assert nested == [], "policies are plain comparisons of columns with settings"


def test_statements_and_idle_transactions_have_an_end() -> None:
    for login in ("reader", "writer"):
        with session(login) as connection:
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
                assert column(connection, "select current_setting(%s)", name) != ["0"]


def test_the_locator_holds_no_identifier(house: House) -> None:
    patient = people.a_patient()
    with session("owner") as owner:
        everything = owner.execute("select row_to_json(l)::text from app.kernel_locator l").fetchall()
    assert not any(patient.ins[:13] in row[0] for row in everything)


def test_a_list_reads_its_record_by_the_index(house: House) -> None:
    """Under row-level security the plan of the hot list stays within one record's index."""
    patient = people.a_patient()
    with open_record(_permit(patient), trace=Trace("documents-list")) as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(
            "explain select id from record.documents_document where record_id = %s order by created_at desc, id",
            (patient.record_id,),
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert f"Index Cond: (record_id = '{patient.record_id}'::uuid)" in plan, plan


def _permit(patient: people.Resident, *, types: str = "1" * 256, hidden: int = 0) -> Permit:
    return Permit(patient.record_id, patient.actor, Purpose.SELF, "holder", 1, _rules_epoch(), types, hidden)


def _rules_epoch() -> int:
    with session("owner") as owner:
        epoch: int = column(owner, "select value from app.kernel_epoch where name = 'rules'")[0]
        return epoch


def test_no_value_stands_in_the_text_of_a_statement(house: House) -> None:
    """A server shows (pg_stat_activity) and may log the text of statements: values travel beside it."""
    patient, title = people.a_patient(), f"Titre {uuid4().hex}"
    people.deposited(people.software(), patient, of=people.entry(title=title))
    queries.list_documents(patient.actor, Purpose.SELF, patient.record_id)
    with session("owner") as owner:
        shown = "\n".join(column(owner, "select coalesce(query, '') from pg_stat_activity"))
    assert "documents_document" in shown or "document_lines" in shown, "our own statements are among them"
    assert title not in shown
    assert str(patient.record_id) not in shown
    assert patient.ins not in shown


def test_hot_functions_run_with_the_rights_of_who_calls_them() -> None:
    """Only what adds to, seals or partitions the trail runs with its owner's rights, and what erases."""
    with session("owner") as owner:
        definers = column(
            owner,
            "select n.nspname || '.' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
            " where p.prosecdef and n.nspname in ('app', 'record', 'trail') order by 1",
        )
    assert "trail.write" in definers
    assert [name for name in definers if not name.startswith("trail.")] == ["record.erase"]


def test_a_hot_read_is_one_round_trip(house: House) -> None:
    """Entering, the decision's epochs, the rows and the line of the trail: one statement when the right is known."""
    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor())
    people.deposited(people.software(), patient)

    def statements(read: Callable[[], object]) -> int:
        count = 0

        def counting(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*arguments)

        with connections[READER].execute_wrapper(counting), connections[WRITER].execute_wrapper(counting):
            read()
        return count

    def listed() -> object:
        return queries.list_documents(doctor, Purpose.CARE, patient.record_id)

    assert statements(listed) == 2, "the first asks for the facts of the decision as well"
    assert statements(listed) == 1


def test_accounts_and_sessions_live_apart_from_records() -> None:
    with session("owner") as owner:
        homes = dict(
            owner.execute(
                "select c.relname, n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                " where c.relkind in ('r', 'p') and n.nspname in ('app', 'record', 'trail', 'public')"
            ).fetchall()
        )
    accounts = ("django_session", "kernel_actor", "people_token", "kernel_job", "kernel_locator")
    content = ("records_record", "documents_document", "consent_block", "people_care_link")
    assert {homes[name] for name in accounts} == {"app"}
    assert {homes[name] for name in content} == {"record"}
    assert "public" not in homes.values()
