"""A record's life at the counter, by the support: found by its whole number alone, told as it is, and nothing in it."""

from __future__ import annotations

import re

import httpx2

from tests import people
from tests.test_addresses import signed_in
from tests.web.browsing import plain, token

PAGE, LIST = "/console/carnets", "/console/confirmer"


def post(client: httpx2.Client, address: str, **fields: str) -> httpx2.Response:
    return client.post(address, data={**token(client.get(PAGE).text), **fields}, follow_redirects=True)


def found(client: httpx2.Client, ins: str) -> str:
    page = post(client, PAGE, matricule=ins)
    assert page.url.path.startswith(f"{PAGE}/")
    return page.url.path


def test_a_suspension_says_why_to_the_person_and_ends(server: str) -> None:
    patient = people.a_patient()
    with signed_in(server, "support") as client:
        address = found(client, patient.ins)
        assert "CAMILLE ESSAI" in client.get(address).text
        assert "Choisissez une raison" in post(client, address, acte="suspend").text
        assert "Cochez la case" in post(client, address, acte="suspend", raison="identity").text
        done = post(client, address, acte="suspend", raison="identity", certain="1")
        assert "Carnet suspendu" in done.text
        assert "Mettre fin à la suspension" in done.text
        assert "Ouvert" in post(client, address, acte="resume", raison="settled").text


def test_a_death_needs_its_day_and_its_ground_and_relatives_one_of_three(server: str) -> None:
    patient = people.a_patient()
    with signed_in(server, "support") as client:
        address = found(client, patient.ins)
        without_day = post(client, address, acte="record-death", raison="certificate")
        assert "Écrivez le jour du décès" in without_day.text
        for day in ("1 1 1900", "31 2 2026", "1 1 2090", "hier"):  # before the birth, never, not yet, no day
            wrong = post(client, address, acte="record-death", raison="register", jour=day)
            assert "Il est passé, et suit la naissance." in plain(wrong.text)
            assert 'id="jour-e"' in wrong.text
            assert f'value="{day}"' in wrong.text, "what was written is there to be mended"
            assert re.search(r'value="register" checked', wrong.text)
        dead = post(client, address, acte="record-death", raison="certificate", jour="3 2 2026")
        assert "Fermé après un décès" in dead.text
        assert "L1110-4 V" in dead.text
        assert "Dites qui le demande" in post(client, address, acte="grant-heirs", raison="cause").text
        granted = post(client, address, acte="grant-heirs", raison="cause", demandeur="heir")
        assert "Numéro à remettre à qui l" in granted.text
        assert "Demande d&#39;un proche acceptée" in granted.text.replace("’", "&#39;")
        back = post(client, address, acte="undo-death", raison="mistake")
        assert "Jour du décès</dt>" not in back.text
        again = post(client, address, acte="undo-death", raison="mistake")
        assert "Rien de plus n'a été enregistré" in plain(again.text), "sent twice, or from another window"


def test_a_refusal_at_the_counter_for_who_has_no_record(server: str) -> None:
    ins = people.fresh_ins()
    with signed_in(server, "support") as client:
        unknown = post(client, PAGE, matricule=ins)
        assert "Aucun carnet ni refus" in unknown.text
        # The number is on the page that it leads to, and in no address.
        assert "matricule=" not in unknown.text
        assert f'value="{ins}"' in client.get(f"{PAGE}/refus").text
        fields = {"matricule": ins, "nom": "Essai", "prenom": "Camille", "naissance": "12 1 1985", "sexe": "F"}
        assert "Numéro à remettre" in post(client, f"{PAGE}/refus", **fields).text
        assert "Un carnet existe déjà" in post(client, f"{PAGE}/refus", **fields).text
        address = found(client, ins)
        assert "Ouvert, jamais activé" in post(client, address, acte="create", raison="asked").text


def test_erasing_is_taken_down_with_the_person_there_and_undone(server: str) -> None:
    patient, child = people.a_patient(), people.a_patient(birth_date="2015-03-04")
    with signed_in(server, "support") as client:
        address = found(client, patient.ins)
        assert "Effacer le carnet à sa demande" in client.get(address).text
        assert "Cochez la case" in post(client, address, acte="ask-erasing", raison="asked").text
        asked = plain(post(client, address, acte="ask-erasing", raison="asked", certain="1").text)
        assert "attend un autre membre de l'équipe" in asked
        assert "Numéro à remettre" not in asked
        assert "à la demande de la personne)" not in asked
        confirms(server, asked)
        assert "est confirmée : enregistrez l'effacement dans l'heure" in plain(client.get(address).text)
        done = post(client, address, acte="ask-erasing", raison="asked", certain="1")
        assert "Effacement demandé, carnet fermé" in done.text
        assert "Numéro à remettre à la personne" in done.text
        assert "à la demande de la personne" in done.text
        assert "Rouvrir le carnet à sa demande" in done.text
        kept = post(client, address, acte="withdraw-erasing", raison="asked")
        assert "Fermé" in kept.text
        assert "à la demande de la personne)" not in kept.text
        assert "Carnet rouvert" in post(client, address, acte="reopen", raison="asked", certain="1").text
        # A child's record is not erased: closing is for who represents them.
        assert "Effacer le carnet" not in client.get(found(client, child.ins)).text


def confirms(server: str, said: str) -> None:
    """The colleague of whoever reads these words."""
    number = re.search(r"La demande ([A-Z0-9 -]+) attend", said)
    assert number
    with signed_in(server, "renfort") as colleague:
        rows = re.findall(r'href="(/console/confirmer/[0-9a-f-]+)">Demande ([^<]+)<', colleague.get(LIST).text)
        (address,) = [there for there, named in rows if plain(named) == number[1]]
        page = colleague.get(address).text
        assert "Effacement d'un carnet" in plain(page)
        sent = {**token(page), "acte": "confirmer"}
        assert "Cochez la case" in plain(colleague.post(address, data=sent).text)
        assert "C'est confirmé" in plain(colleague.post(address, data=sent | {"vu": "1"}, follow_redirects=True).text)


def test_a_slip_of_the_hand_leads_to_nobody(server: str) -> None:
    patient = people.a_patient()
    wrong = patient.ins[:-1] + str((int(patient.ins[-1]) + 1) % 10)
    with signed_in(server, "support") as client:
        assert "15 caractères" in post(client, PAGE, matricule=wrong).text
    with signed_in(server, "pilotage") as client:
        assert client.get(PAGE).status_code == 403


def test_who_had_parental_authority_asks_only_about_who_died_a_minor(server: str) -> None:
    grown, young = people.a_patient(), people.a_patient(birth_date="2015-03-04")
    with signed_in(server, "support") as client:
        for patient, may in ((grown, False), (young, True)):
            address = found(client, patient.ins)
            dead = post(client, address, acte="record-death", raison="certificate", jour="3 2 2026")
            assert ("Titulaire de l" in dead.text) is may
            asked = post(client, address, acte="grant-heirs", raison="cause", demandeur="parent")
            assert ("Dites qui le demande" in asked.text) is not may
            assert ("proche acceptée" in asked.text) is may
