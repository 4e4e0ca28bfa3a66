"""The cast in a real house: everybody once, everything readable by whom it concerns."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, LiteralString
from uuid import UUID

import orjson
import psycopg
import pytest

from carnet.consent.access import Refused
from carnet.demo.cast import record_id
from carnet.demo.crowd import load_people
from carnet.demo.identifiers import INS_TEST, unique_id
from carnet.demo.load import load_cast
from carnet.demo.model import Document
from carnet.demo.people import inhabitants
from carnet.demo.stories import documents
from carnet.documents import queries as reading
from carnet.documents import trail
from carnet.formats.clinical.model import Kind
from carnet.formats.fhir import identifiers
from carnet.health import profile
from carnet.health.profile import Own
from carnet.kernel import clock, config, database, embedded
from carnet.kernel.actor import Actor, Purpose
from carnet.people import queries
from carnet.records.queries import record_of_ins
from tests.cast import INS, KEYS
from tests.conftest import CARNET, House, _data_folder

COUNT: Final = "select count(*) from record.documents_document"
LINKS: Final = """
    select (select count(*) from record.people_representation),
           (select count(*) from record.people_care_link),
           (select count(*) from record.consent_attending a join app.people_professional p
                on p.actor_id = a.professional_id where p.rpps = '10001001014'),
           (select count(*) from record.consent_block),
           (select count(*) from record.consent_authorisation),
           (select count(*) from app.people_deputy)
