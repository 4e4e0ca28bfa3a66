"""A passkey from its making to its end, with an authenticator that Chromium plays: in French and English, on a phone
and at a desk, by the keyboard alone. How long coming back takes is measured."""

from __future__ import annotations

import time
from base64 import b64encode
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from carnet.kernel.actor import Actor
from carnet.people import passkeys
from tests import people
from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.keyboard import Keyboard
from tests.sessions import COOKIE
from tests.web.test_passkeys import proven

BACK_IN = 5.0
ADD = "/appareils/cles/ajouter"
PHONE_EN = pytest.param({"size": PHONE, "scripts": True}, "en", id="phone-en")
DESK_FR = pytest.param({"size": DESKTOP, "scripts": True}, "fr", id="desk-fr", marks=pytest.mark.long)
WITH_SCRIPTS = pytest.mark.parametrize("visitor", [{"scripts": True}], indirect=True)


class Device:
    """The authenticator of a browser: its holder is there, and is who they say."""

    def __init__(self, visitor: Visitor) -> None:
        self.line: CDPSession = visitor.context.new_cdp_session(visitor.page)
        self.line.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self.id = self._asked("addVirtualAuthenticator", options=options)["authenticatorId"]

    def keys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._asked("getCredentials", authenticatorId=self.id)["credentials"]
        return found

    def replace(self, key: dict[str, Any], **changes: Any) -> None:
        self._asked("removeCredential", authenticatorId=self.id, credentialId=key["credentialId"])
        self._asked("addCredential", authenticatorId=self.id, credential=key | changes)

    def knows_the_holder(self, known: bool) -> None:
        self._asked("setUserVerified", authenticatorId=self.id, isUserVerified=known)

    def _asked(self, method: str, **values: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.line.send(f"WebAuthn.{method}", values)
        return answer


def sits_as_proven(visitor: Visitor, who: Actor) -> None:
    """Signed in by the provider a moment ago."""
    visitor.context.add_cookies([{"name": COOKIE, "value": proven(who), "url": visitor.base}])


def adds(visitor: Visitor, name: str = "Mon appareil") -> None:
    visitor.goes_to(ADD)
    visitor.page.fill("#nom", name)
    visitor.page.click("main form button")
    visitor.page.wait_for_url("**/appareils?fait=ajoutee")


def signs_out(visitor: Visitor) -> None:
    visitor.context.clear_cookies(name="carnet_session")
    visitor.goes_to("/connexion")


def signs_in(visitor: Visitor) -> None:
    visitor.page.click("form[action='/connexion/cle'] button")


@pytest.mark.parametrize(("visitor", "language"), [PHONE_EN, DESK_FR], indirect=["visitor"])
def test_made_used_and_revoked_by_the_keys_alone(visitor: Visitor, language: str) -> None:
    visitor.speaks(language)
    device, keys = Device(visitor), Keyboard(visitor, language, scripts=True)
    visitor.signs_in_as("paul")
    visitor.goes_to("/appareils")
    found = visitor.faults()
    keys.follows(keys.finds("Ajouter une clé d'accès"))
    found += visitor.faults()
    visitor.page.fill("#nom", "")
    keys.types(visitor.page.locator("#nom"), name := f"Essai {language}")
    keys.follows(keys.finds("Créer la clé sur cet appareil", "button"))
    expect(visitor.page.get_by_role("status").first).to_contain_text(
        keys.says("Votre clé d'accès est prête : elle ouvre votre carnet dès la prochaine fois.")
    )
    found += visitor.faults()
    assert [len(device.keys()), device.keys()[0]["isResidentCredential"]] == [1, True]

    signs_out(visitor)
    found += visitor.faults()
    keys.tabs_to(keys.finds("Se connecter avec une clé d'accès", "button"))
    began = time.monotonic()
    with visitor.page.expect_navigation(url="**/accueil"):
        visitor.page.keyboard.press("Enter")
    took = time.monotonic() - began
    assert took < BACK_IN, f"back in after {took:.1f} s"

    visitor.goes_to("/appareils")
    keys.follows(visitor.page.get_by_role("link", name=name))
    found += visitor.faults()
    keys.follows(keys.finds("Retirer cette clé", "button"))
    signs_out(visitor)
    signs_in(visitor)
    expect(visitor.page.locator("h1")).to_have_text(keys.says("Cette clé d'accès n'ouvre pas Carnet"))
    assert found + visitor.faults() == []


@WITH_SCRIPTS
def test_a_holder_whom_the_device_does_not_know_stays_outside(visitor: Visitor) -> None:
    device = Device(visitor)
    sits_as_proven(visitor, people.a_patient().actor)
    adds(visitor)
    signs_out(visitor)
    device.knows_the_holder(False)  # noqa: FBT003
    signs_in(visitor)
    expect(visitor.page.locator("form[action='/connexion/cle'] [role=status]")).to_contain_text("Rien n’a été fait")
    assert visitor.page.evaluate("document.activeElement.type") == "submit", "the keys go on from the button"


@WITH_SCRIPTS
def test_a_copy_that_counts_less_and_one_in_another_name(visitor: Visitor) -> None:
    device, who = Device(visitor), people.a_patient().actor
    sits_as_proven(visitor, who)
    adds(visitor)
    signs_out(visitor)
    signs_in(visitor)
    visitor.page.wait_for_url("**/accueil")
    (key,) = device.keys()
    signs_out(visitor)
    device.replace(key, signCount=0)
    signs_in(visitor)
    expect(visitor.page.locator("h1")).to_have_text("Cette clé d’accès n’ouvre pas Carnet")
    other = b64encode(passkeys.handle(people.a_patient().actor.id)).decode()
    device.replace(key, signCount=key["signCount"] + 10, userHandle=other)
    visitor.goes_to("/connexion")
    signs_in(visitor)
    expect(visitor.page.locator("h1")).to_have_text("Cette clé d’accès n’ouvre pas Carnet")


@WITH_SCRIPTS
def test_a_device_makes_one_key_for_a_person(visitor: Visitor) -> None:
    Device(visitor)
    sits_as_proven(visitor, people.a_patient().actor)
    adds(visitor)
    visitor.goes_to(ADD)
    visitor.page.click("main form button")
    expect(visitor.page.locator("main form [role=status]")).to_have_text(
        "Cet appareil a déjà une clé d’accès pour votre compte."
    )


def test_without_scripts_the_page_says_so_and_the_provider_is_there(visitor: Visitor) -> None:
    visitor.goes_to("/connexion")
    assert visitor.sees("Une clé d’accès demande JavaScript")
    assert not visitor.page.locator("form[action='/connexion/cle']").is_visible()
    assert visitor.page.get_by_role("link", name="Se connecter avec FranceConnect+").is_visible()
    sits_as_proven(visitor, people.a_patient().actor)
    visitor.goes_to(ADD)
    assert visitor.sees("Une clé d’accès demande JavaScript")
