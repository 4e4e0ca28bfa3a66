"""A session that ends while somebody writes: their words wait for them, and for nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from carnet.kernel import config, database
from tests.web.browsing import Browsing, browsing, plain

WORDS = "Ce n'est pas mon calcanéum, <i>jamais</i> opéré."


@pytest.fixture
def paul(server: str) -> Iterator[Browsing]:
    with browsing(server, "paul") as found:
        yield found


def ends(person: Browsing) -> None:
    """The session has lain idle too long: its « seen » is moved, not the clock."""
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore(person.client.cookies["carnet_session"])
    session["seen"] -= 3600
    session.save()


def writes_too_late(person: Browsing) -> str:
    """The address of the page; the form is sent when the session has ended."""
    address = f"{person.documents()[0]}/pas-le-mien"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', person.opens(address).text)
    assert token
    ends(person)
    sent = {"csrfmiddlewaretoken": token[1], "mots": WORDS, "acte": "signaler"}
    answer = person.client.post(address, data=sent, follow_redirects=True)
    assert answer.url.path == "/connexion"
    assert answer.url.params["suite"] == address
    assert "Ce que vous aviez écrit est gardé trente minutes." in plain(answer.text)
    return address


def test_the_words_are_there_again_after_signing_in(paul: Browsing) -> None:
    address = writes_too_late(paul)
    paul.signs_in_as("paul")
    page = paul.opens(address)
    assert "Ce que vous aviez écrit est toujours là." in plain(page.text)
    assert "&lt;i&gt;jamais&lt;/i&gt; opéré." in page.text
    # They are shown on that page alone, and no longer once the form has been sent.
    other = f"{paul.documents()[1]}/pas-le-mien"
    assert WORDS[:20] not in plain(paul.opens(other).text)
    paul.sends(address, {"acte": "reprendre"})
    assert "toujours là" not in paul.text(address)


def test_somebody_else_at_the_same_screen_sees_nothing_of_it(paul: Browsing) -> None:
    address = writes_too_late(paul)
    paul.signs_in_as("dominique")
    other = f"{paul.documents()[0]}/pas-le-mien"
    for page in (paul.opens(address), paul.opens(other), paul.opens("/accueil")):
        assert "calcanéum" not in page.text
        assert "toujours là" not in page.text


def test_the_words_do_not_lie_open_in_the_session(paul: Browsing) -> None:
    writes_too_late(paul)
    with database.connect(config.load(), "owner") as owner:
        rows = owner.execute("select session_data from app.django_session").fetchall()
    from django.core import signing

    held = [signing.loads(row[0], salt="django.contrib.sessions.SessionStore", serializer=_json()) for row in rows]
    drafts = [each["draft"] for each in held if "draft" in each]
    assert drafts
    assert not [each for each in drafts if "calcanéum" in str(each)]


def _json() -> type:
    from django.contrib.sessions.serializers import JSONSerializer

    found: type = JSONSerializer
    return found


def test_an_old_draft_is_gone(paul: Browsing) -> None:
    from django.contrib.sessions.backends.db import SessionStore

    address = writes_too_late(paul)
    paul.signs_in_as("paul")
    session = SessionStore(paul.client.cookies["carnet_session"])
    session["draft"] = session["draft"] | {"at": session["draft"]["at"] - 1801}
    session.save()
    assert "toujours là" not in paul.text(address)


def test_a_fragment_whose_session_has_ended_sends_the_whole_page_to_sign_in(paul: Browsing) -> None:
    ends(paul)
    answer = paul.client.get("/documents?annee=2024", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["hx-redirect"] == "/connexion?raison=expiree&suite=%2Fdocuments%3Fannee%3D2024"


def test_a_button_is_no_draft_but_its_page_is_where_one_goes_on(paul: Browsing) -> None:
    address = f"{paul.documents()[0]}/visibilite"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', paul.opens(address).text)
    assert token
    ends(paul)
    answer = paul.client.post(address, data={"csrfmiddlewaretoken": token[1], "acte": "masquer"}, follow_redirects=True)
    assert answer.url.params["suite"] == address
    assert "est gardé" not in plain(answer.text)
    paul.signs_in_as("paul")
    assert "toujours là" not in paul.text(address)
    assert "Si vous le masquez :" in paul.text(address)


def test_another_form_leaves_the_draft_where_it_waits(paul: Browsing) -> None:
    address = writes_too_late(paul)
    paul.signs_in_as("paul")
    paul.sends(f"{paul.documents()[1]}/classer", {"etiquettes": ""})
    assert "toujours là" in paul.text(address)


def test_nothing_is_kept_of_a_stranger_or_of_an_empty_form(server: str, paul: Browsing) -> None:
    address = f"{paul.documents()[0]}/pas-le-mien"
    with browsing(server) as nobody:
        nobody.opens("/")
        answer = nobody.client.post(address, data={"mots": "x"})
        assert answer.status_code == 403  # no token of ours
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', paul.opens(address).text)
    assert token
    ends(paul)
    answer = paul.client.post(address, data={"csrfmiddlewaretoken": token[1], "mots": "  "}, follow_redirects=True)
    assert "est gardé" not in plain(answer.text)
