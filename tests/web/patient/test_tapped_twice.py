"""A button that a finger meets twice, or a page that is loaded again: what was done stands, nothing is done a second
time, and the page that comes second says what the first one would have said."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx2
import pytest

from carnet.consent import inviting
from carnet.kernel.actor import Purpose
from carnet.people import passkeys
from tests import people
from tests.web.authenticator import Authenticator
from tests.web.browsing import plain
from tests.web.patient.browsing import Part, posted
from tests.web.patient.test_carers import Two, _two
from tests.web.patient.test_two_parents import Home, a_photo, home
from tests.web.test_passkeys import at, comes_in, enrols, proven

__all__ = ["home"]

HIDDEN = re.compile(r'<input type="hidden" name="(csrfmiddlewaretoken|carnet|code)" value="([^"]+)"')
CODE = re.compile(r'class="strong cn-code">([A-Z0-9-]+)<')


def twice(client: httpx2.Client, page: str, fields: dict[str, str], to: str = "") -> list[httpx2.Response]:
    """The same form of the same page, sent two times before anything else is opened."""
    held = dict(HIDDEN.findall(client.get(page).text)) | fields
    sent = [client.post(to or page, data=held) for _ in range(2)]
    return [client.get(each.headers["location"]) if each.status_code == 303 else each for each in sent]


def alike(answers: list[httpx2.Response], words: str) -> None:
    for each in answers:
        assert each.status_code == 200, plain(each.text)
        assert words in plain(each.text)


@pytest.fixture
def two(server: str) -> Iterator[Two]:
    with _two(server) as found:
        yield found


def test_who_stops_helping(two: Two) -> None:
    two.helps()
    alike(twice(two.at_his.client, "/aidants/quitter", {}), "Vous n'ouvrez plus le carnet de cette personne.")
    left = [line for line in people.trail(two.holder) if line.action == "carer-left"]
    assert [line.outcome for line in left] == ["done"], "once, and nobody was refused"


@pytest.mark.parametrize(("act", "words"), [("accepter", "Vous l'aidez"), ("refuser", "C'est refusé")])
def test_who_answers_an_invitation(two: Two, act: str, words: str) -> None:
    code = two.invites()
    reply = "/aidants/repondre"
    alike(twice(two.at_his.client, f"{reply}?code={code}", {"acte": act, "code": code}, reply), words)


def test_who_invites(two: Two) -> None:
    fields = {"nom": "Alix", "quoi": "documents", "mode": "lire", "comment": "paper"}
    first, second = twice(two.at_hers.client, "/aidants/inviter", fields)
    assert CODE.findall(first.text) == CODE.findall(second.text) != []
    assert asked(two) == 1


def asked(two: Two) -> int:
    return len(inviting.around(two.holder.actor, Purpose.SELF, two.holder.record_id).invitations)


def test_the_page_of_a_code_is_loaded_again_and_makes_no_other(two: Two) -> None:
    code = two.invites()
    again = two.at_hers.opens("/aidants/inviter?code")
    assert CODE.findall(again.text) == [code]
    assert "dans 10 minutes, ce code ne sera plus montré" in plain(again.text)
    assert asked(two) == 1
    # Whoever else is signed in, and the holder in another record or another browser, read none.
    with at(str(two.at_hers.client.base_url), proven(two.holder.actor)) as hers_too:
        for elsewhere in (two.at_his.client, hers_too):
            assert not CODE.findall(elsewhere.get("/aidants/inviter?code").text)
    assert not CODE.findall(two.at_hers.opens("/aidants/inviter").text), "to invite somebody else"
    (cancelling,) = re.findall(r'action="(/aidants/invitations/[^"]+)"', two.at_hers.opens("/aidants").text)
    two.at_hers.sends("/aidants", {}, to=cancelling)
    assert not CODE.findall(two.at_hers.opens("/aidants/inviter?code").text), "it opens nothing any more"


def test_the_code_of_a_second_parent_is_loaded_again_and_makes_no_other(home: Home) -> None:
    code = home.invites()
    assert CODE.findall(home.at_hers.opens("/parents/inviter?code").text) == [code]
    home.at_hers.opens_the_record_of(home.mother)
    assert not CODE.findall(home.at_hers.opens("/parents/inviter?code").text), "of that child alone"


@pytest.mark.parametrize(("act", "words"), [("prouver", "Votre preuve est reçue."), ("refuser", "C'est refusé")])
def test_who_answers_as_the_other_parent(home: Home, act: str, words: str) -> None:
    reply, code = "/parents/repondre", home.invites()
    held = home.at_his.held(f"{reply}?code={code}")["csrfmiddlewaretoken"]
    parts: list[Part] = [("csrfmiddlewaretoken", held, ""), ("code", code, ""), ("preuve", "booklet", "")]
    parts += [("fichier", a_photo(), "livret.png"), ("acte", act, "")]
    sent = [posted(home.at_his.client, reply, parts) for _ in range(2)]
    alike([home.at_his.opens(each.headers["location"]) for each in sent], words)


@pytest.mark.parametrize(
    ("act", "words"), [("bloquer", "L'accès est bloqué."), ("retirer", "L'autorisation est retirée.")]
)
def test_who_ends_the_right_of_a_professional(two: Two, act: str, words: str) -> None:
    doctor = people.authorised(two.holder, people.a_doctor())
    alike(twice(two.at_hers.client, f"/confidentialite/soignants/{doctor.id}", {"acte": act}), words)


def test_who_closes_their_record(two: Two) -> None:
    alike(twice(two.at_hers.client, "/carnet/fermer", {}), "Votre carnet est fermé")


@pytest.fixture
def here(server: str) -> Iterator[tuple[httpx2.Client, httpx2.Client, str]]:
    """The browser of somebody, another one that they came into by a passkey, and the page of that key."""
    who, key = people.a_patient(), Authenticator(server)
    enrols(server, who.actor, key)
    (made,) = passkeys.of(who.actor)
    with at(server) as other, at(server, proven(who.actor)) as mine:
        comes_in(other, key)
        other.get("/accueil")
        yield mine, other, f"/appareils/cles/{made.id}"


def test_who_takes_a_passkey_away(here: tuple[httpx2.Client, httpx2.Client, str]) -> None:
    mine, _, key = here
    alike(twice(mine, key, {"acte": "retirer"}), "La clé d'accès est retirée.")


@pytest.mark.parametrize(
    ("act", "words"), [("fermer", "La session est fermée."), ("pas-moi", "Cet appareil n'a plus accès à votre compte.")]
)
def test_who_signs_a_device_out(here: tuple[httpx2.Client, httpx2.Client, str], act: str, words: str) -> None:
    mine, other, _ = here
    (there,) = re.findall(r'href="(/appareils/sessions/[0-9a-f-]{36})"', mine.get("/appareils").text)
    alike(twice(mine, there, {"acte": act}), words)
    assert other.get("/accueil").status_code == 302


def test_what_was_undone_meanwhile_is_done_again(two: Two) -> None:
    doctor = people.authorised(two.holder, people.a_doctor())
    page = f"/confidentialite/soignants/{doctor.id}"
    held = two.held(two.at_hers.client, page)
    for act, words in (("bloquer", "L'accès est bloqué."), ("debloquer", "L'accès n'est plus bloqué.")) * 2:
        answer = two.at_hers.client.post(page, data=held | {"acte": act}, follow_redirects=True)
        assert words in plain(answer.text)
