"""`carnet feed`, as the insurance's file is taken in: a refused line is told, the others are done, twice is once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import randrange

import pytest

from carnet.consent.access import Refused
from carnet.consent.facts import DeputyKind
from carnet.documents import queries
from carnet.formats import rpps
from carnet.formats.ins import key as ins_key
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.notify import contacts
from carnet.notify.models import Contact, Notice
from carnet.notify.rules import Kind
from carnet.people import actions
from carnet.people.queries import professional_of_rpps
from carnet.people.rules import DEPUTIES, Capacity, step
from carnet.records import actions as records
from carnet.records.rules import Identity, RecordState
from tests import people
from tests.api.caller import Caller
from tests.cast import TEST_OID
from tests.conftest import carnet
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")
HEAD = "kind,ins,oid,rpps,parent_ins,parent_oid,since,until"


@dataclass(frozen=True)
class Feed:
    path: Path
    head: str = HEAD

    def take(self, *lines: str, status: int = 0, options: tuple[str, ...] = ()) -> list[str]:
        """What is printed."""
        self.path.write_text("\n".join((self.head, *lines, "")))
        done = carnet("feed", str(self.path), *options, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout.splitlines()


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return Feed(tmp_path / "feed.csv")


def attending(patient: Resident, doctor: Actor, since: str) -> str:
    return f"attending,{patient.ins},{TEST_OID},{people.rpps_of(doctor)},,,{since},"


def no_longer(patient: Resident, doctor: Actor, until: str) -> str:
    return f"attending-end,{patient.ins},{TEST_OID},{people.rpps_of(doctor)},,,,{until}"


def parent(child: Resident, of: Resident, since: str, until: str = "") -> str:
    return f"parent,{child.ins},{TEST_OID},,{of.ins},{TEST_OID},{since},{until}"


def nobodys_rpps() -> str:
    """Well made, and of nobody in the directory of this database."""
    made = (str(89_999_999_999 - number) for number in count(randrange(10**9)))
    return next(each for each in made if rpps.rpps_ok(each) and professional_of_rpps(each) is None)


def summary(*, done: int = 0, same: int = 0, refused: int = 0) -> str:
    total = done + same + refused
    return f"Lignes : {total} ; faites : {done} ; déjà connues : {same} ; refusées : {refused}."


def status(caller: Caller, patient: Resident) -> int:
    asked = {"patient.identifier": f"urn:oid:{TEST_OID}|{patient.ins}", "status": "current"}
    return caller.get("DocumentReference", asked).status_code


def told(patient: Resident) -> int:
    """How often the person was told of changed rights, or will be; made older: those of one hour are one mail."""
    notices = Notice.objects.filter(person_id=patient.actor.id, record_id=patient.record_id, kind=Kind.RIGHTS.value)
    notices.update(at=people.long_ago())
    return notices.count()


def listening(patient: Resident) -> Resident:
    contacts.choose(patient.actor, address=f"{patient.actor.id.hex}@exemple.fr", kinds=[Kind.RIGHTS])
    Contact.objects.filter(person_id=patient.actor.id).update(verified_at=clock.now())
    return patient


def test_the_new_one_reads_and_the_former_no_more_on_the_next_request(server: str, feed: Feed) -> None:
    """The server has remembered both answers; the command is another process."""
    patient, former, new = people.a_patient(), people.a_doctor(), people.a_doctor()
    feed.take(attending(patient, former, "2024-01-01"))
    callers = Caller.of(server, former), Caller.of(server, new)
    assert [status(each, patient) for each in callers * 2] == [200, 403, 200, 403]
    assert feed.take(attending(patient, new, "2026-01-01")) == [summary(done=1)]
    assert [status(each, patient) for each in callers] == [403, 200]
    assert feed.take(no_longer(patient, new, "2026-02-01")) == [summary(done=1)]
    assert [status(each, patient) for each in callers] == [403, 403]


def test_the_same_file_twice_changes_nothing(feed: Feed) -> None:
    patient, first, second, child = listening(people.a_patient()), people.a_doctor(), people.a_doctor(), a_child()
    lines = (
        attending(patient, first, "2024-01-01"),
        attending(patient, second, "2025-01-01"),
        no_longer(patient, second, "2025-06-01"),
        attending(patient, first, "2025-09-01"),
        parent(child, patient, "2020-03-01"),
        parent(child, patient, "2020-03-01", "2024-03-01"),
    )
    assert feed.take(*lines) == [summary(done=6)]
    before = people.raw_trail(patient.record_id), people.raw_trail(child.record_id), told(patient)
    assert [name for name, _ in before[0]].count("attending") == 3
    assert before[2] == 2, "the person is told of the first at once, and of the rest at the end of the hour"
    assert [name for name, _ in before[1]] == ["record-active", "representation-added", "representation-ended"]
    assert feed.take(*lines) == [summary(same=6)]
    assert (people.raw_trail(patient.record_id), people.raw_trail(child.record_id), told(patient)) == before


def a_child() -> Resident:
    return people.a_patient(birth_date=f"{clock.now().year - 6}-03-01")


def test_the_person_reads_what_was_done_and_whose_file_it_was(feed: Feed) -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    feed.take(
        attending(patient, doctor, "2024-01-01"),
        no_longer(patient, doctor, "2026-01-01"),
        options=("--from", "assurance"),
    )
    assert [(line.action, line.actor_name, line.software) for line in people.trail(patient)][:2] == [
        ("attending-ended", "Carnet", "Assurance maladie"),
        ("attending", "Carnet", "Assurance maladie"),
    ]


def test_a_parent_opens_the_record_of_the_child_until_the_end(server: str, feed: Feed) -> None:
    child, mother = listening(a_child()), people.a_patient()
    caller = Caller.of(server, mother.actor, Purpose.REPRESENTATIVE)
    assert status(caller, child) == 403
    feed.take(parent(child, mother, "2021-01-01"))
    assert [status(caller, child), status(caller, child)] == [200, 200]
    assert told(child) == 1
    assert feed.take(parent(child, mother, "2021-01-01", f"{clock.now():%Y-%m-%d}")) == [summary(done=1)]
    assert status(caller, child) == 403


def test_each_line_that_is_wrong_is_told_and_the_others_are_done(feed: Feed) -> None:
    patient, doctor, insurer = people.a_patient(), people.a_doctor(), people.a_doctor(capacity=Capacity.INSURER)
    later, opposed = people.a_doctor(), people.a_patient(state=RecordState.OPPOSED)
    wrong = str((int(patient.ins[13:]) + 1) % 97).zfill(2)
    unknown = "2850199999999"
    nobody = nobodys_rpps()
    mistyped = nobody[:10] + str((int(nobody[10]) + 1) % 10)
    found = feed.take(
        attending(patient, later, "2026-01-01"),
        attending(patient, doctor, "2025-01-01"),
        attending(patient, doctor, "01/02/2026"),
        attending(patient, insurer, "2026-03-01"),
        no_longer(patient, doctor, "2026-03-01"),
        f"attending,{patient.ins[:13]}{wrong},{TEST_OID},{people.rpps_of(doctor)},,,2026-03-01,",
        f"attending,{patient.ins},1.2.3,{people.rpps_of(doctor)},,,2026-03-01,",
        f"attending,{unknown}{ins_key(unknown)},{TEST_OID},{people.rpps_of(doctor)},,,2026-03-01,",
        attending(opposed, doctor, "2026-03-01"),
        f"attending,{patient.ins},{TEST_OID},{nobody},,,2026-03-01,",
        f"attending,{patient.ins},{TEST_OID},{mistyped},,,2026-03-01,",
        parent(patient, patient, "2026-03-01"),
        parent(patient, opposed, "2026-03-01", "2026-02-01"),
        attending(patient, doctor, "2026-04-01"),
        status=1,
    )
    assert [line.split(" : ")[0] for line in found[:-1]] == [
        "ligne 3 refusée, outdated",
        "ligne 4 refusée, day",
        "ligne 5 refusée, not-a-doctor",
        "ligne 6 refusée, not-attending",
        "ligne 7 refusée, ins-key",
        "ligne 8 refusée, ins",
        "ligne 9 refusée, no-record",
        "ligne 10 refusée, no-record",
        "ligne 11 refusée, no-professional",
        "ligne 12 refusée, rpps",
        "ligne 13 refusée, own-parent",
        "ligne 14 refusée, until-before-since",
    ]
    assert found[-1] == summary(done=2, refused=12)
    assert found[6].partition(" : ")[2] == found[7].partition(" : ")[2], "who objected is as who has no record"
    assert not any(patient.ins[:13] in line or people.rpps_of(doctor) in line for line in found)
    assert queries.list_documents(doctor, Purpose.CARE, patient.record_id) == []


def test_a_nurse_is_nobodys_medecin_traitant_and_who_left_becomes_none(feed: Feed) -> None:
    patient, nurse, left = people.a_patient(), people.a_doctor(profession="60"), people.a_doctor()
    assert feed.take(attending(patient, left, "2024-01-01")) == [summary(done=1)]
    actions.deactivate(actor_id=left.id)
    found = feed.take(
        attending(patient, left, "2024-01-01"),
        attending(patient, nurse, "2025-01-01"),
        attending(people.a_patient(), left, "2025-01-01"),
        status=1,
    )
    assert [line.split(" : ")[0] for line in found[:-1]] == [f"ligne {n} refusée, not-a-doctor" for n in (3, 4)]
    assert found[-1] == summary(same=1, refused=2)


def test_parent_and_child_in_the_wrong_order(feed: Feed) -> None:
    child, mother = a_child(), people.a_patient()
    assert feed.take(parent(mother, child, "2021-01-01"), status=1)[0].startswith("ligne 2 refusée, of-age : ")
    assert people.raw_trail(mother.record_id) == [("record-active", "done")]


def test_a_parent_without_an_account_is_told(feed: Feed) -> None:
    number = people.fresh_ins()
    records.open_record_for(SYSTEM, identity=Identity(TEST_OID, number, "SANS", "COMPTE", sex="F", birth_date="1985"))
    line = f"parent,{a_child().ins},{TEST_OID},,{number},{TEST_OID},2021-01-01,"
    assert feed.take(line, status=1)[0].startswith("ligne 2 refusée, no-account : ")


@pytest.mark.parametrize(
    ("said", "text"),
    [("La première ligne nomme les colonnes", "genre,ins\n"), ("UTF-8", "kind\n".encode("utf-16").decode("latin-1"))],
)
def test_a_file_that_cannot_be_read_at_all(said: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_bytes(text.encode("latin-1"))
    done = carnet("feed", str(path), check=False)
    assert done.returncode == 1
    assert said in done.stderr


def test_what_is_not_there() -> None:
    assert "ne se lit pas" in carnet("feed", "/nowhere.csv", check=False).stderr
    assert "Aucun logiciel" in carnet("feed", "/nowhere.csv", "--from", "dr-martin", check=False).stderr


def test_a_representation_ends_once(server: str) -> None:
    child, father = a_child(), people.a_patient()
    who = father.actor.id
    actions.represent(SYSTEM, record_id=child.record_id, representative_id=who, since=people.long_ago())
    caller = Caller.of(server, father.actor, Purpose.REPRESENTATIVE)
    assert status(caller, child) == 200
    assert actions.end_representation(SYSTEM, record_id=child.record_id, representative_id=who)
    assert status(caller, child) == 403
    assert not actions.end_representation(SYSTEM, record_id=child.record_id, representative_id=who)
    assert people.raw_trail(child.record_id).count(("representation-ended", "done")) == 1


def test_the_names_of_deputies_are_those_of_the_decision() -> None:
    assert set(DEPUTIES) == {kind.value for kind in DeputyKind}


def test_what_is_said_again() -> None:
    at = [people.long_ago().replace(year=2000 + year) for year in range(6)]
    assert step([], at[1], None) == "begin"
    assert step([(at[1], None)], at[1], None) == "same"
    assert step([(at[1], None)], at[2], None) == "same", "it goes on"
    assert step([(at[1], at[2])], at[1], None) == "same", "what was ended is not brought back"
    assert step([(at[1], at[2])], at[1], at[3]) == "same", "nor put off"
    assert step([(at[1], at[3])], at[1], at[2]) == "end"
    assert step([(at[1], None)], at[2], at[3]) == "end"
    assert step([(at[1], at[2])], at[2], None) == "begin"
    assert step([(at[3], None)], at[1], at[2]) == "begin"


def test_a_guardian_represents_an_adult_until_the_day_that_was_decided(tmp_path: Path) -> None:
    ward, guardian = people.a_patient(), people.a_patient()
    child = people.a_patient(birth_date=f"{clock.now().year - 9}-02-03")
    path = tmp_path / "guardians.csv"

    def line(of: Resident, until: str) -> str:
        who = f"{of.ins},{TEST_OID},{guardian.ins},{TEST_OID}"
        return f"guardian,{who},2025-03-03,{until},Tribunal judiciaire de Reims"

    def take(*lines: str, status: int = 0) -> str:
        path.write_text("\n".join(("kind,ins,oid,guardian_ins,guardian_oid,since,until,ground", *lines, "")))
        done = carnet("feed", str(path), check=False)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    end = f"{clock.now().year + 2}-01-01"
    assert "faites : 1" in take(line(ward, end))
    assert "déjà connues : 1" in take(line(ward, end))
    assert queries.list_documents(guardian.actor, Purpose.REPRESENTATIVE, ward.record_id) is not None
    assert "minor" in take(line(child, end), status=1)
    assert "until" in take(line(ward, ""), status=1)
    assert "faites : 1" in take(line(ward, "2025-04-01"))
    with pytest.raises(Refused):
        queries.list_documents(people.actor(guardian.actor.id), Purpose.REPRESENTATIVE, ward.record_id)
