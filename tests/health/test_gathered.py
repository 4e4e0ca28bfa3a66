"""What single documents state is counted when they are read. The history is the same as without that, whoever reads it:
of documents hidden from some, facts of several, corrections, a withdrawal, what is read anew and states otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest

from carnet.documents.changing import withdraw
from carnet.documents.powers import Cause
from carnet.formats.clinical.model import Entry, Kind
from carnet.formats.entry import Period
from carnet.formats.terminology import analytes
from carnet.health import history, reading
from carnet.health.columns import KINDS
from carnet.health.history import History, Line, Sort, Wanted
from carnet.kernel import clock, config, database
from carnet.kernel.actor import Actor, Purpose
from carnet.records.rules import OptOut
from carnet.rights import choices
from carnet.web.i18n import PARIS
from tests import people
from tests.documents.test_searching_hidden import READERS, Reader, readers_of
from tests.health.stated import kept, result
from tests.health.test_history import a_stay, a_vaccine
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

LABELS = ("", "", "", "MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX")
CHOICES = (Wanted(), Wanted(year=2021), Wanted(sort=Sort.RESULT), Wanted(undated=True), Wanted(sort=Sort.STAY))


def some_facts(random: Random) -> list[Entry]:
    """Of few days and analytes: several documents state the same; some of it has not happened, some has no date."""
    found: list[Entry] = []
    for _ in range(random.randrange(6)):
        day = f"202{random.randrange(4)}-0{random.randrange(1, 4)}-11"
        code = random.choice(analytes.every()[:4]).codes[0].code
        value = result(str(random.randrange(1, 3)), day=day if random.random() < 0.9 else "", code=code)
        called_off = replace(value, status="cancelled")
        found.append(random.choice((value, value, value, called_off, a_vaccine(day), a_stay(day, day))))
    return found


@dataclass(frozen=True)
class House:
    patient: Resident
    readers: dict[str, Reader]
    documents: dict[UUID, Actor]
    visits: list[datetime]


@pytest.fixture(scope="module", params=[3, 11, 20])
def filled(request: pytest.FixtureRequest) -> House:
    random, patient = Random(request.param), people.a_patient(birth_date="2012-01-01")
    days = Random(request.param + 100)
    depositors = {"labo": people.software(), "blocked": people.a_doctor()}
    documents: dict[UUID, Actor] = {}
    names: list[str] = []
    visits = list[datetime]()
    for number in range(24):
        by = random.choice(list(depositors.values()))
        label = random.choice(LABELS)
        corrects = (names[number - 3],) if number % 8 == 7 else ()
        kind, labels = random.choice(("11502-2", "34112-3")), frozenset(filter(None, (label,)))
        # Some of the days that their facts name, some of this year's.
        at = datetime(days.randrange(2020, 2024), days.randrange(1, 4), 11, 9, tzinfo=PARIS)
        made: dict[str, Any] = {"created": at, "period": Period(at)} if days.random() < 0.7 else {}
        of = replace(people.entry(type_code=kind, labels=labels, replaces=corrects), **made)
        if corrects:
            by = documents[list(documents)[number - 3]]
        done = people.deposited(by, patient, of=of)
        names.append(of.unique_id)
        documents[done.id] = by
        visits.append(clock.now())
        kept(patient, done.id, *some_facts(random), by=by)
    readers = readers_of(patient, depositors)
    for document in random.sample(list(documents), 4):
        kept(patient, document, *some_facts(random), by=documents[document])
    gone = next(each for each, by in documents.items() if by is depositors["labo"])
    withdraw(documents[gone], Purpose.DEPOSIT, record_id=patient.record_id, document_id=gone, cause=Cause.WITHDRAWN)
    return House(patient, readers, documents, visits)


def told(house: House, name: str) -> list[History]:
    who = house.readers[name]
    of = who.actor, who.purpose, house.patient.record_id
    return [history.history(*of, wanted, limit=200) for wanted in CHOICES]


def counted(patient: Resident) -> int:
    with database.connect(config.load(), "owner") as owner:
        (found,) = owner.execute(
            "select count(*) from record.health_statement where record_id = %s and gathered", (patient.record_id,)
        ).fetchone() or (0,)
    return int(found)


def forget(patient: Resident) -> None:
    """As in a record whose documents were read before they were counted."""
    with database.connect(config.load(), "owner") as owner:
        for table, value in (("health_statement", "false"), ("health_reading", "null")):
            owner.execute(f"update record.{table} set gathered = {value} where record_id = %s", (patient.record_id,))


def gather_again(house: House) -> None:
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "select record.entries_gather(jsonb_populate_record(null::app.permit, %s::jsonb), %s)",
            (f'{{"record_id": "{house.patient.record_id}"}}', list(house.documents)),
        )


@READERS
def test_the_history_is_that_of_facts_looked_at_one_by_one(filled: House, name: str) -> None:
    assert counted(filled.patient) > 5
    with_counts = told(filled, name)
    if name == "patient":
        assert with_counts[0].counts.total > 10
    forget(filled.patient)
    try:
        assert told(filled, name) == with_counts
    finally:
        gather_again(filled)
    assert told(filled, name) == with_counts


@READERS
@pytest.mark.parametrize("visited", range(-1, 24, 4))
def test_the_home_is_told_the_end_of_the_history(filled: House, name: str, visited: int) -> None:
    """`visited`: after which deposit the reader looked last, if ever."""
    who = filled.readers[name]
    of = who.actor, who.purpose, filled.patient.record_id
    since = filled.visits[visited] if visited >= 0 else None
    whole = history.history(*of, limit=200, since=since)
    told = history.latest(*of, since=since, most=4)
    assert told.fresh_count == whole.counts.fresh
    assert list(told.fresh) == [line for line in whole.lines if line.fresh][:4]
    assert told.results == next((line for line in whole.lines if results_of(line)), None)
    days = [line.first.year for line in whole.lines if line.first and line.facts]
    assert told.since == min(days, default=None)


def results_of(line: Line) -> bool:
    return line.first is not None and any(each.kind is Kind.RESULT and not each.struck for each in line.facts)


def states(patient: Resident) -> Sequence[tuple[Kind, int]]:
    whole = history.history(patient.actor, Purpose.SELF, patient.record_id, limit=200)
    return sorted((fact.kind, len(line.papers)) for line in whole.lines for fact in line.facts)


def test_what_two_documents_state_is_counted_once_and_with_either() -> None:
    patient, by = people.a_patient(), people.software()
    first, second = (people.deposited(by, patient) for _ in range(2))
    kept(patient, first.id, result(), by=by)
    assert counted(patient) == 1
    kept(patient, second.id, result(), by=by)
    assert counted(patient) == 0
    assert len(states(patient)) == 1
    # Read anew, the second says it no more.
    kept(patient, second.id, by=by)
    assert len(states(patient)) == 1
    withdraw(by, Purpose.DEPOSIT, record_id=patient.record_id, document_id=first.id, cause=Cause.WITHDRAWN)
    assert states(patient) == []


def test_nothing_is_told_of_documents_that_are_not_to_be_read_any_more() -> None:
    patient, by = people.a_patient(), people.software()
    done = people.deposited(by, patient)
    kept(patient, done.id, result(), a_vaccine("2024-03-12"), by=by)
    assert len(states(patient)) == 2
    choices.choose(patient.actor, Purpose.SELF, record_id=patient.record_id, unwanted=[OptOut.EXTRACTION])
    reading.read_record(patient.record_id)
    assert states(patient) == []
    assert counted(patient) == 0


def test_a_visit_is_known_by_the_rank_that_is_stored() -> None:
    assert KINDS.index(Kind.ENCOUNTER) == 15