"""


def who(key: str) -> Actor:
    found = queries.actor_by_key(key)
    assert found is not None
    return found


def seen(key: str, purpose: Purpose, patient: str) -> int:
    """How many current documents of the stories a member finds in a record (other tests add others)."""
    ours = {unique_id(document.key) for document in documents() if document.patient.key == patient}
    found = reading.search(who(key), purpose, record_id(patient), reading.Asked(["current"]), limit=200)
    return len([text for text in found.entries if ours & {_unique_id(text)}])


def _unique_id(text: bytes) -> str:
    name = orjson.loads(text)["masterIdentifier"]
    return identifiers.unique_id(name["system"], name["value"]) or ""


def written(patient: str) -> int:
    return len([document for document in documents() if document.patient.key == patient])


def test_everybody_is_known_by_key(house: House) -> None:
    assert all(queries.actor_by_key(key) for key in KEYS)


def test_every_record_is_found_by_its_ins(house: House) -> None:
    assert {key: record_of_ins(INS_TEST, number) for key, number in INS.items()} == {key: record_id(key) for key in INS}


def test_dominique_sees_all_but_what_waits_and_what_was_replaced(house: House) -> None:
    assert seen("dominique", Purpose.SELF, "dominique") == written("dominique") - 2


def test_dominique_says_words_of_her_own(house: House) -> None:
    """Beside what documents say of her."""
    told = profile.told(who("dominique"), Purpose.SELF, record_id("dominique"))
    own = {line.kind for line in told.lines if line.said_by == "person" and not line.struck}
    assert {Kind.PROBLEM, Kind.TREATMENT, Kind.FAMILY, Kind.SOCIAL} <= own
    assert {Own.CONTACT, Own.TRUSTED} <= {word.kind for word in told.words}


def test_the_attending_doctor_sees_what_waits_and_what_is_hidden(house: House) -> None:
    assert seen("dr-martin", Purpose.CARE, "dominique") == written("dominique") - 1


def test_parents_see_neither_hugos_visit_nor_the_result_that_came_of_it(house: House) -> None:
    """Only the visit was deposited as a secret; the laboratory knew of none. Neither stands in the list, in a search,
    behind its address, nor in a line of the trail."""
    kept = [document for document in documents() if document.patient.key == "hugo" and document.orders]
    assert [bool(document.labels) for document in kept] == [True, False]
    titles = {document.title for document in kept}
    hugo = record_id("hugo")
    ids = _ids(kept)
    for parent in ("dominique", "paul"):
        as_parent = (who(parent), Purpose.REPRESENTATIVE, hugo)
        assert seen(parent, Purpose.REPRESENTATIVE, "hugo") == written("hugo") - len(kept)
        assert not titles & {line.title for line in reading.list_documents(*as_parent)}
        assert not titles & {line.title for line in trail.lines(*as_parent, limit=200)}
        assert [reading.read_document(*as_parent, each) for each in ids] == [None, None]
    for key, purpose in (("hugo", Purpose.SELF), ("dr-martin", Purpose.CARE)):
        assert seen(key, purpose, "hugo") == written("hugo")
        assert titles <= {line.title for line in reading.list_documents(who(key), purpose, hugo)}
    assert titles <= {line.title for line in trail.lines(who("hugo"), Purpose.SELF, hugo, limit=200)}


def _ids(wanted: list[Document]) -> list[UUID]:
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute(
            "select id from record.documents_document where unique_id = any (%s)",
            ([unique_id(document.key) for document in wanted],),
        ).fetchall()
    assert len(found) == len(wanted)
    return [row[0] for row in found]


def test_strangers_and_the_blocked_find_nothing(house: House) -> None:
    for key in ("dr-inconnu", "dr-bloque"):
        with pytest.raises(Refused):
            seen(key, Purpose.CARE, "dominique")


def test_loading_again_adds_nothing_and_is_quick(house: House) -> None:
    start = time.process_time()
    assert load_cast(clock.now()) == 0
    assert time.process_time() - start < 1


def test_synthetic_people_come_with_their_documents_once(house: House) -> None:
    expected = sum(len(person.documents) for person in inhabitants(3, 41))
    assert load_people(3, 41, clock.now()) == expected
    assert load_people(3, 41, clock.now()) == 0
    assert load_people(4, 41, clock.now()) == len(list(inhabitants(4, 41))[3].documents)


def test_their_doctor_finds_them(house: House) -> None:
    load_people(1, 42, clock.now())
    person = next(inhabitants(1, 42))
    doctor = who(person.doctor.key)
    found = reading.search(doctor, Purpose.CARE, person.record_id, reading.Asked(["current"]))
    corrected = [document for document in person.documents if document.replaces]
    assert found.total == len(person.documents) - len(corrected)


@pytest.fixture
def elsewhere() -> Iterator[dict[str, str]]:
    """Another house, empty and migrated: its environment."""
    data = _data_folder()
    environ = os.environ | {"CARNET_DATA_DIR": str(data)}
    subprocess.run([*CARNET, "migrate"], env=environ, check=True, stdout=subprocess.DEVNULL)
    yield environ
    embedded.destroy(data, runtime_dir=config.load().runtime_dir)
    shutil.rmtree(data, ignore_errors=True)


@pytest.mark.long
def test_a_killed_loading_goes_on_and_doubles_nothing(elsewhere: dict[str, str]) -> None:
    process = subprocess.Popen([*CARNET, "demo-data"], env=elsewhere, stdout=subprocess.DEVNULL)
    _wait_for_documents(elsewhere, 20)
    process.kill()
    process.wait()
    _demo_data(elsewhere)
    assert "rien à ajouter" in _demo_data(elsewhere)
    loaded = config.load(elsewhere)
    with embedded.running(loaded.data_dir, runtime_dir=loaded.runtime_dir):
        assert _row(elsewhere, LINKS) == (4, 1, 4, 1, 1, 2)
        assert _row(elsewhere, COUNT) == (len(documents()),)


def _wait_for_documents(environ: dict[str, str], some: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(psycopg.OperationalError):
            if _row(environ, COUNT)[0] >= some:
                return
        time.sleep(0.05)
    raise AssertionError("the loading never began")


def _demo_data(environ: dict[str, str]) -> str:
    done = subprocess.run([*CARNET, "demo-data"], env=environ, check=True, capture_output=True, text=True, timeout=120)
    return done.stdout


def _row(environ: dict[str, str], statement: LiteralString) -> tuple[int, ...]:
    parameters = database.connection_parameters(config.load(environ), "owner")
    with psycopg.connect(
        host=parameters["HOST"],
        port=parameters["PORT"] or None,
        user=parameters["USER"],
        password=parameters["PASSWORD"] or None,
        dbname=parameters["NAME"],
    ) as owner:
        found = owner.execute(statement).fetchone()
    assert found is not None
    return tuple(found)
