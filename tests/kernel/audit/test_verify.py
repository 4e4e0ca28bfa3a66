"""An intruder with every right on the database changes what is sealed: each change is found and named."""

from __future__ import annotations

import pytest

from carnet.kernel.audit import verify
from tests.kernel.audit.conftest import Trail
from tests.kernel.own_database import as_owner

CHANGES = {
    "id": "gen_random_uuid()",
    "at": "at + interval '1 microsecond'",
    "record_id": "gen_random_uuid()",
    "actor_kind": "'person'",
    "actor_id": "gen_random_uuid()",
    "organisation_id": "gen_random_uuid()",
    "purpose": "'emergency'",
    "capacity": "'holder'",
    "door": "'web'",
    "action": "'list'",
    "outcome": "'refused'",
    "target_kind": "'record'",
    "target_id": "null",
    "detail": "'x'",
    "hidden_from": "1",
    "request_id": "gen_random_uuid()",
    "xid": "'3'",
    "era": "2",
}


@pytest.fixture
def sealed(trail: Trail) -> Trail:
    """Three seals: of 3, 4 and 5 lines."""
    for count in (3, 4, 5):
        trail.write(count)
        trail.seal()
    assert trail.faults() == []
    return trail


def test_a_trail_that_nobody_touched_is_whole(sealed: Trail) -> None:
    sealed.write(2)
    report = sealed.verify()
    assert report.whole
    assert (report.lines, report.seals, report.unsealed, report.notices) == (14, 3, 2, [])


def test_the_changes_below_cover_every_column(sealed: Trail) -> None:
    columns = sealed.owner.execute(
        "select attname from pg_attribute where attrelid = 'trail.line'::regclass and attnum > 0 and not attisdropped"
    ).fetchall()
    assert {name for (name,) in columns} == set(CHANGES)


@pytest.mark.parametrize("column", [name for name in CHANGES if name != "id"])
def test_a_changed_column_is_named(sealed: Trail, column: str) -> None:
    line = sealed.lines()[4]
    sealed.owner.execute(f"update trail.line set {column} = {CHANGES[column]} where id = %s", (line,))
    assert sealed.faults() == [("LINE_CHANGED", 2, str(line))]


def test_a_changed_id_is_a_line_removed_and_one_inserted(sealed: Trail) -> None:
    line = sealed.lines()[4]
    (new,) = sealed.owner.execute(
        "update trail.line set id = gen_random_uuid() where id = %s returning id", (line,)
    ).fetchone() or ("",)
    assert sealed.faults() == [("LINE_INSERTED", 2, str(new)), ("LINE_REMOVED", 2, str(line))]


def test_a_line_moved_to_another_month_is_named_with_it(sealed: Trail) -> None:
    line = sealed.lines()[0]
    sealed.owner.execute("update trail.line set at = '2031-02-03' where id = %s", (line,))
    (fault,) = sealed.verify().faults
    assert (fault.line, fault.month) == (str(line), "2031-02")


@pytest.mark.parametrize("instant", ["infinity", "-infinity", "0044-03-15 BC"])
def test_an_impossible_instant_does_not_stop_the_verification(sealed: Trail, instant: str) -> None:
    line = sealed.lines()[0]
    sealed.owner.execute("update trail.line set at = %s where id = %s", (instant, line))
    assert sealed.faults() == [("LINE_CHANGED", 1, str(line))]


def test_a_removed_line_is_named(sealed: Trail) -> None:
    line = sealed.lines()[6]
    sealed.owner.execute("delete from trail.line where id = %s", (line,))
    (fault,) = sealed.verify().faults
    assert (fault.kind.name, fault.seal, fault.line) == ("LINE_REMOVED", 2, str(line))
    assert fault.month is not None


def test_a_whole_month_taken_away_is_named_line_by_line(sealed: Trail) -> None:
    name = sealed.owner.execute("select tableoid::regclass::text from trail.line limit 1").fetchone()
    assert name
    sealed.owner.execute(f"alter table trail.line detach partition {name[0]}")
    try:
        assert sealed.verify().found.total() == 12
    finally:
        sealed.owner.execute(f"drop table {name[0]}")
        sealed.owner.execute("select trail.ensure_partitions(3)")


