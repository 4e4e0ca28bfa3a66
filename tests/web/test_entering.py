"""From the counter to one's record: a code on paper, handed over by the support or at a visit, and typed at home."""

from __future__ import annotations

import re
from datetime import date

import httpx2
import pytest

from carnet.formats.ins import parse
from carnet.formats.ins_datamatrix import InsTraits, written
from carnet.kernel import config
from carnet.people.queries import person_of
from carnet.records.rules import RecordState
from carnet.rights import entrance
from carnet.web.auth.throttles import CODES
from tests import people
from tests.cast import TEST_OID
from tests.rights.test_entrance import a_record
from tests.sessions import COOKIE, session_of
from tests.web.browsing import plain, token

ENTER = "/connexion/code"


def code_in(page: str) -> str:
    found = re.search(r"Code à remettre à la personne ([A-Z0-9]{4} [A-Z0-9]{4} [A-Z0-9]{4}) ", plain(page))
    assert found, plain(page)
    return found[1]


def comes_in(server: str, ins: str, code: str, born: str = "12 1 1985") -> httpx2.Response:
    with httpx2.Client(base_url=server, follow_redirects=True) as home:
        form = token(home.get(ENTER).text)
        return home.post(ENTER, data={**form, "matricule": ins, "naissance": born, "code": code})


def test_from_the_counter_to_the_first_screen(server: str) -> None:
    record_id, ins = a_record()
    scanned = written(InsTraits(parse(ins, TEST_OID), "CAMILLE", "ESSAI", "F", date(1985, 1, 12), "51215"))
    desk = session_of(people.an_operator("support"))
    with httpx2.Client(base_url=server, cookies={COOKIE: desk}, follow_redirects=True) as counter:
        # the support scans a paper of the person before them
        form = token(counter.get("/console/carnets").text)
        found = counter.post("/console/carnets", data={**form, "matricule": scanned})
        assert "Camille ESSAI" in plain(found.text) or "CAMILLE ESSAI" in plain(found.text)
        address = f"{found.url.path}/code"
        # whose identity has not been checked gets nothing
        unsure = counter.post(address, data=token(found.text))
        assert unsure.status_code == 422
        assert "Cochez la case quand son identité est vérifiée" in plain(unsure.text)
        given = counter.post(address, data={**token(found.text), "verifiee": "1"})
        code = code_in(given.text)
        paper = plain(given.text)
        assert f"{config.load().public_url}/connexion/code" in paper
        assert "numéro de sécurité sociale" in paper
        assert code not in plain(counter.get(found.url.path).text)
        # to load the page again, or to send the form twice, makes no other code
        assert code_in(counter.get(address).text) == code
        assert code_in(counter.post(address, data={**token(found.text), "verifiee": "1"}).text) == code
        # to ask for another one does
        anew = {**token(counter.get(found.url.path).text), "verifiee": "1"}
        before, code = code, code_in(counter.post(address, data=anew).text)
        assert before != code
    # at home, the person comes in by it, and is asked whether it is them
    home = comes_in(server, ins, code.lower())
    assert home.url.path == "/bienvenue/identite"
    assert "ESSAI" in home.text
    assert person_of(record_id)
    # once
    again = comes_in(server, ins, code)
    assert again.status_code == 422
    assert "ne vont pas ensemble, ou le code ne vaut plus" in plain(again.text)


def test_who_taps_twice_on_the_code_is_in(server: str) -> None:
    record_id, ins = a_record()
    handed = entrance.at_counter(people.an_operator("support"), record_id)
    with httpx2.Client(base_url=server, follow_redirects=True) as home:
        form = token(home.get(ENTER).text)
        sent = {**form, "matricule": ins, "naissance": "12 1 1985", "code": handed.code}
        for _ in range(2):
            assert home.post(ENTER, data=sent).url.path == "/bienvenue/identite"
    with httpx2.Client(base_url=server, follow_redirects=True) as stranger:
        assert stranger.post(ENTER, data=sent).status_code == 403


def test_who_comes_back_by_a_code_is_offered_a_passkey_once(server: str) -> None:
    known = people.a_waiting_record(state=RecordState.ACTIVE)
    handed = entrance.at_counter(people.an_operator("support"), known.record_id)
    home = comes_in(server, known.ins, handed.code)
    said = plain(home.text)
    assert home.url.path == "/bienvenue/cle"
    assert "Le code que vous avez reçu ne sert plus" in said
    assert "Pas maintenant" in said


