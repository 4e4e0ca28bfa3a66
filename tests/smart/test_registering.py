"""An app is registered by its publisher's program: where it is launched and answered, with a key or without."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from carnet.formats.app_address import AppAddressError, checked
from tests import people
from tests.smart.app import App, Browser, doctor_of, fhir, told


def said(**changes: Any) -> dict[str, Any]:
    found = {
        "client_name": "Courbes faciles", "organization_name": "Éditions de l'Essai",
        "organization_address": "3 rue des Essais, 35000 Rennes", "contacts": ["Alix Essai", "alix@essai.example"],
        "scope": "launch launch/patient openid fhirUser offline_access patient/*.rs",
        "redirect_uris": ["http://localhost:3999/retour"], "launch_uris": ["http://localhost:3999/lancer"],
        "token_endpoint_auth_method": "none", **changes,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def test_in_a_sandbox_it_serves_at_once_with_whoever_lets_it_in(server: str) -> None:
    answer = httpx2.post(f"{server}/oauth/register", json=said())
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["grant_types"] == ["authorization_code", "refresh_token"]
    assert made["redirect_uris"] == ["http://localhost:3999/retour"]
    app, patient = App(server), people.a_patient()
    app.name = made["client_id"]
    browser = Browser(server, doctor_of(patient))
    address = app.asks()
    browser.sends(browser.goes(address), acte="choisir", par="ins", ins=patient.ins)
    page = browser.goes(address)
    assert "Courbes faciles" in page.text
    given = app.changes(told(browser.sends(page, acte="accepter"))["code"]).json()
    assert fhir(server, given["access_token"], f"Patient/{given['patient']}").status_code == 200


def test_one_that_patients_open_reads_the_record_of_whoever_lets_it_in(server: str) -> None:
    asked = {
        "for_persons": True,
        "launch_uris": None,
        "scope": "launch openid patient/*.cruds user/*.rs system/List.rs",
    }
    answer = httpx2.post(f"{server}/oauth/register", json=said(**asked))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["for_persons"], made["scope"]) == (True, "openid patient/*.rs")
    follow = {"Authorization": f"Bearer {made['registration_access_token']}"}
    assert httpx2.get(made["registration_client_uri"], headers=follow).json()["for_persons"] is True
    app, patient = App(server, scope="openid patient/*.rs"), people.a_patient()
    app.name = made["client_id"]
    # A professional is sent away, and the patient lets it in.
    assert Browser(server, doctor_of(patient)).goes(app.asks()).status_code == 403
    browser = Browser(server, patient.actor)
    page = browser.goes(app.asks())
    assert "Laisser Courbes faciles lire votre carnet" in page.text.replace("\xa0", " ")
    given = app.changes(told(browser.sends(page, acte="accepter"))["code"]).json()
    assert fhir(server, given["access_token"], f"Patient/{given['patient']}").status_code == 200


@pytest.mark.parametrize(
    "changes",
    [{"redirect_uris": ["http://carnet.example/retour"]}, {"redirect_uris": ["https://*.example/x"]},
     {"redirect_uris": ["https://a.example/#x"]}, {"redirect_uris": "https://a.example"}, {"redirect_uris": None},
     {"for_persons": True}, {"for_persons": "yes"}, {"for_persons": True, "redirect_uris": None, "launch_uris": None},
     {"for_persons": True, "launch_uris": None, "scope": "openid system/List.rs"},
     {"launch_uris": ["javascript:alert(1)"]}, {"redirect_uris": [f"https://a.example/{n}" for n in range(11)]}],
    ids=["plain", "star", "fragment", "text", "none", "launched", "word", "nowhere",
         "own", "script", "many"],
)  # fmt: skip
def test_what_is_wrong_is_told(server: str, changes: dict[str, Any]) -> None:
    answer = httpx2.post(f"{server}/oauth/register", json=said(**changes))
    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_redirect_uri", "invalid_client_metadata"}


def test_an_address_is_kept_as_it_is() -> None:
    for good in ("https://a.example/x?y=z", "http://localhost:8080/", "http://127.0.0.1/cb", "http://[::1]:8/cb"):
        assert checked(good) == good
    for bad in ("", "a", "ftp://a.example", "https://", "https://u@a.example", "https://a.example:x", "https://é.example",
                "https://a.example/ b", "https://a.example/\\b", "http://localhost.evil.example/"):  # fmt: skip
        with pytest.raises(AppAddressError):
            checked(bad)
