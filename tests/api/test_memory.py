"""A web process stays small: what it holds without large bodies, and at the cap of what it accepts."""

from __future__ import annotations

import base64
import io
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx2
import pikepdf
import pytest

from carnet.demo import cda
from carnet.demo.stories import documents
from tests.api.publish import simplified, simplified_cda
from tests.api.web_process import MIB, memory
from tests.cast import identifier


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


@pytest.mark.long
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
