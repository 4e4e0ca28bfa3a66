"""A real `carnet serve` that relies on another provider than the demonstration's own, by its settings alone."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

from tests.conftest import CARNET, House, assert_silent, free_port
from tests.web.provider import TestProvider

BACK = "/connexion/retour"


@contextmanager
def relying(house: House, issuer: str, client: str = "carnet", port: int = 0, **settings: str) -> Iterator[str]:
    """Its address. Both doors lead to that provider."""
    port = port or free_port()
    base = f"http://localhost:{port}"
    environ = os.environ | {
        "CARNET_PORT": str(port),
        "CARNET_PUBLIC_URL": base,
        "CARNET_PATIENT_OIDC_ISSUER": issuer,
        "CARNET_PATIENT_OIDC_CLIENT_ID": client,
        "CARNET_PROFESSIONAL_OIDC_ISSUER": issuer,
        "CARNET_PROFESSIONAL_OIDC_CLIENT_ID": client,
        **settings,
    }
    path = Path(house.data_dir, f"relying-{port}.log")
    command = [*CARNET, "serve", "--no-worker", "--port", str(port)]
    with path.open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environ)
    try:
        _wait(base, process)
        yield base
    finally:
        process.terminate()
        process.wait(30)
    assert_silent(path.read_text())


def _wait(base: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "carnet serve has ended"
        try:
            if httpx2.get(f"{base}/readyz", timeout=5).status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(base)


@contextmanager
def a_browser(base: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=base, timeout=30) as client:
        yield client


def goes(client: httpx2.Client, real: TestProvider, door: str = "patient", suite: str = "") -> dict[str, str]:
    """To the provider, which notes the nonce; what it was asked."""
    return asked(real, client.get(f"/connexion/{door}", params={"suite": suite} if suite else None))


def asked(real: TestProvider, answer: httpx2.Response) -> dict[str, str]:
    query = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    real.nonce = query["nonce"]
    return query


def comes_back(client: httpx2.Client, state: str, **query: str) -> httpx2.Response:
    return client.get(f"{BACK}?{urlencode({'state': state, 'code': 'code'} | query)}")


def signs_in(client: httpx2.Client, real: TestProvider, door: str = "patient", suite: str = "") -> httpx2.Response:
    return comes_back(client, goes(client, real, door, suite)["state"])
