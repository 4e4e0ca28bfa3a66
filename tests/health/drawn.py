"""A record of a few documents under different locks, whose statements a test draws itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import orjson

from carnet.kernel import config, database
from tests import people
from tests.documents.test_searching_hidden import READABLE, UNREADABLE, Reader, readers_of
from tests.health.stated import kept, result
from tests.people import Resident

DOCUMENTS: Final = 7
FIRST: Final = datetime(2024, 3, 12, tzinfo=UTC)
READERS: Final = ("patient", "parent", "attending", "doctor", "pharmacist")

# Under the lock of their document.
STATE: Final = """
    insert into record.health_statement
    select (jsonb_populate_record(s, r || jsonb_build_object(
               'type_ordinal', d.type_ordinal, 'labels', d.labels, 'status', d.status, 'depositor_id', d.depositor_id,
               'author_id', d.author_id, 'standing', d.standing))).*
      from jsonb_array_elements(%s::jsonb) r
      join record.documents_document d on d.record_id = %s and d.id = (r ->> 'source_id')::uuid
     cross join (select jsonb_populate_record(null::record.health_statement, %s::jsonb) as s) b
"""


@dataclass(frozen=True)
class Shelf:
    patient: Resident
    documents: tuple[UUID, ...]
    readers: dict[str, Reader]
    row: dict[str, Any]


def a_shelf() -> Shelf:
    """Of a minor. Of the first two pairs one replaces the other, hidden from professionals in the first; then one that
    parents do not see, one that a pharmacist may not read, one like any, one that is withdrawn."""
    patient, labo = people.a_patient(birth_date="2012-01-01"), people.software()
    made = list[UUID]()

    def deposit(label: str = "", type_code: str = READABLE, replaces: tuple[str, ...] = ()) -> str:
        entry = people.entry(type_code=type_code, labels=frozenset(filter(None, (label,))), replaces=replaces)
        made.append(people.deposited(labo, patient, of=entry).id)
        return entry.unique_id

    deposit("MASQUE_PS", replaces=(deposit(),))
    deposit(replaces=(deposit(),))
    deposit("INVISIBLE_REPRESENTANTS_LEGAUX")
    deposit(type_code=UNREADABLE)
    deposit()
    kept(patient, made[-1], result(), by=labo)
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        found = owner.execute(
            "select to_jsonb(s) as row from record.health_statement s where s.record_id = %s", (patient.record_id,)
        ).fetchone()
    assert found
    depositors = {"labo": labo, "blocked": people.a_doctor()}
    return Shelf(patient, tuple(made), readers_of(patient, depositors), found[0])


def stated(shelf: Shelf, drawn: Sequence[Mapping[str, Any]]) -> None:
    """In the place of what was there. Of each row: `document`, `fact` and `corrected_by` (or None) by their numbers,
    and what else is not as in a result. Two documents may be of one instant; each states a fact once."""
    made = []
    for position, row in enumerate(drawn):
        by = row["corrected_by"]
        made.append(
            {
                "label": f"{position}",
                **row,
                "source_id": shelf.documents[row["document"]],
                "position": position,
                "fact": uuid5(shelf.patient.record_id, str(row["fact"])),
                "stated_at": FIRST + timedelta(days=row["document"] % 3),
                "corrected_by": None if by is None else shelf.documents[by],
            }
        )
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute("delete from record.health_statement s where s.record_id = %s", (shelf.patient.record_id,))
        owner.execute(STATE, (orjson.dumps(made).decode(), shelf.patient.record_id, orjson.dumps(shelf.row).decode()))
