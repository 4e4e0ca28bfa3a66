"""A real Keycloak, from its distribution on Maven's registry, with the realm of this folder. Fetched by the ordinary
client of Maven, once per checkout; it needs Java 17 and `mvn`."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from tests.conftest import ROOT, free_port

VERSION = "26.7.3"
REALM = Path(__file__).with_name("realm.json")
EXAMPLE = "https://carnet.example"
SECRET = "a-secret-of-"
PASSWORD = "carnet"
_KEPT = ROOT / "build" / "keycloak"
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
_PATIENCE = 600


def missing() -> str:
    """Why it cannot be started here; "" when it can."""
    return ", ".join(name for name in ("java", "mvn") if shutil.which(name) is None)


def _archive() -> Path:
    """Fetched whole or not at all: several test processes may want it at once."""
    archive = _KEPT / f"keycloak-quarkus-dist-{VERSION}.tar.gz"
    if not archive.exists():
        _KEPT.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=_KEPT) as folder:
            artifact = f"-Dartifact=org.keycloak:keycloak-quarkus-dist:{VERSION}:tar.gz"
            command = ["mvn", "-q", "-B", _COPY, artifact, f"-DoutputDirectory={folder}"]
            subprocess.run(command, check=True, timeout=600)
            Path(folder, archive.name).replace(archive)
    return archive


@contextmanager
def _home() -> Iterator[Path]:
    """One of this process alone: Keycloak writes into its own folder."""
    with TemporaryDirectory(prefix="carnet-keycloak-") as folder:
        with tarfile.open(_archive()) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder, f"keycloak-{VERSION}")


@dataclass(frozen=True)
class Keycloak:
    base: str

    @property
    def issuer(self) -> str:
        return f"{self.base}/realms/carnet"

    def admin(self) -> httpx2.Client:
        answer = httpx2.post(
            f"{self.base}/realms/master/protocol/openid-connect/token",
            data={"grant_type": "password", "client_id": "admin-cli", "username": "admin", "password": PASSWORD},
            timeout=60,
        )
        token = answer.raise_for_status().json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return httpx2.Client(base_url=f"{self.base}/admin/realms/carnet", headers=headers, timeout=60)

    def rotate(self) -> None:
        """A new signing key, and the old ones are gone."""
        with self.admin() as admin:
            kind = {"type": "org.keycloak.keys.KeyProvider"}
            known = admin.get("/components", params=kind).raise_for_status().json()
            new: dict[str, Any] = {
                "name": f"rotated-{time.time_ns()}",
                "providerId": "rsa-generated",
                "providerType": kind["type"],
                "config": {"priority": ["500"], "keySize": ["2048"], "algorithm": ["RS256"]},
            }
            admin.post("/components", json=new).raise_for_status()
            for each in known:
                if each["providerId"] == "rsa-generated":
                    admin.delete(f"/components/{each['id']}").raise_for_status()

    def ends_sessions_of(self, username: str) -> None:
        with self.admin() as admin:
            (found,) = admin.get("/users", params={"username": username, "exact": "true"}).raise_for_status().json()
            admin.post(f"/users/{found['id']}/logout").raise_for_status()

    def proves(self, username: str, acr: str) -> None:
        """From now on, as that level: the realm keeps it with the account."""
        with self.admin() as admin:
            (found,) = admin.get("/users", params={"username": username, "exact": "true"}).raise_for_status().json()
            known = admin.get(f"/users/{found['id']}").raise_for_status().json()
            known["attributes"]["acr"] = [acr]
            admin.put(f"/users/{found['id']}", json=known).raise_for_status()


@contextmanager
def keycloak(carnet: str) -> Iterator[Keycloak]:
    """For the Carnet at that address."""
    port = free_port()
    with _home() as home:
        (home / "data" / "import").mkdir(parents=True)
        (home / "data" / "import" / "realm.json").write_text(REALM.read_text().replace(EXAMPLE, carnet))
        process = _started(home, port)
        found = Keycloak(f"http://localhost:{port}")
        try:
            _wait(found, process, home / "out.log")
            yield found
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


def _started(home: Path, port: int) -> subprocess.Popen[bytes]:
    environ = os.environ | {
        "KC_BOOTSTRAP_ADMIN_USERNAME": "admin",
        "KC_BOOTSTRAP_ADMIN_PASSWORD": PASSWORD,
        "JAVA_OPTS_KC_HEAP": "-Xms64m -Xmx512m",
    }
    options = ["--db=dev-mem", "--import-realm", f"--http-port={port}", "--http-host=127.0.0.1"]
    with (home / "out.log").open("w") as log:
        return subprocess.Popen(
            [str(home / "bin" / "kc.sh"), "start-dev", *options],
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environ,
            start_new_session=True,
        )


def _wait(found: Keycloak, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            if httpx2.get(found.issuer, timeout=5).status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.5)
    raise AssertionError(log.read_text()[-3000:])


def logs_in(browser: httpx2.Client, address: str, username: str) -> httpx2.Response:
    """Fills in Keycloak's own form, if it shows one; the answer that leads back."""
    page = _opens(browser, address)
    if page.is_redirect:
        return page
    action = re.search(r'action="([^"]+)"', page.text)
    assert action, page.text[:2000]
    _on_this_machine(browser)
    answer = browser.post(unescape(action[1]), data={"username": username, "password": PASSWORD})
    assert answer.is_redirect, answer.text[:2000]
    _on_this_machine(browser)
    return answer


def _opens(browser: httpx2.Client, address: str) -> httpx2.Response:
    """Until it shows a page or leads back to Carnet."""
    page = browser.get(address)
    while page.is_redirect and "/connexion/" not in page.headers["location"]:
        _on_this_machine(browser)
        page = browser.get(page.headers["location"])
    return page


def _on_this_machine(browser: httpx2.Client) -> None:
    """As browsers do: what never leaves the machine is as good as encrypted."""
    for cookie in browser.cookies.jar:
        cookie.secure = False


def answer_of(response: httpx2.Response) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()}


def realm() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(REALM.read_text())
    return found
