"""The one character that no text of the database may have, in every field of every address: never a fault of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx2
import pytest

from carnet.kernel.actor import Actor
from tests import people
from tests.api.caller import Caller
from tests.sessions import COOKIE, session_of
from tests.test_addresses import ADDRESSES, NOWHERE, signed_in

NUL = "a\0b"
FIELDS = (
    "q", "qui", "document", "si", "pour", "quoi", "categorie", "jour", "auteur", "acte", "identifiant", "motif", "cas",
    "avis", "courriel", "jeton", "par", "ins", "nom", "prenom", "naissance", "lieu", "titre", "mots", "etiquettes",
    "du", "au", "role", "personne", "debut", "fin", "avant", "suite", "actor", "lieu-exercice", "raison", "type",
    "depot", "signalement", "retirer", "duree", "expres", "secret", "page", "depuis", "ouvrir", "nouveau", "classeur",
    "masque", "montre", "fait", "scope", "grant_type", "client_id", "token", "identifier", "patient", "_text", "note",
)  # fmt: skip


def addresses(audience: str) -> Iterator[str]:
    for route, (whose, _) in ADDRESSES.items():
        if whose == audience and not route.startswith("langue/"):
            yield "/" + re.sub(r"<(\w+):\w+>", lambda kind: {"uuid": NOWHERE, "int": "1"}.get(kind[1], "a%00b"), route)


def someone(base: str, audience: str) -> httpx2.Client:
    """Nobody whom other tests know."""
    made: dict[str, Callable[[], Actor]] = {
        "patient": lambda: people.a_patient().actor,
        "professional": people.a_doctor,
        "operator": lambda: people.an_operator("support"),
    }
    cookies = {COOKIE: session_of(made[audience]())} if audience in made else {}
    # A body that nobody reads closes its connection.
    alone = httpx2.Limits(max_keepalive_connections=0)
    return httpx2.Client(base_url=base, timeout=30, cookies=cookies, limits=alone)


@pytest.mark.parametrize(
    "audience", [pytest.param("patient", marks=pytest.mark.long), "professional", "operator", "open", "demo"]
)
def test_nul_in_any_field_of_any_page_is_no_fault(audience: str, server: str) -> None:
    fields = dict.fromkeys(FIELDS, NUL)
    faults = []
    with someone(server, audience) as client:
        for address in addresses(audience):
            page = client.get(address, params=fields)
            forms = client.get("/confidentialite" if audience == "patient" else "/aide").text
            code = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', forms)
            sent = fields | ({"csrfmiddlewaretoken": code[1]} if code else {})
            answers = [page, client.post(address, data=sent)] if address != "/deconnexion" else [page]
            answers.append(client.post(address, data=sent, files={"fichiers": ("a\0b.txt", b"a")}))
            faults += [(address, each.request.method, each.status_code) for each in answers if each.status_code >= 500]
    assert faults == []


def test_a_word_with_nul_is_looked_for_without_it(server: str) -> None:
    with signed_in(server, "dominique") as client:
        found = client.get("/confidentialite/autoriser", params={"q": "mar\0tin"}).text
        assert "Philippe" in found
    with signed_in(server, "support") as support:
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', support.get("/console/comptes").text)
        assert token
        for identifier in ("a\0b", "\0"):
            sent = {"csrfmiddlewaretoken": token[1], "identifiant": identifier}
            assert support.post("/console/comptes", data=sent).status_code < 500


def test_nul_in_what_software_asks_is_no_fault(server: str) -> None:
    caller = Caller.of(server, people.software())
    headers = {"Authorization": f"Bearer {caller.token}"}
    with httpx2.Client(base_url=server, timeout=30, headers=headers) as client:
        for address in addresses("software"):
            asked = client.get(address, params=dict.fromkeys(FIELDS, NUL))
            for answer in (asked, client.post(address, data=dict.fromkeys(FIELDS, NUL))):
                assert answer.status_code < 500, address


def test_nul_in_what_an_app_asks_of_the_authorisation_server_is_no_fault(server: str) -> None:
    fields = ("client_id", "code", "refresh_token", "token", "redirect_uri", "code_verifier", "scope")
    with httpx2.Client(base_url=server, timeout=30) as client:
        for grant in ("authorization_code", "refresh_token", "client_credentials"):
            sent = dict.fromkeys(fields, NUL) | {"grant_type": grant}
            assert 400 <= client.post("/oauth/token", data=sent).status_code < 500, grant
        for address in ("/oauth/revoke", "/oauth/introspect"):
            assert 400 <= client.post(address, data=dict.fromkeys(fields, NUL)).status_code < 500, address
