"""A record that is opened for the first time: five screens, left and resumed, none of them for anybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from carnet.consent.queries import confidentiality
from carnet.formats.clinical.model import Entry, Kind
from carnet.health import profile
from carnet.health.queries import Line
from carnet.health.standing import told_unknown
from carnet.health.treatments import entry_of as entry_or_none
from carnet.kernel import config, database
from carnet.kernel.actor import Purpose
from carnet.notify import contacts
from carnet.records.rules import OptOut, RecordState
from carnet.rights import choices
from tests.people import Resident, a_patient, a_person, deposited, software
from tests.sessions import COOKIE, session_of
from tests.web.browsing import plain, token


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


def entry_of(line: Line) -> Entry:
    found = entry_or_none(line)
    assert found
    return found


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
    facts: dict[str, str | list[str]] = {
        "allergies-lesquels": "Pénicilline : urticaire en 2010\r\nLatex",
        "traitements": "aucun",
        "problemes": "inconnu",
    }
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
    # and what they said are lines of their health, in their own words
    told = profile.told(*own)
    lines = {line.label: line for line in told.lines}
    assert {"Pénicilline : urticaire en 2010", "Latex"} <= lines.keys()
    assert {line.said_by for line in told.lines} == {"person"}
    assert {line.kind: told_unknown(entry_of(line)) for line in told.lines if line.absence} == {
        Kind.TREATMENT: False,
        Kind.PROBLEM: True,
    }
    health = plain(home.get("/sante").text)
    for said in ("Latex", "Je ne prends pas de médicament", "Je ne sais pas"):
        assert said in health
    assert home.get("/sante/remplir").headers["location"] == "/sante/remplir/sejours", "asked once, and not again"
    assert "0 document" in plain(home.get("/documents").text) or "Aucun document" in plain(home.get("/documents").text)
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


def test_nothing_is_shown_before_the_first_is_answered(home: httpx2.Client, newcomer: Resident) -> None:
    deposited(software(), newcomer, b"Un secret de quelqu'un d'autre.")
    first = home.get("/bienvenue/identite")
    assert "Continuer plus tard" not in first.text
    for address in ("/accueil", "/documents", "/sante", "/recherche", "/acces", "/histoire", "/export", "/carnets"):
        answer = home.get(address)
        assert (answer.status_code, answer.headers["location"]) == (303, "/bienvenue"), address
    # nor by sending the form of the other screens, nor by opening another's record first
    for address in ("/bienvenue/plus-tard", "/carnets/ouvrir", "/confidentialite/urgence"):
        answer = home.post(address, data={**token(first.text), "ouvrir": str(newcomer.record_id)})
        assert answer.headers.get("location", "/bienvenue") == "/bienvenue", address
    assert home.get("/documents").headers["location"] == "/bienvenue"
    answers(home, "identite", reponse="oui")
    assert "Analyses de sang" in home.get("/documents").text


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
    long = answers(home, "reperes", **{"allergies-lesquels": "a" * 1001, "traitements-lesquels": "Metformine"})
    assert long.status_code == 422
    assert 'href="#allergies-lesquels"' in long.text
    assert ">Metformine</textarea>" in long.text
    both = answers(home, "reperes", **{"traitements": "aucun", "traitements-lesquels": "Metformine"})
    assert both.status_code == 422
    assert "votre réponse dit le contraire" in plain(both.text)
    assert answers(home, "reperes", allergies="oui").status_code == 422


def test_who_answers_nothing_has_no_line(home: httpx2.Client, newcomer: Resident) -> None:
    at_facts(home)
    # sent twice: the second finds it open, and says so as the first
    shown = home.get("/bienvenue/reperes")
    for _ in range(2):
        assert home.post("/bienvenue/reperes", data=token(shown.text)).headers["location"] == "/bienvenue/fini"
        assert "Votre carnet est ouvert" in plain(home.get("/bienvenue/fini").text)
    assert profile.told(newcomer.actor, Purpose.SELF, newcomer.record_id).lines == ()
    assert home.get("/sante/remplir").headers["location"] == "/sante/remplir/allergies"


def test_what_is_sent_from_a_page_of_before_is_not_lost(server: str, home: httpx2.Client, newcomer: Resident) -> None:
    """Back from the last page, or in another window, on another device: they read that it is open, and it holds."""
    at_facts(home)
    before = {name: home.get(f"/bienvenue/{name}").text for name in ("identite", "choix", "reperes")}
    with at_home(server, newcomer) as elsewhere:
        there = elsewhere.get("/bienvenue/reperes").text
        home.post("/bienvenue/reperes", data=token(before["reperes"]))
        for client, page, said in ((home, before["reperes"], "Latex"), (elsewhere, there, "Arachide")):
            sent = token(page) | {"allergies-lesquels": said}
            answer = client.post("/bienvenue/reperes", data=sent, follow_redirects=True)
            assert "Votre carnet est ouvert" in plain(answer.text)
            assert said in plain(client.get("/sante").text)
        wrong = home.post("/bienvenue/reperes", data=token(before["reperes"]) | {"allergies": "oui"})
        assert (wrong.status_code, "Écrivez au moins une ligne" in plain(wrong.text)) == (422, True)
        home.post("/bienvenue/choix", data=token(before["choix"]))
        assert not confidentiality(newcomer.actor, Purpose.SELF, newcomer.record_id).choices.emergency
        # It was not them, and somebody went on: they are still heard.
        stopped = home.post("/bienvenue/identite", data=token(before["identite"]) | {"reponse": "arreter"})
        assert "support" in plain(stopped.text)
        assert elsewhere.get("/accueil").status_code == 302


def test_a_way_back_is_not_proposed_before_the_record_is_theirs(home: httpx2.Client) -> None:
    assert home.get("/bienvenue/cle").headers["location"] == "/bienvenue"
    answers(home, "identite", reponse="oui")
    assert home.get("/bienvenue/cle").headers["location"] == "/bienvenue"


def test_what_was_said_meanwhile_is_found_again_and_not_said_twice(home: httpx2.Client, newcomer: Resident) -> None:
    own = newcomer.actor, Purpose.SELF, newcomer.record_id
    at_facts(home)
    filled = {"reponse": "aucun", **token(home.get("/sante/remplir/problemes").text)}
    home.post("/sante/remplir/problemes", data=filled)
    filled = {"reponse": "oui", "lesquels": "Latex", **token(home.get("/sante/remplir/allergies").text)}
    home.post("/sante/remplir/allergies", data=filled)
    before = {line.fact for line in profile.told(*own).lines}
    shown = home.get("/bienvenue/reperes").text
    assert re.search(r'name="problemes" type="radio" value="aucun" checked', shown)
    sent: dict[str, str | list[str]] = {"problemes": "aucun", "allergies-lesquels": "Latex"}
    assert answers(home, "reperes", **sent).headers["location"] == "/bienvenue/fini"
    assert {line.fact for line in profile.told(*own).lines} == before


def at_facts(home: httpx2.Client) -> None:
    answers(home, "identite", reponse="oui")
    answers(home, "avertir", reponse="rien")
    answers(home, "choix", medecin="1", samu="1")


def test_a_record_that_is_open_asks_nothing(server: str) -> None:
    with at_home(server, a_patient()) as client:
        assert client.get("/accueil").status_code == 200
        for address in ("/bienvenue", "/bienvenue/identite", "/bienvenue/nulle-part"):
            assert client.get(address).headers["location"] == "/accueil"
        assert client.get("/bienvenue/fini").headers["location"] == "/bienvenue"


def test_a_way_back_is_proposed_once_it_is_open_and_may_be_refused(home: httpx2.Client) -> None:
    at_facts(home)
    answers(home, "reperes")
    last = plain(home.get("/bienvenue/fini").text)
    assert "entrer sans code ni mot de passe" in last
    assert "Pas maintenant" in last
    assert 'href="/appareils/cles/ajouter"' in home.get("/bienvenue/fini").text


def told_of_theirs() -> Resident:
    """A record that opens by itself in six weeks."""
    found = a_patient(state=RecordState.INFORMED)
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.records_record set opens_at = now() + interval '42 days' where id = %s", (found.record_id,)
        )
    return found


def test_who_was_told_of_a_record_reads_what_is_so_and_opens_it_now(server: str) -> None:
    told = told_of_theirs()
    with at_home(server, told) as home:
        said = home.get("/accueil")
        words = plain(said.text)
        assert "Votre carnet n'est pas encore ouvert" in words
        assert "Il s'ouvrira de lui-même le" in words
        assert "Attendre : vous n'avez rien à faire" in words
        assert 'href="/carnet/refuser"' in said.text
        asked = home.get("/carnet/creer")
        assert "Ouvrir mon carnet maintenant" in plain(asked.text)
        # the five screens follow, though the session had seen that there was no record
        made = home.post("/carnet/creer", data=token(asked.text), follow_redirects=True)
        assert made.url.path == "/bienvenue/identite"
        assert home.get("/documents").headers["location"] == "/bienvenue"
        at_facts(home)
        answers(home, "reperes")
        assert home.get("/accueil").status_code == 200


def test_who_was_told_of_a_record_refuses_it_when_signed_in_and_changes_their_mind(server: str) -> None:
    told = told_of_theirs()
    with at_home(server, told) as home:
        asked = home.get("/carnet/refuser")
        assert "Vous n'avez pas à dire pourquoi" in plain(asked.text)
        refused = home.post("/carnet/refuser", data=token(asked.text), follow_redirects=True)
        assert "Refus du carnet enregistré. Numéro d'enregistrement" in plain(refused.text).replace(" .", ".")
        assert "Vous avez refusé votre carnet" in plain(home.get("/accueil").text)
        made = home.post("/carnet/creer", data=token(home.get("/carnet/creer").text), follow_redirects=True)
        assert made.url.path == "/bienvenue/identite"


def test_who_had_their_record_erased_reads_how_to_have_another(server: str) -> None:
    """An account that has none any more."""
    with httpx2.Client(base_url=server, cookies={COOKIE: session_of(a_person())}) as client:
        said = plain(client.get("/accueil").text)
        assert "Si vous avez fait effacer votre carnet, il ne reviendra pas" in said
        assert "un nouveau, vide" in said
        assert "carte Vitale et une pièce d'identité" in said
