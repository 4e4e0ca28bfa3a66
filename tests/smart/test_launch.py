"""An app opened by a professional, over HTTP: alone with the patient chosen here, or from their software."""

from __future__ import annotations

import httpx2
from joserfc import jwk, jwt

from carnet.people import clients
from tests import people
from tests.api.oauth.software import Software, a_doctor_of, acting_for
from tests.smart.app import App, Browser, doctor_of, fhir, launch, told


def test_launched_from_the_software_of_a_doctor(server: str) -> None:
    patient, other = people.a_patient(), people.a_patient()
    software = Software(server, scope="user/Patient.s", acts=True)
    doctor, rpps = a_doctor_of(software)
    for each in (patient, other):
        people.authorised(each, doctor)
    app, browser = App(server), Browser(server, doctor)

    token = software.token("user/Patient.s", extensions=acting_for(rpps))
    answer = launch(software, token, patient, client_id=app.name)
    assert answer.status_code == 201, answer.text
    given = answer.json()
    assert patient.ins not in answer.text
    assert given["launch_url"].startswith("http://localhost:3999/lancer?iss=")
    assert (given["expires_in"], given["link_expires_in"]) == (300, 60)

    address = app.asks(
        launch=given["launch"], scope="launch openid fhirUser online_access patient/*.rs patient/Observation.read x"
    )
    page = browser.goes(address)
    assert page.status_code == 200
    assert "Appli Épreuve" in page.text
    assert "ESSAI" in page.text
    assert "form-action 'self' http://localhost:3999" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    said = told(browser.sends(page, acte="accepter"))
    assert (said["state"], said["iss"]) == ("état & 1", server)

    answer = app.changes(said["code"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    tokens = answer.json()
    assert tokens["scope"] == "fhirUser launch online_access openid patient/*.rs"
    assert (tokens["token_type"], tokens["need_patient_banner"]) == ("Bearer", True)

    keys = jwk.KeySet.import_key_set(httpx2.get(f"{server}/oauth/jwks").json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (server, app.name, "n-1")
    assert claims["fhirUser"] == tokens["fhirUser"]
    me = httpx2.get(claims["fhirUser"], headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert me.json()["identifier"][0]["value"] == f"8{rpps}"

    mine = fhir(server, tokens["access_token"], f"Patient/{tokens['patient']}")
    assert mine.status_code == 200, mine.text
    assert mine.json()["identifier"][0]["value"] == patient.ins

    lines = [line for line in people.trail(patient) if line.door == f"fhir:{app.name}"]
    assert {line.actor_id for line in lines} == {doctor.id}, "the person reads both names"

    # Known from now on: the next launch asks nothing, and the doctor finds the app among theirs.
    again = launch(software, software.token("user/Patient.s", extensions=acting_for(rpps)), patient, client_id=app.name)
    assert told(browser.goes(app.asks(launch=again.json()["launch"], scope="launch openid patient/*.rs")))["code"]
    mine_page = browser.goes("/pro/applications")
    assert "Appli Épreuve" in mine_page.text


def test_opened_alone_the_patient_is_chosen_here(server: str) -> None:
    patient = people.a_patient()
    app, browser = App(server), Browser(server, doctor_of(patient))
    page = browser.goes(app.asks())
    assert "Pour quel patient" in page.text
    assert browser.sends(page, acte="choisir", par="ins", ins="12").status_code == 422
    assert "Aucun carnet" in browser.sends(page, acte="choisir", par="ins", ins=people.fresh_ins()).text
    found = browser.sends(page, acte="choisir", par="ins", ins=patient.ins)
    assert found.status_code == 303
    assert patient.ins not in found.headers["Location"]
    consent = browser.goes(found.headers["Location"])
    tokens = app.changes(told(browser.sends(consent, acte="accepter"))["code"]).json()
    assert fhir(server, tokens["access_token"], f"Patient/{tokens['patient']}").status_code == 200
    assert "refresh_token" not in tokens


def test_an_app_of_the_house_asks_nobody_and_shows_what_it_is_for(server: str) -> None:
    patient = people.a_patient()
    software = Software(server, scope="openid patient/*.rs")
    clients.change(client_id=software.id, trusted=True, redirect_uris=["http://localhost:3999/retour"])
    app, browser = App(server), Browser(server, doctor_of(patient))
    app.name = software.name
    address = app.asks(scope="openid patient/Observation.rs")
    browser.sends(browser.goes(address), acte="choisir", par="ins", ins=patient.ins)
    given = app.changes(told(browser.goes(address))["code"], **software.proof()).json()
    assert given["scope"] == "openid patient/Observation.rs"
    seen = software.post("introspect", token=given["access_token"]).json()
    assert (seen["active"], seen["patient"], seen["client_id"]) == (True, given["patient"], software.name)
    assert fhir(server, given["access_token"], f"Observation?patient={given['patient']}").status_code == 200
    assert fhir(server, given["access_token"], f"DocumentReference?patient={given['patient']}").status_code == 403
