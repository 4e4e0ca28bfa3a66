"""SQL and Python write the same canonical form, whatever a column holds."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnet.kernel.audit.canonical import FIELDS, line_hash
from tests.kernel.audit.conftest import Trail

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
lines = st.fixed_dictionaries(
    {
        "id": st.uuids(),
        "at": st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001
        "xid": st.integers(0, 2**63 - 1),
        "era": st.integers(-(2**15), 2**15 - 1),
        "record_id": st.none() | st.uuids(),
        "actor_kind": words,
        "actor_id": st.uuids(),
        "organisation_id": st.none() | st.uuids(),
        "purpose": words,
        "capacity": words,
        "door": words,
        "action": words,
        "outcome": words,
        "target_kind": words,
        "target_id": st.none() | st.uuids(),
        "detail": words,
        "hidden_from": st.integers(-(2**31), 2**31 - 1),
        "request_id": st.none() | st.uuids(),
    }
)
UUIDS = ("id", "record_id", "actor_id", "organisation_id", "target_id", "request_id")
TYPES = {"at": "timestamptz", "xid": "text::xid8", "era": "smallint", "hidden_from": "integer"} | dict.fromkeys(
    UUIDS, "uuid"
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Value = UUID | datetime | int | str | None


def written(name: str, value: Value) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        delta = value - EPOCH
        return str((delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds)
    return str(value)


def test_every_column_of_a_line_is_hashed(trail: Trail) -> None:
    columns = trail.owner.execute(
        "select attname from pg_attribute where attrelid = 'trail.line'::regclass and attnum > 0 and not attisdropped"
    ).fetchall()
    assert {name for (name,) in columns} == set(FIELDS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=lines)
def test_sql_and_python_agree(trail: Trail, line: dict[str, Value]) -> None:
    columns = ", ".join(f"%({name})s::{TYPES.get(name, 'text')} as {name}" for name in FIELDS)
    found = trail.owner.execute(
        f"select trail.line_hash(jsonb_populate_record(null::trail.line, to_jsonb(x))) from (select {columns}) x",
        {name: str(value) if name == "xid" else value for name, value in line.items()},
    ).fetchone()
    assert found
    assert found[0] == line_hash(written(name, line[name]) for name in FIELDS)
