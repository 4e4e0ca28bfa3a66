"""« Je ne connais pas cette personne », over real HTTP, and the support's list."""

from __future__ import annotations

import re
from html import unescape

import httpx2

from carnet.demo.cast import record_id
from carnet.documents import queries
from carnet.kernel.actor import Purpose
from carnet.people.queries import actor_by_key
from tests.web.patient.browsing import token, visiting

DOCTOR = re.compile(r'href="(/acces/contester/[0-9a-f-]{36})"')


def text_of(answer: httpx2.Response) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", answer.text)).replace("\u2019", "'").replace("\u00a0", " ")


def test_an_access_is_disputed_followed_and_answered(server: str) -> None:
    with visiting(server, "jean") as jean:
        address = DOCTOR.findall(jean.get("/acces").text)[0]
        asked = jean.get(address)
        assert "ne peut plus ouvrir votre carnet, dès maintenant" in text_of(asked)
        code = token(asked.text)
        after = jean.post(address, data={"csrfmiddlewaretoken": code}, follow_redirects=True)
        assert "C'est signalé. Notre équipe vérifie." in text_of(after)
        assert "Elle vous répond ici avant le" in text_of(after)
        assert jean.post(address, data={}).status_code == 403
        with httpx2.Client(base_url=server, timeout=60) as support:
            support.post("/demo/connexion", data={"actor": "support"}, follow_redirects=True)
            listed = support.get("/console/acces")
            assert "Accès contesté" in text_of(listed)
            assert "Jean" not in listed.text
            cases = re.findall(r'name="cas" value="([0-9a-f-]+)"', listed.text)
            form = {"csrfmiddlewaretoken": token(listed.text), "avis": "justified"}
            for case in cases:
                done = support.post("/console/acces", data=form | {"cas": case}, follow_redirects=True)
            assert "Votre avis est enregistré." in text_of(done)
            assert support.post("/console/acces", data=form | {"cas": "x", "avis": "?"}).status_code == 303
        assert "l'accès était justifié" in text_of(jean.get(address))


def test_nobody_else_looks_into_accesses(server: str) -> None:
    for key, status in (("pilotage", 403), ("dominique", 403), ("dr-martin", 403)):
        with httpx2.Client(base_url=server, timeout=60) as client:
            client.post("/demo/connexion", data={"actor": key}, follow_redirects=True)
            assert client.get("/console/acces").status_code == status
            assert client.get("/acces/contester/00000000-0000-0000-0000-000000000001").status_code in {403, 404}


def test_accesses_are_chosen_by_kind_person_and_period(server: str) -> None:
    nguyen = actor_by_key("dr-nguyen")
    assert nguyen
    queries.list_documents(nguyen, Purpose.CARE, record_id("dominique"))
    with visiting(server, "dominique") as dominique:
        every = dominique.get("/acces")
        person = re.findall(r"personne=([0-9a-f-]{36})", every.text)[0]
        name = re.findall(r"<span class=\"cn-row__t\">(.*?) a ", every.text)
        of_one = dominique.get("/acces", params={"qui": "tous", "personne": person})
        leads = re.findall(r"<span class=\"cn-row__t\">(.*?)</span>", of_one.text)
        assert leads
        named = text_of(dominique.get(f"/acces/contester/{person}"))
        assert all(lead.partition(" a ")[0] in named or lead.rpartition(" à ")[2] in named for lead in leads)
        assert len(set(name)) > 1
        assert "Aucun accès ne correspond" in text_of(
            dominique.get("/acces", params={"du": "2001-01-01", "au": "2001-02-01"})
        )
        assert "Jusqu'au 1" in text_of(dominique.get("/acces", params={"au": "2001-02-01"}))
        given = dominique.get("/acces", params={"qui": "depots"})
        assert " a lu " not in text_of(given)
        for odd in ("9999-99-99", "0001-01-01", "x" * 5000, "\x00"):
            assert dominique.get("/acces", params={"du": odd, "personne": odd}).status_code in {200, 400, 414}
