"""From the counter into an account that is in use: one operator asks, another confirms, and the account settles."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import httpx2

from carnet.kernel import config, database
from carnet.rights import pairs
from tests import people
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain
from tests.web.console.desk import sitting, support
from tests.web.test_entering import ENTER, code_in

LIST = "/console/confirmer"


def looked_up(desk: Browsing, patient: Resident) -> str:
    return desk.sends("/console/carnets", {"matricule": patient.ins}).url.path


def asks(desk: Browsing, patient: Resident) -> tuple[str, str]:
    """The page of the record, and what it says once a code has been asked for."""
    place = looked_up(desk, patient)
    before = plain(desk.opens(place).text)
    assert "personne n'entre seul dans le carnet d'un autre" in before
    assert "Envoyer le code par SMS" not in before
    answer = desk.client.post(f"{place}/code", data={**_token(desk, place), "verifiee": "1"}, follow_redirects=True)
    return place, plain(answer.text)


def _token(desk: Browsing, path: str) -> dict[str, str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', desk.opens(path).text)
    assert found
    return {"csrfmiddlewaretoken": found[1]}


def case_of(desk: Browsing, said: str) -> str:
    """The address of the request whose number the page said."""
    number = re.search(r"La demande ([A-Z0-9 -]+) attend", said)
    assert number, said
    page = desk.opens(LIST).text
    rows = re.findall(rf'href="({LIST}/[0-9a-f-]+)">Demande ([^<]+)<', page)
    (address,) = [str(there) for there, named in rows if named.replace("\u202f", " ") == number[1]]
    return address


def a_code_by_two(server: str, patient: Resident) -> str:
    with support(server) as desk, support(server) as other:
        place, said = asks(desk, patient)
        address = case_of(other, said)
        other.sends(address, {"acte": "confirmer", "vu": "1"})
        again = desk.opens(place)
        assert "est confirmée : créez le code dans l'heure" in plain(again.text)
        sent = {**_token(desk, place), "verifiee": "1"}
        given = desk.client.post(f"{place}/code", data=sent, follow_redirects=True)
        return code_in(given.text)


def test_a_second_operator_confirms_before_a_code_is_made(server: str) -> None:
    patient, before = people.a_patient(), pairs.how_many(people.an_operator("support"))
    with support(server) as desk, support(server) as other:
        place, said = asks(desk, patient)
        assert "attend un autre membre de l'équipe" in said
        assert "Créer un code" not in said
        # who asked sees it among the others, and cannot confirm it
        address = case_of(desk, said)
        assert "Vous l'avez demandé" in plain(desk.opens(address).text)
        assert "Vous l'avez demandé" in plain(desk.sends(address, {"acte": "confirmer", "vu": "1"}).text)
        assert desk.client.post(f"{place}/code", data={**_token(desk, place), "verifiee": "1"}).status_code == 303
        # the other reads whose it is, and confirms what they have seen
        page = plain(other.opens(address).text)
        assert "CAMILLE ESSAI" in page
        assert "et on y lit tout" in page
        unseen = other.sends(address, {"acte": "confirmer"})
        assert unseen.status_code == 422
        assert "Cochez la case quand vous avez vu la personne" in plain(unseen.text)
        assert "C'est confirmé" in plain(other.sends(address, {"acte": "confirmer", "vu": "1"}).text)
        assert other.opens(address).status_code == 404
        sent = {**_token(desk, place), "verifiee": "1"}
        made = desk.client.post(f"{place}/code", data=sent, follow_redirects=True)
        code = code_in(made.text)
        # loaded again, or sent twice: the same code, and nothing is asked for anew
        assert code_in(desk.client.get(f"{place}/code").text) == code
        assert code_in(desk.client.post(f"{place}/code", data=sent, follow_redirects=True).text) == code
        assert pairs.how_many(people.an_operator("support")) == before
        assert other.opens(f"{looked_up(other, patient)}/code").url.path.endswith("/code") is False
        # once
        assert "personne n'entre seul" in plain(desk.opens(place).text)


def test_it_is_refused_or_called_off(server: str) -> None:
    patient = people.a_patient()
    with support(server) as desk, support(server) as other:
        for who in (desk, other):
            place, said = asks(desk, patient)
            address = case_of(who, said)
            assert "La demande est refusée : rien ne s'ouvre" in plain(who.sends(address, {"acte": "refuser"}).text)
            assert "personne n'entre seul" in plain(desk.opens(place).text)


def test_an_operator_proves_anew_who_they_are_before_a_code(server: str) -> None:
    """An hour at most since the last proof, and the minutes of the settings where they are fewer."""
    patient = people.a_patient()
    old = session_of(people.an_operator("support"), since=time.time() - 11 * 60)
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: old}) as client:
        desk = Browsing(client)
        place = looked_up(desk, patient)
        answer = desk.client.post(f"{place}/code", data={**_token(desk, place), "verifiee": "1"})
        assert answer.status_code == 403
        assert "Confirmez que c'est bien vous" in plain(answer.text)
        assert 'href="/console/"' in answer.text
        assert "acte=guichet" in answer.text


def test_who_came_in_by_a_code_reads_and_waits_two_days_to_take_it_away(server: str) -> None:
    patient = people.a_patient()
    code = a_code_by_two(server, patient)
    with (
        httpx2.Client(base_url=server, follow_redirects=True, timeout=30) as home,
        sitting(server, patient.actor) as owner,
    ):
        before = plain(owner.opens("/export").text)
        form = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', home.get(ENTER).text)
        assert form
        sent = {"matricule": patient.ins, "naissance": "12 1 1985", "code": code, "csrfmiddlewaretoken": form[1]}
        assert home.post(ENTER, data=sent).status_code == 200
        assert home.get("/documents").status_code == 200
        waits = plain(home.get("/export").text)
        assert "Cela attend deux jours, pour votre sécurité" in waits
        assert "Prouver mon identité" in waits
        doctor = people.a_doctor()
        grant = f"/confidentialite/autoriser/{doctor.id}"
        lasting = Browsing(home).sends(grant, {"duree": "toujours"})
        assert (lasting.status_code, "Cela attend deux jours" in plain(lasting.text)) == (403, True)
        assert Browsing(home).sends(grant, {"duree": "jour"}).url.path.startswith("/confidentialite/soignants/")
        assert "Cela attend deux jours" in plain(home.get("/parents/inviter").text)
        assert "Cela attend deux jours" not in plain(home.get("/carnet/fermer").text), "who fears a thief may close it"
        assert "Cela attend deux jours" in plain(owner.opens("/export").text), "a session that says nothing of itself"
        _two_days_later(patient)
        for each in (home.get("/export"), owner.opens("/export")):
            assert plain(each.text) == before


def test_the_holder_calls_off_a_code_that_they_did_not_ask_for(server: str) -> None:
    patient = people.a_patient()
    with support(server) as desk, sitting(server, patient.actor) as owner:
        assert "Annuler ce code" not in plain(owner.opens("/appareils").text)
        asks(desk, patient)
        assert "Un code d'accès est demandé pour votre compte" in plain(owner.opens("/appareils").text)
        done = plain(owner.sends("/appareils", {"acte": "code"}).text)
        assert "Le code est annulé : il n'ouvre plus rien" in done
        assert "Annuler ce code" not in done
        assert "Demander le code" in plain(desk.opens(looked_up(desk, patient)).text), "and the desk begins anew"


def _two_days_later(patient: Resident) -> None:
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.records_entry_code set used_at = used_at - %s where record_id = %s",
            (timedelta(days=2, seconds=1), patient.record_id),
        )


def test_other_operators_see_none_of_it(server: str) -> None:
    with sitting(server, people.an_operator("pilotage")) as desk:
        assert desk.opens(LIST).status_code == 403
