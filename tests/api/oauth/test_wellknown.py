"""What is announced is what is served."""

from __future__ import annotations

from dataclasses import replace

import httpx2
import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from django.conf import settings
from django.test import RequestFactory, override_settings

from carnet.api.oauth import exchange, views
from tests.api.oauth.software import Software
from tests.test_addresses import ADDRESSES

ALL = (
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/.well-known/smart-configuration",
    "/fhir/.well-known/smart-configuration",
)


@pytest.mark.parametrize("address", ALL)
def test_each_is_open_and_valid(address: str, server: str) -> None:
    answer = httpx2.get(f"{server}{address}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told = AuthorizationServerMetadata(answer.json())
    for name in told.REGISTRY_KEYS:
        getattr(told, f"validate_{name}")()
    assert (told["response_types_supported"], told["code_challenge_methods_supported"]) == (["code"], ["S256"])
    assert httpx2.head(f"{server}{address}").status_code == 200
    assert httpx2.post(f"{server}{address}").status_code == 405


@pytest.mark.parametrize("address", ALL)
def test_every_address_that_it_names_is_served(address: str, server: str) -> None:
    told = httpx2.get(f"{server}{address}").json()
    named = {name: value for name, value in told.items() if name.endswith(("_endpoint", "_uri"))}
    served = ("authorization", "token", "revocation", "introspection", "registration")
    assert set(named) == {f"{name}_endpoint" for name in served} | {"jwks_uri"}
    # What is not named: our own forms, and what the doctor's software asks with the patient chosen (docs/integrate).
    assert {value.removeprefix(f"{server}/") for value in named.values()} == {
        name for name in ADDRESSES if name.startswith("oauth/") and "<" not in name
    } - {"oauth/accord", "oauth/launch"}
    assert told["issuer"] == server


def test_what_it_names_works(server: str) -> None:
    told = httpx2.get(f"{server}/.well-known/smart-configuration").json()
    assert told["grant_types_supported"] == [
        "client_credentials",
        exchange.GRANT,
        "authorization_code",
        "refresh_token",
    ]
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt", "none"]
    assert told["introspection_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert {
        "launch-ehr", "launch-standalone", "client-public", "client-confidential-asymmetric", "sso-openid-connect",
        "context-ehr-patient", "context-standalone-patient", "permission-patient", "permission-user",
        "permission-offline", "permission-online", "permission-v1", "permission-v2", "authorize-post", "context-banner",
    } == set(told["capabilities"])  # fmt: skip
    keys = httpx2.get(told["jwks_uri"]).json()["keys"]
    assert keys
    assert not [key for key in keys if {"d", "p", "q"} & key.keys()], "the public halves alone"
    openid = httpx2.get(f"{server}/.well-known/openid-configuration").json()
    assert openid["id_token_signing_alg_values_supported"] == [keys[0]["alg"]]
    client = Software(server, scope=" ".join(each for each in told["scopes_supported"] if "patient/" not in each))
    for scope in told["scopes_supported"]:
        # The context of a professional needs one; words are no right in a token of software.
        expected = 200 if scope.startswith("system/") else 400
        assert client.ask(scope).status_code == expected, scope


def test_without_https_nothing_is_served_but_on_this_machine() -> None:
    """RFC 6749 wants TLS; a demonstration on localhost may go without."""
    plain = replace(settings.CARNET, public_url="http://carnet.example")
    request = RequestFactory().post("/oauth/token", "grant_type=x", content_type="application/x-www-form-urlencoded")
    with override_settings(CARNET=plain):
        answer = views.token(request)
    assert answer.status_code == 400
    assert "https" in answer.content.decode()
