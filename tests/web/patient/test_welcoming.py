"""A record that is opened for the first time: five screens, left and resumed, none of them for anybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from carnet.consent.queries import confidentiality
from carnet.kernel.actor import Purpose
from carnet.notify import contacts
from carnet.records.rules import OptOut, RecordState
from carnet.rights import choices
from tests.people import Resident, a_patient
from tests.sessions import COOKIE, session_of
from tests.web.browsing import token


@contextmanager
def at_home(server: str, who: Resident) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server, cookies={COOKIE: session_of(who.actor)}) as client:
        yield client


@pytest.fixture
def newcomer() -> Resident:
    return a_patient(state=RecordState.UNOPENED)


@pytest.fixture
def home(server: str, newcomer: Resident) -> Iterator[httpx2.Client]:
    with at_home(server, newcomer) as client:
        yield client


def answers(client: httpx2.Client, name: str, **fields: str | list[str]) -> httpx2.Response:
    shown = client.get(f"/bienvenue/{name}")
    assert shown.status_code == 200
    return client.post(f"/bienvenue/{name}", data={**token(shown.text), **fields})


def test_the_whole_way_is_five_screens_and_each_answer_holds(home: httpx2.Client, newcomer: Resident) -> None:
    # the first page leads to the first screen, which shows whose record it is
    first = home.get("/accueil", follow_redirects=True)
    assert first.url.path == "/bienvenue/identite"
    assert "ESSAI" in first.text
    assert "12 janvier 1985" in first.text.replace("\u00a0", " ")
    assert answers(home, "identite", reponse="oui").headers["location"] == "/bienvenue/avertir"
    sent: dict[str, str | list[str]] = {
        "reponse": "oui",
        "courriel": "camille@exemple.fr",
        "quoi": ["emergency", "rights"],
    }
    assert answers(home, "avertir", **sent).headers["location"] == "/bienvenue/choix"
    assert "ne fait aucune statistique" in home.get("/bienvenue/choix").text
    assert answers(home, "choix", samu="1", prevention="1").headers["location"] == "/bienvenue/reperes"
    facts = {"allergies": "Pénicilline : urticaire en 2010.", "prevenir": "Alix, ma sœur"}
    assert answers(home, "reperes", **facts).headers["location"] == "/bienvenue/fini"
    # then it is open, and says so
    last = home.get("/bienvenue/fini")
    assert "Votre carnet est ouvert" in last.text
    assert "Étape 5 sur 5" in last.text
    own = newcomer.actor, Purpose.SELF, newcomer.record_id
    known = contacts.of(newcomer.actor)
    assert known
    assert known.address == "camille@exemple.fr"
    assert {kind.value for kind in known.kinds} == {"emergency", "rights"}
    chosen = confidentiality(*own).choices
    assert (chosen.emergency, chosen.regulation, chosen.masked) == (False, True, False)
    assert set(choices.chosen(*own)) == {OptOut.STATISTICS}
    # and what they wrote is a document of theirs
    row = re.search(r'href="(/documents/[0-9a-f-]{36})"[^>]*>Mes premières informations', home.get("/documents").text)
    assert row
    assert "Pénicilline : urticaire en 2010." in home.get(row[1]).text.replace("\u00a0", " ")
    assert "activé" in home.get("/acces", params={"qui": "tous"}).text
    # from then on the first page is as ever
    assert home.get("/accueil").status_code == 200
    assert home.get("/bienvenue").headers["location"] == "/accueil"


def test_it_is_left_and_resumed_elsewhere_where_it_was(server: str, home: httpx2.Client, newcomer: Resident) -> None:
    answers(home, "identite", reponse="oui")
    answers(home, "avertir", reponse="rien")
    shown = home.get("/bienvenue/choix")
    assert home.post("/bienvenue/plus-tard", data=token(shown.text)).headers["location"] == "/accueil"
    put_off = home.get("/accueil")
    assert put_off.status_code == 200
    assert "Finir d’ouvrir votre carnet" in put_off.text or "Finir d'ouvrir votre carnet" in put_off.text
    assert contacts.of(newcomer.actor) is None
    # another day, on another device
    with at_home(server, newcomer) as elsewhere:
        resumed = elsewhere.get("/accueil", follow_redirects=True)
        assert resumed.url.path == "/bienvenue/choix"
        # and nobody jumps ahead
        assert elsewhere.get("/bienvenue/reperes").headers["location"] == "/bienvenue"


def test_who_is_not_the_person_is_stopped_before_anything_is_shown(home: httpx2.Client, newcomer: Resident) -> None:
    stopped = answers(home, "identite", reponse="non")
    assert "n’est pas le vôtre" in stopped.text or "n'est pas le vôtre" in stopped.text
    assert home.get("/bienvenue/avertir").headers["location"] == "/bienvenue"
    assert confidentiality(newcomer.actor, Purpose.SELF, newcomer.record_id).choices.emergency


def test_bad_answers_are_explained_at_their_field_and_keep_what_was_written(home: httpx2.Client) -> None:
    answers(home, "identite", reponse="oui")
    wrong = answers(home, "avertir", reponse="oui", courriel="camille(at)exemple")
    assert wrong.status_code == 422
    assert 'value="camille(at)exemple"' in wrong.text
    assert 'aria-invalid="true"' in wrong.text or "courriel-e" in wrong.text
    answers(home, "avertir", reponse="rien")
    answers(home, "choix")
    long = answers(home, "reperes", allergies="a" * 1001, traitements="Metformine")
    assert long.status_code == 422
    assert ">Metformine</textarea>" in long.text


def test_who_writes_nothing_has_no_document(home: httpx2.Client) -> None:
    answers(home, "identite", reponse="oui")
    answers(home, "avertir", reponse="rien")
    answers(home, "choix", medecin="1", samu="1")
    # sent twice: the second finds it open
    shown = home.get("/bienvenue/reperes")
    for place in ("/bienvenue/fini", "/accueil"):
        assert home.post("/bienvenue/reperes", data=token(shown.text)).headers["location"] == place
    assert not re.search(r'class="cn-row__t" href="/documents/', home.get("/documents").text)


def test_a_record_that_is_open_asks_nothing(server: str) -> None:
    with at_home(server, a_patient()) as client:
        assert client.get("/accueil").status_code == 200
        for address in ("/bienvenue", "/bienvenue/identite", "/bienvenue/nulle-part"):
            assert client.get(address).headers["location"] == "/accueil"
        assert client.get("/bienvenue/fini").headers["location"] == "/bienvenue"