def test_at_a_visit_who_never_came_in_is_helped_and_reads_who_did(server: str) -> None:
    record_id, ins = a_record()
    doctor = people.a_doctor()
    with httpx2.Client(base_url=server, cookies={COOKIE: session_of(doctor)}, follow_redirects=True) as desk:
        found = desk.post("/pro/", data={**token(desk.get("/pro/").text), "par": "ins", "ins": ins})
        assert "Aider la personne à ouvrir son carnet" in plain(found.text)
        address = f"/pro/carnets/{record_id}/code"
        unsure = desk.post(address, data=token(desk.get(address).text))
        assert unsure.status_code == 422
        sent = {**token(desk.get(address).text), "verifiee": "1"}
        before, code = (code_in(desk.post(address, data=sent).text) for _ in range(2))
        assert before == code == code_in(desk.get(f"{address}?remis").text), "loaded again, it is the same"
        assert "Créer un code" in plain(desk.get(address).text)
    with httpx2.Client(base_url=server, follow_redirects=True) as home:
        form = token(home.get(ENTER).text)
        first = home.post(ENTER, data={**form, "matricule": ins, "naissance": "12 1 1985", "code": code})
        home.post("/bienvenue/identite", data=token(first.text) | {"reponse": "oui"})
        assert "Dr Ange Essai vous a remis un code d'accès à votre carnet" in plain(home.get("/acces?qui=tous").text)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (RecordState.CLOSED, "La personne a fermé son carnet : aucun code ne l'ouvre. Elle le rouvre elle-même"),
        (RecordState.DECEASED, "Un décès a été enregistré : ce carnet ne s'ouvre plus"),
        (RecordState.SUSPENDED, "Ce carnet est suspendu le temps d'une vérification : aucun code n'est remis"),
    ],
)
def test_at_a_visit_no_code_is_offered_for_a_record_that_none_opens(server: str, state: RecordState, why: str) -> None:
    patient, doctor = people.a_waiting_record(state=state), people.a_doctor()
    with httpx2.Client(base_url=server, cookies={COOKIE: session_of(doctor)}, follow_redirects=True) as desk:
        form = token(desk.get("/pro/").text)
        desk.post("/pro/", data={**form, "par": "ins", "ins": patient.ins})
        address = f"/pro/carnets/{patient.record_id}/code"
        page = desk.get(address)
        assert why in plain(page.text)
        assert "Créer un code" not in page.text
        late = desk.post(address, data={**token(page.text), "verifiee": "1"})
    assert late.status_code == 409
    assert "Créer un code" not in late.text


def test_who_hands_out_codes_by_the_dozen_is_told_so(server: str) -> None:
    (record_id, ins), doctor = a_record(), people.a_doctor()
    for _ in range(40):
        entrance.at_visit(doctor, record_id)
    with httpx2.Client(base_url=server, cookies={COOKIE: session_of(doctor)}, follow_redirects=True) as desk:
        desk.post("/pro/", data={**token(desk.get("/pro/").text), "par": "ins", "ins": ins})
        address = f"/pro/carnets/{record_id}/code"
        told = desk.post(address, data={**token(desk.get(address).text), "verifiee": "1"})
    assert told.status_code == 429
    assert "Vous avez remis beaucoup de codes aujourd'hui" in plain(told.text)


def test_who_has_come_in_before_is_sent_to_the_counter(server: str) -> None:
    patient = people.a_patient(state=RecordState.UNOPENED)
    doctor = people.a_doctor()
    with httpx2.Client(base_url=server, cookies={COOKIE: session_of(doctor)}, follow_redirects=True) as desk:
        desk.post("/pro/", data={**token(desk.get("/pro/").text), "par": "ins", "ins": patient.ins})
        address = f"/pro/carnets/{patient.record_id}/code"
        told = desk.post(address, data={**token(desk.get(address).text), "verifiee": "1"})
    assert told.status_code == 409
    assert "Cette personne a déjà ouvert son carnet" in plain(told.text)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("matricule", "", "Écrivez votre numéro de sécurité sociale"),
        ("matricule", "123", "Vérifiez ce numéro : il a 15 caractères"),
        ("naissance", "hier", "Écrivez votre date de naissance comme ceci"),
        ("code", "", "Écrivez le code que vous avez reçu"),
        ("code", "AAAAAAAAAAAA", "ne vont pas ensemble"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(server: str, field: str, value: str, said: str) -> None:
    _, ins = a_record()
    sent = {"matricule": ins, "naissance": "12 1 1985", "code": "AAAAAAAAAAAA"} | {field: value}
    with httpx2.Client(base_url=server) as home:
        answer = home.post(ENTER, data={**token(home.get(ENTER).text), **sent})
    assert answer.status_code == 422
    assert said in plain(answer.text)
    assert f'href="#{field}"' in answer.text


def test_an_unknown_number_and_a_wrong_code_are_answered_alike(server: str) -> None:
    _, ins = a_record()
    known, unknown = (comes_in(server, number, "AAAAAAAAAAAA") for number in (ins, people.fresh_ins()))
    assert known.status_code == unknown.status_code == 422
    assert re.sub(r"\d{15}|value=\"[^\"]*\"", "", plain(known.text)) == re.sub(
        r"\d{15}|value=\"[^\"]*\"", "", plain(unknown.text)
    )


def test_who_tries_one_code_after_another_waits_whosever_they_are(server: str) -> None:
    """By their address, and the right code waits with them; elsewhere, and by other ways, one comes in."""
    number = people.fresh_ins()
    there = httpx2.HTTPTransport(local_address="127.0.77.3")
    with httpx2.Client(base_url=server, transport=there, follow_redirects=True) as home:
        form = token(home.get(ENTER).text) | {"naissance": "12 1 1985", "code": "AAAA CCCC DDDD", "matricule": number}
        assert {home.post(ENTER, data=form).status_code for _ in range(CODES.most)} == {422}
        late = home.post(ENTER, data=form)
        assert late.status_code == 429
        assert "Trop de codes faux ont été essayés d'ici : réessayez dans 15 minutes" in plain(late.text)
        letter = token(home.get("/opposition").text) | form | {"nom": "ESSAI", "prenom": "CAMILLE"}
        assert home.post("/opposition", data=letter | token(home.get("/opposition").text)).status_code == 429
        assert home.get("/connexion/patient").status_code == 200
    _, ins = a_record()
    assert comes_in(server, ins, "AAAA CCCC DDDD").status_code == 422


@pytest.mark.parametrize("page", ["/", "/connexion"])
def test_who_holds_a_code_finds_where_to_write_it(server: str, page: str) -> None:
    text = httpx2.get(f"{server}{page}").text
    assert re.search(r'href="/connexion/code">J(&#39;|’)ai reçu un code<', text)
    assert 'action="/connexion/cle"' in text, "a passkey signs in from both"
