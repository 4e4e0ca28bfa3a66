"""The page of the copy of one's record, over HTTP with the real worker."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator

import httpx2
import pytest

from tests.web.patient.browsing import token, visiting


@pytest.fixture
def dominique(server: str) -> Iterator[httpx2.Client]:
    with visiting(server, "dominique") as client:
        yield client
        act(client, "effacer")


def act(client: httpx2.Client, name: str) -> httpx2.Response:
    code = token(client.get("/export").text)
    return client.post("/export", data={"csrfmiddlewaretoken": code, "acte": name}, follow_redirects=True)


def ready(client: httpx2.Client) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        page: str = client.get("/export").text
        if "Votre copie est prête" in page:
            return page
        time.sleep(0.5)
    raise AssertionError("the copy is not ready")


def test_a_copy_is_asked_for_made_taken_and_erased(dominique: httpx2.Client) -> None:
    page = dominique.get("/export").text
    assert "Gardez ce fichier en lieu sûr." in page
    assert dominique.get("/export/carnet.zip").status_code == 404
    assert "Votre copie se prépare" in act(dominique, "preparer").text or "Votre copie est prête" in page
    told = re.search(r"(\d+) documents,", ready(dominique))
    assert told
    answer = dominique.get("/export/carnet.zip")
    assert answer.headers["content-disposition"].startswith('attachment; filename="carnet-20')
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert len([name for name in archive.namelist() if name.startswith("originals/")]) == int(told[1])
    log = dominique.get("/acces?qui=moi").text
    assert "Vous avez demandé une copie de votre carnet" in log
    assert "Vous avez téléchargé une copie de votre carnet" in log
    act(dominique, "effacer")
    assert dominique.get("/export/carnet.zip").status_code == 404


def test_what_is_not_shown_to_the_patient_is_not_in_the_copy(dominique: httpx2.Client) -> None:
    from carnet.demo.stories.dominique import documents

    hidden = [document.title for document in documents() if "INVISIBLE_PATIENT" in document.labels]
    assert hidden
    act(dominique, "preparer")
    ready(dominique)
    with zipfile.ZipFile(io.BytesIO(dominique.get("/export/carnet.zip").content)) as archive:
        texts = [archive.read(name).decode(errors="replace") for name in archive.namelist()]
        names = " ".join(archive.namelist())
    assert [title for title in hidden if title in names or any(title in text for text in texts)] == []


def test_nobody_else_takes_it(dominique: httpx2.Client, server: str) -> None:
    act(dominique, "preparer")
    ready(dominique)
    with visiting(server, "jean") as jean:
        assert jean.get("/export/carnet.zip").status_code == 404
    with httpx2.Client(base_url=server) as stranger:
        assert stranger.get("/export/carnet.zip").status_code == 302
    code = token(dominique.get("/export").text)
    assert dominique.post("/export", data={"acte": "effacer"}).status_code == 403
    assert code
    assert dominique.get("/export/carnet.zip").status_code == 200
