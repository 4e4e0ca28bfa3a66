"""A web process stays small: what it holds without large bodies, and at the cap of what it accepts."""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import httpx2
import pikepdf
import pytest

from carnet.demo import cda
from carnet.demo.stories import documents
from tests.api.publish import simplified, simplified_cda
from tests.cast import identifier
from tests.conftest import CARNET, House, free_port

MIB = 1024


@pytest.fixture
def fresh_server(house: House) -> Iterator[tuple[str, int]]:
    """Address and process id of a web process that has served nothing yet."""
    port = free_port()
    base = f"http://localhost:{port}"
    serve = subprocess.Popen(
        [*CARNET, "serve", "--port", str(port), "--no-worker"],
        env={**os.environ, "CARNET_PORT": str(port), "CARNET_PUBLIC_URL": base},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if httpx2.get(f"{base}/readyz", timeout=2).status_code == 200:
                    break
            except httpx2.HTTPError:
                time.sleep(0.1)
        yield base, web_process(serve.pid)
    finally:
        serve.terminate()
        serve.wait(60)


def web_process(serve: int) -> int:
    """The process that holds Django: the child of the web master, which is a child of `serve`."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
                words = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if b"carnet.serve.web" in words:
                parents[int(folder.name)] = int(stat[1])
    return next(pid for pid, parent in parents.items() if parents.get(parent) == serve)


def memory(pid: int, figure: str) -> int:
    """KiB of VmRSS (now) or VmHWM (peak)."""
    found = re.search(rf"^{figure}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1])


def large_pdf(size: int) -> bytes:
    file, out = pikepdf.new(), io.BytesIO()
    file.add_blank_page()
    file.Root.Filler = pikepdf.Stream(file, os.urandom(size))
    file.save(out)
    return out.getvalue()


def large_cda(size: int) -> bytes:
    """A level-1 document of about `size` bytes around a PDF, with an identifier of its own."""
    hers = (cda.build(story) for story in documents() if story.patient.key == "dominique")
    model = next(each for each in hers if b"nonXMLBody" in each)
    start = re.search(rb'representation="B64"[^>]*>', model)
    assert start
    end = model.index(b"<", start.end())
    encoded = base64.b64encode(large_pdf((size - len(model)) * 3 // 4 - 4096))
    whole = model[: start.end()] + encoded + model[end:]
    return re.sub(rb'<id root="[^"]+"', b'<id root="2.25.%d"' % uuid4().int, whole, count=1)


def test_resident_memory(fresh_server: tuple[str, int], tokens: dict[str, str]) -> None:
    base, pid = fresh_server
    headers = {"Authorization": f"Bearer {tokens['hopital']}", "Content-Type": "application/fhir+json"}
    search = {"patient.identifier": identifier("dominique"), "status": "current"}

    # Given ordinary traffic
    with httpx2.Client(base_url=base, headers=headers, timeout=120) as client:
        for _ in range(30):
            assert client.get("/fhir/DocumentReference", params=search).status_code == 200
            assert client.get("/connexion").status_code == 200
            body = simplified(identifier("dominique"), uuid4().hex.encode())
            assert client.post("/fhir/DocumentReference", content=body).status_code == 201
        # Then it is small,
        assert memory(pid, "VmHWM") <= 150 * MIB

        # and with large documents at the cap, sent at the same time by software that tries again when told to,
        def publish(content: bytes) -> bool:
            body = simplified_cda(identifier("dominique"), content)
            while (answer := client.post("/fhir/DocumentReference", content=body)).status_code == 503:
                time.sleep(int(answer.headers["Retry-After"]))
            assert answer.status_code == 201, answer.text
            url = answer.json()["content"][0]["attachment"]["url"]
            return client.get(f"/fhir/{url}").content == content

        contents = [large_cda(25 * 1024 * 1024 - 65536) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            assert all(pool.map(publish, contents))
    # it stays within its bound.
    assert memory(pid, "VmHWM") <= 350 * MIB


def test_one_large_body_too_many_is_asked_to_come_back(server: str, tokens: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {tokens['hopital']}", "Content-Type": "application/fhir+json"}
    bodies = [simplified(identifier("dominique"), os.urandom(8).hex().encode() * 900_000) for _ in range(8)]

    def publish(body: bytes) -> httpx2.Response:
        return httpx2.post(f"{server}/fhir/DocumentReference", content=body, headers=headers, timeout=120)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(publish, bodies))
    assert {answer.status_code for answer in answers} <= {201, 503}
    assert any(answer.status_code == 201 for answer in answers)
    busy = [answer for answer in answers if answer.status_code == 503]
    assert busy
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in busy)
