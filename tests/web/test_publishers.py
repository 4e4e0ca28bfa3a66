"""Publishers register their software themselves: a sandbox at once, production by an operator."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from joserfc import jwt
from joserfc.jwk import ECKey

from carnet.api.oauth.problems import PROBLEMS
from carnet.formats.app_address import AppAddressError, checked
from carnet.kernel.jwk import read as a_key
from carnet.people import client_queries, publishers
from carnet.people.publishers import REGISTRATIONS, SANDBOX, Wish
from tests import people
from tests.api.oauth.software import TYPE
from tests.smart.app import App, doctor_of, fhir
from tests.smart.app import Browser as AppBrowser
from tests.web.browsing import Browsing, browsing, plain
from tests.web.console.desk import operators_lines, sitting, support

KEY = ECKey.generate_key("P-256")
ASKED = "system/DocumentReference.cruds system/Consent.rs"


def public(key: Any = KEY) -> dict[str, Any]:
    return dict(key.as_dict(private=False))


def filled(**changes: str) -> dict[str, str]:
    return {
        "logiciel": f"Cabinet Facile {uuid4().hex[:6]}",
        "editeur": "Éditions de l'Essai",
        "adresse": "3 rue des Essais, 35000 Rennes",
        "site": "https://essai.example",
        "contact": "Alix Essai",
        "courriel": "alix@essai.example",
        "structure": "",
        "portee": ASKED,
        "cle": json.dumps({"keys": [public()]}),
        **changes,
    }


def metadata(**changes: Any) -> dict[str, Any]:
    said = {
        "client_name": f"Cabinet Facile {uuid4().hex[:6]}",
        "organization_name": "Éditions de l'Essai",
        "organization_address": "3 rue des Essais, 35000 Rennes",
        "contacts": ["Alix Essai", "alix@essai.example"],
        "scope": ASKED,
        "jwks": {"keys": [public()]},
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


def sent(server: str, said: Any) -> httpx2.Response:
    return httpx2.post(f"{server}/oauth/register", json=said)


def token_of(server: str, client_id: str, scope: str | None = None, key: Any = KEY) -> httpx2.Response:
    now = int(datetime.now(UTC).timestamp())
    endpoint = f"{server}/oauth/token"
    claims = {"iss": client_id, "sub": client_id, "aud": endpoint, "exp": now + 200, "jti": uuid4().hex}
    head = {"alg": "ES256", "kid": key.thumbprint()}
    proof = jwt.encode(head, claims, key, algorithms=["ES256"])
    form = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": proof}
    return httpx2.post(endpoint, data=form | ({"scope": scope} if scope else {}))


def shown(page: str) -> tuple[str, str]:
    """Identifier and follow-up code, as the publisher notes them."""
    found = re.findall(r'<dd class="strong">([^<]+)</dd>', page)
    return found[0], found[1]


def test_a_publisher_registers_by_the_page_and_the_software_serves_at_once(server: str) -> None:
    with browsing(server) as browser:
        answer = browser.sends("/editeurs/inscrire", filled())
        assert "Il sert dès maintenant dans le bac à sable" in plain(answer.text)
        name, code = shown(answer.text)
        assert token_of(server, name).json()["scope"] == "system/DocumentReference.cruds", "no more than a sandbox has"
        assert token_of(server, name, "system/Consent.rs").json()["error"] == "invalid_scope"
        follow = browser.sends("/editeurs/suivi", {"logiciel": name, "code": code})
        assert "Production : en attente" in plain(follow.text)
        assert browser.sends("/editeurs/suivi", {"logiciel": name, "code": f"{code}x"}).status_code == 422
        assert browser.sends("/editeurs/suivi", {"logiciel": "hopital", "code": code}).status_code == 422


APP = {
    "portee": "launch launch/patient openid patient/*.rs",
    "lancement": "http://localhost:3999/lancer",
    "retour": "http://localhost:3999/retour\n https://essai.example/retour \n",
    "avertir": "https://essai.example/changements",
    "sans_cle": "oui",
    "cle": "",
}


def test_an_app_is_registered_by_the_page_and_opens_at_once(server: str) -> None:
    with browsing(server) as browser:
        answer = browser.sends("/editeurs/inscrire", filled(**APP))
        assert answer.status_code == 200, plain(answer.text)
        name, code = shown(answer.text)
        follow = browser.sends("/editeurs/suivi", {"logiciel": name, "code": code})
    for page in (answer, follow):
        for address in ("http://localhost:3999/lancer", "https://essai.example/retour", "/changements"):
            assert address in plain(page.text), "what was registered can be read again"
    app, patient = App(server), people.a_patient()
    app.name = name
    given = app.tokens_for(AppBrowser(server, doctor_of(patient)), patient)
    assert fhir(server, given["access_token"], f"Patient/{given['patient']}").status_code == 200
    found = client_queries.client_by_key(name)
    assert found
    assert (found.public, found.launch_uris) == (True, ["http://localhost:3999/lancer"])
    assert found.redirect_uris == ["http://localhost:3999/retour", "https://essai.example/retour"]
    assert not found.acts_for_professionals


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("retour", {"retour": "http://essai.example/retour"}),
        ("retour", {"retour": "https://essai.example/#x\nhttps://essai.example/"}),
        ("retour", {"retour": "\n".join(f"https://essai.example/{number}" for number in range(11))}),
        ("retour", {"retour": ""}),
        ("lancement", {"lancement": "javascript:alert(1)"}),
        ("avertir", {"avertir": "https://essai.example/changements?cle=1"}),
        ("avertir", {"avertir": "\n".join(f"https://essai.example/{number}" for number in range(6))}),
        ("sans_cle", {"retour": "", "lancement": ""}),
        ("cle", {"cle": json.dumps({"keys": [public()]})}),
        ("cle", {"sans_cle": ""}),
        ("portee", {"portee": "system/DocumentReference.cruds"}),
        ("lancement", {"patients": "oui"}),
        ("patients", {"patients": "oui", "retour": "", "lancement": "", "sans_cle": "", "cle": json.dumps(public())}),
        ("portee", {"patients": "oui", "lancement": "", "portee": "launch user/*.rs"}),
    ],
    ids=[
        "plain",
        "fragment",
        "many",
        "missing",
        "script",
        "receiver",
        "receivers",
        "alone",
        "both",
        "neither",
        "scope",
        "launched",
        "nowhere",
        "of others",
    ],
)
def test_what_is_wrong_of_an_app_is_said_at_its_field(field: str, changes: dict[str, str], server: str) -> None:
    with browsing(server) as browser:
        answer = browser.sends("/editeurs/inscrire", filled(**APP | changes))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert '<details class="nhsuk-details" open>' in answer.text or not {"retour", "lancement"} - changes.keys()
    assert "https://essai.example/changements" in answer.text or field == "avertir", "what was typed is not lost"


def test_where_people_are_real_an_app_has_no_address_on_a_machine_of_its_own() -> None:
    assert checked("http://localhost:3999/retour", local=True)
    with pytest.raises(AppAddressError):
        checked("http://localhost:3999/retour", local=False)


def test_it_acts_for_nobody_and_reads_nobody(server: str) -> None:
    made = sent(server, metadata(scope="system/*.cruds user/*.cruds")).json()
    found = client_queries.client_by_key(made["client_id"])
    assert found is not None
    assert not found.acts_for_professionals
    assert "user/" not in found.scope
    token = token_of(server, made["client_id"]).json()["access_token"]
    answer = httpx2.get(f"{server}/fhir/DocumentReference", headers={"Authorization": f"Bearer {token}"})
    assert answer.json().get("total", 0) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("logiciel", ""),
        ("courriel", "alix"),
        ("cle", "{}"),
        ("cle", "-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----"),
        ("cle", json.dumps(KEY.as_dict(private=True))),
        ("portee", "tout"),
        ("portee", "user/*.cruds"),
        ("structure", "*"),
        ("editeur", "x" * 201),
        ("adresse", "a\x07b"),
        ("site", "essai"),
        ("site", "www.essai.example"),
        ("site", "javascript:alert(document.cookie)"),
        ("site", "https://essai@carnet.example"),
        ("site", "https://exam ple.fr"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_registered(field: str, value: str, server: str) -> None:
    form = filled(**{field: value})
    with browsing(server) as browser:
        answer = browser.sends("/editeurs/inscrire", form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert form["contact"] in answer.text, "what was typed is not lost"


@pytest.mark.parametrize("site", ["", "https://essai.example/carnet?a=1", "http://www.éditeur.example:8080"])
def test_a_website_is_an_address_of_the_web_or_none(site: str, server: str) -> None:
    with browsing(server) as browser, support(server) as desk:
        name, _ = registered(browser, site=site)
        assert site in plain(desk.opens(f"/console/editeurs?nom={name}").text)


def test_a_certificate_gives_its_key_and_its_end(server: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "logiciel")]), datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    answer = sent(server, metadata(jwks=None, certificate=pem))
    assert answer.status_code == 201, answer.text
    client = client_queries.client_by_key(answer.json()["client_id"])
    assert client is not None
    (kept,) = client_queries.keys_of([client.id])
    assert kept.until is not None
    assert kept.until - now < timedelta(days=10)
    own = ECKey.import_key(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    assert token_of(server, client.key, key=own).status_code == 200


def test_a_program_registers_and_reads_how_it_stands(server: str) -> None:
    answer = sent(server, metadata())
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    made = answer.json()
    assert made["registration_client_uri"] == f"{server}/oauth/register/{made['client_id']}"
    secret = {"Authorization": f"Bearer {made['registration_access_token']}"}
    told = httpx2.get(made["registration_client_uri"], headers=secret).json()
    assert told["production"]["state"] == "waiting"
    for wrong in ({}, {"Authorization": "Bearer editeur_x"}):
        assert httpx2.get(made["registration_client_uri"], headers=wrong).status_code == 401
    assert httpx2.get(f"{server}/oauth/register/hopital", headers=secret).status_code == 401


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ([], "metadata-form"),
        (metadata(client_name=None), "metadata-missing"),
        (metadata(client_name=7), "metadata-missing"),
        (metadata(contacts=["Alix"]), "metadata-missing"),
        (metadata(contacts="alix@essai.example"), "metadata-missing"),
        (metadata(organization_name="a\x00b"), "metadata-missing"),
        (metadata(jwks=None), "metadata-keys"),
        (metadata(jwks={"keys": []}), "metadata-keys"),
        (metadata(jwks={"keys": [public()] * 2}), "metadata-keys"),
        (metadata(jwks={"keys": [dict(KEY.as_dict(private=True))]}), "metadata-keys"),
        (metadata(jwks=None, jwks_uri="http://169.254.169.254/"), "metadata-keys"),
        (metadata(token_endpoint_auth_method="client_secret_basic"), "metadata-method"),
        (metadata(scope="launch openid"), "metadata-scope"),
        (metadata(structure="?"), "metadata-structure"),
        (metadata(client_uri="javascript:alert(1)//essai.example"), "metadata-website"),
    ],
    ids=[
        "no-object",
        "no-name",
        "number",
        "no-address",
        "text",
        "nul",
        "no-keys",
        "none",
        "same",
        "private",
        "inside",
        "secret",
        "scope",
        "structure",
        "website",
    ],
)
def test_a_program_is_told_what_is_wrong(said: Any, code: str, server: str) -> None:
    answer = sent(server, said)
    assert (answer.status_code, answer.json()["error"]) == (400, PROBLEMS[code].error)
    assert "metadata" in answer.json()["error"]


def registered(browser: Browsing, **changes: str) -> tuple[str, str]:
    return shown(browser.sends("/editeurs/inscrire", filled(**changes)).text)


def request_of(desk: Browsing, name: str) -> str:
    page = desk.opens(f"/console/editeurs?nom={name}").text
    section = next(each for each in page.split("<article")[1:] if name in each)
    return str(re.findall(r'name="demande" value="([^"]+)"', section)[0])


def test_an_operator_accepts_and_the_software_has_what_it_asked_for(server: str) -> None:
    house, operator = f"1{uuid4().int % 10**9:09d}", people.an_operator("support")
    with browsing(server) as browser, sitting(server, operator) as desk:
        name, code = registered(browser, structure=house)
        before = token_of(server, name).json()["access_token"]
        page = desk.text(f"/console/editeurs?nom={name}")
        for said in ("alix@essai.example", "3 rue des Essais, 35000 Rennes", house, name):
            assert said in page
        answer = desk.sends("/console/editeurs", {"demande": request_of(desk, name), "acte": "accepter"})
        assert "accepté en production" in plain(answer.text)
        assert "Production : acceptée" in plain(browser.sends("/editeurs/suivi", {"logiciel": name, "code": code}).text)
    client = client_queries.client_by_key(name)
    assert client is not None
    assert client.organisation == house
    assert not client.acts_for_professionals
    assert token_of(server, name).json()["scope"] == "system/Consent.rs system/DocumentReference.cruds"
    old = httpx2.get(f"{server}/fhir/DocumentReference", headers={"Authorization": f"Bearer {before}"})
    assert old.status_code == 401, "a token of before has the rights of before, and ends"
    assert "publisher-accepted" in [action for action, *_ in operators_lines(operator.id)]


def test_an_operator_refuses_with_words_that_the_publisher_reads(server: str) -> None:
    with browsing(server) as browser, support(server) as desk:
        name, code = registered(browser)
        asked = request_of(desk, name)
        without = desk.sends(f"/console/editeurs?nom={name}", {"demande": asked, "acte": "refuser", "mots": " "})
        assert without.status_code == 422
        assert f'href="#mots-{asked}"' in without.text
        words = "Il manque l'attestation <b>signée</b>."
        desk.sends("/console/editeurs", {"demande": asked, "acte": "refuser", "mots": words})
        follow = browser.sends("/editeurs/suivi", {"logiciel": name, "code": code}).text
        assert "Production : refusée" in plain(follow)
        assert words in plain(follow).replace("&lt;", "<") or "attestation &lt;b&gt;" in follow
        again = desk.sends("/console/editeurs", {"demande": asked, "acte": "accepter"})
        assert "déjà répondu" in plain(again.text)
    assert token_of(server, name).json()["scope"] == "system/DocumentReference.cruds"


def test_only_the_support_decides(server: str) -> None:
    with sitting(server, people.an_operator("pilotage")) as desk:
        assert desk.opens("/console/editeurs").status_code == 403
    with pytest.raises(PermissionError):
        publishers.accept(people.an_operator("steering"), uuid4())
    with pytest.raises(PermissionError):
        publishers.waiting(people.a_doctor())


def wish() -> Wish:
    return Wish("Logiciel", "Éditeur", "Rue", "", "Alix", "a@b.example", SANDBOX)


def test_outside_a_sandbox_it_serves_when_it_has_been_accepted(server: str) -> None:
    made = publishers.register(wish(), [a_key(json.dumps(public()))], sandbox=False, address="127.0.77.4")
    assert not made.active
    assert token_of(server, made.client_key).status_code == 401
    found = publishers.standing(made.client_key, made.secret)
    assert found is not None
    assert publishers.accept(people.an_operator("support"), found.id)
    assert token_of(server, made.client_key).status_code == 200


def test_one_address_registers_a_number_an_hour_and_keeps_nobody_else_from_it(server: str) -> None:
    filling = httpx2.HTTPTransport(local_address="127.0.77.5")
    with httpx2.Client(base_url=server, transport=filling) as there:
        answers = [there.post("/oauth/register", json=metadata()) for _ in range(REGISTRATIONS.most)]
        assert {each.status_code for each in answers} == {201}
        late = there.post("/oauth/register", json=metadata())
        assert late.status_code == 429
        assert 0 < int(late.headers["retry-after"]) <= REGISTRATIONS.window.total_seconds()
        held = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', there.get("/editeurs/inscrire").text))
        page = there.post("/editeurs/inscrire", data=held | filled())
        assert page.status_code == 429
        assert "Trop d'inscriptions d'ici" in plain(page.text)
    elsewhere = httpx2.HTTPTransport(local_address="127.0.77.6")
    with httpx2.Client(base_url=server, transport=elsewhere) as here:
        assert here.post("/oauth/register", json=metadata()).status_code == 201


def test_what_is_no_registration_is_not_counted(server: str) -> None:
    address = "127.0.77.7"
    with httpx2.Client(base_url=server, transport=httpx2.HTTPTransport(local_address=address)) as there:
        assert there.post("/oauth/register", json=metadata(scope="system/Nothing.rs")).status_code == 400
    assert REGISTRATIONS.failed(address) == 1


def test_a_real_installation_is_no_sandbox_unless_it_says_so() -> None:
    from carnet.kernel import config

    assert settings.CARNET.sandbox
    assert not config.load({}).sandbox
    assert config.load({"CARNET_SANDBOX": "1"}).sandbox
    assert not replace(config.load({"CARNET_DEMO": "1", "CARNET_SANDBOX": "0"})).sandbox
