"""The page of a document over real HTTP: whatever was deposited, nothing runs, and the server lives."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import httpx2
import pytest
from django.test import Client
from PIL import Image

from carnet.documents.actions import Deposited
from carnet.kernel import render
from tests import people
from tests.formats.cda.sample import level3
from tests.kernel.render import samples
from tests.sessions import COOKIE, session_of


@pytest.fixture(scope="module")
def patient(server: str) -> people.Resident:
    return people.a_patient()


@pytest.fixture(scope="module")
def browser_of(server: str, patient: people.Resident) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(patient.actor)}) as client:
        yield client


def put(patient: people.Resident, data: bytes, media_type: str, title: str = "Pièce", **more: object) -> str:
    """The address of the new document."""
    return f"/documents/{put_as(patient, data, media_type, title, **more).id}"


def put_as(patient: people.Resident, data: bytes, media_type: str, title: str, **more: object) -> Deposited:
    entry = replace(people.entry(title=title), media_type=media_type, **more)  # type: ignore[arg-type]
    return people.deposited(people.software(), patient, data, of=entry)


def text_of(answer: httpx2.Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text)).replace("\u00a0", " ").replace("\u202f", " ")


def test_a_pdf_is_shown_as_images_with_its_text(patient: people.Resident, browser_of: httpx2.Client) -> None:
    address = put(patient, samples.page(samples.lines("Ferritine basse")), "application/pdf")
    answer = browser_of.get(address)
    assert answer.status_code == 200
    (image,) = re.findall(r'<img [^>]*src="([^"]+)"[^>]*width="800" height="(\d+)"', answer.text)
    assert image == (f"{address}/pages/1?largeur=800", "1132")
    assert "Ferritine basse" in answer.text
    for width in (800, 1600):
        shown = browser_of.get(f"{address}/pages/1?largeur={width}")
        assert shown.headers["content-type"] == "image/webp"
        assert shown.headers["cache-control"] == "no-store"
        assert abs(Image.open(BytesIO(shown.content)).width - width) <= 1
    assert browser_of.get(f"{address}/pages/1?largeur=99999").headers["content-type"] == "image/webp"
    for number in (0, 2, 999999999):
        assert browser_of.get(f"{address}/pages/{number}").status_code == 404
    assert browser_of.get(f"{address}/original").content.startswith(b"%PDF")


def test_what_was_looked_for_is_marked(patient: people.Resident, browser_of: httpx2.Client) -> None:
    address = put(patient, samples.page(samples.lines("Ferritine basse", "Une ferritine")), "application/pdf")
    answer = browser_of.get(address, params={"q": "FERRITINES"})
    assert len(re.findall(r'<rect[^>]* x="[\d.]+%"', answer.text)) == 2
    assert answer.text.count('id="passage-1"') == 1
    assert "« FERRITINES » : 2 passages." in text_of(answer)
    none = browser_of.get(address, params={"q": '<script>"x'})
    assert "Rien pour" in none.text
    assert "<script" not in none.text
    narrative = put(patient, level3("<paragraph>Du fer</paragraph>"), "text/xml")
    assert '<mark id="passage-1">fer</mark>' in browser_of.get(narrative, params={"q": "fer"}).text
    assert "<mark" not in browser_of.get(narrative, params={"q": "le " * 5000}).text


def test_a_photograph_is_shown_without_what_it_tells_beside(
    patient: people.Resident, browser_of: httpx2.Client
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRETMAKER"
    data = samples.picture(samples.arrow(), "JPEG", exif=exif)
    address = put(patient, data, "image/jpeg")
    assert f"{address}/pages/1" in browser_of.get(address).text
    assert b"SECRETMAKER" not in browser_of.get(f"{address}/pages/1").content
    assert browser_of.get(f"{address}/original").content == data


def test_a_scan_of_several_pages(patient: people.Resident, browser_of: httpx2.Client) -> None:
    more = [Image.new("1", (300, 400))] * 2
    data = samples.picture(Image.new("1", (300, 400)), "TIFF", save_all=True, append_images=more)
    address = put(patient, data, "image/tiff")
    assert "Page 3 sur 3" in text_of(browser_of.get(address))
    assert browser_of.get(f"{address}/pages/3").headers["content-type"] == "image/webp"


def test_thirty_thousand_pages_come_in_parts(patient: people.Resident, browser_of: httpx2.Client) -> None:
    address = put(patient, samples.blank(30_000), "application/pdf")
    answer = browser_of.get(address)
    assert "Pages 1 à 10 sur 30000" in text_of(answer)
    assert answer.text.count("<img ") == 10
    last = browser_of.get(address, params={"page": "30000"})
    assert "Page 30000 sur 30000" in text_of(last)
    assert browser_of.get(address, params={"page": "x"}).status_code == 200
    assert browser_of.get(f"{address}/pages/30000").status_code == 200


HOSTILE = {
    "web page as PDF": (b"<html><script>alert(1)</script></html>", "application/pdf", "incomplet ou abîmé"),
    "locked": (samples.blank(1, "secret"), "application/pdf", "protégé par un mot de passe"),
    "truncated": (samples.page(samples.lines("a"))[:200], "application/pdf", "incomplet ou abîmé"),
    "SVG as PNG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "image/png", "incomplet ou abîmé"),
    "empty tree": (samples.empty_tree(5), "application/pdf", ""),
    "looping tree": (samples.looping_tree(), "application/pdf", ""),
    "bomb": (samples.bomb(), "application/pdf", ""),
    "object bomb": (samples.object_bomb(), "application/pdf", ""),
    "endless forms": (samples.endless_forms(), "application/pdf", ""),
    "vast image": (samples.vast_image(), "application/pdf", ""),
    "script in narrative": (
        level3("<paragraph>a<script>alert(1)</script><iframe src='x'/></paragraph>"), "text/xml", "",
    ),
    "no CDA": (b"<x>", "text/xml", "ne peut pas être affiché ici"),
    "no JSON": (b"{", "application/fhir+json", "ne peut pas être affiché ici"),
    "markup in text": (b"<script>alert(1)</script>", "text/plain", "&lt;script&gt;"),
}  # fmt: skip


# Each takes all the processor's time that a page may have; `tests/kernel/render` has others of the kind.
_AS_LONG = {"endless forms"}


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=[pytest.mark.long] if each in _AS_LONG else []) for each in HOSTILE]
)
def test_a_hostile_file_is_harmless_or_refused_in_words(
    name: str, patient: people.Resident, browser_of: httpx2.Client
) -> None:
    data, media_type, words = HOSTILE[name]
    address = put(patient, data, media_type)
    answer = browser_of.get(address)
    for _ in range(10):  # busy with it for the search inside: it says so, and when to come again
        if answer.status_code != 503:
            break
        time.sleep(1)
        answer = browser_of.get(address)
    assert answer.status_code == 200
    assert words in answer.text.replace("\u00a0", " ")
    assert not re.search(r"<(script|iframe|object|embed|form action=\"(?!/))|\son\w+=|javascript:", answer.text)
    assert "script-src" not in answer.headers["content-security-policy"]
    for image in re.findall(r'src="(/documents/[^"]+)"', answer.text):
        shown = browser_of.get(image)
        assert shown.headers["content-type"] in {"image/webp", "image/svg+xml"}
        assert (shown.status_code == 200) == (shown.headers["content-type"] == "image/webp")
    assert browser_of.get(f"{address}/original").content == data
    assert browser_of.get("/documents").status_code == 200


def test_an_image_that_cannot_be_made_says_so(patient: people.Resident, browser_of: httpx2.Client) -> None:
    address = put(patient, b"%PDF-1.4 broken", "application/pdf")
    answer = browser_of.get(f"{address}/pages/1")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "image/svg+xml")
    assert "abîmé" in answer.text


def test_a_title_with_controls_and_markup(patient: people.Resident, browser_of: httpx2.Client) -> None:
    title = "a<b>\u202e\u0007fdp.exe\r\nSet-Cookie: x"
    address = put(patient, b"x", "text/plain", title)
    answer = browser_of.get(address)
    assert answer.status_code == 200
    assert "<b>" not in re.findall(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)[0]
    disposition = browser_of.get(f"{address}/original").headers["content-disposition"]
    assert "\u202e" not in disposition
    assert "\u202e" not in answer.text


def test_versions_and_what_replaced_them(patient: people.Resident, browser_of: httpx2.Client) -> None:
    software, old = people.software(), people.entry(title="Première")
    first = people.deposited(software, patient, b"1", of=old)
    second = people.deposited(software, patient, b"2", of=people.entry(title="Seconde", replaces=(old.unique_id,)))
    before, now = (browser_of.get(f"/documents/{each.id}") for each in (first, second))
    assert "Ce document a été remplacé par une version plus récente le" in text_of(before)
    assert f'<a href="/documents/{second.id}">' in before.text
    assert "1 version précédente" in text_of(now)
    assert re.search(rf'<s><a href="/documents/{first.id}"[^>]*>Première</a></s>', now.text)
    assert "a été remplacé" not in text_of(now)


def test_who_can_see_it_by_name(server: str) -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    people.authorised(patient, doctor)
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(patient.actor)}) as client:
        plain = text_of(client.get(put(patient, b"x", "text/plain")))
        masked = text_of(client.get(put(patient, b"x", "text/plain", labels=frozenset({"MASQUE_PS"}))))
    assert doctor.name in plain
    assert "Masquer" in plain
    assert doctor.name not in masked
    assert "Les autres soignants ne le voient pas" in masked
    assert "Rendre visible" in masked


def test_who_comes_when_every_hand_is_busy_is_told_to_come_back(
    patient: people.Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = put(patient, samples.blank(1), "application/pdf")
    client = Client(headers={"host": "localhost"})
    client.cookies[COOKIE] = session_of(patient.actor)
    assert client.get(address).status_code == 200
    turns = render._helper._my_turns()
    monkeypatch.setattr(render._helper, "patience", 0.01)
    assert all(turns.take(None, 1) for _ in range(2))
    try:
        answers = [client.get(each) for each in (address, f"{address}/pages/1")]
    finally:
        for _ in range(2):
            turns.give_back(None)
    assert [(each.status_code, each.headers["retry-after"]) for each in answers] == [(503, "2")] * 2
    assert client.get(address).status_code == 200


def test_a_stranger_sees_neither_page_nor_image(patient: people.Resident, server: str) -> None:
    address = put(patient, samples.blank(1), "application/pdf")
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(people.a_patient().actor)}) as other:
        assert [other.get(f"{address}{end}").status_code for end in ("", "/pages/1", "/contenu", "/original")] == [
            404
        ] * 4
