"""The home tells quietly what vaccine is late, in the words and within the sight of the page of vaccinations."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx2
import pytest
from lxml.html import HtmlElement, fromstring

from carnet.kernel import clock
from tests import people
from tests.health.stated import stating
from tests.health.test_vaccinations import BOOSTER, vaccinated
from tests.people import Resident
from tests.web.browsing import plain
from tests.web.patient.test_carers import Two, two
from tests.web.patient.test_declaring_vaccinations import House, doors
from tests.web.patient.test_family import a_child
from tests.web.patient.test_vaccinations import HEXAVALENT, born

__all__ = ["doors", "two"]

PAGE = "/sante/vaccinations"
ADOLESCENT = "J07CA02"
SECRET = "INVISIBLE_REPRESENTANTS_LEGAUX"


def word_of_vaccines(answer: httpx2.Response) -> str:
    """What the home says of them among what is to be done, "" for nothing."""
    assert answer.status_code == 200
    page: HtmlElement = fromstring(answer.text)
    rows = page.xpath(f"//section[div/h2[.='À faire']]//li[.//a[@href='{PAGE}']]")
    return "".join(plain(row.text_content()) for row in rows)


def late(age: int = 47) -> Resident:
    """Whose last booster was at 25, and who has had that of 45 to do for two years."""
    year = clock.now().year - age
    patient = people.a_patient(birth_date=f"{year}-03-28")
    stating(patient, vaccinated(BOOSTER, f"{year + 25}-06-01", text="Revaxis"))
    return patient


def test_a_late_booster_is_told_in_the_words_of_its_page(doors: House) -> None:
    patient = late()
    at = doors.at(patient)
    told = word_of_vaccines(at.opens("/accueil"))
    year = clock.now().year - 47
    assert told.startswith("Prévoir un vaccin"), told
    assert "Rappel de 45 ans : diphtérie, tétanos, poliomyélite. Prévu dès le 28 mars" in told
    assert f"en retard depuis le 28 mars {year + 46}." in told
    assert "en retard depuis" in at.text(PAGE)
    # The door has both numbers of the page in one: late and due.
    assert "Vaccinations 1 à faire" in at.text("/accueil")
    assert "Un vaccin à faire" in at.text(PAGE)
    assert "cn-ico--danger" not in at.opens("/accueil").text, "quietly"


def test_in_english_too(doors: House) -> None:
    at = doors.at(late())
    at.opens("/langue/en")
    words = at.text("/accueil")
    assert "Plan a vaccination" in words
    assert "Booster at 45" in words


def test_what_was_done_or_refused_since_is_not_told(doors: House) -> None:
    year = clock.now().year
    done, refused = late(), late()
    stating(done, vaccinated(BOOSTER, f"{year - 1}-04-09"))
    stating(refused, vaccinated(BOOSTER, f"{year - 1}-04-09", status="not-done", why="PATOBJ"))
    for patient in (done, refused):
        at = doors.at(patient)
        assert word_of_vaccines(at.opens("/accueil")) == ""
        assert "Rien à faire pour l'instant." in at.text("/accueil")


def test_an_adult_of_whom_no_dose_is_known_is_told_of_nothing_late(doors: House) -> None:
    """Most was given, and is only not written here: a new record does not begin with blame."""
    at = doors.at(people.a_patient(birth_date="1979-03-28"))
    assert "En retard" in at.text(PAGE)
    assert word_of_vaccines(at.opens("/accueil")) == ""
    assert "Vaccinations Faites, à faire, à venir" in at.text("/accueil")


@pytest.mark.parametrize("birth_date", ["1979", "1979-03"])
def test_of_a_part_of_a_birth_date_nothing_is_reckoned(doors: House, birth_date: str) -> None:
    patient = people.a_patient(birth_date=birth_date)
    stating(patient, vaccinated(BOOSTER, "2004-04-09"))
    assert word_of_vaccines(doors.at(patient).opens("/accueil")) == ""


def test_a_parent_is_told_what_a_child_needs_and_is_there_in_one_act(doors: House) -> None:
    parent = people.a_patient()
    child = a_child(parent.actor, birth_date=born(200))
    at = doors.at(parent, opening=child)
    assert word_of_vaccines(at.opens("/accueil")).startswith("Vérifier ses vaccins")
    stating(child, vaccinated(HEXAVALENT, born(135), text="Hexyon"))
    told = word_of_vaccines(at.opens("/accueil"))
    assert told.startswith("Prévoir "), told
    assert "hexavalent du nourrisson" in told
    assert "Dose 2 sur 3." in at.text(PAGE)


def test_a_dose_that_a_child_keeps_secret_changes_nothing_on_the_home_of_a_parent(doors: House) -> None:
    parent = people.a_patient()
    year = clock.now().year - 17
    child = a_child(parent.actor, birth_date=f"{year}-02-03")
    of = replace(people.entry(), labels=frozenset({SECRET}))
    hers, own = doors.at(parent, opening=child), doors.at(child)
    before = word_of_vaccines(hers.opens("/accueil"))
    stating(child, vaccinated(ADOLESCENT, f"{year + 12}-06-01"), of=of)
    assert word_of_vaccines(hers.opens("/accueil")) == before
    assert "Rappel de 11 à 13 ans" not in word_of_vaccines(own.opens("/accueil"))


@pytest.mark.parametrize("right", ["treatments", "documents"])
def test_a_carer_reads_nothing_of_it_on_their_home(two: Two, right: str) -> None:
    stating(two.holder, vaccinated(BOOSTER, f"{clock.now().year - 40}-06-01"))
    two.helps(quoi=[right])
    words = two.at_his.text("/accueil")
    assert "Le carnet de" in words
    assert "Prévoir" not in words
    assert "en retard" not in words.lower()


def test_a_parent_reads_on_the_childs_home_when_the_next_vaccine_is(doors: House) -> None:
    parent = people.a_patient()
    year = clock.now().year - 8
    child = a_child(parent.actor, birth_date=f"{year}-01-14")
    given = ("03-14", "05-14", "12-14")
    doses = [vaccinated(HEXAVALENT, f"{year}-{day}") for day in given]
    others = [vaccinated(code, f"{year}-{day}") for code in ("J07AL02", "J07AH08") for day in given]
    measles = [vaccinated("J07BD52", f"{year + 1}-{day}") for day in ("01-20", "06-20")]
    stating(child, *doses, *others, *measles, vaccinated(ADOLESCENT, f"{year + 6}-02-01"))
    at = doors.at(parent, opening=child)
    page = at.text(PAGE)
    home = at.text("/accueil")
    assert "Rien à faire aujourd'hui" in page
    found = re.search(r"Ensuite .*? À partir du (\d+ \w+ \d{4})", page)
    assert found
    assert f"Vaccinations Le prochain : {found[1]}" in home
