"""Signing in and out over real HTTP, through the demonstration's provider and the real flow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.web.test_providers import age


@pytest.fixture
def browser(server: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server, timeout=30) as client:
        yield client


def choose(client: httpx2.Client, key: str) -> httpx2.Response:
    return client.post("/demo/connexion", data={"actor": key}, follow_redirects=True)


def to_provider(client: httpx2.Client, suite: str = "") -> str:
    """Starts as a patient; the provider's address with the request."""
    address: str = client.get(f"/connexion/patient{suite}").headers["location"]
    return address


def back_from_provider(client: httpx2.Client, address: str, key: str = "dominique") -> str:
    location: str = client.post(address, data={"actor": key}).headers["location"]
    return location


@pytest.mark.parametrize(
    ("key", "home"),
    [("dominique", "/accueil"), ("dr-martin", "/pro/"), ("secretaire", "/pro/"), ("support", "/console/")],
)
def test_one_post_signs_in_and_lands_at_home(browser: httpx2.Client, key: str, home: str) -> None:
    answer = choose(browser, key)
    assert (answer.status_code, answer.url.path) == (200, home)


def test_the_choice_serves_once(browser: httpx2.Client) -> None:
    choose(browser, "dominique")
    answer = browser.get(to_provider(browser))
    assert answer.status_code == 200
    assert "Qui voulez-vous" in answer.text


def test_an_unknown_person_is_asked_again(browser: httpx2.Client) -> None:
    assert browser.post("/demo/connexion", data={"actor": "nobody"}).status_code == 422
    assert browser.post("/demo/connexion").status_code == 422


def test_software_does_not_sign_in_here(browser: httpx2.Client) -> None:
    assert browser.post("/demo/connexion", data={"actor": "hopital"}).status_code == 422


def test_a_professional_cannot_come_in_by_the_patients_door(browser: httpx2.Client) -> None:
    assert browser.post(to_provider(browser), data={"actor": "dr-martin"}).status_code == 422


def test_one_comes_back_to_the_page_that_was_asked_for(browser: httpx2.Client) -> None:
    asked = browser.get("/acces?qui=tous")
    suite = parse_qs(urlsplit(asked.headers["location"]).query)["suite"][0]
    back = back_from_provider(browser, to_provider(browser, f"?suite={suite.replace('?', '%3F')}"))
    assert browser.get(back).headers["location"] == "/acces?qui=tous"


def test_but_never_to_another_site(browser: httpx2.Client) -> None:
    back = back_from_provider(browser, to_provider(browser, "?suite=//evil.example"))
    assert browser.get(back).headers["location"] == "/accueil"


def test_the_session_key_changes_and_the_cookie_is_closed(browser: httpx2.Client) -> None:
    back = back_from_provider(browser, to_provider(browser))
    before = browser.cookies["carnet_session"]
    answer = browser.get(back)
    assert browser.cookies["carnet_session"] != before
    set_cookie = next(line for line in answer.headers.get_list("set-cookie") if "carnet_session" in line)
    assert "HttpOnly" in set_cookie
    assert "SameSite=Lax" in set_cookie


def test_an_answer_serves_once(browser: httpx2.Client) -> None:
    back = back_from_provider(browser, to_provider(browser))
    assert browser.get(back).status_code == 302
    assert browser.get(back).status_code == 400


def test_nobody_is_signed_in_by_the_link_of_somebody_else(browser: httpx2.Client, server: str) -> None:
    back = back_from_provider(browser, to_provider(browser))
    with httpx2.Client(base_url=server) as victim:
        assert victim.get(back).status_code == 400
        assert victim.get("/accueil").status_code == 302


@pytest.mark.parametrize("spoiled", ["", "?state=x&code=y", "?error=access_denied", "?code=y"])
def test_an_answer_that_was_not_asked_for(browser: httpx2.Client, spoiled: str) -> None:
    to_provider(browser)
    assert browser.get(f"/connexion/retour{spoiled}").status_code == 400


