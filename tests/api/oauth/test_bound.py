"""Tokens that serve their sender alone: what a thief could try with one, and what a proxy may say."""

from __future__ import annotations

import json
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.test import RequestFactory, override_settings
from joserfc import jwk, jwt
from joserfc.jwk import ECKey

from carnet.api.fhir import face
from carnet.api.oauth import views
from carnet.formats.fhir.outcome import FhirError
from carnet.people import queries
from tests.api.oauth.software import Software

ASKED = "Patient?identifier=urn:oid:1.2.250.1.213.1.4.10|279035121518989"
Change = Callable[["Sender"], dict[str, Any]]


def ath(token: str) -> str:
    return urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Sender:
    """Software with a key for its proofs, and a token that is bound to it."""

    base: str
    software: Software
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))
    token: str = ""

    @property
    def address(self) -> str:
        return f"{self.base}/fhir/Patient"

    def proof(self, **changes: Any) -> str:
        """A good one for the FHIR address, but for what is said."""
        key = changes.pop("key", self.key)
        alg = changes.pop("alg", "ES256")
        shown = changes.pop("jwk", key.as_dict(private=False))
        head = {"typ": changes.pop("typ", "dpop+jwt"), "alg": alg} | ({"jwk": shown} if shown else {})
        claims = {
            "jti": uuid4().hex,
            "htm": "GET",
            "htu": self.address,
            "iat": int(time.time()),
            "ath": ath(self.token),
        }
        claims |= changes
        return jwt.encode(head, {n: v for n, v in claims.items() if v is not None}, key, algorithms=[alg])

    def ask(self, **changes: Any) -> httpx2.Response:
        said = {"htm": "POST", "htu": self.software.endpoint, "ath": None} | changes
        form = {"grant_type": "client_credentials", **self.software.proof()}
        return httpx2.post(self.software.endpoint, data=form, headers={"DPoP": self.proof(**said)})

    def call(self, proof: str | None = None, scheme: str = "DPoP", token: str = "") -> httpx2.Response:
        headers = {"Authorization": f"{scheme} {token or self.token}"} | ({"DPoP": proof} if proof is not None else {})
        return httpx2.get(f"{self.base}/fhir/{ASKED}", headers=headers)


@pytest.fixture(scope="module")
def sender(server: str) -> Sender:
    made = Sender(server, Software(server))
    answer = made.ask()
    assert answer.status_code == 200, answer.text
    assert answer.json()["token_type"] == "DPoP"
    made.token = answer.json()["access_token"]
    return made


def test_with_a_proof_of_this_request_it_opens(sender: Sender) -> None:
    for _ in range(3):
        assert sender.call(sender.proof()).status_code == 200
    assert sender.call(sender.proof(htu=f"{sender.address}?identifier=x#y")).status_code == 200


HOSTILE: dict[str, Change] = {
    "another key": lambda s: {"key": ECKey.generate_key("P-256")},
    "signed by another than shown": lambda s: {"jwk": ECKey.generate_key("P-256").as_dict(private=False)},
    "another method": lambda s: {"htm": "POST"},
    "another address": lambda s: {"htu": f"{s.base}/fhir/DocumentReference"},
    "another house": lambda s: {"htu": "https://carnet.invalid/fhir/Patient"},
    "no address": lambda s: {"htu": None},
    "another token": lambda s: {"ath": ath("carnet_other")},
    "no token": lambda s: {"ath": None},
    "old": lambda s: {"iat": int(time.time()) - 600},
    "of the future": lambda s: {"iat": int(time.time()) + 600},
    "without a time": lambda s: {"iat": None},
    "a time in words": lambda s: {"iat": "now"},
    "without jti": lambda s: {"jti": None},
    "a jti that is no text": lambda s: {"jti": 7},
    "a jti without end": lambda s: {"jti": "x" * 500},
    "an assertion": lambda s: {"typ": "JWT"},
    "a secret that both know": lambda s: {"alg": "HS256", "key": jwk.OctKey.generate_key(256)},
    "its private key shown": lambda s: {"jwk": s.key.as_dict(private=True)},
    "no key": lambda s: {"jwk": None},
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_proof_that_is_not_of_this_request_opens_nothing(change: Change, sender: Sender) -> None:
    answer = sender.call(sender.proof(**change(sender)))
    assert answer.status_code == 401
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == "proof"
    assert 'DPoP realm="carnet", error="invalid_dpop_proof"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("scheme", "proof"),
    [
        ("Bearer", None),
        ("Bearer", "good"),
        ("DPoP", None),
        ("DPoP", ""),
        ("DPoP", "a.b.c"),
        ("DPoP", "none"),
        ("DPoP", "two"),
    ],
)
def test_a_stolen_token_is_worth_nothing(scheme: str, proof: str | None, sender: Sender) -> None:
    made: dict[str | None, Callable[[], str]] = {
        "good": sender.proof,
        "two": lambda: f"{sender.proof()}, {sender.proof()}",
        "none": lambda: unsigned(sender),
    }
    assert sender.call(made[proof]() if proof in made else proof, scheme).status_code == 401


