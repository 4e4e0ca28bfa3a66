"""An app as its author writes it: PKCE, a state, a browser that comes and goes; and the doctor's software beside it."""

from __future__ import annotations

import atexit
import secrets
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

import httpx2

from carnet.kernel.actor import Actor
from carnet.people import actions, sessions
from carnet.people.granting import challenge_of
from tests import people
from tests.api.caller import JSON
from tests.api.oauth.software import Software
from tests.cast import TEST_OID
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import token

SCOPE = "launch launch/patient openid fhirUser online_access offline_access patient/*.rs user/*.rs"
_CLOSING = ExitStack()
atexit.register(_CLOSING.close)
BACK = "http://localhost:3999/retour"


@dataclass
class App:
    """A public app, unless `software` signs for it; `registered` when it is there already, by that name."""

    base: str
    scope: str = SCOPE
    public: bool = True
    redirect: str = BACK
    launched: str = "http://localhost:3999/lancer"
    name: str = field(default_factory=lambda: f"appli-{uuid4().hex[:12]}")
    id: UUID = field(default_factory=uuid4)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    registered: bool = False

    def __post_init__(self) -> None:
        if self.registered:
            return
        house = actions.add_organisation(
            organisation_id=uuid4(), identifier=f"1{uuid4().int % 10**9:09d}", name="Éditions de l'Essai"
        )
        actions.add_client(
            actor_id=self.id,
            key=self.name,
            name="Appli Épreuve",
            organisation_id=house,
            scope=self.scope,
            public=self.public,
            redirect_uris=[self.redirect],
            launch_uris=[self.launched],
        )

    def asks(self, **changes: str | None) -> str:
        """The address to which it sends the browser; None leaves a parameter out."""
        said: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.name,
            "redirect_uri": self.redirect,
            "scope": "openid fhirUser launch/patient patient/*.rs",
            "state": "état & 1",
            "aud": f"{self.base}/fhir",
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            "nonce": "n-1",
            **changes,
        }
        return f"/oauth/authorize?{urlencode({name: value for name, value in said.items() if value is not None})}"

    def changes(self, code: str, **more: str) -> httpx2.Response:
        """The code for tokens."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect,
            "code_verifier": self.verifier,
            "client_id": self.name,
        }
        return httpx2.post(f"{self.base}/oauth/token", data=form | more)

    def renews(self, refresh: str, **more: str) -> httpx2.Response:
        form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": self.name}
        return httpx2.post(f"{self.base}/oauth/token", data=form | more)

    def tokens_for(self, browser: Browser, patient: Resident) -> JSON:
        """All the way, with whatever the professional is asked answered by yes."""
        address = self.asks()
        browser.sends(browser.goes(address), acte="choisir", par="ins", ins=patient.ins)
        answer = self.changes(browser.code(address))
        assert answer.status_code == 200, answer.text
        given: JSON = answer.json()
        return given


@dataclass
class Browser:
    """A professional's, with their session."""

    base: str
    who: Actor | None = None
    more: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = _CLOSING.enter_context(httpx2.Client(base_url=self.base, timeout=30))
        if self.who:
            key = session_of(self.who, **self.more)
            sessions.begin(self.who.id, key)
            self.client.cookies.set(COOKIE, key, domain="localhost.local")

    def goes(self, address: str) -> httpx2.Response:
        return self.client.get(address)

    def sends(self, page: httpx2.Response, **fields: str) -> httpx2.Response:
        """The form of a page of the app's request."""
        address = page.request.url.raw_path.decode().replace("/oauth/authorize", "/oauth/accord")
        return self.client.post(address, data=fields | token(page.text))

    def code(self, address: str) -> str:
        answer = self.goes(address)
        if answer.status_code == 200:
            answer = self.sends(answer, acte="accepter")
        return told(answer)["code"]


def told(answer: httpx2.Response) -> dict[str, str]:
    """What the app is answered, at its address."""
    assert answer.status_code == 303, (answer.status_code, answer.text[:2000])
    location = answer.headers["Location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def fhir(base: str, access: str, path: str, method: str = "GET", **options: Any) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {access}"}
    return httpx2.request(method, f"{base}/fhir/{path}", headers=headers, **options)


def doctor_of(patient: Resident) -> Actor:
    return people.authorised(patient, people.a_doctor())


def launch(software: Software, token: str, patient: Resident, **body: str) -> httpx2.Response:
    said = {"patient": f"urn:oid:{TEST_OID}|{patient.ins}", **body}
    return httpx2.post(f"{software.base}/oauth/launch", json=said, headers={"Authorization": f"Bearer {token}"})
