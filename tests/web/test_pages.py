"""The pages over real HTTP: headers, files, and what a page never says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import httpx2
import pytest

from carnet.demo.cast import actor_id
from carnet.kernel import config, database
from tests.aging import move_lines
from tests.web.browsing import plain

PAGES = (
    "/",
    "/connexion?raison=expiree",
    "/connexion?raison=fermee",
    "/refuser",
    "/aide",
    "/accessibilite",
    "/mentions-legales",
    "/demo/connexion",
    "/nowhere",
)
OWN = (
    "/accueil",
    "/documents",
    "/documents?annee=2024&tri=depot",
    "/documents?vue=autrui",
    "/documents?depuis=40",
    "/documents?annee=x&classeur=x&depuis=-1&categorie=x",
    "/acces",
    "/acces?qui=tous",
    "/acces/personnes",
    "/acces?qui=moi",
    "/acces?qui=x&avant=x",
    "/export",
)


@pytest.fixture(scope="module")
def dominique(server: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server, timeout=30) as client:
        client.post("/demo/connexion", data={"actor": "dominique"}, follow_redirects=True)
        yield client


@pytest.fixture(scope="module")
def addresses(dominique: httpx2.Client) -> list[str]:
    pages = (dominique.get("/documents").text, dominique.get("/documents?depuis=40").text)
    return [address for page in pages for address in re.findall(r'href="(/documents/[0-9a-f-]{36})"', page)]


@pytest.mark.parametrize("page", [*PAGES, *OWN])
def test_no_page_is_kept_framed_or_sniffed_or_runs_scripts_of_others(page: str, dominique: httpx2.Client) -> None:
    answer = dominique.get(page)
    assert answer.status_code == (404 if page == "/nowhere" else 200)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script(?! src=\"/static/)|<style|\son\w+=|\sstyle=", answer.text) == []
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("page", [*PAGES, *OWN])
def test_every_page_speaks_english(page: str, dominique: httpx2.Client) -> None:
    text = dominique.get(
        page, headers={"Cookie": f"carnet_language=en; carnet_session={dominique.cookies['carnet_session']}"}
    ).text
    assert '<html lang="en">' in text
    assert "Skip to content" in text
    plain = re.sub(r'<(\w+)[^>]* lang="fr".*?</\1>', "", text, flags=re.DOTALL)
    assert not re.search(r"\b(votre|vous|carnet est|aucun|accès)\b", plain)


def test_at_least_forty_documents_by_year(dominique: httpx2.Client, addresses: list[str]) -> None:
    assert len(set(addresses)) == len(addresses) > 40
    years = [int(year) for year in re.findall(r'id="annee-(\d{4})"', dominique.get("/documents").text)]
    assert years == sorted(years, reverse=True)


def test_every_document_opens(dominique: httpx2.Client, addresses: list[str]) -> None:
    for address in addresses:
        answer = dominique.get(address)
        assert answer.status_code == 200, address
        assert answer.text.count("<h1") == 1
        assert "script" not in answer.headers["content-security-policy"]


def test_an_original_is_the_stored_bytes(dominique: httpx2.Client, addresses: list[str]) -> None:
    from hashlib import sha256
    from uuid import UUID

    from carnet.demo.cast import record_id
    from carnet.documents import queries
    from carnet.kernel.actor import Purpose
    from carnet.people.queries import actor_by_key

    actor = actor_by_key("dominique")
    assert actor
    for address in addresses[:5]:
        answer = dominique.get(f"{address}/original")
        stored = queries.read_document(actor, Purpose.SELF, record_id("dominique"), UUID(address.rpartition("/")[2]))
        assert stored
        assert sha256(answer.content).digest() == bytes(stored.sha256)
        # Never a type that a browser would show as a page of ours.
        shown = answer.headers["content-type"].partition(";")[0]
        assert shown in {"application/octet-stream", "application/pdf", "text/plain", "image/jpeg", "image/png"}
        assert answer.headers["content-disposition"].startswith("attachment")


def test_a_pdf_inside_opens_by_itself(dominique: httpx2.Client, addresses: list[str]) -> None:
    shown = [address for address in addresses if "/contenu" in dominique.get(address).text]
    assert shown
    answer = dominique.get(f"{shown[0]}/contenu")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("end", ["/contenu", "/pieces/1", "/pieces/0", "/pieces/99"])
def test_what_is_not_inside_is_not_there(end: str, dominique: httpx2.Client, addresses: list[str]) -> None:
    narrative = next(address for address in addresses if "cn-narrative" in dominique.get(address).text)
    assert dominique.get(narrative + end).status_code == 404


def test_reading_leaves_its_line(dominique: httpx2.Client, addresses: list[str]) -> None:
    page = dominique.get(addresses[3]).text
    title = re.search(r"<h1>(.*?)</h1>", page)
    assert title
    assert f"Vous avez lu «\u00a0{title[1]}\u00a0»" in dominique.get("/acces?qui=moi").text


def test_a_result_that_waits_for_its_announcement_shows_nowhere(dominique: httpx2.Client) -> None:
    """Neither in the list, nor as a deposit in the list of accesses."""
    from carnet.demo.stories.dominique import documents

    hidden = [document.title for document in documents() if "INVISIBLE_PATIENT" in document.labels]
    assert hidden
    texts = [dominique.get(page).text for page in ("/documents", "/acces?qui=tous", "/accueil")]
    assert not [title for title in hidden for text in texts if title in text]
    assert not [text for text in texts if "a déposé un document" in text]


def test_a_post_to_a_page_is_refused_politely(dominique: httpx2.Client) -> None:
    assert dominique.post("/documents").status_code in {403, 405}


def test_an_unknown_host_is_a_bad_request(server: str) -> None:
    answer = httpx2.get(server, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


def test_what_others_did_does_not_drown_in_ones_own_lines(server: str) -> None:
    with httpx2.Client(base_url=server, timeout=30) as paul:
        paul.post("/demo/connexion", data={"actor": "paul"}, follow_redirects=True)
        for _ in range(105):
            paul.get("/acces")
        # A page ends where a visit does: what he did until now is one of the day before.
        with database.connect(config.load(), "owner") as owner:
            move_lines(owner, "actor_id", actor_id("paul"), timedelta(days=1))
        for _ in range(105):
            paul.get("/documents")
        home, log = paul.get("/accueil").text, paul.get("/acces").text
        assert "Personne d'autre que vous" not in unescape(home)
        assert "Aucun accès" not in log
        assert re.search(r"<h2[^>]*>Dernier accès</h2></div><div[^>]*>\s*<p><b>(?!Vous)", home)
        mine = paul.get("/acces?qui=moi").text
        assert re.search(r'href="\?qui=moi&amp;avant=[^"]+"', mine)


def test_nobody_else_is_said_only_when_all_lines_were_looked_at(monkeypatch: pytest.MonkeyPatch, house: object) -> None:
    from carnet.demo.cast import record_id
    from carnet.people.queries import actor_by_key
    from carnet.web.patient import accesses
    from carnet.web.patient.visit import Visit

    actor = actor_by_key("jean")
    assert actor
    visit = Visit(actor, record_id("jean"))
    assert accesses.of_others(visit).last is not None
    monkeypatch.setattr(accesses, "_PAGE", 1)
    first = accesses.page_of(visit, accesses.Wanted(accesses.OTHERS), "")
    assert (first.whole, bool(first.older)) == (False, True)
    second = accesses.page_of(visit, accesses.Wanted(accesses.OTHERS), first.older)
    assert second.days != first.days


def test_pages_leave_compressed_and_files_do_not(dominique: httpx2.Client, addresses: list[str]) -> None:
    pages = [dominique.get("/documents", headers={"Accept-Encoding": "gzip"}) for _ in range(8)]
    one = pages[0]
    assert one.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in one.headers["vary"]
    assert "Documents" in one.text
    # The length of a page tells nothing to the byte: a filler of up to 100 bytes, by chance, differs within eight.
    assert len({page.headers["content-length"] for page in pages}) > 1
    plain = dominique.get("/documents", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    asked = dominique.get("/recherche?q=hernie", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in asked.headers, "its length would tell whether the record has the word"
    file = dominique.get(f"{addresses[0]}/original", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in file.headers


def test_the_end_of_a_session_is_told_as_the_settings_have_it(server: str) -> None:
    known = config.load()
    said = plain(httpx2.get(f"{server}/connexion?raison=expiree").text)
    assert f"après {known.patient_idle} minutes sans activité ({known.professional_idle} pour un professionnel)" in said
    assert f"pendant {known.patient_idle} minutes" in plain(httpx2.get(f"{server}/aide").text)
    said = plain(httpx2.get(f"{server}/connexion?raison=fermee").text)
    assert "Votre session a été fermée" in said
    assert "sans activité" not in said
