"""`carnet directory`: who practises where, for whom and with whom, and what follows on the next request."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from carnet.consent import actions as consent
from carnet.consent.actions import Grantee
from carnet.formats.rpps import luhn
from carnet.kernel import clock, config, database
from carnet.kernel.actor import Actor, Purpose
from carnet.people import actions, queries
from carnet.people.register import team_id
from carnet.people.rules import Capacity
from tests import people
from tests.api.caller import Caller
from tests.cli.test_feed import status, summary
from tests.conftest import carnet

pytestmark = pytest.mark.usefixtures("house")
HEAD = "kind;professional;principal;organisation;team;name;title;family;given;profession;capacity;role;since;until"
COLUMNS = HEAD.split(";")


@dataclass(frozen=True)
class Directory:
    path: Path

    def take(self, *lines: dict[str, str], code: int = 0) -> list[str]:
        rows = [";".join(line.get(column, "") for column in COLUMNS) for line in lines]
        self.path.write_text("\n".join((HEAD, *rows, "")))
        done = carnet("directory", str(self.path), check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout.splitlines()


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    return Directory(tmp_path / "directory.csv")


def a_rpps() -> str:
    body = f"{uuid4().int % 10**10:010d}"
    return next(f"{body}{digit}" for digit in range(10) if luhn(f"{body}{digit}"))


def a_structure() -> str:
    return f"1{uuid4().int % 10**9:09d}"


def professional(who: str, **options: str) -> dict[str, str]:
    usual = {"family": "Essai", "given": "Ange", "title": "Dr", "profession": "G15_10/SM54"}
    return {"kind": "professional", "professional": who, **usual, **options}


def deputy(who: Actor, of: Actor, role: str, until: str = "", since: str = "2024-01-01") -> dict[str, str]:
    numbers = {"professional": people.rpps_of(who), "principal": people.rpps_of(of)}
    return {"kind": "deputy", **numbers, "role": role, "since": since, "until": until}


def member(team: str, who: Actor, until: str = "") -> dict[str, str]:
    return {
        "kind": "member",
        "team": team,
        "professional": people.rpps_of(who),
        "since": "2024-01-01",
        "until": until,
    }


def today() -> str:
    return f"{clock.now():%Y-%m-%d}"


def log(target: UUID) -> list[str]:
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute(
            "select action from trail.line where record_id is null and target_id = %s order by at", (target,)
        ).fetchall()
    return [row[0] for row in found]


def test_somebody_new_and_what_changes_of_them(directory: Directory) -> None:
    number, house, other = a_rpps(), a_structure(), a_structure()
    lines = (
        {"kind": "organisation", "organisation": house, "name": "Cabinet des Tilleuls"},
        {"kind": "organisation", "organisation": other, "name": "Clinique"},
        professional(number, organisation=house),
        {"kind": "situation", "professional": number, "organisation": other, "role": "garde", "since": "2024-01-01"},
    )
    assert directory.take(*lines) == [summary(done=4)]
    assert directory.take(*lines) == [summary(same=4)]
    who = queries.professional_of_rpps(number)
    assert who
    known = queries.professionals([who])[who]
    assert (known.name, known.profession) == ("Dr Ange Essai", "Médecine générale (SM)")
    assert known.organisation == "Cabinet des Tilleuls"
    assert [(each.name, each.role) for each in queries.situations(who)] == [
        ("Cabinet des Tilleuls", ""),
        ("Clinique", "garde"),
    ]
    directory.take(
        {"kind": "organisation", "organisation": house, "name": "Maison des Tilleuls"},
        professional(number, family="Autrenom", organisation=house, capacity="pmi"),
        {**lines[3], "until": today()},
    )
    known = queries.professionals([who])[who]
    assert (known.name, known.organisation) == ("Dr Ange Autrenom", "Maison des Tilleuls")
    assert known.capacity is Capacity.CHILD_PROTECTION
    assert [each.name for each in queries.situations(who)] == ["Maison des Tilleuls"]
    assert log(who) == [f"directory-{kind}" for kind in ("professional", "situation", "professional", "situation")]


def test_a_deputy_reads_until_the_end_that_a_later_file_tells(server: str, directory: Directory) -> None:
    patient, doctor, locum = people.a_patient(), people.a_doctor(), people.a_doctor()
    people.authorised(patient, doctor)
    caller = Caller.of(server, locum)
    assert status(caller, patient) == 403
    assert directory.take(deputy(locum, doctor, "locum", "2199-01-01")) == [summary(done=1)]
    assert [status(caller, patient), status(caller, patient)] == [200, 200]
    assert directory.take(deputy(locum, doctor, "locum", "2199-01-01")) == [summary(same=1)]
    assert directory.take(deputy(locum, doctor, "locum", today())) == [summary(done=1)]
    assert status(caller, patient) == 403
    assert directory.take(deputy(locum, doctor, "locum", "2199-01-01")) == [summary(same=1)]
    assert status(caller, patient) == 403, "an old file brings nothing back"


def test_one_way_of_deputising_ends_without_the_other(server: str, directory: Directory) -> None:
    patient, doctor, deputising = people.a_patient(), people.a_doctor(), people.a_doctor()
    people.authorised(patient, doctor)
    directory.take(deputy(deputising, doctor, "assistant"), deputy(deputising, doctor, "resident", "2199-01-01"))
    caller = Caller.of(server, deputising)
    directory.take(deputy(deputising, doctor, "resident", today()))
    assert status(caller, patient) == 200
    directory.take(deputy(deputising, doctor, "assistant", today()))
    assert status(caller, patient) == 403


def test_a_team_reads_and_who_leaves_it_reads_no_more_nor_their_deputies(server: str, directory: Directory) -> None:
    patient, nurse, locum = people.a_patient(), people.a_doctor(profession="60"), people.a_doctor(profession="60")
    team = f"equipe-{uuid4().hex}"
    lines = (
        {"kind": "team", "team": team, "name": "Diabète"},
        member(team, nurse),
        deputy(locum, nurse, "locum", "2199-01-01"),
    )
    assert directory.take(*lines) == [summary(done=3)]
    assert directory.take(*lines) == [summary(same=3)]
    consent.authorise(patient.actor, Purpose.SELF, record_id=patient.record_id, grantee=Grantee("team", team_id(team)))
    callers = Caller.of(server, nurse), Caller.of(server, locum)
    assert [status(each, patient) for each in callers * 2] == [200] * 4
    directory.take(member(team, nurse, today()))
    assert [status(each, patient) for each in callers] == [403, 403]
    directory.take({"kind": "team", "team": team, "name": "Diabète et coeur"})
    assert queries.team_names([team_id(team)]) == {team_id(team): "Diabète et coeur"}


def test_who_has_no_number_has_a_key(directory: Directory) -> None:
    key, doctor = f"secretariat-{uuid4().hex[:8]}", people.a_doctor()
    line = professional(key, title="Mme", profession="R85_331", capacity="secretariat")
    work = {"kind": "deputy", "professional": key, "principal": people.rpps_of(doctor), "role": "secretary"}
    assert directory.take(line, {**work, "since": "2024-01-01"}) == [summary(done=2)]
    actor = queries.actor_by_key(key)
    assert actor
    assert [each.id for each in queries.principals(actor.id)] == [doctor.id]


def test_who_left_is_deactivated_and_comes_back_by_the_support_alone(server: str, directory: Directory) -> None:
    number, patient = a_rpps(), people.a_patient()
    directory.take(professional(number))
    who = queries.professional_of_rpps(number)
    assert who
    caller = Caller.of(server, people.authorised(patient, people.actor(who)))
    assert status(caller, patient) == 200
    assert directory.take(professional(number, until=today())) == [summary(done=1)]
    assert status(caller, patient) == 401
    assert directory.take(professional(number, until=today()), professional(number)) == [summary(same=2)]
    assert queries.actor_by_id(who) is None
    actions.reactivate(actor_id=who)
    assert directory.take(professional(number)) == [summary(same=1)]


def test_each_line_that_is_wrong_is_told_and_the_others_are_done(directory: Directory) -> None:
    number, doctor, other = a_rpps(), people.a_doctor(), people.a_doctor()
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    situation = {"kind": "situation", "professional": people.rpps_of(doctor), "since": "2024-01-01"}
    found = directory.take(
        professional(wrong),
        professional(number, profession="G15_999"),
        professional(number, capacity="chief"),
        professional(number, organisation=a_structure()),
        professional(number, until="2198-01-01"),
        professional("support"),
        professional("Dr Essai"),
        professional(number, until=today()),
        deputy(doctor, doctor, "assistant"),
        deputy(doctor, other, "locum"),
        deputy(doctor, other, "friend"),
        {"kind": "deputy", "professional": number, "principal": number, "role": "assistant", "since": "2024-01-01"},
        {**situation, "organisation": "1 490"},
        member(f"equipe-{uuid4().hex}", doctor),
        professional(number, family="x" * 101),
        professional(number),
        code=1,
    )
    assert [line.split(" : ")[0].partition(", ")[2] for line in found[:-1]] == [
        "rpps",
        "profession",
        "unknown-word",
        "no-organisation",
        "not-yet",
        "key-taken",
        "professional",
        "no-professional",
        "own-deputy",
        "no-end",
        "unknown-word",
        "no-professional",
        "organisation",
        "no-team",
        "too-long",
    ]
    assert found[-1] == summary(done=1, refused=15)
    assert not any(number in line or wrong in line for line in found)
