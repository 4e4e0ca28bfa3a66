"""A thread keeps its connections from one request to the next, and meets none that has died meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError, close_old_connections, connections
from psycopg.pq import Format

from carnet.kernel import config, database
from carnet.kernel.db import READER, WRITER


@pytest.fixture(autouse=True, params=[READER, WRITER])
def alias(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param
    connections.close_all()


def asked(alias: str) -> int:
    """A request between its two ends: the number of the process of PostgreSQL that answered."""
    close_old_connections()
    with connections[alias].cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        number: int = cursor.fetchone()[0]
    close_old_connections()
    return number


def killed(number: int) -> None:
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute("select pg_terminate_backend(%s, 5000)", (number,))


def test_the_next_request_has_the_same_connection(alias: str) -> None:
    assert asked(alias) == asked(alias)


def test_one_that_died_is_replaced_before_anybody_meets_it(alias: str) -> None:
    before = asked(alias)
    killed(before)
    time.sleep(0.3)
    assert asked(alias) not in {0, before}


def test_a_request_that_met_a_fault_leaves_no_dead_connection(alias: str) -> None:
    before = asked(alias)
    killed(before)
    with pytest.raises(OperationalError):
        asked(alias)
    assert asked(alias) not in {0, before}


@pytest.mark.parametrize("form", [Format.TEXT, Format.BINARY])
def test_json_is_text_in_either_form(alias: str, form: Format) -> None:
    with connections[alias].cursor() as cursor:
        cursor.cursor.format = form
        cursor.execute("select jsonb_build_object('é', array[1])")
        assert cursor.fetchone() == ('{"é": [1]}',)
