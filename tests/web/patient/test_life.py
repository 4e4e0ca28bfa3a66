"""Closing, reopening, erasing and choosing, as a person does it in a browser without scripts; saying no by letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from carnet.kernel.actor import SYSTEM
from carnet.records import letters
from carnet.records.rules import Identity
from tests import people
from tests.cast import TEST_OID
from tests.test_addresses import signed_in
from tests.web.browsing import token


def send(client: httpx2.Client, address: str, **fields: str) -> httpx2.Response:
    return client.post(address, data={**token(client.get("/carnet").text), **fields}, follow_redirects=True)


@pytest.fixture
def nadia(server: str) -> Iterator[httpx2.Client]:
    """Her record is open again in the end."""
    with signed_in(server, "nadia") as client:
        yield client
        if client.get("/documents").status_code == 403:
            send(client, "/carnet/rouvrir")


def test_closing_says_what_follows_and_is_undone(nadia: httpx2.Client) -> None:
    before = nadia.get("/carnet/fermer").text
    assert "ni vous, ni vos soignants, ni les urgences" in before
    assert "dix ans" in before
    closed = send(nadia, "/carnet/fermer")
    assert "Votre carnet est fermé" in closed.text
    number = re.search(r"Numéro d.enregistrement\s:\s([A-Z0-9]{10})", closed.text)
    assert number
    refused = nadia.get("/documents")
    assert refused.status_code == 403
    assert 'href="/carnet/rouvrir"' in refused.text
    opened = send(nadia, "/carnet/rouvrir")
    assert "Votre carnet est ouvert" in opened.text
    assert number[1] in opened.text
    assert nadia.get("/documents").status_code == 200


def test_erasing_is_asked_for_in_so_many_words_and_called_off(nadia: httpx2.Client) -> None:
    unsure = send(nadia, "/carnet/effacer")
    assert unsure.status_code == 422
    assert "Cochez la case" in unsure.text
    assert nadia.get("/documents").status_code == 200
    asked = send(nadia, "/carnet/effacer", certain="1")
    assert "Il sera effacé pour toujours le" in asked.text
    kept = send(nadia, "/carnet/garder")
    assert "Son contenu est gardé, illisible, jusqu" in kept.text
    assert "pour toujours" not in kept.text
    assert "Votre carnet est ouvert" in send(nadia, "/carnet/rouvrir").text


def test_a_single_use_is_refused_with_its_date_and_wanted_again(nadia: httpx2.Client) -> None:
    every = ("valeurs", "prevention", "statistiques", "urgence", "proches")
    all_but = {word: "1" for word in every if word != "valeurs"}
    refused = send(nadia, "/confidentialite/choix", **all_but).text
    assert refused.count("Refusé depuis le") == 1
    undo = dict.fromkeys(every, "1")
    assert "Refusé depuis le" not in send(nadia, "/confidentialite/choix", **undo).text


def test_saying_no_needs_the_letter_and_nothing_else(server: str) -> None:
    ins = people.fresh_ins()
    letter = letters.inform(
        SYSTEM, identity=Identity(TEST_OID, ins, "ESSAI", "CAMILLE", sex="F", birth_date="1985-01-12")
    )
    sent = {"matricule": ins, "nom": "Essai", "prenom": "Camille", "naissance": "12 1 1985", "code": letter.code}
    with visitor(server) as client:
        page = client.get("/opposition").text
        empty = client.post("/opposition", data=token(page))
        assert empty.status_code == 422
        assert empty.text.count("nhsuk-error-message") == 5
        wrong = client.post("/opposition", data={**sent, "code": "AAAAAAAA", **token(page)})
        assert wrong.status_code == 422
        assert "ne vont pas ensemble" in wrong.text
        slip = client.post("/opposition", data={**sent, "matricule": ins[:-2], **token(page)})
        assert "15 caractères" in slip.text
        done = client.post("/opposition", data={**sent, **token(page)})
        assert done.status_code == 200
        assert "Votre refus est enregistré" in done.text
        assert "raison" not in done.text


def test_a_letter_that_comes_too_late_leads_to_closing(server: str) -> None:
    ins = people.fresh_ins()
    letter = letters.inform(
        SYSTEM,
        identity=Identity(TEST_OID, ins, "ESSAI", "CAMILLE", sex="F", birth_date="1985-01-12"),
        sent_at=people.long_ago(),
    )
    letters.open_due(letter.record_id)
    sent = {"matricule": ins, "nom": "Essai", "prenom": "Camille", "naissance": "12 1 1985", "code": letter.code}
    with visitor(server) as client:
        late = client.post("/opposition", data={**sent, **token(client.get("/opposition").text)})
    assert late.status_code == 409
    assert "déjà ouvert" in late.text


@contextmanager
def visitor(base: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=base, timeout=30) as client:
        yield client
