"""The screen finds its facts by the shortest ways. What it finds is what the plain conditions say (`screen.sql` beside
this file), for whoever reads: in a record whose statements are of any kind, state, day and source."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from carnet.consent.access import permit_to_read
from carnet.documents.changing import change, withdraw
from carnet.documents.powers import Cause
from carnet.health import flags, stays
from carnet.kernel import clock, config, database
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import Trace, open_record, statements
from tests import people
from tests.documents.test_changing import MASK
from tests.health.stated import result, stating
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

_SHORT = statements("carnet.health", "screen.sql")
_PLAIN = statements("tests.health", "screen.sql")

_KINDS: Final[tuple[tuple[list[int], list[int], int | None], ...]] = (
    ([2, 5, 6, 7, 8, 11, 12, 14, 16], [9, 10], 15),
    ([0, 1], [], None),
    ([1], [9], None),
)
# Any kind, state and day; the rest of a row stays as it was read of its document.
_MIXED = (
    "select setseed(0.20)",
    """
    update record.health_statement s
       set kind = floor(random() * 17),
           state = (array['final', 'active', 'completed', 'not-done', 'cancelled', 'entered-in-error', 'refuted',
                          ''])[1 + floor(random() * 8)],
           series = (array['', 'analyte:tsh', 'analyte:potassium', 'measure:weight', 'loinc|883-9',
                           'urn:carnet:fhir:goal', 'urn:carnet:fhir:goal|analyte:tsh',
                           'urn:carnet:fhir:goal|measure:weight', 'urn:carnet:fhir:goals|x'])[1 + floor(random() * 9)],
           setting = (array['', 'IMP', 'EMER', 'AMB'])[1 + floor(random() * 4)],
           value = case when random() < 0.8 then round((random() * 10)::numeric, 2) end, low = 2, high = 7,
           comparator = (array['', '', '<', '>='])[1 + floor(random() * 4)],
           interpretation = (array['', '', 'H', 'N'])[1 + floor(random() * 4)],
           stated_at = now() - random() * interval '6 years', known_at = now() - random() * interval '6 years',
           since = null, until = null
     where s.record_id = %(record_id)s
    """,
    """
    update record.health_statement s
       set since = d.since,
           until = d.since + (array['1 hour', '1 day', '3 days', '5 years'])[1 + floor(random() * 4)]::interval,
           fhir = case when random() < 0.5 then s.fhir else s.fhir || ' "end":' end
      from (select source_id, position, now() - random() * interval '6 years' as since from record.health_statement
             where record_id = %(record_id)s and random() < 0.9) d
     where s.record_id = %(record_id)s and s.source_id = d.source_id and s.position = d.position
    """,
)


@pytest.fixture(scope="module")
def mixed(house: None) -> Resident:
    patient, laboratory = people.a_patient(), people.software()
    done: list[UUID] = []
    for number in range(16):
        first = people.entry()
        said = [result(str(value), day=f"2024-{1 + value % 12:02d}-03") for value in range(number % 5, number % 5 + 40)]
        done.append(stating(patient, *said, of=first, by=laboratory).id)
        if number % 4 == 0:
            said[0] = result("99", day="2024-01-03")
            done.append(stating(patient, *said, of=people.entry(replaces=(first.unique_id,)), by=laboratory).id)
    for each in done[::5]:
        change(patient.actor, Purpose.SELF, record_id=patient.record_id, document_id=each, wanted=MASK)
    for each in done[3::8]:
        withdraw(laboratory, Purpose.DEPOSIT, record_id=patient.record_id, document_id=each, cause=Cause.WRONG_PATIENT)
    with database.connect(config.load(), "owner") as owner:
        for statement in _MIXED:
            owner.execute(statement, {"record_id": patient.record_id} if "%" in statement else None)
    return patient


def test_the_shortest_way_finds_what_the_plain_one_finds(mixed: Resident) -> None:
    doctor = people.authorised(mixed, people.a_doctor())
    nurse = people.authorised(mixed, people.a_doctor(profession="60"))
    readers = ((mixed.actor, Purpose.SELF), (doctor, Purpose.CARE), (nurse, Purpose.CARE))
    told = {"facts": 0, "values": 0}
    for (reader, purpose), asked in itertools.product(readers, _everything_asked()):
        for name in told:
            short, plain = _found(mixed, reader, purpose, name, asked)
            assert short == plain, (name, asked)
            told[name] += len(plain)
    assert min(told.values()) > 500, "and there is something to find"


def _everything_asked() -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {
            "kinds": kinds,
            "lasting": lasting,
            "visit": visit,
            "series": series,
            "since": since,
            "stays": list(stays.SETTINGS),
            "capped": [3, 4, 5, 12, 15],
            "most": 4,
            "now": now,
            "year": now - timedelta(days=366),
            "measure": 1,
            "each": 3,
            "few": 2,
            "first": ["analyte:potassium"],
            "fresh": now - timedelta(days=30),
            "flags": list(flags.CODES),
        }
        for kinds, lasting, visit in _KINDS
        for series in ([], ["loinc|883-9", "analyte:tsh"])
        for since in (None, now - timedelta(days=1000))
    ]


def _found(
    patient: Resident, reader: Actor, purpose: Purpose, name: str, asked: dict[str, Any]
) -> tuple[list[Any], list[Any]]:
    permit = permit_to_read(reader, purpose, patient.record_id, action="record-open")
    asked = asked | {"record_id": patient.record_id, "actor_id": reader.id}
    with open_record(permit, trace=Trace("entries-list", "entries")) as cursor:
        answers = []
        for ways in (_SHORT, _PLAIN):
            cursor.execute(ways[name], asked)
            answers.append(cursor.fetchall())
    return answers[0], answers[1]
