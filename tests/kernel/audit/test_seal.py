from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import Error, connections, transaction

from carnet.kernel.audit import keys, seal
from tests.cases import cases
from tests.kernel.audit.conftest import WRITE, Trail
from tests.kernel.own_database import as_owner

WRITERS, LINES_EACH = 8, 150


def test_nothing_to_seal_makes_no_seal(trail: Trail) -> None:
    assert trail.seal() == []
    assert trail.verify().whole


def test_seals_are_numbered_chained_and_written_out(trail: Trail) -> None:
    trail.write(3)
    assert trail.seal() == [1]
    trail.write(1)
    assert trail.seal() == [2]
    first, second = (json.loads(line) for line in trail.log.read_text().splitlines())
    assert (first["seal"], first["lines"], second["seal"], second["lines"]) == (1, 3, 2, 1)
    assert second["previous"] == first["root"]
    assert second["from"] == first["to"]


def test_a_transaction_under_way_holds_its_line_back_for_the_next_seal(trail: Trail) -> None:
    with as_owner(trail.name) as late:
        late.execute("begin")
        late.execute(WRITE, (uuid4(), uuid4(), uuid4(), "late"))
        trail.write(2)
        assert trail.seal() == []
        late.execute("commit")
    trail.write(1)
    assert trail.seal() == [1]
    assert trail.verify().unsealed == 0
    assert trail.verify().lines == 4


def test_a_line_rolled_back_is_no_line(trail: Trail) -> None:
    with as_owner(trail.name) as undone:
        undone.execute("begin")
        undone.execute(WRITE, (uuid4(), uuid4(), uuid4(), ""))
        undone.execute("rollback")
    trail.write(1)
    trail.seal()
    assert trail.verify().lines == 1
    assert trail.verify().whole


