"""A professional of several places says where they practise: it stands in the trail with what they do, and on what they
sign."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import httpx2
import pytest
from django.contrib.sessions.backends.db import SessionStore

from carnet.demo import cast
from carnet.formats.cda import header
from carnet.formats.entry import Identifier
from carnet.formats.rpps import STRUCTURE_OID
from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.people import actions as people
from carnet.people import queries
from tests.cast import INS
from tests.people import (
    Resident,
    a_doctor,
    a_patient,
    actor,
    authorised,
    deposited,
    long_ago,
    software,
    trail,
)
from tests.sessions import COOKIE
from tests.web.browsing import first_place
from tests.web.pro.desk import Desk, at_desk, hidden, plain, record
from tests.web.pro.test_depositing import NOTE, SAID


def a_house(name: str) -> UUID:
    return people.add_organisation(organisation_id=uuid4(), identifier=f"1{uuid4().int % 10**12:012d}", name=name)


@pytest.fixture
def practice() -> UUID:
    return a_house("Cabinet du Pont")


@pytest.fixture
def clinic() -> UUID:
    return a_house("Clinique du Parc")


@pytest.fixture
def doctor(practice: UUID, clinic: UUID) -> Actor:
    made = a_doctor(organisation_id=practice)
    people.add_situation(professional_id=made.id, organisation_id=clinic, role="garde de nuit", since=long_ago())
    return actor(made.id)


@contextmanager
def signing_in(base: str, key: str) -> Iterator[tuple[Desk, httpx2.Response]]:
    """Up to where the provider leads back to."""
    with httpx2.Client(base_url=base, timeout=60) as client:
        yield Desk(client), client.post("/demo/connexion", data={"actor": key}, follow_redirects=True)


@contextmanager
def asked(base: str, who: Actor) -> Iterator[Desk]:
    """Signed in, and not yet asked where."""
    with at_desk(base, who) as desk:
        session = SessionStore(desk.client.cookies[COOKIE])
        session["situation"] = ""
        session.save()
        yield desk


def chooses(desk: Desk, place: UUID) -> httpx2.Response:
    return desk.sends("/pro/situation", {"lieu": str(place)})


def last_house(patient: Resident, action: str) -> str:
    return next(line.organisation_name for line in trail(patient) if line.action == action)


def test_who_has_several_places_is_asked_first(server: str) -> None:
    with signing_in(server, "dr-nguyen") as (desk, page):
        words = plain(page.text)
        assert page.url.path == "/pro/situation"
        assert "Où exercez-vous en ce moment ?" in words
        assert cast.DR_NGUYEN.organisation.name in words
        assert "Centre hospitalier des Ponts" in words
        assert "consultations avancées de cardiologie" in words
        for elsewhere in ("/pro/", f"/pro/carnets/{cast.record_id('dominique')}"):
            assert desk.opens(elsewhere).url.path == "/pro/situation"
        home = desk.client.post("/pro/situation", data=first_place(page.text), follow_redirects=True)
        assert home.url.path == "/pro/"
        assert 'href="/pro/situation"' in home.text
        assert cast.DR_NGUYEN.organisation.name in plain(desk.finds(INS["dominique"]).text)


def test_who_has_one_is_not(server: str) -> None:
    with signing_in(server, "dr-martin") as (desk, page):
        assert page.url.path == "/pro/"
        assert "/pro/situation" not in page.text
        assert desk.opens("/pro/situation").url.path == "/pro/"


def test_the_place_stands_in_the_trail_and_on_what_is_signed(
    server: str, doctor: Actor, practice: UUID, clinic: UUID
) -> None:
    patient = a_patient()
    authorised(patient, doctor)
    deposited(software(), patient)
    with asked(server, doctor) as desk:
        chooses(desk, clinic)
        assert "Clinique du Parc, garde de nuit" in plain(desk.finds(patient.ins).text)
        assert last_house(patient, "documents-list") == "Clinique du Parc"
        page = desk.deposits(patient.record_id, SAID, NOTE)
        written = header.read(desk.opens(f"{page.url.path}/original").content)
        assert written.authors[0].organisation
        assert written.authors[0].organisation.name == "Clinique du Parc"
        chooses(desk, practice)
        assert "Cabinet du Pont" in desk.reads(patient.record_id)
        assert last_house(patient, "documents-list") == "Cabinet du Pont"


def test_what_is_signed_in_a_service_is_of_its_whole_for_the_register(server: str, doctor: Actor) -> None:
    number = f"1{uuid4().int % 10**9:09d}"
    hospital = people.add_organisation(organisation_id=uuid4(), identifier=number, name="Hôpital de la Source")
    heart = people.add_organisation(
        organisation_id=uuid4(), identifier=f"{number}/coeur", name="Cardiologie", part_of_id=hospital
    )
    people.add_situation(professional_id=doctor.id, organisation_id=heart, since=long_ago())
    patient = a_patient()
    authorised(patient, doctor)
    with asked(server, actor(doctor.id)) as desk:
        chooses(desk, heart)
        assert "Cardiologie, Hôpital de la Source" in plain(desk.finds(patient.ins).text)
        page = desk.deposits(patient.record_id, SAID, NOTE)
        of = header.read(desk.opens(f"{page.url.path}/original").content).authors[0].organisation
        assert of
        assert (of.name, of.identifier) == ("Cardiologie, Hôpital de la Source", Identifier(STRUCTURE_OID, number))


def test_an_emergency_is_told_with_the_place(server: str, doctor: Actor, clinic: UUID) -> None:
    patient = a_patient()
    with asked(server, doctor) as desk:
        chooses(desk, clinic)
        desk.finds(patient.ins)
        desk.breaks(patient.record_id)
    assert last_house(patient, "break-glass") == "Clinique du Parc"


def test_another_place_is_not_theirs_to_choose(server: str, doctor: Actor) -> None:
    with asked(server, doctor) as desk:
        for wrong in (str(a_house("Hôpital d'ailleurs")), "ailleurs", ""):
            page = desk.sends("/pro/situation", {"lieu": wrong})
            assert page.status_code == 422
            assert "Ce lieu n'est plus l'un des vôtres." in plain(page.text)
        assert desk.opens("/pro/").url.path == "/pro/situation"


def test_a_place_that_ends_is_left_on_the_next_request(server: str, doctor: Actor, clinic: UUID) -> None:
    third = a_house("Maison de santé")
    people.add_situation(professional_id=doctor.id, organisation_id=third, since=long_ago())
    patient = a_patient()
    with asked(server, actor(doctor.id)) as desk:
        chooses(desk, clinic)
        desk.finds(patient.ins)
        people.end_situation(professional_id=doctor.id, organisation_id=clinic)
        page = desk.opens(record(patient.record_id))
        assert page.url.path == "/pro/situation"
        assert "Clinique du Parc" not in plain(page.text)
        # What is sent from a page of before is not done either.
        answer = desk.client.post(
            f"{record(patient.record_id)}/accord",
            data={"csrfmiddlewaretoken": hidden(page.text, "csrfmiddlewaretoken"), "duree": "visite", "informee": "1"},
        )
        assert (answer.status_code, answer.headers["location"]) == (302, "/pro/situation")
        people.end_situation(professional_id=doctor.id, organisation_id=third)
        assert desk.opens("/pro/").url.path == "/pro/"


def test_one_that_has_not_begun_is_none(doctor: Actor, practice: UUID, clinic: UUID) -> None:
    later = a_house("Hôpital de demain")
    people.add_situation(professional_id=doctor.id, organisation_id=later, since=clock.now().replace(year=2099))
    people.add_situation(professional_id=doctor.id, organisation_id=practice, role="cardiologue", since=long_ago())
    held = queries.situations(doctor.id)
    assert [(each.id, each.role) for each in held] == [(practice, "cardiologue"), (clinic, "garde de nuit")]