def test_a_line_inserted_with_an_old_transaction_is_named(sealed: Trail) -> None:
    (new,) = sealed.owner.execute(
        "insert into trail.line select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid()))).*"
        " from trail.line l where id = %s returning id",
        (sealed.lines()[8],),
    ).fetchone() or ("",)
    assert sealed.faults() == [("LINE_INSERTED", 3, str(new))]


def test_a_copy_of_a_line_in_another_instant_is_named(sealed: Trail) -> None:
    line = sealed.lines()[8]
    sealed.owner.execute(
        'insert into trail.line select (jsonb_populate_record(l, \'{"at": "2031-01-01"}\')).*'
        " from trail.line l where id = %s",
        (line,),
    )
    assert sealed.faults() == [("LINE_INSERTED", 3, str(line))]


def test_a_line_inserted_with_a_transaction_to_come_is_named(sealed: Trail) -> None:
    sealed.write(1)
    line = sealed.lines()[-1]
    sealed.owner.execute("update trail.line set xid = '900000000000' where id = %s", (line,))
    assert sealed.faults() == [("LINE_AHEAD", None, str(line))]


def test_a_line_of_another_era_is_named(sealed: Trail) -> None:
    sealed.write(2)
    before, after = sealed.lines()[-2:]
    sealed.owner.execute("update trail.line set era = 0 where id = %s", (before,))
    sealed.owner.execute("update trail.line set era = 9 where id = %s", (after,))
    assert sealed.faults() == sorted([("LINE_INSERTED", None, str(before)), ("LINE_AHEAD", None, str(after))], key=str)


def test_two_lines_that_swap_their_content_are_both_named(sealed: Trail) -> None:
    first, second = sealed.lines()[0], sealed.lines()[10]
    sealed.owner.execute(
        "update trail.line l set target_id = o.target_id, actor_id = o.actor_id from trail.line o"
        " where (l.id, o.id) in ((%s, %s), (%s, %s))",
        (first, second, second, first),
    )
    assert sealed.faults() == sorted([("LINE_CHANGED", 1, str(first)), ("LINE_CHANGED", 3, str(second))], key=str)


def test_a_change_with_its_leaf_breaks_the_seal(sealed: Trail) -> None:
    line = sealed.lines()[4]
    sealed.owner.execute("update trail.line set detail = 'x' where id = %s", (line,))
    sealed.owner.execute(
        "update trail.leaf f set hash = trail.line_hash(l) from trail.line l where l.id = %s and f.line_id = l.id",
        (line,),
    )
    assert sealed.faults() == [("SEAL_BROKEN", 2, None)]


def test_a_function_of_the_database_that_lies_deceives_nobody(sealed: Trail) -> None:
    line = sealed.lines()[4]
    honest = sealed.owner.execute("select pg_get_functiondef('trail.line_hash'::regproc)").fetchone()
    assert honest
    sealed.owner.execute(
        "create or replace function trail.line_hash(l trail.line) returns bytea language sql stable"
        " as $$ select hash from trail.leaf where line_id = l.id $$"
    )
    try:
        sealed.owner.execute("update trail.line set detail = 'x' where id = %s", (line,))
        assert sealed.faults() == [("LINE_CHANGED", 2, str(line))]
    finally:
        sealed.owner.execute(honest[0])


@pytest.mark.parametrize("position", [0, 2, 4])
def test_a_removed_leaf_names_line_and_seal(sealed: Trail, position: int) -> None:
    (line,) = sealed.owner.execute(
        "delete from trail.leaf where seal_id = 3 and position = %s returning line_id", (position,)
    ).fetchone() or ("",)
    assert sealed.faults() == [("LEAF_MISSING", 3, str(line)), ("SEAL_BROKEN", 3, None)]


def test_swapped_leaves_break_their_seal(sealed: Trail) -> None:
    sealed.owner.execute("update trail.leaf set position = 9 - position where seal_id = 2 and position in (1, 2)")
    sealed.owner.execute("update trail.leaf set position = 9 - position - 6 where seal_id = 2 and position > 6")
    assert sealed.faults() == [("SEAL_BROKEN", 2, None)]


def test_an_added_leaf_breaks_its_seal(sealed: Trail) -> None:
    sealed.owner.execute("insert into trail.leaf select 2, 4, gen_random_uuid(), now(), sha256('x')")
    assert [fault[:2] for fault in sealed.faults()] == [("LINE_REMOVED", 2), ("SEAL_BROKEN", 2)]


