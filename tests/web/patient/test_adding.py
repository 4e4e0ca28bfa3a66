"""Adding a document over HTTP: what is taken, what is refused in which words, and what nobody can do."""

from __future__ import annotations

import re
import socket
import zipfile
from collections.abc import Iterator
from datetime import date
from html import unescape
from io import BytesIO
from urllib.parse import urlsplit

import httpx2
import pytest
from django.contrib.sessions.backends.db import SessionStore

from carnet.documents import adding as room
from carnet.kernel.ids import uuid7
from carnet.web.auth.throttles import SHARED as THROTTLED
from carnet.web.patient.adding_form import LONGEST_TITLE, Fields, read
from carnet.web.patient.adding_words import TYPES
from tests.kernel.render import samples as hostile
from tests.kernel.vault import samples
from tests.web.patient.browsing import Part, posted, token, visiting

LIMIT = 25 * 1024 * 1024


def zip_bomb() -> bytes:
    """A gigabyte in a megabyte."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a", "w") as file:
        for _ in range(1024):
            file.write(bytes(1 << 20))
    return out.getvalue()


@pytest.fixture
def paul(server: str) -> Iterator[httpx2.Client]:
    with visiting(server, "paul") as client:
        yield client


def fields(client: httpx2.Client, *files: tuple[str, bytes]) -> list[Part]:
    page = client.get("/documents/ajouter").text
    return [
        ("csrfmiddlewaretoken", token(page), ""),
        *(("fichiers", data, name) for name, data in files),
        ("fin", "1", ""),
    ]


def sent(client: httpx2.Client, *files: tuple[str, bytes], address: str = "") -> httpx2.Response:
    return posted(client, address or f"/documents/ajouter/{uuid7()}/fichiers", fields(client, *files))


def told(answer: httpx2.Response) -> list[str]:
    """The sentences of the error summary."""
    summary = answer.text.partition("nhsuk-error-summary__list")[2].partition("</ul>")[0]
    return [unescape(each) for each in re.findall(r'<a href="#\w+">(.*?)</a>', summary)]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("vide.pdf", b"", "« vide.pdf » est vide."),
        (
            "grand.pdf",
            bytes(LIMIT + 1),
            "« grand.pdf » pèse 26,2 Mo. Choisissez un fichier de 25 Mo au plus.",
        ),
        ("virus.pdf", b"MZ" + bytes(99), "n’est pas d’un genre accepté"),
        ("page.pdf", b"<!doctype html><script>alert(1)</script>", "n’est pas d’un genre accepté"),
        ("page.pdf", b"<script>alert(1)</script>%PDF-1.7", "cache un autre fichier"),
        ("photo.jpg", b"\0\0\0\x18ftypheic" + bytes(99), "photo au format HEIC"),
        ("joueur.pdf", samples.pdf(samples.on_opening), "contient un programme"),
        ("double.jpg", samples.image("JPEG") + b"PK\x05\x06" + bytes(18), "cache un autre fichier"),
        ("coupe.jpg", samples.image("JPEG")[:300], "est incomplet ou abîmé"),
        ("secret.pdf", hostile.blank(password="x"), "protégé par un mot de passe"),
        ("eicar.txt", samples.EICAR, "contient un virus"),
        ("dossier.xml", samples.XML, "n’est pas d’un genre accepté"),
        ("<img src=x onerror=alert(1)>.exe", b"MZ" + bytes(99), "n’est pas d’un genre accepté"),
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "n’est pas d’un genre accepté"),
        ("bombe.zip", zip_bomb(), "n’est pas d’un genre accepté"),
        ("bombe.xml", b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r>&b;</r>', "contient un programme"),
        ("a\x07\u202efdp\u200b.exe", b"MZ" + bytes(99), "« afdp.exe » n’est pas d’un genre accepté"),
    ],
)
def test_a_file_that_is_not_taken_gets_a_sentence(name: str, data: bytes, sentence: str, paul: httpx2.Client) -> None:
    answer = sent(paul, (name, data))
    assert answer.status_code == 422
    (text,) = told(answer)
    assert sentence in text.replace("\u00a0", " ")
    assert "onerror=alert(1)>" not in answer.text
    assert paul.get("/documents/ajouter").status_code == 200


def test_of_many_files_the_good_ones_are_kept(paul: httpx2.Client) -> None:
    address = f"/documents/ajouter/{uuid7()}"
    answer = sent(
        paul,
        ("1.jpg", samples.image("JPEG")),
        ("2.exe", b"MZ"),
        ("3.png", samples.image("PNG")),
        address=f"{address}/fichiers",
    )
    assert answer.status_code == 422
    assert len(told(answer)) == 1
    assert "2 pages" in answer.text
    page = paul.get(address).text
    pictures = re.findall(rf'src="({address}/apercu/[0-9a-f-]+)"', page)
    assert len(pictures) == 2
    assert paul.get(pictures[0]).headers["content-type"] == "image/webp"


def test_nothing_at_all_is_said_to_be_missing(paul: httpx2.Client) -> None:
    answer = sent(paul)
    assert (answer.status_code, told(answer)) == (422, ["Choisissez un fichier ou une photo"])


def test_what_was_cut_off_is_said_and_its_last_file_is_not_kept(paul: httpx2.Client) -> None:
    address = f"/documents/ajouter/{uuid7()}"
    whole = fields(paul, ("1.jpg", samples.image("JPEG")), ("2.txt", b"Une phrase qui n'a pas de f"))
    answer = posted(paul, f"{address}/fichiers", whole[:-1], end=False)
    assert answer.status_code == 422
    assert told(answer) == ["L’envoi s’est interrompu. Ce qui était déjà reçu est gardé. Envoyez le reste de nouveau."]
    assert "1 page" in paul.get(address).text


def test_a_request_beyond_measure_is_not_even_read(server: str, paul: httpx2.Client) -> None:
    """The answer comes before the body; a client that goes on sending finds the connection closed."""
    address = urlsplit(server)
    head = (
        f"POST /documents/ajouter/{uuid7()}/fichiers HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookies(paul)}\r\n"
    )
    head += f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {9 * LIMIT}\r\n\r\n"
    with socket.create_connection((address.hostname, address.port or 80), timeout=20) as raw:
        raw.sendall(head.encode() + bytes(1000))
        assert raw.recv(200).startswith(b"HTTP/1.1 413")
    assert paul.get("/documents").status_code == 200


def test_without_the_forms_token_nothing_is_taken(paul: httpx2.Client) -> None:
    address = f"/documents/ajouter/{uuid7()}"
    answer = posted(paul, f"{address}/fichiers", [("fichiers", samples.image("JPEG"), "1.jpg"), ("fin", "1", "")])
    assert answer.status_code == 403
    assert paul.get(address).status_code == 404


def test_a_broken_form_is_a_bad_request(paul: httpx2.Client) -> None:
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=", "application/json", "text/plain"):
        answer = paul.post(
            f"/documents/ajouter/{uuid7()}/fichiers", content=b"x", headers={"Content-Type": content_type}
        )
        assert 400 <= answer.status_code < 500, content_type


def begun(client: httpx2.Client, title: str) -> tuple[str, dict[str, str]]:
    """The address of a draft, and its form filled in."""
    address = sent(client, ("papier.pdf", samples.pdf())).headers["location"]
    filled = {"titre": title, "type": "DOCPAT02", "jour": "12 3 2025", "qui": "masque", "classeur": "Mon <genou>"}
    return address, filled | {"csrfmiddlewaretoken": token(client.get(address).text)}


def test_a_folder_is_chosen_while_adding(paul: httpx2.Client) -> None:
    address, form = begun(paul, "Radio du genou")
    refused = paul.post(address, data=form | {"classeur": "x" * 51})
    assert told(refused) == ["Choisissez un nom de 50 caractères au plus"]
    document = paul.post(address, data=form).headers["location"].partition("?")[0]
    row = next(each for each in paul.get("/documents").text.split("<li ") if document in each)
    assert "Mon &lt;genou&gt;" in row
    # The next form proposes it, and the next version stands in it too.
    again, _ = begun(paul, "Autre")
    assert '<option value="Mon &lt;genou&gt;">' in paul.get(again).text
    new = posted(
        paul, f"/documents/ajouter/{uuid7()}/fichiers?remplace={document[11:]}", fields(paul, ("b.pdf", samples.pdf()))
    )
    assert 'name="classeur" value="Mon &lt;genou&gt;"' in paul.get(new.headers["location"]).text
    for each in (again, new.headers["location"], document):
        end = "supprimer" if each == document else "effacer"
        paul.post(f"{each}/{end}", data={"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]})


def test_a_session_that_ends_keeps_what_was_said_of_the_document(paul: httpx2.Client) -> None:
    address, form = begun(paul, "Radio de la hanche")
    session = SessionStore(paul.cookies["carnet_session"])
    session["seen"] -= 3600
    session.save()
    assert paul.post(address, data=form).headers["location"].startswith("/connexion?")
    paul.post("/demo/connexion", data={"actor": "paul"}, follow_redirects=True)
    page = paul.get(address).text
    assert "Ce que vous aviez écrit est toujours là." in page.replace("\u00a0", " ")
    for value in (
        'value="Radio de la hanche"',
        'value="12 3 2025"',
        'value="Mon &lt;genou&gt;"',
        'value="masque" aria-describedby="qui-2-h" checked',
    ):
        assert value in page
    paul.post(f"{address}/effacer", data={"csrfmiddlewaretoken": token(page)})


def test_a_draft_of_somebody_else_is_not_there(server: str, paul: httpx2.Client) -> None:
    address = f"/documents/ajouter/{uuid7()}"
    assert sent(paul, ("1.jpg", samples.image("JPEG")), address=f"{address}/fichiers").status_code == 302
    picture = re.findall(rf'src="({address}/apercu/[0-9a-f-]+)"', paul.get(address).text)[0]
    with visiting(server, "jean") as jean:
        assert jean.get(address).status_code == 404
        assert jean.get(picture).status_code == 404
        assert sent(jean, ("1.jpg", samples.image("JPEG")), address=f"{address}/fichiers").status_code == 404
        code = token(jean.get("/documents/ajouter").text)
        for end in ("", "/effacer", picture.removeprefix(address).replace("apercu", "retirer")):
            answer = jean.post(address + end, data={"csrfmiddlewaretoken": code, "titre": "x"})
            assert answer.status_code in {302, 404}
    assert paul.get(picture).status_code == 200


def test_the_photographs_of_a_document_are_for_who_added_them(server: str, paul: httpx2.Client) -> None:
    photograph = samples.image("JPEG")
    address = sent(paul, ("IMG 0001.jpg", photograph), ("<b>.jpg", photograph)).headers["location"]
    filled = {"titre": "Mes rappels", "type": "DOCPAT02", "jour": "12 3 2025", "qui": "visible"}
    posting = filled | {"csrfmiddlewaretoken": token(paul.get(address).text)}
    document = paul.post(address, data=posting).headers["location"].partition("?")[0]
    page = paul.get(document).text
    assert "Vos photos d'origine" in unescape(page).replace("\u2019", "'")
    assert "&lt;b&gt;.jpg" in page
    original = paul.get(f"{document}/photos/1")
    assert original.content == photograph
    assert original.headers["content-type"] == "image/jpeg"
    assert original.headers["content-disposition"] == 'attachment; filename="IMG 0001.jpg"'
    assert original.headers["cache-control"] == "no-store"
    assert paul.get(f"{document}/photos/2").status_code == 200
    for wrong in (f"{document}/photos/3", f"{document}/photos/0", f"/documents/{uuid7()}/photos/1"):
        assert paul.get(wrong).status_code == 404
    with visiting(server, "jean") as jean:
        assert jean.get(f"{document}/photos/1").status_code == 404
    with httpx2.Client(base_url=server) as nobody:
        assert nobody.get(f"{document}/photos/1").headers["location"].startswith("/connexion?")
    paul.post(f"{document}/supprimer", data={"csrfmiddlewaretoken": token(page)})
    assert paul.get(f"{document}/photos/1").status_code == 404


@pytest.mark.parametrize("end", ["", "/supprimer"])
def test_only_ones_own_document_is_replaced_or_deleted(end: str, server: str) -> None:
    with visiting(server, "dominique") as client:
        theirs = re.findall(r'href="(/documents/[0-9a-f-]{36})"', client.get("/documents").text)[-1]
        if end:
            assert client.get(theirs + end).status_code == 404
            code = token(client.get("/documents/ajouter").text)
            assert client.post(theirs + end, data={"csrfmiddlewaretoken": code}).status_code == 403
            assert client.get(theirs).status_code == 200
        else:
            for wanted in (theirs.rpartition("/")[2], str(uuid7()), "x", "1" * 5000):
                assert client.get(f"/documents/ajouter?remplace={wanted}").status_code in {404, 414}


@pytest.mark.parametrize("key", ["marc", "claire"])
def test_without_an_open_record_nothing_is_taken(key: str, server: str) -> None:
    with visiting(server, key) as client:
        assert client.get("/documents/ajouter").status_code == 403


def test_a_script_is_answered_in_json(paul: httpx2.Client) -> None:
    address = f"/documents/ajouter/{uuid7()}"
    paul.headers["Accept"] = "application/json"
    bad, good = (
        sent(paul, ("a", data), address=f"{address}/fichiers") for data in (b"MZ" + bytes(9), samples.image("PNG"))
    )
    assert (bad.status_code, list(bad.json())) == (422, ["errors"])
    assert (good.status_code, good.json()) == (200, {"then": address})


SHARED: list[Part] = [("titre", "Compte rendu du Dr Roy", ""), ("fichiers", samples.pdf(), "cr.pdf")]


def test_a_shared_file_waits_for_who_signs_in_and_confirms(server: str) -> None:
    with httpx2.Client(base_url=server, timeout=60) as client:
        # The system's own post: no cookie, no token, from nowhere.
        answer = posted(client, "/documents/ajouter/partage", SHARED)
        assert (answer.status_code, answer.headers["location"]) == (302, "/documents/ajouter/recu")
        cookie = answer.headers["set-cookie"]
        assert all(each in cookie for each in ("HttpOnly", "SameSite=Lax", "Path=/documents/ajouter"))
        to_sign_in = client.get("/documents/ajouter/recu")
        assert to_sign_in.headers["location"].startswith("/connexion?")
        client.post("/demo/connexion", data={"actor": "paul"}, follow_redirects=True)
        draft = client.get("/documents/ajouter/recu")
        page = client.get(draft.headers["location"]).text
        assert 'value="Compte rendu du Dr Roy"' in page
        # Once only.
        again = client.get("/documents/ajouter/recu", headers={"Cookie": cookie.partition(";")[0]})
        assert again.headers["location"].endswith("?perdu") or again.status_code == 302
        assert "Compte rendu du Dr Roy" not in client.get("/documents").text


def test_a_shared_file_is_nobodys_without_its_secret(server: str, paul: httpx2.Client) -> None:
    with httpx2.Client(base_url=server, timeout=60) as stranger:
        posted(stranger, "/documents/ajouter/partage", SHARED)
    answer = paul.get("/documents/ajouter/recu", headers={"Cookie": "; ".join((cookies(paul), "carnet_partage=x"))})
    assert answer.headers["location"] == "/documents/ajouter?perdu"
    assert "n’attend qu’un quart d’heure" in paul.get("/documents/ajouter?perdu").text


PARTAGE = "/documents/ajouter/partage"


def cookies(client: httpx2.Client) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([("fichiers", b"MZ" + bytes(99), "x.exe")], 422),
        ([("titre", "sans fichier", "")], 422),
        ([], 422),
    ],
)
def test_a_shared_file_that_is_not_taken_is_explained(parts: list[Part], status: int, server: str) -> None:
    with httpx2.Client(base_url=server, timeout=60) as client:
        answer = posted(client, PARTAGE, parts)
        assert answer.status_code == status
        assert told(answer)
        assert "set-cookie" not in answer.headers
        assert client.get("/documents/ajouter/partage").status_code == 405


def test_one_address_does_not_fill_the_room_where_shared_files_wait(server: str) -> None:
    """Others go on sharing from theirs."""
    there = httpx2.HTTPTransport(local_address="127.0.77.9")
    with httpx2.Client(base_url=server, timeout=60, transport=there) as client:
        assert {posted(client, PARTAGE, []).status_code for _ in range(THROTTLED.most)} == {422}
        full = posted(client, PARTAGE, SHARED)
        assert full.status_code == 429
        assert "Réessayez dans quelques minutes" in full.text
    with httpx2.Client(base_url=server, timeout=60) as other:
        assert posted(other, PARTAGE, SHARED).status_code == 302


def test_the_manifest_names_what_is_there(server: str) -> None:
    answer = httpx2.get(f"{server}/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    for icon in manifest["icons"]:
        found = httpx2.get(server + icon["src"])
        assert (found.status_code, found.headers["content-type"]) == (200, "image/png")
        width = int.from_bytes(found.content[16:20])
        assert icon["sizes"] == f"{width}x{width}"
    assert manifest["share_target"]["action"] == "/documents/ajouter/partage"
    page = httpx2.get(server)
    assert 'rel="manifest" href="/manifest.webmanifest"' in page.text
    assert "manifest-src 'self'" in page.headers["content-security-policy"]


def test_the_manifest_asks_for_what_the_door_takes(server: str) -> None:
    """Posted as the operating system does: whatever the manifest says, and nothing of ours."""
    target = httpx2.get(f"{server}/manifest.webmanifest").json()["share_target"]
    assert (target["method"], target["enctype"]) == ("POST", "multipart/form-data")
    (files,) = target["params"]["files"]
    assert {"image/jpeg", "application/pdf"} <= set(files["accept"])
    with visiting(server, "paul") as client:
        parts: list[Part] = [(target["params"]["title"], "Partagé", "")]
        parts += [(files["name"], samples.image("JPEG"), f"IMG_{n}.jpg") for n in range(2)]
        answer = posted(client, target["action"], parts)
        draft = client.get(client.get(answer.headers["location"]).headers["location"])
        assert 'value="Partagé"' in draft.text
        assert draft.text.count('<li><img src="/documents/ajouter/') == 2
        client.post(f"{draft.url.path}/effacer", data={"csrfmiddlewaretoken": token(draft.text)})


def test_thirty_thousand_pages_are_taken_and_the_worker_lives(paul: httpx2.Client) -> None:
    file = hostile.blank(30_000)
    assert len(file) < LIMIT
    address = sent(paul, ("annuaire.pdf", file)).headers["location"]
    page = paul.get(address)
    assert page.status_code == 200
    for image in re.findall(r'<img src="([^"]+)"', page.text):
        assert paul.get(image).headers["content-type"] == "image/webp"
    paul.post(f"{address}/effacer", data={"csrfmiddlewaretoken": token(page.text)})


def test_every_type_that_may_be_added_has_a_name_and_no_other() -> None:
    assert set(TYPES) == set(room.TYPES)


TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("12 3 2025", date(2025, 3, 12)),
        ("12/03/2025", date(2025, 3, 12)),
        (" 1-1-1950 ", date(1950, 1, 1)),
        ("26.11.2026", TODAY),
        ("27 11 2026", None),
        ("31 2 2025", None),
        ("12 3 25", None),
        ("2025-03-12", None),
        ("1 1 1899", None),
        ("١٢ ٣ ٢٠٢٥", None),
        ("", None),
    ],
)
def test_a_date_as_people_write_it(written: str, day: date | None) -> None:
    about, faults = read(Fields("Titre", "DOCPAT02", written), TODAY)
    assert (about.day if about else None) == day
    assert [name for name, _ in faults] == ([] if day else ["jour"])


def test_every_fault_is_told_at_once() -> None:
    about, faults = read(Fields("x" * (LONGEST_TITLE + 1), "11502-2", "hier", "tout le monde", "y" * 51), TODAY)
    assert about is None
    assert [name for name, _ in faults] == ["titre", "type", "jour", "classeur", "qui"]
