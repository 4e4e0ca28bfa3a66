"""Kill -9 of web, worker and PostgreSQL at random instants while documents come in: every acknowledged document is
there and readable, nothing is half there, and the trail verifies."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from tests.api.publish import simplified
from tests.cast import identifier
from tests.conftest import CARNET, free_port

_OF_TESTS = ("CARNET_CASES", "CARNET_FUZZ_SECONDS", "CARNET_CHROMIUM")
"""Settings of tests: the program says of each that it is none of its own."""


class Shop:
    """A house of its own, which may be broken: `carnet serve` and the processes under it."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.base = f"http://localhost:{self.port}"
        self.data = data
        self.environ = {
            **{name: value for name, value in os.environ.items() if name not in _OF_TESTS},
            "CARNET_DATA_DIR": str(data),
            "CARNET_PORT": str(self.port),
            "CARNET_PUBLIC_URL": self.base,
            "CARNET_DEMO": "1",
        }
        self.carnet("migrate")
        self.carnet("demo-data")
        self.token = self.carnet("token", "--as", "hopital").strip()
        self.log = (data / "serve.log").open("w")
        self.serve = subprocess.Popen([*CARNET, "serve"], env=self.environ, stdout=self.log, stderr=self.log)
        self.wait()

    def carnet(self, *arguments: str) -> str:
        done = subprocess.run(
            [*CARNET, *arguments], env=self.environ, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, f"carnet {arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def wait(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.serve.poll() is None, "the supervisor itself lives on"
            try:
                if httpx2.get(f"{self.base}/readyz", timeout=2).status_code == 200:
                    return
            except httpx2.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"not ready again: {(self.data / 'serve.log').read_text()[-3000:]}")

    def victims(self) -> dict[str, list[int]]:
        """Process ids by kind, of this house alone."""
        found: dict[str, list[int]] = {"web": [], "worker": [], "postgres": [], "backend": []}
        postmaster = int((self.data / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            pid = int(folder.name)
            if b"carnet.serve.web" in words and str(self.serve.pid).encode() in words:
                found["web"].append(pid)
            elif b"carnet.serve.worker" in words and str(self.serve.pid).encode() in words:
                found["worker"].append(pid)
            elif pid == postmaster:
                found["postgres"].append(pid)
            elif parent == postmaster and words[0].startswith(b"postgres: carnet_"):
                found["backend"].append(pid)
        return found

    def close(self) -> None:
        self.serve.terminate()
        self.serve.wait(60)
        self.log.close()


@pytest.fixture
def shop() -> Iterator[Shop]:
    data = Path(tempfile.mkdtemp(prefix="carnet-crash-"))
    data.chmod(0o711)
    place = Shop(data)
    try:
        yield place
    finally:
        place.close()
        shutil.rmtree(data, ignore_errors=True)


def deposit_until(stop: threading.Event, shop: Shop, acknowledged: dict[str, bytes]) -> None:
    with httpx2.Client(timeout=15) as client:
        while not stop.is_set():
            content = f"Analyse {uuid4().hex}\n".encode() * random.randint(1, 20_000)
            try:
                answer = client.post(
                    f"{shop.base}/fhir/DocumentReference",
                    content=simplified(identifier("dominique"), content),
                    headers={"Authorization": f"Bearer {shop.token}", "Content-Type": "application/fhir+json"},
                )
            except httpx2.HTTPError:
                time.sleep(0.1)
                continue
            if answer.status_code == 201:
                acknowledged[answer.json()["id"]] = content


def kill(shop: Shop, kind: str, how: random.Random) -> bool:
    pids = shop.victims()[kind]
    if not pids:
        return False
    os.kill(how.choice(pids), signal.SIGKILL)
    return True


@pytest.mark.parametrize(
    "times", [pytest.param(3, id="3", marks=pytest.mark.long), pytest.param(50, id="50", marks=pytest.mark.long)]
)
def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(times: int, shop: Shop) -> None:
    # Given software that deposits without pause
    how, stop, acknowledged = random.Random(times), threading.Event(), dict[str, bytes]()
    depositors = [threading.Thread(target=deposit_until, args=(stop, shop, acknowledged)) for _ in range(2)]
    for thread in depositors:
        thread.start()

    # When web, worker and PostgreSQL die at random instants
    killed = []
    for turn in range(times):
        time.sleep(how.uniform(0.1, 1.5))
        kind = ("web", "postgres", "worker", "backend", "web")[turn % 5]
        if kill(shop, kind, how):
            killed.append(kind)
        shop.wait()
    before = len(acknowledged)
    time.sleep(1)
    stop.set()
    for thread in depositors:
        thread.join(60)

    # Then the service went on, every acknowledged document is there byte for byte,
    assert len(killed) == times
    assert len(acknowledged) > before, "deposits go on after the last kill"
    headers = {"Authorization": f"Bearer {shop.token}"}
    with httpx2.Client(base_url=shop.base, headers=headers, timeout=30) as client:
        for fhir_id, content in acknowledged.items():
            assert client.get(f"/fhir/Binary/{fhir_id}").content == content
        # nothing is half there: whatever is listed can be opened,
        listed, url = [], f"/fhir/DocumentReference?patient.identifier={identifier('dominique')}&_count=200"
        while url:
            page = client.get(url).json()
            listed += [entry["resource"] for entry in page.get("entry", ())]
            url = next((link["url"] for link in page["link"] if link["relation"] == "next"), "")
        assert len(listed) == page["total"] >= len(acknowledged)
        for resource in listed:
            attachment = resource["content"][0]["attachment"]
            assert len(client.get(f"/fhir/{attachment['url']}").content) == attachment["size"]
    # and the house is sound: no content without its row beyond the hour of grace, none missing, the trail whole.
    shop.carnet("check", "--deep")
    shop.carnet("audit", "verify")