def unsigned(sender: Sender) -> str:
    _, claims, _ = sender.proof().split(".")
    nothing = urlsafe_b64encode(b'{"typ":"dpop+jwt","alg":"none"}').rstrip(b"=").decode()
    return f"{nothing}.{claims}."


def test_a_proof_serves_once(sender: Sender) -> None:
    proof = sender.proof()
    assert [sender.call(proof).status_code, sender.call(proof).status_code] == [200, 401]


def test_a_bearers_token_is_not_called_by_the_other_name(sender: Sender) -> None:
    bearer = sender.software.token()
    assert sender.call(scheme="Bearer", token=bearer).status_code == 200
    assert sender.call(sender.proof(ath=ath(bearer)), token=bearer).status_code == 401


@pytest.mark.parametrize(
    "change",
    [{"htm": "GET"}, {"htu": "https://carnet.invalid/oauth/token"}, {"iat": 1}, {"typ": "JWT"}, {"jti": ""}],
    ids=str,
)
def test_no_token_is_given_for_a_bad_proof(change: dict[str, Any], sender: Sender) -> None:
    answer = sender.ask(**change)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


def test_who_is_nobody_uses_up_no_proof(sender: Sender) -> None:
    """Otherwise anybody could fill the table of those that were used, without a key of ours."""
    endpoint = sender.software.endpoint
    proof = sender.proof(htm="POST", htu=endpoint, ath=None)
    stranger = httpx2.post(
        endpoint, data={"grant_type": "client_credentials", "client_id": "nobody"}, headers={"DPoP": proof}
    )
    assert stranger.json()["error"] == "invalid_client"
    form = {"grant_type": "client_credentials", **sender.software.proof()}
    assert httpx2.post(endpoint, data=form, headers={"DPoP": proof}).status_code == 200


def test_introspection_tells_to_what_it_is_bound(sender: Sender) -> None:
    told = sender.software.post("introspect", token=sender.token).json()
    assert told["token_type"] == "DPoP"
    assert told["cnf"] == {"jkt": sender.key.thumbprint()}
    assert "cnf" not in sender.software.post("introspect", token=sender.software.token()).json()


def test_what_is_announced(server: str) -> None:
    told = httpx2.get(f"{server}/.well-known/oauth-authorization-server").json()
    assert "ES256" in told["dpop_signing_alg_values_supported"]
    assert "none" not in told["dpop_signing_alg_values_supported"]
    assert told["tls_client_certificate_bound_access_tokens"] is False


# Certificates: no test process stands behind a proxy, so the views are called as the server calls them.


def a_certificate(*, days: int = 1) -> bytes:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "logiciel")]),
    )
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=2))
    signed = made.not_valid_after(now + timedelta(days=days)).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def as_header(certificate: bytes) -> str:
    return f":{b64encode(certificate).decode()}:"


BEHIND = "10.0.0.4"


@pytest.fixture
def behind_a_proxy() -> Any:
    with override_settings(CARNET=replace(settings.CARNET, client_cert_proxies=("10.0.0.0/24",))):
        yield


def given(software: Software, certificate: str, address: str = BEHIND) -> dict[str, Any]:
    request = RequestFactory().post(
        "/oauth/token",
        urlencode({"grant_type": "client_credentials", **software.proof()}),
        REMOTE_ADDR=address,
        HTTP_CLIENT_CERT=certificate,
        content_type="application/x-www-form-urlencoded",
    )
    answer = views.token(request)
    return dict(json.loads(answer.content))


def opens(token: str, certificate: str, address: str = BEHIND) -> bool:
    request = RequestFactory().get(
        "/fhir/Patient", REMOTE_ADDR=address, HTTP_CLIENT_CERT=certificate, HTTP_AUTHORIZATION=f"Bearer {token}"
    )
    try:
        return face.authenticate(request, anew=False) is not None
    except FhirError:
        return False


@pytest.mark.usefixtures("behind_a_proxy")
def test_a_certificate_that_the_trusted_proxy_names_binds(server: str) -> None:
    mine, other = a_certificate(), a_certificate()
    token = given(Software(server), as_header(mine))["access_token"]
    found = queries.actor_for_token(token)
    assert found is not None
    assert found.bound == f"x5t#S256:{urlsafe_b64encode(sha256(mine).digest()).rstrip(b'=').decode()}"
    assert opens(token, as_header(mine))
    assert not opens(token, as_header(other))
    assert not opens(token, "")
    assert not opens(token, "::")
    assert not opens(token, "not base64")
    assert not opens(token, as_header(mine), address="192.0.2.7"), "anybody may write that header"


@pytest.mark.usefixtures("behind_a_proxy")
def test_what_another_than_the_proxy_writes_binds_nothing(server: str) -> None:
    token = given(Software(server), as_header(a_certificate()), address="192.0.2.7")["access_token"]
    found = queries.actor_for_token(token)
    assert found is not None
    assert found.bound == ""


@pytest.mark.usefixtures("behind_a_proxy")
def test_a_certificate_that_has_ended_gets_no_token(server: str) -> None:
    assert given(Software(server), as_header(a_certificate(days=-1)))["error"] == "invalid_dpop_proof"
