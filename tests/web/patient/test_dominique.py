"""The demonstration patient, as her own pages tell her life: what a visitor of the demonstration meets."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import httpx2
import pytest
from lxml.html import HtmlElement, fromstring

from carnet.demo.cast import actor_id, record_id
from carnet.health import reading
from carnet.kernel.actor import Actor, ActorKind
from tests.sessions import COOKIE, session_of
from tests.web.browsing import plain

WHO = "dominique"


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[httpx2.Client]:
    while reading.read_record(record_id(WHO)):
        time.sleep(0.1)
    session = session_of(Actor(ActorKind.PERSON, actor_id(WHO), WHO))
    with httpx2.Client(base_url=server, cookies={COOKIE: session}, timeout=30) as found:
        yield found


def page(client: httpx2.Client, path: str) -> HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200
    return fromstring(answer.text)


def words(element: HtmlElement) -> str:
    return re.sub(r"\s+", " ", plain(element.text_content())).strip()


def the_one(found: list[HtmlElement], telling: str, begins: str = "") -> str:
    """Of lines, the one that tells of it: other tests of this house may have added to her record."""
    (line,) = [line for line in map(words, found) if telling in line and line.startswith(begins)]
    return line


def test_one_vaccine_is_late_and_one_is_due_by_what_her_record_says(client: httpx2.Client) -> None:
    steps = page(client, "/sante/vaccinations").xpath("//section[@aria-labelledby='faire']/ul[1]/li")
    late, due = the_one(steps, "Rappel de 45 ans"), the_one(steps, "ièvre jaune")
    # Her last booster was at 25; that of 45 was to be given before she was 46.
    assert "en retard depuis le 28 mars 2025" in late
    assert late.endswith("En retard")
    # She says that she travels to French Guiana.
    assert "Vaccin fièvre jaune" in due
    assert "Situation déclarée : la vie ou un voyage en Guyane" in due
    assert due.count("ièvre jaune") == 1
    assert "À faire" in due


def test_her_two_stays_are_named_and_dated_on_both_pages(client: httpx2.Client) -> None:
    chip = page(client, "/histoire?type=hopital").xpath("//*[@id='liste']//li[starts-with(@id, 'l-')]")
    surgery, birth = the_one(chip, "sortie de chirurgie"), the_one(chip, "sortie de maternité")
    assert surgery.startswith("Du 18 au 19 mars")
    assert "Séjour en chirurgie" in surgery
    assert "Cholécystectomie, par cœlioscopie" in surgery
    assert "Lettre de liaison : sortie de chirurgie" in surgery
    assert birth.startswith("Du 14 au 17 mai")
    assert "Séjour en maternité" in birth
    assert "Lettre de liaison : sortie de maternité" in birth
    section = page(client, "/sante").get_element_by_id("sejours").xpath(".//li")
    surgery = the_one(section, "sortie de chirurgie", begins="Séjour en chirurgie")
    birth = the_one(section, "sortie de maternité", begins="Séjour en maternité")
    assert "Du 18 mars 2024 au 19 mars 2024. Centre hospitalier des Ponts." in surgery
    assert "Du 14 mai 2018 au 17 mai 2018. Centre hospitalier des Ponts." in birth


def test_her_home_tells_her_late_booster(client: httpx2.Client) -> None:
    rows = page(client, "/accueil").xpath("//li[.//a[@href='/sante/vaccinations'] and @class='cn-row']")
    told = the_one(rows, "Prévoir un vaccin")
    assert "Rappel de 45 ans : diphtérie, tétanos, poliomyélite. Prévu dès le 28 mars 2024" in told
    assert "en retard depuis le 28 mars 2025." in told
    assert "ièvre jaune" not in told, "due, and not late"


def test_in_english_what_happened_is_no_appointment(server: str, client: httpx2.Client) -> None:
    assert client.get("/histoire").status_code == 200
    session = session_of(Actor(ActorKind.PERSON, actor_id(WHO), WHO))
    with httpx2.Client(base_url=server, cookies={COOKIE: session, "carnet_language": "en"}, timeout=30) as reader:
        found = page(reader, "/histoire")
    told = words(found.get_element_by_id("liste")) + words(found.get_element_by_id("choix"))
    assert "Visits" in told
    assert "Hospital stay: surgery" in told
    assert "Appointment" not in told
