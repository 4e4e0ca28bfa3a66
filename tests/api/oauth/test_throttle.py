"""Strangers who fail are counted, and take no room whatever they call themselves."""

from __future__ import annotations

import time
import tracemalloc
from uuid import uuid4

import pytest
from joserfc import jwt

from carnet.api.oauth.problems import Refusal
from carnet.api.oauth.server import Asked, authenticate
from tests.api.oauth.software import TYPE, key_for

ATTEMPTS = 200
LENGTH = 20_000


@pytest.mark.usefixtures("house")
def test_a_long_name_is_not_kept() -> None:
    address = f"192.0.2.1{'9' * 5000}"
    tracemalloc.start()
    try:
        for _ in range(ATTEMPTS):
            name = f"{uuid4().hex}{'x' * 20_000}"
            claims = {"iss": name, "sub": name, "exp": int(time.time()) + 60, "jti": uuid4().hex}
            text = jwt.encode({"alg": "ES384", "kid": "any"}, claims, key_for("ES384"), algorithms=["ES384"])
            asked = Asked({"client_assertion": text, "client_assertion_type": TYPE}, "http://localhost", address)
            with pytest.raises(Refusal) as refused:
                authenticate(lambda _: None, asked)
            assert refused.value.code == "client-not-proven"
        del name, claims, text, asked, refused
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < ATTEMPTS * LENGTH / 4
