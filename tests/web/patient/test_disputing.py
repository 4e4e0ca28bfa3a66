"""« Contester cet accès », over real HTTP, and the support's list."""

from __future__ import annotations

import re
from html import unescape

import httpx2

from carnet.consent import actions as consent
from carnet.demo.cast import record_id
from carnet.documents import queries
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people.queries import actor_by_key
from tests import people
from tests.web.browsing import plain
from tests.web.patient.browsing import token, visiting
from tests.web.patient.guest import Guest, about

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
        assert "C'est contesté. Notre équipe vérifie." in text_of(after)
        assert "Elle vous répond ici avant le" in text_of(after)
        assert jean.post(address, data={}).status_code == 403
        with httpx2.Client(base_url=server, timeout=60) as support:
            support.post("/demo/connexion", data={"actor": "support"}, follow_redirects=True)
            number = re.search(r"Numéro ([A-Z2-7]{4}-[A-Z2-7]{4})", text_of(after))
            assert number
            listed = support.get("/console/acces", params={"numero": number[1]})
            assert "Accès contesté" in text_of(listed)
            assert "Jean" not in listed.text
            assert "Dernier accès le" in text_of(listed)
            assert number[1] in text_of(listed)
            # Nothing is final before a page of its own has said what a verdict means.
            assert 'method="post"' not in listed.text.split("<main")[1]
            (case,) = re.findall(r"cas=([0-9a-f-]+)&amp;avis=justified", listed.text)
            asked = support.get("/console/acces", params={"cas": case, "avis": "justified"})
            assert "vous ne pouvez pas revenir en arrière" in text_of(asked)
            form = {"csrfmiddlewaretoken": token(asked.text), "avis": "justified"}
            done = support.post("/console/acces", data=form | {"cas": case}, follow_redirects=True)
            assert "Votre avis est enregistré." in text_of(done)
            assert support.post("/console/acces", data=form | {"cas": "x", "avis": "?"}).status_code == 303
        assert "l'accès était justifié" in text_of(jean.get(address))


def disputing(at: Guest, doctor: Actor) -> tuple[str, str]:
    """What the page says before and after."""
    address = f"/acces/contester/{doctor.id}"
    before = at.text(address)
    return before, plain(at.sends(address, {}).text)


def test_what_follows_is_said_as_it_is_for_that_professional_and_the_block_is_undone_there(guest: Guest) -> None:
    attending, stranger, blocked = people.a_doctor(), people.a_doctor(), people.a_doctor()
    record = guest.patient.record_id
    consent.set_attending(SYSTEM, record_id=record, professional_id=attending.id)
    consent.block(guest.patient.actor, Purpose.SELF, record_id=record, professional_id=blocked.id)
    before, after = disputing(guest, attending)
    assert "c'est votre médecin traitant : la loi lui donne accès, et contester ne le bloque pas" in before
    assert "ne peut plus ouvrir votre carnet" not in before + after
    assert "la loi lui donne accès, son accès n'est pas bloqué" in after
    assert "Débloquer" not in after
    before, after = disputing(guest, blocked)
    assert "son accès est déjà bloqué, et le reste" in before
    assert "Son accès est bloqué." in after
    before, after = disputing(guest, stranger)
    assert "ne peut plus ouvrir votre carnet, dès maintenant" in before
    assert "médecin traitant" not in before
    assert "Il lui reste 7 jours." in after
    assert "Son accès est bloqué." in after
    page = guest.opens(f"/acces/contester/{stranger.id}").text
    assert f'action="{about(stranger.id)}"' in page
    assert 'name="acte" value="debloquer"' in page
    guest.asks(about(stranger.id), {"acte": "debloquer"})
    assert [each.professional.id for each in guest.settings().blocked] == [blocked.id]
    assert "Son accès n'est pas bloqué." in guest.text(f"/acces/contester/{stranger.id}")


def test_what_the_person_says_is_asked_for_kept_and_read_again_by_them_alone(guest: Guest) -> None:
    address = f"/acces/contester/{people.a_doctor().id}"
    asked = guest.text(address)
    assert "Ce que vous savez de cet accès (facultatif)" in asked
    assert "notre équipe ne les lit pas" in asked
    long = guest.sends(address, {"mots": "é" * 1001})
    assert long.status_code == 422
    assert "Écrivez 1000 caractères au plus : il y en a 1001." in plain(long.text)
    assert "é" * 1001 in long.text
    done = guest.sends(address, {"mots": "Je n'étais pas à Brest."})
    assert "Vous avez noté : « Je n'étais pas à Brest. »" in plain(done.text)


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
        leads = [plain(each) for each in re.findall(r"<span class=\"cn-row__t\">(.*?)</span>", of_one.text)]
        assert leads
        named = text_of(dominique.get(f"/acces/contester/{person}"))
        assert all(lead.partition(" a ")[0] in named or lead.rpartition(" à ")[2] in named for lead in leads), leads
        assert len(set(name)) > 1
        assert "Aucun accès ne correspond" in text_of(
            dominique.get("/acces", params={"du": "1 1 2001", "au": "1 2 2001"})
        )
        assert "Jusqu'au 1" in text_of(dominique.get("/acces", params={"au": "1 2 2001"}))
        given = dominique.get("/acces", params={"qui": "depots"})
        assert " a lu " not in text_of(given)
        of_software = dominique.get("/acces", params={"role": "logiciels"})
        assert "Aucun accès ne correspond" not in text_of(of_software)
        assert "/acces/contester/" not in of_software.text.split("<main")[1]
        unclear = dominique.get("/acces", params={"du": "hier"})
        assert unclear.status_code == 422
        assert text_of(unclear).count("Écrivez la date comme ceci : 12 3 2026") == 2
        for odd in ("9999-99-99", "0001-01-01", "x" * 5000, "\x00"):
            assert dominique.get("/acces", params={"du": odd, "personne": odd}).status_code in {200, 400, 414, 422}
