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
    for name in set(told.REGISTRY_KEYS) - {"response_types_supported"}:
        getattr(told, f"validate_{name}")()
    assert told["response_types_supported"] == [], "nobody is sent here in a browser"
    assert httpx2.head(f"{server}{address}").status_code == 200
    assert httpx2.post(f"{server}{address}").status_code == 405


@pytest.mark.parametrize("address", ALL)
def test_every_address_that_it_names_is_served(address: str, server: str) -> None:
    told = httpx2.get(f"{server}{address}").json()
    named = {name: value for name, value in told.items() if name.endswith(("_endpoint", "_uri"))}
    assert set(named) == {f"{name}_endpoint" for name in ("token", "revocation", "introspection", "registration")}
    assert {value.removeprefix(f"{server}/") for value in named.values()} == {
        name for name in ADDRESSES if name.startswith("oauth/") and "<" not in name
    }
    assert told["issuer"] == server


def test_what_it_names_works(server: str) -> None:
    told = httpx2.get(f"{server}/.well-known/smart-configuration").json()
    assert told["grant_types_supported"] == ["client_credentials", exchange.GRANT]
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert {"client-confidential-asymmetric", "permission-v1", "permission-v2"} <= set(told["capabilities"])
    # SMART demands this line of every configuration (conformance, metadata); nothing else speaks of a code.
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert not {each for each in told["capabilities"] if each.startswith(("launch", "authorize", "sso", "context"))}
    for other in ("oauth-authorization-server", "openid-configuration"):
        assert "code_challenge_methods_supported" not in httpx2.get(f"{server}/.well-known/{other}").json()
    client = Software(server, scope=" ".join(told["scopes_supported"]))
    for scope in told["scopes_supported"]:
        # The context of a professional needs one; introspection is no right in a token.
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
