"""Where the demonstration looks for its own provider, and how many providers it remembers."""

from __future__ import annotations

import httpx2
import pytest
from django.conf import settings
from django.test import RequestFactory

from carnet.web.auth import metadata
from carnet.web.auth.providers import base


def _called(host: str) -> str:
    return base(RequestFactory().get("/", headers={"Host": host}))


@pytest.mark.parametrize("host", ["localhost:22", "localhost", "127.0.0.1:5432", "[::1]:22", "localhost:443"])
def test_another_port_is_never_ours(host: str) -> None:
    assert _called(host) == settings.CARNET.public_url


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_our_port_is_answered_under_the_name_that_was_called(name: str) -> None:
    assert _called(f"{name}:{settings.CARNET.port}") == f"http://{name}:{settings.CARNET.port}"


def test_no_request_sends_the_server_elsewhere(server: str) -> None:
    answer = httpx2.get(f"{server}/connexion/patient", headers={"Host": "localhost:22"}, timeout=30)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"{server}/demo/")


def test_few_providers_are_remembered() -> None:
    asked: list[str] = []

    def fetch(issuer: str) -> str:
        asked.append(issuer)
        return issuer

    kept = metadata._Kept(fetch)
    names = [f"https://provider-{number}.example" for number in range(100)]
    for name in names:
        assert kept.get(name) == name
    assert len(kept._values) == metadata._MOST
    assert kept.get(names[-1]) == names[-1]
    assert asked == names
