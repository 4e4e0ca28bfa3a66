"""Opening, opposing, activating and closing a record, and whom it belongs to."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace
from uuid import uuid4

import pytest

from carnet.consent.access import Refused, permit_to_read
from carnet.documents import queries as documents
from carnet.kernel import config, database
from carnet.kernel.actor import SYSTEM, Purpose
from carnet.kernel.db.constraints import Violation
from carnet.people.queries import find_record
from carnet.records import queries
from carnet.records.actions import open_record_for, set_state
from carnet.records.rules import Identity, RecordState, Traits, earliest_birth, majority
from tests import people
from tests.cast import TEST_OID

pytestmark = pytest.mark.usefixtures("house")


def identity(**changes: str) -> Identity:
    base = Identity(TEST_OID, people.fresh_ins(), "ESSAI", "CAMILLE", sex="F", birth_date="1985-01-12")
    return replace(base, **changes)


def test_traits_find_whoever_bears_exactly_them_and_had_a_record() -> None:
    family = "VAL" + "".join(chr(ord("A") + int(digit)) for digit in people.fresh_ins())
    doctor = people.a_doctor()
    who, refused = identity(birth_family=family), identity(birth_family=family)
    record_id = open_record_for(SYSTEM, identity=who)
    open_record_for(SYSTEM, identity=refused, state=RecordState.OPPOSED)
    traits = Traits(family.lower(), "Camille", "1985-01-12")
    assert [each.record_id for each in queries.matching(doctor, traits)] == [record_id]
    for other in (
        replace(traits, birth_given="Camila"),
        replace(traits, birth_date="1985-01"),
        replace(traits, sex="M"),
        replace(traits, birth_place="49007"),
    ):
        assert queries.matching(doctor, other) == []


def test_records_that_were_there_before_are_found_by_their_traits() -> None:
    """The migration adds what the opening of a record adds."""
    record_id = open_record_for(SYSTEM, identity=identity())
    found = "select digest from app.kernel_locator where record_id = %s and kind = 'traits'"
    with database.connect(config.load(), "owner") as owner:
        before = owner.execute(found, (record_id,)).fetchall()
        owner.execute("delete from app.kernel_locator where record_id = %s and kind = 'traits'", (record_id,))
        migration = import_module("carnet.records.migrations.0002_traits")
        migration.locate(None, SimpleNamespace(connection=owner))
        assert owner.execute(found, (record_id,)).fetchall() == before
        assert len(before) == 1


def test_one_person_has_one_record() -> None:
    who = identity()
    open_record_for(SYSTEM, identity=who)
    with pytest.raises(Violation) as refused:
        open_record_for(SYSTEM, identity=replace(who, birth_given="CAMILLE ANNE"))
    assert refused.value.message == "Un carnet existe déjà pour cette identité."


def test_the_same_number_under_another_oid_is_another_person() -> None:
    who = identity()
    first = open_record_for(SYSTEM, identity=who)
    other = open_record_for(SYSTEM, identity=replace(who, ins_oid="1.2.250.1.213.1.4.11"))
    assert first != other


@pytest.mark.parametrize(
    ("changes", "field_words"),
    [
        ({"sex": "X"}, "Le sexe est F, M ou U"),
        ({"birth_date": "12/01/1985"}, "Écrivez la date de naissance comme ceci"),
        ({"ins": "2850112345"}, "Le matricule INS a 15 caractères"),
    ],
)
def test_a_broken_rule_of_the_database_becomes_words(changes: dict[str, str], field_words: str) -> None:
    with pytest.raises(Violation) as refused:
        open_record_for(SYSTEM, identity=identity(**changes))
    assert refused.value.message.startswith(field_words)


@pytest.mark.parametrize("department", ["2A", "2B"])
def test_corsican_numbers_keep_their_letter(department: str) -> None:
    from carnet.formats.ins import key

    body = f"28501{department}{uuid4().int % 10**6:06d}"
    who = identity(ins=body + key(body))
    assert queries.record_of_ins(TEST_OID, who.ins) is None
    record_id = open_record_for(SYSTEM, identity=who)
    assert queries.record_of_ins(TEST_OID, who.ins) == find_record(who.ins) == record_id


def test_the_life_of_a_record_stands_in_its_trail_and_ends_remembered_rights() -> None:
    patient = people.a_patient(state=RecordState.UNOPENED)
    before = permit_to_read(patient.actor, Purpose.SELF, patient.record_id, action="test")
    set_state(SYSTEM, record_id=patient.record_id, state=RecordState.ACTIVE)
    assert [line.action for line in people.trail(patient)] == ["record-active", "record-unopened"]
    set_state(SYSTEM, record_id=patient.record_id, state=RecordState.CLOSED, reason="à sa demande")
    with pytest.raises(Refused):
        documents.list_documents(patient.actor, Purpose.SELF, patient.record_id)
    existing = queries.existence(people.software(), patient.record_id)
    assert existing
    assert (existing.state, existing.state_reason) == (RecordState.CLOSED, "à sa demande")
    assert before.capacity == "holder"


def test_partial_birth_dates_close_early() -> None:
    assert earliest_birth("2010").isoformat() == "2010-01-01"
    assert earliest_birth("2010-06").isoformat() == "2010-06-01"
    assert majority(earliest_birth("2008-02-29")).isoformat() == "2026-03-01"