@pytest.mark.parametrize("column", ["root", "previous_root", "lines", "to_xid", "from_xid", "at"])
def test_a_changed_seal_is_named(sealed: Trail, column: str) -> None:
    value = {
        "root": "sha256('x')",
        "previous_root": "sha256('x')",
        "lines": "lines + 1",
        "to_xid": "(to_xid::text::bigint + 1)::text::xid8",
        "from_xid": "(from_xid::text::bigint - 1)::text::xid8",
        "at": "at - interval '1 day'",
    }[column]
    sealed.owner.execute(f"update trail.seal set {column} = {value} where id = 2")
    faults = {(kind, seal) for kind, seal, _ in sealed.faults()}
    assert {("SEAL_SIGNATURE", 2), ("LOG_DIFFERS", 2)} <= faults
    assert {seal for _, seal in faults} <= {2, 3}


def test_a_seal_signed_by_an_unknown_key_is_named(sealed: Trail) -> None:
    sealed.owner.execute("update trail.seal set key_id = 'abcd' where id = 3")
    assert ("SEAL_KEY", 3, None) in sealed.faults()


def test_a_seal_removed_from_the_middle_is_named(sealed: Trail) -> None:
    sealed.owner.execute("delete from trail.seal where id = 2")
    assert [fault[:2] for fault in sealed.faults()] == [("SEAL_MISSING", 2)]


def test_a_seal_removed_with_its_leaves_is_named_with_its_lines(sealed: Trail) -> None:
    sealed.owner.execute("delete from trail.seal where id = 2; delete from trail.leaf where seal_id = 2")
    faults = sealed.faults()
    assert [fault[:2] for fault in faults] == [("LEAF_MISSING", 2)] * 4 + [("SEAL_MISSING", 2)]


def test_the_last_seals_cut_off_are_known_to_the_log(sealed: Trail) -> None:
    sealed.owner.execute("delete from trail.seal where id > 1; delete from trail.leaf where seal_id > 1")
    assert {fault[:2] for fault in sealed.faults()} == {
        ("SEAL_MISSING", 2),
        ("SEAL_MISSING", 3),
        ("LEAF_MISSING", 2),
        ("LEAF_MISSING", 3),
    }


def test_a_trail_cut_off_with_its_seals_is_known_to_the_log(sealed: Trail) -> None:
    sealed.owner.execute(
        "delete from trail.line l using trail.leaf f where f.line_id = l.id and f.seal_id = 3;"
        " delete from trail.seal where id = 3; delete from trail.leaf where seal_id = 3"
    )
    assert sealed.faults() == [("SEAL_MISSING", 3, None)]


def test_a_line_removed_from_the_log_is_named(sealed: Trail) -> None:
    lines = sealed.log.read_text().splitlines(keepends=True)
    sealed.log.write_text(lines[0] + lines[2])
    assert sealed.faults() == [("LOG_MISSING", 2, None)]


def test_an_altered_log_is_named(sealed: Trail) -> None:
    sealed.log.write_text(sealed.log.read_text().replace('"lines": 4', '"lines": 3'))
    assert sealed.faults() == [("LOG_DIFFERS", 2, None)]


def test_an_unreadable_log_is_named(sealed: Trail) -> None:
    lines = sealed.log.read_text().splitlines(keepends=True)
    sealed.log.write_text(lines[0] + "???\n" + lines[1] + lines[2])
    assert [fault[0] for fault in sealed.faults()] == ["LOG_BROKEN"]


def test_a_removed_log_is_a_fault(sealed: Trail) -> None:
    sealed.log.unlink()
    assert [fault[0] for fault in sealed.faults()] == ["LOG_MISSING"]


def test_a_new_era_that_nobody_signed_is_a_fault(sealed: Trail) -> None:
    sealed.owner.execute("insert into trail.era (id, after_seal, at) values (2, 2, now())")
    assert ("ERA_UNPROVEN", 3, None) in sealed.faults()


def test_copies_kept_elsewhere_can_serve_instead(sealed: Trail) -> None:
    elsewhere = sealed.config.data_dir / "elsewhere"
    elsewhere.mkdir()
    log, trusted = elsewhere / "log", elsewhere / "keys"
    log.write_bytes(sealed.log.read_bytes())
    trusted.write_bytes((sealed.config.data_dir / "keys" / "seal.pub").read_bytes())
    sealed.log.unlink()
    with as_owner(sealed.name) as fresh:
        assert verify.verify(fresh, sealed.config, log=log, public_keys=trusted).whole
