"""A newborn under a waiting number, later linked to the final one: the same record, by both numbers, with all that it
holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnet.formats.ins import key
from carnet.kernel.actor import SYSTEM
from carnet.records import actions as records
from carnet.records.queries import record_of_ins
from carnet.records.rules import Identity, RecordState
from tests import people
from tests.api.caller import Caller
from tests.cast import TEST_OID
from tests.cli.test_feed import Feed, summary
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")
NIA_OID = "1.2.250.1.213.1.4.9"


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return Feed(tmp_path / "numbers.csv", head="kind,ins,oid,new_ins,new_oid")


def a_newborn() -> tuple[Resident, str]:
    waiting = people.fresh_ins()[:13]
    waiting = f"7{waiting[1:]}"
    ins = waiting + key(waiting)
    who = Identity(NIA_OID, ins, "ESSAI", "CAMILLE", sex="F", birth_date="2026-11-01", birth_place="51215")
    record_id = records.open_record_for(SYSTEM, identity=who, state=RecordState.UNOPENED)
    return Resident(people.a_person(), record_id, ins), ins


def line(old: str, new: str, new_oid: str = TEST_OID) -> str:
    return f"number,{old},{NIA_OID},{new},{new_oid}"


def titles(caller: Caller, oid: str, ins: str) -> list[str]:
    answer = caller.get("DocumentReference", {"patient.identifier": f"urn:oid:{oid}|{ins}", "status": "current"})
    assert answer.status_code == 200, answer.text
    return [each["resource"]["content"][0]["attachment"]["title"] for each in answer.json().get("entry", [])]


def test_no_document_is_lost_and_both_numbers_lead_to_the_record(feed: Feed, server: str) -> None:
    baby, waiting = a_newborn()
    maker = people.software()
    people.deposited(maker, baby, of=people.entry(title="Compte rendu de naissance"))
    final = people.fresh_ins()
    assert feed.take(line(waiting, final)) == [summary(done=1)]
    caller = Caller.of(server, maker)
    for oid, ins in ((NIA_OID, waiting), (TEST_OID, final)):
        assert record_of_ins(oid, ins) == baby.record_id
        assert titles(caller, oid, ins) == ["Compte rendu de naissance"]
    # the record says the new number, and its trail that it changed
    found = caller.get("Patient", {"identifier": f"urn:oid:{NIA_OID}|{waiting}"}).json()["entry"][0]["resource"]
    assert {each["value"] for each in found["identifier"]} == {final}
    assert "number-changed" in {action for action, _ in people.raw_trail(baby.record_id)}
    # the same line again changes nothing
    assert feed.take(line(waiting, final)) == [summary(same=1)]


def test_the_number_of_another_record_is_left_to_people(feed: Feed) -> None:
    baby, waiting = a_newborn()
    other = people.a_patient()
    told = feed.take(line(waiting, other.ins), status=1)
    assert "number-taken" in told[0]
    assert other.ins not in told[0]
    assert record_of_ins(TEST_OID, other.ins) == other.record_id
    assert record_of_ins(NIA_OID, waiting) == baby.record_id


def test_a_mistyped_number_changes_nothing(feed: Feed) -> None:
    _, waiting = a_newborn()
    final = people.fresh_ins()
    wrong = final[:13] + f"{(int(final[13:]) + 1) % 97:02d}"
    for each in (
        line(waiting, wrong),
        line(waiting, final[:12]),
        line(waiting, final, "1.2.3"),
        line(people.fresh_ins(), final),
    ):
        assert feed.take(each, status=1)[-1] == summary(refused=1)
    assert record_of_ins(TEST_OID, final) is None