def test_no_line_is_lost_under_concurrent_writers(trail: Trail) -> None:
    """Transactions that open early and commit late, while a sealer runs without pause."""
    threads = [threading.Thread(target=_write_slowly, args=(trail.name, number)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        trail.seal()
        time.sleep(0.01)
    trail.seal()
    report = trail.verify()
    assert report.faults == []
    assert (report.lines, report.unsealed) == (WRITERS * LINES_EACH, 0)
    assert report.seals > 5


def _write_slowly(name: str, number: int) -> None:
    chance = random.Random(number)
    with as_owner(name) as writer:
        for _ in range(LINES_EACH // 3):
            with writer.transaction():
                for _ in range(3):
                    writer.execute(WRITE, (uuid4(), uuid4(), uuid4(), ""))
                    time.sleep(chance.choice((0, 0, 0.001, 0.02)))


def test_the_verification_needs_no_standstill(trail: Trail) -> None:
    thread = threading.Thread(target=_write_slowly, args=(trail.name, 1))
    sealer = threading.Thread(target=_seal_while, args=(trail, thread))
    thread.start()
    sealer.start()
    while sealer.is_alive():
        assert trail.verify().faults == []
    sealer.join()


def _seal_while(trail: Trail, other: threading.Thread) -> None:
    while other.is_alive():
        trail.seal()
    connections.close_all()


def test_sealers_at_once_make_one_chain(trail: Trail) -> None:
    errors: list[BaseException] = []

    def sealer() -> None:
        try:
            for _ in range(10):
                trail.write_and_seal()
        except psycopg.Error as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sealer) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trail.seal()
    assert errors == []
    report = trail.verify()
    assert (report.faults, report.lines, report.unsealed) == ([], 30, 0)


def test_a_backlog_is_sealed_in_bounded_parts(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "LINES_PER_SEAL", 4)
    trail.write(10)
    with trail.owner.transaction():
        trail.write(7)
    trail.write(2)
    trail.seal()
    sizes = [row[0] for row in trail.owner.execute("select lines from trail.seal order by id").fetchall()]
    assert sizes == [5, 5, 7, 2]
    assert trail.verify().whole


def test_a_sealing_rolled_back_leaves_nothing_anywhere(trail: Trail) -> None:
    trail.write(2)

    def fail_after_sealing() -> None:
        with transaction.atomic():
            trail.seal()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail_after_sealing()
    assert not trail.log.exists()
    assert trail.seal() == [1]
    assert trail.verify().whole


def test_the_file_is_repaired_after_a_crash_between_commit_and_append(trail: Trail) -> None:
    trail.write(2)
    trail.seal()
    kept = trail.log.read_bytes()
    trail.write(2)
    trail.seal()
    trail.log.write_bytes(kept)
    assert trail.verify().notices == ["le sceau 2 attend d'être porté au fichier"]
    trail.seal()
    assert trail.verify().notices == []
    assert trail.verify().whole


@pytest.mark.parametrize("length", [1, 40, -2])
def test_a_line_torn_by_a_crash_is_written_again(trail: Trail, length: int) -> None:
    trail.write(2)
    trail.seal()
    trail.write(2)
    trail.seal()
    first, second = trail.log.read_bytes().splitlines(keepends=True)
    trail.log.write_bytes(first + second[:length])
    assert trail.verify().faults == []
    trail.write(1)
    trail.seal()
    report = trail.verify()
    assert (report.faults, report.notices, report.seals) == ([], [], 3)


def test_a_lost_file_is_written_anew_by_another_machine(trail: Trail, tmp_path: Path) -> None:
    """A second worker's machine has a copy of its own."""
    trail.write(2)
    trail.seal()
    (tmp_path / "other" / "keys").mkdir(parents=True)
    for name in ("seal.key", "seal.pub"):
        source = tmp_path / "keys" / name
        (tmp_path / "other" / "keys" / name).write_bytes(source.read_bytes())
    (tmp_path / "other" / "keys" / "seal.key").chmod(0o600)
    seal.seal_pending(replace(trail.config, data_dir=tmp_path / "other"))
    assert (tmp_path / "other" / "seals.log").read_bytes() == trail.log.read_bytes()


def test_the_key_is_secret_and_its_public_part_is_exported(trail: Trail) -> None:
    trail.write(1)
    trail.seal()
    path = trail.config.data_dir / "keys" / "seal.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.sealing_key(path.parent).id in keys.trusted_keys(path.parent / "seal.pub")
    path.chmod(0o644)
    with pytest.raises(keys.KeyFault, match="lisible"):
        trail.seal()


def test_a_new_key_is_trusted_beside_the_old_one(trail: Trail) -> None:
    trail.write(1)
    trail.seal()
    (trail.config.data_dir / "keys" / "seal.key").unlink()
    trail.write(1)
    trail.seal()
    assert trail.verify().whole
    assert len(keys.trusted_keys(trail.config.data_dir / "keys" / "seal.pub")) == 2


@pytest.mark.parametrize("login", ["reader", "default"])
@pytest.mark.parametrize(
    "statement",
    [
        "insert into trail.line select * from trail.line",
        "update trail.line set detail = 'x'",
        "delete from trail.line",
        "truncate trail.line",
        "select from trail.line_default",
        "select from trail.leaf",
        "insert into trail.leaf values (1, 1, gen_random_uuid(), now(), sha256('x'))",
        "insert into trail.seal select * from trail.seal",
        "update trail.seal set lines = 1",
        "delete from trail.seal",
        "delete from trail.leaf",
        "insert into trail.era values (2, 0, now())",
        "alter table trail.line alter column era set default 3",
        "select trail.seal_up_to('900000', 10)",
        "select trail.add_partition('x', now())",
        "set role carnet_sealer",
        "set role carnet_trail",
        "create table trail.x ()",
    ],
)
def test_no_serving_role_can_touch_trail_or_proof(trail: Trail, login: str, statement: str) -> None:
    with connections[login].cursor() as cursor, pytest.raises(Error) as refused:
        cursor.execute(statement)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_the_sealing_functions_belong_to_a_role_that_reads_lines_and_adds_proofs_only(trail: Trail) -> None:
    granted = trail.owner.execute(
        "select table_name, privilege_type from information_schema.table_privileges"
        " where grantee = 'carnet_sealer' order by 1, 2"
    ).fetchall()
    assert granted == [
        ("era", "SELECT"),
        ("leaf", "INSERT"),
        ("leaf", "SELECT"),
        ("line", "SELECT"),
        ("seal", "INSERT"),
        ("seal", "SELECT"),
    ]


def test_the_window_is_read_by_its_index(trail: Trail) -> None:
    trail.owner.execute("set role carnet_sealer; set enable_seqscan = off")
    plan = trail.owner.execute(
        "explain select * from trail.line l where l.era = 1 and l.xid >= '5' and l.xid < '9' order by l.xid limit 3"
    ).fetchall()
    assert any("Index Cond: ((era = 1) AND (xid >= '5'::xid8) AND (xid < '9'::xid8))" in row[0] for row in plan)


def test_how_much_is_unsealed_is_known_to_the_operators(trail: Trail) -> None:
    trail.write(2)
    trail.seal()
    trail.write(3)
    with connections["reader"].cursor() as cursor:
        cursor.execute("select lines from trail.unsealed()")
        assert cursor.fetchone() == (3,)


SEALER = """
import sys
from dataclasses import replace
from pathlib import Path
import django
django.setup()
from carnet.kernel import config
from carnet.kernel.audit import seal
from tests.kernel.own_database import served_by
with served_by(sys.argv[1]):
    print("ready", flush=True)
    while True:
        seal.seal_pending(replace(config.load(), data_dir=Path(sys.argv[2])))
"""


@pytest.mark.long
def test_a_sealer_killed_at_any_moment_leaves_a_whole_chain(trail: Trail) -> None:
    chance = random.Random(7)
    for _ in range(cases(5)):
        sealer = subprocess.Popen(
            [sys.executable, "-c", SEALER, trail.name, str(trail.config.data_dir)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
            env=os.environ,
        )
        with sealer:
            assert sealer.stdout
            assert sealer.stdout.readline() == b"ready\n"
            deadline = time.monotonic() + chance.uniform(0.05, 0.4)
            while time.monotonic() < deadline:
                trail.write(5)
            sealer.send_signal(signal.SIGKILL)
    trail.seal()
    report = trail.verify()
    assert (report.faults, report.unsealed) == ([], 0)
    assert report.seals > 5
