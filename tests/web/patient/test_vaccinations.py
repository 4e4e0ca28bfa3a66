"""« Vaccinations »: what was done, what is due, what comes, and where each is from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx2
import pytest

from carnet.health.vaccinations import Holder, of
from carnet.kernel import clock
from carnet.web.patient.vaccinations import steps_of
from tests import people
from tests.health.stated import stating
from tests.health.test_vaccinations import BOOSTER, MMR, vaccinated
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain
from tests.web.patient.test_family import Home, a_child
from tests.web.pro.desk import at_desk, record

PAGE = "/sante/vaccinations"
HEXAVALENT = "J07CA09"


@contextmanager
def reading_own(server: str, who: Resident) -> Iterator[Browsing]:
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(who.actor)}) as client:
        yield Browsing(client)


def born(days: int) -> str:
    return f"{clock.now().date() - timedelta(days=days):%Y-%m-%d}"


def test_a_parent_finds_what_their_child_needs_in_one_act(server: str) -> None:
    parent = people.a_patient()
    child = a_child(parent.actor, birth_date=born(200))
    first = clock.now().date() - timedelta(days=135)
    done = stating(child, vaccinated(HEXAVALENT, f"{first:%Y-%m-%d}", text="Hexyon"))
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(parent.actor)}) as client:
        home = Home(client, parent, child)
        assert f'href="{PAGE}"' in home.opens_the_record_of(child).text
        page = home.opens(PAGE).text
        words = plain(page)
    assert "vaccins à faire" in words
    assert "Vaccin hexavalent du nourrisson" in words
    assert "Dose 2 sur 3." in words
    assert "Obligatoire" in words
    assert "calendrier vaccinal 2025" in words
    assert f"{first:%d/%m/%Y} Hexyon , confirmé par un soignant. Voir le document" in words
    assert f'href="/documents/{done.id}"' in page
    assert "Ensuite" in words
    assert "Vaccin rougeole, oreillons, rubéole" in words


def test_what_depends_on_a_pregnancy_is_said_to_her_and_to_her_doctor(server: str) -> None:
    """Whooping cough after the booster at 25, and the vaccine that is due but must not be given then."""
    year = clock.now().year
    woman = people.a_patient(birth_date=f"{year - 32}-05-02")
    stating(woman, vaccinated("J07CA02", f"{year - 5}-06-01", text="Boostrixtetra"))
    with reading_own(server, woman) as own:
        words = plain(own.text(PAGE))
    with at_desk(server, people.authorised(woman, people.a_doctor())) as desk:
        desk.finds(woman.ins)
        screen = plain(desk.text(f"{record(woman.record_id)}"))
    assert "Rien d'autre n'est prévu, sauf dans une situation dite plus bas" in words
    for told in (words[words.index("Ces vaccins sont conseillés") :], screen[screen.index("Selon la situation") :]):
        assert re.search("oqueluche.{0,60}en cas de grossesse", told), told[:700]
    for told in (words, screen):
        assert "Contre-indiqué en cas de grossesse ou avec des défenses très affaiblies" in told
    men = Holder("", f"{year - 32}-05-02", "M")
    (mmr,) = (each for each in steps_of(of((), men, clock.now().date())) if "rougeole" in each.title)
    assert mmr.never == "Contre-indiqué avec des défenses très affaiblies."


def test_a_card_with_nothing_on_it_says_who_can_fill_it(server: str) -> None:
    with reading_own(server, people.a_patient(birth_date="1950-06-08")) as reader:
        words = reader.text(PAGE)
    assert "Aucune vaccination n'est connue ici." in words
    assert "demandez-le à votre médecin" in words
    assert "Aucune dose n'est connue ici." in words
    assert "il reste à confirmer avec celui du ministère" in words


def test_doubts_and_doses_that_do_not_count_say_why(server: str) -> None:
    patient = people.a_patient(birth_date="1990-09-17")
    stating(patient, vaccinated(MMR, "1991-05-01"), vaccinated(MMR, "1992-05-01"), vaccinated(BOOSTER))
    with reading_own(server, patient) as reader:
        words = reader.text(PAGE)
    assert "Ne compte pas : faite trop jeune" in words
    assert "Dose 2 sur 2." in words
    assert "À voir avec un soignant" in words
    assert "Une dose est connue sans sa date." in words
    assert "Date inconnue" in words


@pytest.mark.parametrize("birth_date", ["1979", "1979-03"])
def test_nothing_is_reckoned_from_a_part_of_a_birth_date(server: str, birth_date: str) -> None:
    patient = people.a_patient(birth_date=birth_date)
    stating(
        patient,
        vaccinated(BOOSTER, "2024-04-09", text="Revaxis"),
        vaccinated("", "2020-05-01", text="Vaccin du voyageur"),
    )
    with reading_own(server, patient) as reader:
        words = reader.text(PAGE)
    received, others = words.index("Doses reçues"), words.index("Autres vaccins reçus")
    assert received < words.index("tétanos") < words.index("Revaxis") < others
    assert others < words.index("Vaccin du voyageur")
    assert "Le calendrier ne parle pas de ces vaccins" not in words
    assert "Leur nom ne dit pas contre quoi ils protègent." in words
    assert "La date de naissance de ce carnet n'est pas complète" in words
    assert "Revaxis" in words
    assert "En retard" not in words


def test_a_dose_that_was_not_given_is_told_with_its_reason(server: str) -> None:
    patient = people.a_patient(birth_date="1950-06-08")
    done = stating(
        patient,
        vaccinated("J07BB02", "2026-10-20", status="not-done", why="PATOBJ", text="Fluarix"),
        vaccinated("J07BK03", "2026-10-20", status="not-done", why="MEDPREC", text="Shingrix"),
        vaccinated("J07BN01", "2026-10", status="not-done", why="OSTOCK", text="Comirnaty"),
    )
    with reading_own(server, patient) as reader:
        page = reader.opens(PAGE).text
        words = plain(page)
    told = words[words.index("Vaccins notés comme non faits") :]
    assert "Fluarix , 20/10/2026 Non faite, par choix." in told
    assert "Shingrix , 20/10/2026 Non faite, car contre-indiquée." in told
    assert "Comirnaty , octobre 2026 Non faite." in told
    assert f'href="/documents/{done.id}"' in page


def test_in_english_the_schedule_speaks_english(server: str) -> None:
    patient = people.a_patient(birth_date="1950-06-08")
    with reading_own(server, patient) as reader:
        reader.opens("/langue/en")
        words = reader.text(PAGE)
    assert "Booster at 65, then every 10 years Diphtheria, tetanus, polio" in words
    assert "No vaccination is known here." in words
