"""A link from the doctor's software into the portal: straight to the patient, for the one for whom it was made."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx2
import pytest
from joserfc import jwt

from carnet.demo.cast import REALM
from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.people import actions, clients, provider_sessions
from tests import people
from tests.api.oauth.software import Software, a_doctor_of, acting_for
from tests.api.oauth.test_exchange import CLIENT, doctor, exchange, signed_in
from tests.cast import TEST_OID
from tests.smart.app import App, Browser, doctor_of, launch
from tests.web.browsing import browsing, plain, token


@pytest.fixture(scope="module")
def software(server: str) -> Software:
    """Of the emergency department, registered at the provider, and let to open sessions."""
    made = Software(server, scope="user/Patient.rs")
    clients.change(client_id=made.id, provider_client_id=CLIENT, opens_sessions=True)
    actions.add_situation(professional_id=doctor("dr-urgence"), organisation_id=made.house, since=people.long_ago())
    return made


def exchanged(software: Software, server: str) -> str:
    answer = exchange(software, signed_in(server)["access_token"])
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def path(link: str) -> str:
    return link[link.index("/pro/") :]


def test_nothing_to_sign_in_to_again(software: Software, server: str) -> None:
    patient = people.a_patient()
    people.authorised(patient, people.actor(doctor("dr-urgence")))
    link = launch(software, exchanged(software, server), patient).json()["link"]
    assert patient.ins not in link
    assert str(patient.record_id) not in link
    browser = Browser(server)
    assert browser.client.head(path(link)).status_code == 204, "whoever only looks uses nothing up"
    assert browser.client.get(path(link), headers={"Sec-Purpose": "prefetch"}).status_code == 204
    came = browser.goes(path(link))
    assert came.headers["Location"] == f"/pro/carnets/{patient.record_id}"
    assert browser.goes(came.headers["Location"]).status_code == 200

    again = Browser(server).goes(path(link))
    assert again.status_code == 400
    assert "déjà servi" in again.text
    assert 'href="/pro/"' in again.text
    assert "ne reconnaissons pas" in Browser(server).goes("/pro/ouvrir?lien=forge").text

    # It hangs on the session at the provider.
    now = clock.now()
    assert doctor("dr-urgence") in provider_sessions.end(issuer=REALM, session="", subject="psc:dr-urgence", before=now)
    assert browser.goes("/pro/").headers["Location"].startswith("/connexion")

    # Nor does one that was asked for before open another.
    link = launch(software, exchanged(software, server), patient).json()["link"]
    token_of_before = exchanged(software, server)
    provider_sessions.end(issuer=REALM, session="", subject="psc:dr-urgence", before=clock.now())
    for each in (link, launch(software, token_of_before, patient).json()["link"]):
        late = Browser(server)
        assert late.goes(path(each)).headers["Location"].startswith("/pro/ouvrir?billet=")
        assert late.goes("/pro/").headers["Location"].startswith("/connexion")

    # The app that it may lead to is launched at once.
    app = App(server)
    link = launch(software, exchanged(software, server), patient, client_id=app.name).json()["link"]
    other = Browser(server)
    there = other.goes(path(link)).headers["Location"]
    assert there.startswith("http://localhost:3999/lancer?iss=")
    handle = parse_qs(urlsplit(there).query)["launch"][0]
    assert other.code(app.asks(launch=handle, scope="launch patient/*.rs"))


def test_in_the_session_that_it_opens_they_practise_in_their_service_of_that_house(server: str) -> None:
    house = Software(server, scope="user/Patient.rs")
    clients.change(client_id=house.id, provider_client_id=CLIENT, opens_sessions=True)
    heart, door = (
        actions.add_organisation(
            organisation_id=uuid4(), identifier=f"{house.organisation}/{key}", name=name, part_of_id=house.house
        )
        for key, name in (("coeur", "Cardiologie"), ("porte", "Accueil des urgences"))
    )
    patient, who = people.a_patient(), doctor("dr-urgence")
    people.deposited(people.software(), patient)
    people.authorised(patient, people.actor(who))
    actions.add_situation(professional_id=who, organisation_id=heart, since=people.long_ago())
    try:
        browser = Browser(server)
        browser.goes(path(launch(house, exchanged(house, server), patient).json()["link"]))
        browser.goes(f"/pro/carnets/{patient.record_id}")
        names = [line.organisation_name for line in people.trail(patient) if line.action == "documents-list"]
        assert names[0] == "Cardiologie, Clinique de l'Essai"
        actions.add_situation(professional_id=who, organisation_id=door, since=people.long_ago())
        came = Browser(server).goes(path(launch(house, exchanged(house, server), patient).json()["link"]))
        assert came.headers["Location"] == "/pro/situation", "of two, they say in which"
    finally:
        for each in (heart, door):
            actions.end_situation(professional_id=who, organisation_id=each)


def test_where_the_right_is_missing_it_leads_to_the_act_that_gives_it(software: Software, server: str) -> None:
    patient = people.a_patient()
    browser = Browser(server)

    def goes(**body: str) -> str:
        link = launch(software, exchanged(software, server), patient, **body).json()["link"]
        return str(browser.goes(path(link)).headers["Location"])

    assert goes() == f"/pro/carnets/{patient.record_id}/accord"
    assert goes(purpose="ETREAT") == f"/pro/carnets/{patient.record_id}/urgence"
    form = browser.goes(f"/pro/carnets/{patient.record_id}/urgence")
    broken = browser.client.post(
        f"/pro/carnets/{patient.record_id}/urgence",
        data={"acte": "ouvrir", "motif": "Chute, désorientée."} | token(form.text),
    )
    assert broken.headers["Location"].endswith("?fait=ouvert"), "two acts"
    assert goes() == f"/pro/carnets/{patient.record_id}", "in that emergency nothing is asked again"
    browser = Browser(server)
    assert goes(purpose="ETREAT") == f"/pro/carnets/{patient.record_id}", "nor at another workplace"
    assert "Vue : Urgence" in plain(browser.goes(f"/pro/carnets/{patient.record_id}").text)


def test_who_may_read_and_says_that_it_is_urgent_sees_that_view(software: Software, server: str) -> None:
    patient = people.a_patient()
    people.authorised(patient, people.actor(doctor("dr-urgence")))
    link = launch(software, exchanged(software, server), patient, purpose="ETREAT").json()["link"]
    browser = Browser(server)
    page = browser.goes(str(browser.goes(path(link)).headers["Location"]))
    assert "Vue : Urgence" in plain(page.text)


def test_nobodys_session_is_replaced_silently(software: Software, server: str) -> None:
    patient = people.a_patient()
    people.authorised(patient, people.actor(doctor("dr-urgence")))
    link = launch(software, exchanged(software, server), patient).json()["link"]
    colleague = doctor_of(patient)
    browser = Browser(server, colleague)
    page = browser.goes(path(link))
    assert page.status_code == 403
    assert colleague.name in page.text
    assert people.actor(doctor("dr-urgence")).name in page.text
    assert (
        browser.client.post("/pro/ouvrir/changer", data={"lien": parse_qs(urlsplit(link).query)["lien"][0]}).status_code
        == 403
    )
    sent = {"lien": parse_qs(urlsplit(link).query)["lien"][0]} | token(page.text)
    changed = browser.client.post("/pro/ouvrir/changer", data=sent)
    assert changed.headers["Location"] == f"/pro/carnets/{patient.record_id}"
    assert people.actor(doctor("dr-urgence")).name in browser.goes("/pro/").text


def test_software_that_only_says_who_is_there_opens_no_session(server: str) -> None:
    patient = people.a_patient()
    said = Software(server, scope="user/Patient.s", acts=True)
    who, rpps = a_doctor_of(said)
    people.authorised(patient, who)
    link = launch(said, said.token("user/Patient.s", extensions=acting_for(rpps)), patient).json()["link"]
    stranger = Browser(server)
    ticket = stranger.goes(path(link)).headers["Location"]
    assert ticket.startswith("/pro/ouvrir?billet=")
    sign_in = stranger.goes(ticket).headers["Location"]
    assert sign_in.startswith("/connexion/professionnel?suite=")
    assert Browser(server, who).goes(ticket).headers["Location"] == f"/pro/carnets/{patient.record_id}"
    assert "expiré" in stranger.goes(ticket[:-3] + "AAA").text


def signed(software: Software, who: str, patient: str, **changes: Any) -> str:
    now = int(time.time())
    header = {"alg": changes.pop("alg", software.algorithm), "kid": software.kid}
    key = changes.pop("key", software.key)
    claims = {
        "iss": software.name, "sub": f"8{who}", "aud": f"{software.base}/pro/ouvrir", "iat": now, "exp": now + 50,
        "jti": uuid4().hex, "patient": patient, **changes,
    }  # fmt: skip
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def test_a_link_that_the_software_signs(server: str) -> None:
    patient = people.a_patient()
    software = Software(server, scope="user/Patient.s", acts=True)
    who, rpps = a_doctor_of(software)
    people.authorised(patient, who)
    number = f"urn:oid:{TEST_OID}|{patient.ins}"
    browser = Browser(server, who)

    def posts(text: str) -> httpx2.Response:
        return httpx2.post(f"{server}/pro/ouvrir", data={"jeton": text})

    good = signed(software, rpps, number)
    answer = posts(good)
    assert answer.status_code == 303
    assert patient.ins not in answer.headers["Location"]
    assert browser.goes(answer.headers["Location"]).headers["Location"] == f"/pro/carnets/{patient.record_id}"
    assert "déjà servi" in posts(good).text
    (line,) = [each for each in people.trail(patient) if each.action == "record-existence"]
    assert (line.actor_id, line.door) == (who.id, f"oauth:{software.name}"), "the person reads both names"
    colleague = Browser(server, doctor_of(patient)).goes(answer.headers["Location"])
    assert "sous un autre nom" in colleague.text

    in_address = browser.goes(f"/pro/ouvrir?jeton={signed(software, rpps, number)}")
    assert "numéro d" in in_address.text
    assert in_address.status_code == 400
    from carnet.kernel.ids import short

    by_id = browser.goes(f"/pro/ouvrir?jeton={signed(software, rpps, f'Patient/{short(patient.record_id)}')}")
    assert by_id.headers["Location"].startswith("/pro/ouvrir?billet=")

    elsewhere = people.a_doctor()
    stranger = Software(server, scope="user/Patient.s", acts=True)
    mute = Software(server, scope="system/*.rs")
    hostile = {
        "an hour": signed(software, rpps, number, exp=int(time.time()) + 3600),
        "over": signed(software, rpps, number, exp=int(time.time()) - 100),
        "the end of days": signed(software, rpps, number, exp=10**400),
        "no end": signed(software, rpps, number, exp="soon"),
        "for another place": signed(software, rpps, number, aud="https://another.example"),
        "of another's key": signed(software, rpps, number, iss=stranger.name, kid="x"),
        "of another house": signed(stranger, rpps, number),
        "of who works elsewhere": signed(software, people.rpps_of(elsewhere), number),
        "of nobody": signed(software, "nobody", number),
        "of software that acts for nobody": signed(mute, rpps, number),
        "no jti": signed(software, rpps, number, jti=""),
        "an unknown purpose": signed(software, rpps, number, purpose="ELSE"),
        "unsigned": signed(software, rpps, number).rpartition(".")[0] + ".",
        "nothing": "",
    }
    for name, text in hostile.items():
        answer = posts(text)
        assert (answer.status_code, "Location" in answer.headers) == (400, False), name
    assert posts(signed(software, rpps, "x|y")).status_code == 404


def test_the_sign_in_leads_on(server: str) -> None:
    """With the demonstration's provider, all the way, as a professional of several places."""
    patient = people.a_patient()
    nguyen: Actor = people.actor(doctor("dr-nguyen"))
    people.authorised(patient, nguyen)
    app = App(server)
    with browsing(server) as browser:
        address = app.asks(scope="openid user/*.rs")
        chosen = browser.client.get(address)
        assert chosen.status_code == 302
        provider = browser.client.get(chosen.headers["Location"]).headers["Location"]
        back = browser.client.post(provider, data={"actor": "dr-nguyen"}).headers["Location"]
        place = browser.client.get(back)
        assert place.headers["Location"] == "/pro/situation"
        page = browser.client.get("/pro/situation")
        from tests.web.browsing import first_place

        settled = browser.client.post("/pro/situation", data=first_place(page.text))
        assert settled.headers["Location"] == address
        assert "Laisser entrer" in browser.client.get(address).text


def test_of_several_answers_only_one_comes_in(software: Software, server: str) -> None:
    patient = people.a_patient()
    link = launch(software, exchanged(software, server), patient).json()["link"]
    answers = [Browser(server).goes(path(link)).status_code for _ in range(3)]
    assert sorted(answers) == [302, 400, 400]
