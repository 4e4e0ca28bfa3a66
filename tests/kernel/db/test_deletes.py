"""What nobody who serves may delete: without its row, content, an actor or a lock would be lost."""

from __future__ import annotations

import psycopg
import pytest

from carnet.kernel import config, database
from carnet.kernel.actor import Purpose
from carnet.people.actions import issue_token
from carnet.people.queries import actor_for_token
from tests import people
from tests.conftest import House

KEPT = ("kernel_datakey", "kernel_blob", "kernel_actor", "kernel_epoch", "people_client_key")


@pytest.mark.parametrize("login", ["reader", "writer"])
@pytest.mark.parametrize("table", KEPT)
def test_who_serves_deletes_no_key_actor_or_epoch(login: database.Login, table: str, house: House) -> None:
    with (
        database.connect(config.load(), login) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(f"delete from app.{table} where false")


def test_a_token_is_deleted_by_nobody_before_it_has_ended(house: House) -> None:
    token = issue_token(actor_id=people.a_doctor().id, purpose=Purpose.CARE, scope="user/*.rs")
    with database.connect(config.load(), "writer") as writer:
        writer.execute("delete from app.people_token where expires_at > now()")
    assert actor_for_token(token)
    with (
        database.connect(config.load(), "reader") as reader,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        reader.execute("delete from app.people_token where false")
