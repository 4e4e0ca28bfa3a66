"""What nobody who serves may delete: without its row, content, an actor or a lock would be lost."""

from __future__ import annotations

import psycopg
import pytest

from carnet.kernel import config, database
from tests.conftest import House

KEPT = ("kernel_datakey", "kernel_blob", "kernel_actor", "kernel_epoch", "people_token", "people_client_key")


@pytest.mark.parametrize("login", ["reader", "writer"])
@pytest.mark.parametrize("table", KEPT)
def test_who_serves_deletes_no_key_actor_epoch_or_token(login: database.Login, table: str, house: House) -> None:
    with (
        database.connect(config.load(), login) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(f"delete from app.{table} where false")