def test_who_gives_up_is_told_that_nothing_was_opened(browser: httpx2.Client) -> None:
    state = parse_qs(urlsplit(to_provider(browser)).query)["state"][0]
    answer = browser.get(f"/connexion/retour?error=access_denied&state={state}")
    assert answer.status_code == 400
    assert "Vous avez interrompu" in answer.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("redirect_uri", "https://evil.example/"),
        ("client_id", "other"),
        ("code_challenge_method", "plain"),
        ("response_type", "token"),
        ("nonce", ""),
        ("state", ""),
        ("scope", "profile"),
    ],
)
def test_the_provider_answers_no_spoiled_request(browser: httpx2.Client, name: str, value: str) -> None:
    url = httpx2.URL(to_provider(browser))
    answer = browser.post(url.copy_merge_params({name: value}), data={"actor": "dominique"})
    assert answer.status_code == 400


def test_the_token_address_wants_the_right_verifier(browser: httpx2.Client, server: str) -> None:
    back = back_from_provider(browser, to_provider(browser))
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(back).query)["code"][0],
        "client_id": "carnet-patient",
        "redirect_uri": f"{server}/connexion/retour",
        "code_verifier": "guessed",
    }
    assert browser.post("/demo/token", data=form).status_code == 400
    assert browser.get("/demo/userinfo", headers={"Authorization": "Bearer guessed"}).status_code == 401


def test_claims_are_those_of_the_national_providers() -> None:
    from carnet.web.demo_provider.directory import accounts

    person, doctor = accounts()["dominique"].claims, accounts()["dr-martin"].claims
    assert {"given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry"} <= person.keys()
    assert doctor["SubjectNameID"] == "810001001014"
    assert doctor["SubjectRole"] == ["10^1.2.250.1.213.1.1.5.5"]


def test_the_private_key_is_not_published(browser: httpx2.Client) -> None:
    (key,) = browser.get("/demo/jwks").json()["keys"]
    assert "d" not in key
    assert key["alg"] == "ES256"


def sign_out(client: httpx2.Client, page: str = "/accueil") -> httpx2.Response:
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(page).text)
    assert token
    return client.post("/deconnexion", data={"csrfmiddlewaretoken": token[1]})


def test_signing_out_ends_the_session_everywhere(browser: httpx2.Client, server: str) -> None:
    choose(browser, "paul")
    stolen = browser.cookies["carnet_session"]
    assert sign_out(browser).headers["location"] == "/connexion?raison=deconnecte"
    with httpx2.Client(base_url=server, cookies={"carnet_session": stolen}) as thief:
        answer = thief.get("/accueil")
    assert answer.headers["location"].startswith("/connexion?raison=expiree")


def test_signing_out_needs_the_form(browser: httpx2.Client) -> None:
    choose(browser, "paul")
    assert browser.get("/deconnexion").status_code == 405
    answer = browser.post("/deconnexion")
    assert answer.status_code == 403
    assert "plus valable" in answer.text
    assert browser.get("/accueil").status_code == 200


def test_signing_in_as_somebody_else_leaves_nothing_of_the_first(browser: httpx2.Client) -> None:
    choose(browser, "dominique")
    assert "Bonjour Jean" in choose(browser, "jean").text


def test_the_language_is_remembered(browser: httpx2.Client) -> None:
    answer = browser.get("/langue/en?suite=/aide")
    assert answer.headers["location"] == "/aide"
    page = browser.get("/aide")
    assert 'lang="en"' in page.text.split("<head>")[0]
    assert page.headers["content-language"] == "en"
    assert browser.get("/langue/fr?suite=https://evil.example").headers["location"] == "/"
    assert 'lang="fr"' in browser.get("/aide").text.split("<head>")[0]


def test_a_proof_of_now_is_one_choice_in_the_demonstration(browser: httpx2.Client) -> None:
    choose(browser, "paul")
    age(browser, proven=700)
    assert "Confirmez que c" in browser.get("/export").text
    address = browser.get("/connexion/confirmer?suite=/export").headers["location"]
    back = back_from_provider(browser, address, "paul")
    assert browser.get(back).headers["location"] == "/export"
    assert "Confirmez que c" not in browser.get("/export").text
