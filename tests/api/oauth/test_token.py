"""Software proves itself with a signed assertion and gets a token: what is accepted, and each way to be refused."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwk, jws, jwt

from carnet.api.oauth.problems import PROBLEMS, ascii_of
from carnet.api.oauth.server import FAILURES
from carnet.kernel import clock, config, database
from carnet.kernel.jwk import ALGORITHMS
from carnet.people import clients
from tests.api.oauth.software import Software, bearer, key_for
from tests.cast import identifier


def refused(answer: httpx2.Response, code: str) -> None:
    problem = PROBLEMS[code]
    assert answer.status_code == problem.status, answer.text
    assert answer.json() == {"error": problem.error, "error_description": ascii_of(problem.text_fr)}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.fixture
def software(server: str) -> Software:
    return Software(server)


def test_a_public_client_library_gets_a_token_and_uses_it(server: str, software: Software) -> None:
    """Authlib's own client, told nothing but the addresses of the configuration."""
    configuration = httpx2.get(f"{server}/.well-known/smart-configuration").json()
    endpoint = configuration["token_endpoint"]
    with OAuth2Client(
        client_id=software.name,
        client_secret=software.key,
        token_endpoint_auth_method="private_key_jwt",
        scope="system/Patient.s",
    ) as client:
        # Its own assertions last an hour, which is more than SMART allows.
        lasts = {"exp": int(time.time()) + 240}
        method = PrivateKeyJWT(endpoint, alg="ES384", headers={"kid": software.kid}, claims=lasts)
        client.register_client_auth_method(method)
        token = client.fetch_token(endpoint, grant_type="client_credentials")
        assert (token["token_type"], token["expires_in"], token["scope"]) == ("Bearer", 300, "system/Patient.s")
        answer = client.get(f"{server}/fhir/Patient", params={"identifier": identifier("dominique")})
    assert answer.json()["total"] == 1


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_that_the_configuration_names(algorithm: str, server: str) -> None:
    assert Software(server, algorithm=algorithm).ask().status_code == 200


def test_the_audience_is_the_address_or_the_issuer(server: str, software: Software) -> None:
    for audience in (software.endpoint, server, [software.endpoint], [server, software.endpoint]):
        assert software.ask(aud=audience).status_code == 200


def test_an_answer_is_never_kept_and_may_be_read_by_a_browser(software: Software) -> None:
    answer = software.ask()
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    before = httpx2.options(software.endpoint)
    assert (before.status_code, before.headers["Access-Control-Allow-Methods"]) == (204, "POST, OPTIONS")


_NOW = int(time.time())


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("assertion-audience", {"aud": "https://elsewhere.example/token"}),
        ("assertion-audience", {"aud": []}),
        ("assertion-audience", {"aud": {"a": 1}}),
        ("assertion-audience", {"aud": ["https://elsewhere.example", "OURS"]}),
        ("assertion-audience", {"drop": ("aud",)}),
        ("assertion-time", {"exp": _NOW - 120}),
        ("assertion-time", {"exp": _NOW + 3600}),
        ("assertion-time", {"exp": float("nan")}),
        ("assertion-time", {"exp": float("inf")}),
        ("assertion-time", {"exp": 10**400}),
        ("assertion-time", {"exp": True}),
        ("assertion-time", {"exp": "soon"}),
        ("assertion-time", {"drop": ("exp",)}),
        ("assertion-time", {"iat": _NOW + 3600}),
        ("assertion-time", {"nbf": _NOW + 3600}),
        ("assertion-jti", {"drop": ("jti",)}),
        ("assertion-jti", {"jti": 5}),
        ("assertion-jti", {"jti": ""}),
        ("assertion-jti", {"jti": "a" * 201}),
        ("assertion-issuer", {"iss": "labo"}),
        ("assertion-issuer", {"drop": ("iss",)}),
        ("client-not-proven", {"sub": "nobody-at-all"}),
        ("client-not-proven", {"sub": "dr-martin"}),
        ("client-not-proven", {"sub": "x\x00y"}),
        ("client-not-proven", {"sub": ["labo"]}),
        ("client-not-proven", {"drop": ("sub",)}),
        ("client-not-proven", {"header": {"kid": "another"}}),
        ("client-not-proven", {"key": jwk.ECKey.generate_key("P-384")}),
        ("assertion-algorithm", {"header": {"alg": "HS256"}, "key": jwk.OctKey.generate_key(256)}),
        ("assertion-algorithm", {"header": {"alg": "ES512"}, "key": jwk.ECKey.generate_key("P-521")}),
        ("client-not-proven", {"header": {"alg": "RS384"}, "key": jwk.RSAKey.generate_key(2048)}),
    ],
)
def test_an_assertion_that_is_not_right(code: str, changes: dict[str, Any], software: Software) -> None:
    if isinstance(changes.get("aud"), list):
        changes = {**changes, "aud": [software.endpoint if each == "OURS" else each for each in changes["aud"]]}
    refused(software.ask(assertion=software.assertion(**changes)), code)


@pytest.mark.parametrize(
    "text", ["", "x", "a.b.c", "e30.e30.", "..", "é.é.é", "a" * 10_000, "eyJhbGciOiJFUzM4NCJ9.W10.AA"]
)
def test_what_is_no_assertion(text: str, software: Software) -> None:
    answer = software.ask(assertion=text or " ")
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"


