from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import Error, connections

from carnet.kernel.audit import partitions
from tests.kernel.audit.conftest import WRITE, Trail


def month_name(ahead: int) -> str:
    today = datetime.now(UTC)
    months = today.year * 12 + today.month - 1 + ahead
    return f"line_{months // 12}_{months % 12 + 1:02}"


def test_the_present_month_and_three_more_stand_ready(trail: Trail) -> None:
    assert partitions.problems() == []
    assert partitions.ensure() == []
    kept = trail.owner.execute(
        "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
        " where i.inhparent = 'trail.line'::regclass"
    ).fetchall()
    assert {"line_default", *(month_name(ahead) for ahead in range(4))} <= {name for (name,) in kept}


def test_a_missing_month_is_told_and_made_again_with_its_lock(trail: Trail) -> None:
    name = month_name(3)
    trail.owner.execute(f"drop table trail.{name}")
    assert partitions.problems() == [f"partition trail.{name} absente"]
    assert partitions.ensure() == [name]
    assert partitions.problems() == []
    with connections["reader"].cursor() as cursor, pytest.raises(Error, match="permission denied"):
        cursor.execute(f"select * from trail.{name}")


def test_lines_that_fell_into_the_default_move_to_their_month_and_stay_proven(trail: Trail) -> None:
    name = month_name(0)
    trail.owner.execute(f"drop table trail.{name}")
    trail.write(5)
    trail.seal()
    assert trail.owner.execute("select count(*) from trail.line_default").fetchone() == (5,)
    assert partitions.ensure() == [name]
    assert trail.owner.execute("select count(*) from trail.line_default").fetchone() == (0,)
    assert trail.owner.execute(f"select count(*) from trail.{name}").fetchone() == (5,)
    assert trail.verify().whole


def test_a_partition_without_its_lock_or_open_to_a_role_is_told(trail: Trail) -> None:
    name = month_name(1)
    trail.owner.execute(f"alter table trail.{name} disable row level security")
    trail.owner.execute(f"grant select on trail.{name} to carnet_reader")
    try:
        assert partitions.problems() == [
            f"partition trail.{name} sans sécurité par ligne",
            f"partition trail.{name} ouverte à un rôle",
        ]
    finally:
        trail.owner.execute(f"drop table trail.{name}")
        partitions.ensure()


def test_the_new_era_holds_for_partitions_made_later(trail: Trail) -> None:
    name = month_name(0)
    trail.owner.execute("alter table trail.line alter column era set default 4")
    trail.owner.execute(f"drop table trail.{name}")
    partitions.ensure()
    trail.owner.execute(WRITE, (uuid4(), uuid4(), uuid4(), ""))
    assert trail.owner.execute("select distinct era from trail.line").fetchall() == [(4,)]


@pytest.mark.parametrize("ahead", [-1, 25])
def test_nobody_can_ask_for_partitions_without_end(trail: Trail, ahead: int) -> None:
    with pytest.raises(Error, match="between 0 and 24"):
        partitions.ensure(ahead)
