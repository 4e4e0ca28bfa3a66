"""After a restore transaction ids start anew: the trail begins another era."""

from __future__ import annotations

import threading
from uuid import uuid4

from carnet.kernel.audit import ledger, seal
from tests.kernel.audit.conftest import WRITE, Trail
from tests.kernel.own_database import as_owner


def test_a_new_era_seals_the_rest_of_the_old_one(trail: Trail) -> None:
    """After a logical restore transaction ids begin anew: the restored lines have ids far above the new ones."""
    trail.write(2)
    trail.seal()
    trail.write(3)
    trail.owner.execute("update trail.line set xid = '800000000000' where xid >= (select max(to_xid) from trail.seal)")
    assert seal.new_era(trail.owner, trail.config) == 2
    trail.write(4)
    trail.seal()
    report = trail.verify()
    assert (report.faults, report.lines, report.seals, report.unsealed) == ([], 9, 3, 0)
    eras = trail.owner.execute("select era, count(*) from trail.line group by era order by era").fetchall()
    assert eras == [(1, 5), (2, 4)]


def test_a_new_era_waits_for_whoever_is_writing(trail: Trail) -> None:
    with as_owner(trail.name) as late, as_owner(trail.name) as restorer:
        late.execute("begin")
        late.execute(WRITE, (uuid4(), uuid4(), uuid4(), "late"))
        change = threading.Thread(target=seal.new_era, args=(restorer, trail.config))
        change.start()
        change.join(0.3)
        assert change.is_alive()
        late.execute("commit")
        change.join()
    trail.write(1)
    trail.seal()
    report = trail.verify()
    assert (report.faults, report.lines, report.seals) == ([], 2, 2)


def test_a_line_slipped_into_a_closed_era_is_named(trail: Trail) -> None:
    trail.write(2)
    trail.seal()
    seal.new_era(trail.owner, trail.config)
    trail.write(1)
    line = trail.lines()[-1]
    trail.owner.execute("update trail.line set era = 1, xid = '700000000000' where id = %s", (line,))
    assert trail.faults() == [("LINE_INSERTED", None, str(line))]


def test_an_older_backup_says_what_was_lost_with_it(trail: Trail) -> None:
    """Restored twice from before the second seal, with the log of the machine still there."""
    trail.write(2)
    trail.seal()
    for era in (2, 3):
        trail.write(2)
        trail.seal()
        trail.owner.execute(
            "delete from trail.line l using trail.leaf f where f.line_id = l.id and f.seal_id > 1;"
            " delete from trail.leaf where seal_id > 1; delete from trail.seal where id > 1;"
            " delete from trail.era where id > 1; alter table trail.line alter column era set default 1"
        )
        assert "SEAL_MISSING" in {fault[0] for fault in trail.faults()}
        trail.write(1)
        assert seal.new_era(trail.owner, trail.config) == era
        trail.write(1)
        trail.seal()
        report = trail.verify()
        assert report.faults == []
        assert any(notice.startswith(f"ère {era} : ") for notice in report.notices)
        trail.owner.execute(
            "delete from trail.line where xid >= (select to_xid from trail.seal where id = 1) or era > 1"
        )


def test_the_log_of_a_new_era_survives_a_crash_before_its_append(trail: Trail) -> None:
    trail.write(2)
    trail.seal()
    before = trail.log.read_bytes()
    trail.write(2)
    seal.new_era(trail.owner, trail.config)
    whole = trail.log.read_bytes()
    trail.log.write_bytes(before)
    trail.seal()
    assert trail.log.read_bytes() == whole


def test_the_log_can_be_rebuilt_whole_after_a_restore_onto_a_new_machine(trail: Trail) -> None:
    trail.write(2)
    trail.seal()
    seal.new_era(trail.owner, trail.config)
    trail.write(2)
    trail.seal()
    whole = trail.log.read_bytes()
    trail.log.unlink()
    trail.seal()
    assert trail.log.read_bytes() == whole
    assert ledger.last_order(trail.log) == (2, 2)
