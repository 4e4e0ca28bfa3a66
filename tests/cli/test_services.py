"""`carnet directory services`: the services of a hospital from a file of our own beside the extract, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from carnet.consent import actions as consent
from carnet.consent.access import Refused
from carnet.consent.actions import Grantee
from carnet.documents import queries
from carnet.formats.services_list import COLUMNS
from carnet.kernel import config, database
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.ids import uuid7
from carnet.people import actions as people_actions
from carnet.people import queries as people_queries
from tests import people
from tests.conftest import carnet
from tests.extracts import a_finess, a_number

pytestmark = pytest.mark.usefixtures("house")


@dataclass
class File:
    """What each test takes in is a difference, unless it says otherwise: others brought services too."""

    path: Path
    hospital: str

    def takes(self, *lines: str, code: int = 0, options: tuple[str, ...] = ("--difference",)) -> str:
        self.path.write_text("|".join(COLUMNS) + "\n" + "".join(f"{self.hospital}|{each}\n" for each in lines))
        done = carnet("directory", "services", str(self.path), *options, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    @property
    def rejects(self) -> list[str]:
        return self.path.with_name(f"{self.path.name}.rejets.csv").read_text().splitlines()[1:]


@pytest.fixture
def file(tmp_path: Path) -> Iterator[File]:
    hospital = f"1{a_finess()}"
    people_actions.add_organisation(organisation_id=uuid7(), identifier=hospital, name="Hôpital de l'Essai")
    yield File(tmp_path / "services.txt", hospital)
    with database.connect(config.load(), "owner") as owner:
        # What one test brought is not missing from the whole file of the next.
        owner.execute("update app.people_situation set of_service = false")


def a_doctor() -> tuple[str, Actor]:
    rpps = a_number()
    who = people_actions.add_professional(
        actor_id=uuid7(), key=None, rpps=rpps, family="Essai", given="Ange", profession_code="10"
    )
    return rpps, people.actor(who)


def reads(doctor: Actor, record_id: UUID) -> bool:
    try:
        return bool(queries.list_documents(people.actor(doctor.id), Purpose.CARE, record_id))
    except Refused:
        return False


def service(file: File, name: str) -> UUID:
    found = people_queries.organisation_of(f"{file.hospital}/{name}")
    assert found
    return found


def test_who_is_of_a_service_reads_by_it_until_the_file_of_a_day_names_them_no_more(file: File) -> None:
    (one, heart), (two, other) = a_doctor(), a_doctor()
    people_actions.add_deputy(
        deputy_id=(locum := people.a_doctor()).id, principal_id=heart.id, kind="assistant", since=people.long_ago()
    )
    here = (f"cardiologie|Cardiologie|8|{one}|Praticien|", f"cardiologie|Cardiologie|8|{two}||")
    said = file.takes(*here, "urgences|Urgences||||")
    assert "Services ajoutés : 2 ; renommés : 0" in said
    assert "commencés : 2 ; finis : 0" in said
    assert "commencés : 0 ; finis : 0" in file.takes(*here, "urgences|Urgences||||"), "twice is once"
    patient = people.a_patient()
    people.deposited(people.software(), patient)
    for name in ("urgences", "cardiologie"):
        assert not reads(heart, patient.record_id)
        consent.authorise(
            patient.actor,
            Purpose.SELF,
            grantee=Grantee("organisation", service(file, name)),
            record_id=patient.record_id,
        )
    assert all(reads(each, patient.record_id) for each in (heart, other, locum))
    # The file of the next day: one has left, and whoever stood in for them with them.
    said = file.takes(f"cardiologie|Cardiologie et rythmologie|8|{two}||")
    assert "renommés : 1" in said
    assert "commencés : 0 ; finis : 1" in said
    assert [reads(each, patient.record_id) for each in (heart, other, locum)] == [False, True, False]
    # A date that has come ends; one to come does not; what is wrong takes nobody's place away.
    file.takes(f"cardiologie|Cardiologie|8|{two}||31/12/2999")
    assert reads(other, patient.record_id)
    file.takes(f"cardiologie|Cardiologie|8|{two}||hier", "urgences|Urgences||||", code=1)
    assert reads(other, patient.record_id)
    file.takes(f"cardiologie|Cardiologie|8|{two}||01/02/2026")
    assert not reads(other, patient.record_id)
    file.takes(*here)
    assert reads(other, patient.record_id)


def test_what_the_file_does_not_speak_of_stays(file: File) -> None:
    (one, heart), (two, knife) = a_doctor(), a_doctor()
    file.takes(f"cardiologie|Cardiologie|8|{one}||", f"chirurgie|Chirurgie|8|{two}||")
    own = service(file, "chirurgie")
    people_actions.add_situation(professional_id=heart.id, organisation_id=own, since=people.long_ago())
    file.takes(f"cardiologie|Cardiologie|8|{two}||")
    assert {each.id for each in people_queries.members(service(file, "cardiologie"), limit=9)} == {knife.id}
    # A service that a difference does not name, and who was put there by our own file.
    assert {each.id for each in people_queries.members(own, limit=9)} == {heart.id, knife.id}
    file.takes(f"chirurgie|Chirurgie|8|{one}||")
    assert {each.id for each in people_queries.members(own, limit=9)} == {heart.id}


def test_lines_that_are_wrong_are_told_and_the_others_done(file: File) -> None:
    one, heart = a_doctor()
    elsewhere = f"1{a_finess()}"
    file.takes(
        f"cardiologie|Cardiologie|8|{one}||",
        f"cardiologie|Cardiologie|8|{a_number()}||",
        "Cardio !|Cardiologie||||",
        "urgences|||||",
        f"urgences|Urgences|8|{one[:-1]}||",
        code=1,
    )
    rules = [each.split(";")[3] for each in file.rejects]
    assert sorted(rules) == ["missing", "no-professional", "rpps", "service"]
    assert {each.id for each in people_queries.members(service(file, "cardiologie"), limit=9)} == {heart.id}
    assert one not in "".join(file.rejects)
    known, file.hospital = file.hospital, elsewhere
    assert "rien n'est changé" in file.takes("urgences|Urgences||||", code=1)
    # A service of a service is none.
    file.hospital = f"{known}/cardiologie"
    assert "rien n'est changé" in file.takes("rythmologie|Rythmologie||||", code=1)


def test_a_file_that_was_cut_short_takes_nobody_away(file: File) -> None:
    doctors = [a_doctor() for _ in range(5)]
    lines = [f"cardiologie|Cardiologie|8|{each}||" for each, _ in doctors]
    file.takes(*lines)
    said = file.takes(lines[0], code=1)
    assert "Ce fichier retirerait 4 exercices dans un service" in said
    assert len(people_queries.members(service(file, "cardiologie"), limit=9)) == 5
    # A whole file replaces what such files brought, and leaves a line of numbers.
    file.takes(lines[0], options=("--allow-withdrawals", "100"))
    assert len(people_queries.members(service(file, "cardiologie"), limit=9)) == 1
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute(
            "select detail from trail.line where action = 'directory-services' order by at desc limit 1"
        ).fetchone()
    assert row
    assert "ended=" in row[0]