def test_an_unsigned_assertion(software: Software) -> None:
    head, claims, _ = software.assertion().split(".")
    unsigned = jwt.encode({"alg": "ES384", "kid": "first"}, {}, software.key, algorithms=["ES384"]).split(".")[2]
    refused(software.ask(assertion=f"eyJhbGciOiJub25lIiwia2lkIjoiZmlyc3QifQ.{claims}."), "assertion-algorithm")
    refused(software.ask(assertion=f"{head}.{claims}.{unsigned}"), "client-not-proven")


def test_a_secret_that_both_know_proves_nothing(software: Software) -> None:
    """The public key as the secret of HS256: the classic confusion."""
    _, claims, _ = software.assertion().split(".")
    signed = f"eyJhbGciOiJIUzI1NiIsImtpZCI6ImZpcnN0In0.{claims}"
    mark = hmac.digest(key_for("ES384").as_pem(private=False), signed.encode(), "sha256")
    forged = f"{signed}.{urlsafe_b64encode(mark).decode().rstrip('=')}"
    refused(software.ask(assertion=forged), "assertion-algorithm")


def test_an_assertion_serves_once(software: Software) -> None:
    assertion = software.assertion()
    assert software.ask(assertion=assertion).status_code == 200
    refused(software.ask(assertion=assertion), "assertion-replayed")
    refused(software.ask(jti=_jti(assertion)), "assertion-replayed")
    assert software.post("introspect", token="x").status_code == 200


def test_a_refused_wish_uses_the_assertion_up_too(software: Software) -> None:
    assertion = software.assertion()
    refused(software.ask("user/*.rs", assertion=assertion), "scope-none")
    refused(software.ask(assertion=assertion), "assertion-replayed")


def test_two_clients_may_choose_the_same_jti(software: Software, server: str) -> None:
    assertion = software.assertion()
    assert software.ask(assertion=assertion).status_code == 200
    assert Software(server).ask(jti=_jti(assertion)).status_code == 200


def _jti(assertion: str) -> str:
    return str(json.loads(jws.extract_compact(assertion.encode()).payload)["jti"])


@pytest.mark.parametrize("when", ["not-begun", "ended", "revoked", "disabled"])
def test_a_key_that_does_not_hold(when: str, software: Software) -> None:
    now = clock.now()
    if when == "not-begun":
        software.add_key("other", since=now + timedelta(hours=1))
    elif when == "ended":
        software.add_key("other", since=now - timedelta(hours=2), until=now - timedelta(seconds=1))
    else:
        software.add_key("other")
        assert software.ask(header={"kid": "other"}).status_code == 200
    if when == "revoked":
        clients.revoke_key(client_id=software.id, kid="other")
    if when == "disabled":
        clients.disable(client_id=software.id)
    refused(software.ask(header={"kid": "other"}), "client-not-proven")


@pytest.mark.parametrize(
    ("code", "request_"),
    [
        ("media-type", {"json": {"grant_type": "client_credentials"}}),
        ("media-type", {"files": {"grant_type": b"client_credentials"}}),
        ("media-type", {}),
        ("body", {"content": b"a" * 70_000}),
        ("body", {"content": b"grant_type=%ff"}),
        ("body", {"content": b"\xff"}),
        ("body", {"content": b"&".join(b"a%d=1" % n for n in range(60))}),
        ("repeated", {"content": b"grant_type=client_credentials&grant_type=client_credentials"}),
        ("grant-type", {"content": b""}),
        ("grant-type", {"content": b"grant_type=password"}),
        ("grant-type", {"content": b"grant_type=implicit"}),
        ("assertion-missing", {"content": b"grant_type=authorization_code&client_id=labo&code=x"}),
        ("assertion-missing", {"content": b"grant_type=client_credentials"}),
        ("assertion-missing", {"content": b"grant_type=client_credentials&client_id=labo&client_secret=x"}),
    ],
)
def test_a_request_that_is_no_request(code: str, request_: dict[str, Any], server: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if "content" in request_ else {}
    refused(httpx2.post(f"{server}/oauth/token", headers=headers, **request_), code)


def test_nothing_counts_in_the_address(software: Software) -> None:
    query = {"grant_type": "client_credentials", **software.proof()}
    refused(httpx2.post(software.endpoint, params=query, data={"a": "b"}), "grant-type")
    answer = httpx2.get(software.endpoint, params=query)
    refused(answer, "method")
    assert answer.headers["Allow"] == "POST"


def test_who_fails_too_often_waits(server: str, software: Software) -> None:
    """The client that fails, not another."""
    answers = [software.ask(header={"kid": "wrong"}) for _ in range(FAILURES.most + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {401}
    refused(answers[-1], "too-many-failures")
    assert 0 < int(answers[-1].headers["Retry-After"]) <= FAILURES.window.total_seconds()
    refused(software.ask(), "too-many-failures")
    assert Software(server).ask().status_code == 200


def test_a_token_is_known_by_its_hash_alone(software: Software) -> None:
    token = software.token()
    with database.connect(config.load(), "owner") as owner:
        kept = owner.execute("select row_to_json(t)::text from app.people_token t").fetchall()
    assert kept
    assert not any(token in row[0] for row in kept)
    query = {"identifier": identifier("dominique")}
    assert httpx2.get(f"{software.base}/fhir/Patient", params=query, headers=bearer(token)).status_code == 200
