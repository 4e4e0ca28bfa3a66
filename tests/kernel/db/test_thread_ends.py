"""A thread that ends leaves no connection open: web threads come and go."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from carnet.kernel.db import READER, WRITER

pytestmark = pytest.mark.usefixtures("house")


def test_a_thread_closes_its_connections_when_it_ends() -> None:
    left = []

    def work() -> None:
        for login in (READER, WRITER):
            connections[login].ensure_connection()
            left.append(connections[login].connection)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(left) == 2
    assert [each.closed for each in left] == [True, True]


def test_the_connections_of_other_threads_go_on() -> None:
    def work() -> None:
        connections[READER].ensure_connection()

    work()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert not connections[READER].connection.closed
