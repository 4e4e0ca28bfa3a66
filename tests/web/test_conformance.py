"""A publisher's software in the sandbox: what it did right, what not and why, and what production still asks for."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx2
import orjson
from joserfc.jwk import ECKey

from carnet.apps import conformance
from carnet.people import queries
from tests import people
from tests.api import publish
from tests.api.caller import FHIR, token
from tests.smart.app import BACK, App, Browser, doctor_of, fhir
from tests.web.browsing import browsing, plain
from tests.web.console.desk import sitting
from tests.web.test_publishers import metadata, sent, token_of

ASKED = "system/DocumentReference.cs system/Patient.s system/Subscription.c"
RECEIVER = "https://recepteur.example/carnet"


def report(server: str, made: dict[str, Any]) -> dict[str, Any]:
    address = f"{made['registration_client_uri']}/conformance"
    answer = httpx2.get(address, headers={"Authorization": f"Bearer {made['registration_access_token']}"})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def states(told: dict[str, Any]) -> dict[str, str]:
    return {each["interaction"]: each["state"] for each in told["interactions"]}


def test_from_the_first_try_to_all_that_production_asks_for(server: str) -> None:
    made = sent(server, metadata(scope=ASKED, subscription_endpoints=[RECEIVER])).json()
    name, patient = made["client_id"], people.a_patient()
    assert made["subscription_endpoints"] == [RECEIVER]
    told = report(server, made)
    assert set(states(told).values()) == {"never"}
    assert not told["ready_for_production"]
    assert told["missing"] == ["token", "td0.2", "validate", "iti-105", "iti-67", "subscription", "notification"]

    # The assertion is wrong, then right.
    bad = token_of(server, name, key=publish_key())
    assert bad.status_code == 401
    fault = line(report(server, made), "token")
    assert (fault["state"], fault["last_fault"]["faults"][0]["code"]) == ("wrong", "client-not-proven")
    assert "kid" in fault["last_fault"]["faults"][0]["text"]
    access = token_of(server, name).json()["access_token"]
    headers = {"Authorization": f"Bearer {access}", "Content-Type": FHIR}

    def post(path: str, body: Any) -> httpx2.Response:
        return httpx2.post(f"{server}/fhir/{path}", headers=headers, content=orjson.dumps(body))

    document = orjson.loads(publish.simplified(token(patient), b"Bilan."))
    secret = "Sarcoïdose de Camille"
    assert post("DocumentReference", document | {"type": {"text": secret}, "status": secret}).status_code >= 400
    fault = line(report(server, made), "iti-105")
    assert fault["state"] == "wrong"
    assert fault["last_fault"]["expression"]
    assert all(each["text"] for each in fault["last_fault"]["faults"])
    assert secret not in str(report(server, made)), "nothing of what was sent"
    assert post("DocumentReference", document).status_code == 201
    assert post("DocumentReference/$validate", document).status_code == 200
    for path in ("Patient?identifier=", "DocumentReference?patient.identifier="):
        assert httpx2.get(f"{server}/fhir/{path}{token(patient)}", headers=headers).status_code == 200
    # To read without the scope for it is a fault; what is not there is none.
    httpx2.get(f"{server}/fhir/DocumentReference/{'a' * 26}-{'a' * 26}", headers=headers)
    told = report(server, made)
    found = states(told)
    assert {found[each] for each in ("token", "iti-105", "validate", "td0.2", "iti-67")} == {"right"}
    assert line(told, "read")["last_fault"]["faults"][0]["code"] == "scope-insufficient"
    assert line(told, "iti-105")["wrong"] == 1
    assert line(told, "iti-105")["last_fault"], "what was wrong stays to be read"
    assert told["missing"] == ["subscription", "notification"]

    client = queries.actor_by_key(name)
    assert client
    for each in ("subscription", "notification"):
        conformance.right(client.id, each)
    assert report(server, made)["ready_for_production"]

    _read_by_people(server, client.id, {"logiciel": name, "code": made["registration_access_token"]})


def test_an_app_is_told_of_its_launch_and_not_of_tokens_that_it_never_asks_for(server: str) -> None:
    scope = "launch/patient openid online_access patient/*.rs"
    no_keys = {"jwks": None, "token_endpoint_auth_method": "none", "redirect_uris": [BACK]}
    made = sent(server, metadata(scope=scope, **no_keys)).json()
    app, patient = App(server, name=made["client_id"], registered=True), people.a_patient()
    browser = Browser(server, doctor_of(patient))
    assert report(server, made)["missing"] == ["smart-launch", "smart-refresh", "entries"]

    for wrong, code in (({"redirect_uri": f"{BACK}/"}, "redirect-uri"), ({"code_challenge": None}, "pkce")):
        browser.goes(app.asks(**wrong))
        launched = line(report(server, made), "smart-launch")
        assert (launched["state"], launched["last_fault"]["faults"][0]["code"]) == ("wrong", code)
        assert launched["last_fault"]["faults"][0]["text"]
    # That somebody is not signed in, or says no, is no fault of the app's.
    Browser(server).goes(app.asks(prompt="none"))
    assert line(report(server, made), "smart-launch")["wrong"] == 2
    assert app.changes("inconnu").status_code == 400
    assert line(report(server, made), "smart-launch")["last_fault"]["faults"][0]["code"] == "code"

    address = app.asks(scope=scope)
    browser.sends(browser.goes(address), acte="choisir", par="ins", ins=patient.ins)
    tokens = app.changes(browser.code(address)).json()
    told = report(server, made)
    assert line(told, "smart-launch")["state"] == "right"
    assert told["missing"] == ["smart-refresh", "entries"]
    assert app.renews(tokens["refresh_token"]).status_code == 200
    assert fhir(server, tokens["access_token"], f"Patient/{tokens['patient']}").status_code == 200
    told = report(server, made)
    assert (states(told)["smart-refresh"], states(told)["patient"], states(told)["token"]) == (
        "right",
        "right",
        "never",
    )
    assert told["ready_for_production"]

    with browsing(server) as publisher:
        sent_code = {"logiciel": made["client_id"], "code": made["registration_access_token"]}
        page = plain(publisher.sends("/editeurs/conformite", sent_code).text)
        assert "ouvrir dans un navigateur et échanger son code" in page
        assert "Demander un jeton" not in page.partition("Ni demandé ni essayé")[0]


def test_an_app_that_reads_documents_alone_is_asked_for_a_search_of_them(server: str) -> None:
    no_keys = {"jwks": None, "token_endpoint_auth_method": "none", "redirect_uris": [BACK]}
    made = sent(server, metadata(scope="launch/patient patient/DocumentReference.rs", **no_keys)).json()
    assert report(server, made)["missing"] == ["smart-launch", "iti-67"]


def _read_by_people(server: str, client_id: UUID, sent_code: dict[str, str]) -> None:
    with browsing(server) as browser, sitting(server, people.an_operator("support")) as desk:
        page = browser.sends("/editeurs/conformite", sent_code)
        assert "Tout ce que la production demande est fait" in plain(page.text)
        assert RECEIVER in page.text
        assert browser.sends("/editeurs/conformite", sent_code | {"code": "x"}).status_code == 422
        follow = browser.sends("/editeurs/suivi", sent_code).text
        assert "Voir le rapport de conformité" in plain(follow)
        console = desk.opens(f"/console/editeurs/{client_id}/conformite")
        assert "Déposer un document" in plain(console.text)
        assert (
            f"/console/editeurs/{client_id}/conformite"
            in desk.opens(f"/console/editeurs?nom={sent_code['logiciel']}").text
        )
        assert desk.opens(f"/console/editeurs/{uuid4()}/conformite").status_code == 404
    with sitting(server, people.an_operator("pilotage")) as desk:
        assert desk.opens(f"/console/editeurs/{client_id}/conformite").status_code == 403


def line(told: dict[str, Any], interaction: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in told["interactions"] if each["interaction"] == interaction)
    return found


def test_a_receiver_that_is_no_address_is_not_registered(server: str) -> None:
    for given in (
        "https://a.example",
        ["http:/x"],
        ["https://a.example/?q=1"],
        ["https://u@a.example/"],
        [1],
        ["x"] * 6,
    ):
        answer = sent(server, metadata(subscription_endpoints=given))
        assert answer.status_code == 400, given
        assert "subscription_endpoints" in answer.json()["error_description"]
    made = sent(server, metadata()).json()
    wrong = httpx2.get(f"{made['registration_client_uri']}/conformance", headers={"Authorization": "Bearer x"})
    assert wrong.status_code == 401


def publish_key() -> Any:

    return ECKey.generate_key("P-256")


def test_an_operator_finds_the_report_of_software_that_an_operator_added(server: str) -> None:
    software = people.software(name=f"0 Logiciel {uuid4()}")
    with sitting(server, people.an_operator("support")) as desk:
        page = desk.opens(f"/console/editeurs?nom={software.name.replace(' ', '+')}")
        added = plain(page.text).partition("Ajoutés par un exploitant")[2]
        assert f"Conformité de {software.name}" in added
        assert f'href="/console/editeurs/{software.id}/conformite"' in page.text
        assert f"Conformité de {software.name}" in plain(desk.opens(f"/console/editeurs/{software.id}/conformite").text)
