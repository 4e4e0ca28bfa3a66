"""« Mes appareils »: what is shown of each session, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx2
import pytest

from carnet.kernel import config, database
from carnet.notify.models import Notice
from carnet.people import devices, disowning, passkeys
from carnet.people.rules import Way
from carnet.web.auth.agent import device
from tests import people
from tests.people import Resident
from tests.web.authenticator import Authenticator
from tests.web.browsing import plain
from tests.web.patient.browsing import token
from tests.web.test_passkeys import account_acts, at, comes_in, enrols, proven

PAGE = "/appareils"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5"
    " Mobile/15E148 Safari/604.1"
)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"


@pytest.fixture
def patient(server: str) -> Resident:
    return people.a_patient()


@pytest.fixture
def key(server: str, patient: Resident) -> Authenticator:
    made = Authenticator(server)
    enrols(server, patient.actor, made)
    return made


@contextmanager
def signed_in(server: str, key: Authenticator, agent: str = FIREFOX) -> Iterator[httpx2.Client]:
    with at(server) as client:
        client.headers["User-Agent"] = agent
        assert comes_in(client, key).status_code == 302
        yield client


def others(client: httpx2.Client) -> list[str]:
    return re.findall(r'href="(/appareils/sessions/[0-9a-f-]{36})"', client.get(PAGE).text)


def sends(client: httpx2.Client, address: str, **fields: str) -> httpx2.Response:
    form = {"csrfmiddlewaretoken": token(client.get(address).text)} | fields
    return client.post(address, data=form, follow_redirects=True)


SAMSUNG = (
    "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0"
    " Chrome/121.0.0.0 Mobile Safari/537.36"
)
EDGE = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
    " Safari/537.36 Edg/131.0.0.0"
)
CHROME_THERE = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/126.0 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (IPHONE, ("Safari", "iPhone")),
        (FIREFOX, ("Firefox", "Windows")),
        (SAMSUNG, ("Samsung Internet", "Android")),
        (EDGE, ("Edge", "macOS")),
        (CHROME_THERE, ("Chrome", "iPad")),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
        ("<script>alert(1)</script>" * 50, ("", "")),
    ],
)
def test_a_browser_in_words_of_a_short_list(agent: str, words: tuple[str, str]) -> None:
    assert device(agent) == words


def test_each_session_is_told_in_plain_words_and_nothing_else_of_it_is_kept(server: str, key: Authenticator) -> None:
    with signed_in(server, key, IPHONE), signed_in(server, key) as here:
        page = plain(here.get(PAGE).text)
        assert re.search(r"Firefox sur Windows C'est l'appareil que vous utilisez\.", page)
        assert re.search(r"Safari sur iPhone Utilisé le .{10,40} Ouvert le .{10,40} avec la clé d'accès", page)
        assert len(others(here)) == 1
    with database.connect(config.load(), "owner") as owner:
        kept = str(owner.execute("select row_to_json(s)::text from app.people_signed_in s").fetchall())
    assert "Mozilla" not in kept
    assert "17_5" not in kept


def test_an_ended_session_is_over_at_its_next_request(server: str, key: Authenticator) -> None:
    with signed_in(server, key, IPHONE) as other, signed_in(server, key) as here:
        assert other.get("/accueil").status_code == 200
        answer = sends(here, others(here)[0], acte="fermer")
        assert "La session est fermée." in plain(answer.text)
        over = other.get("/accueil").headers["location"]
        assert over.startswith("/connexion?raison=fermee")
        said = plain(other.get(over).text)
        assert "Votre session a été fermée" in said
        assert "sans activité" not in said
        assert here.get("/accueil").status_code == 200
        assert others(here) == []
    with signed_in(server, key, IPHONE) as again:
        assert again.get("/accueil").status_code == 200, "its key still opens"


def test_it_is_over_for_every_process(server: str, patient: Resident) -> None:
    """What ends it stands in the database, and is asked with each request: no process remembers sessions."""
    from carnet.people.queries import signed_in as asked

    session_key = proven(patient.actor)
    (known,) = devices.of(patient.actor, "", quiet=timedelta(minutes=30))
    since = known.since + timedelta(seconds=1)
    assert asked(patient.actor.id, since, session_key)
    with at(server, session_key) as there:
        assert there.get("/accueil").status_code == 200
        assert devices.end(patient.actor, known.id), "here, in the process of the test"
        assert there.get("/accueil").status_code == 302, "and there, in that of the server"
    assert asked(patient.actor.id, since, session_key) is None
    assert asked(patient.actor.id, since, "another")
    assert not devices.end(patient.actor, known.id), "once"


def test_all_others_end_at_once(server: str, key: Authenticator) -> None:
    with signed_in(server, key) as one, signed_in(server, key) as two, signed_in(server, key) as here:
        assert "Toutes les autres sessions sont fermées." in plain(sends(here, PAGE).text)
        assert [client.get("/accueil").status_code for client in (one, two, here)] == [302, 302, 200]


def test_it_was_not_me(server: str, patient: Resident, key: Authenticator) -> None:
    """The session ends, with the key that opened it and all that it opened."""
    thief = Authenticator(server)
    enrols(server, patient.actor, thief, "Le voleur")
    with signed_in(server, thief) as first, signed_in(server, thief, IPHONE) as second, signed_in(server, key) as here:
        there = next(each for each in others(here) if "Safari sur iPhone" in plain(here.get(each).text))
        assert "La clé d'accès « Le voleur » est retirée" in plain(here.get(there).text), "said before it is done"
        page = plain(sends(here, there, acte="pas-moi").text)
        assert "Cet appareil n'a plus accès à votre compte. La clé d'accès qui l'avait ouvert est retirée." in page
        assert "Regardez ce qui a été fait dans votre carnet" in page
        assert [client.get("/accueil").status_code for client in (first, second, here)] == [302, 302, 200]
    with at(server) as client:
        assert comes_in(client, thief).status_code == 400
        assert comes_in(client, key).status_code == 302
    assert "session-disowned" in account_acts(patient.actor)


def test_it_was_not_me_by_the_provider(server: str, patient: Resident, key: Authenticator) -> None:
    session_key = proven(patient.actor)
    devices.describe(session_key, browser="Firefox", system="Linux", way=Way.PROVIDER, passkey_id=None)
    with signed_in(server, key) as here:
        there = next(each for each in others(here) if "Firefox sur Linux" in plain(here.get(each).text))
        page = plain(sends(here, there, acte="pas-moi").text)
        assert "Protégez le compte avec lequel vous passez par FranceConnect+" in page
    with at(server, session_key) as other:
        assert other.get("/accueil").status_code == 302
    assert len(passkeys.of(patient.actor)) == 1


def test_nobody_sees_or_ends_the_session_of_another(server: str, patient: Resident, key: Authenticator) -> None:
    with signed_in(server, key) as hers:
        (mine,) = [each for each in devices.of(patient.actor, "", quiet=timedelta(minutes=30)) if each.browser]
        stranger = people.a_patient().actor
        with at(server, proven(stranger)) as other:
            form = {"csrfmiddlewaretoken": token(other.get(PAGE).text), "acte": "pas-moi"}
            assert other.get(f"{PAGE}/sessions/{mine.id}").status_code == 404
            assert other.post(f"{PAGE}/sessions/{mine.id}", data=form).status_code == 404
        assert disowning.was_not_them(stranger, mine.id, "") is None
        assert hers.get("/accueil").status_code == 200


def test_a_key_is_named_anew_and_taken_away(server: str, patient: Resident, key: Authenticator) -> None:
    (made,) = passkeys.of(patient.actor)
    address = f"{PAGE}/cles/{made.id}"
    with signed_in(server, key) as other, at(server, proven(patient.actor)) as here:
        assert "Donnez un nom à cette clé" in plain(sends(here, address, acte="nommer", nom=" ").text)
        assert "Clé du bureau" in plain(sends(here, address, acte="nommer", nom="Clé du bureau").text)
        assert "La clé d'accès est retirée." in plain(sends(here, address, acte="retirer").text)
        assert here.get(address).status_code == 404
        assert other.get("/accueil").status_code == 302, "what it opened elsewhere ends"
    assert account_acts(patient.actor)[-1] == "passkey-revoked"


def test_signing_out_and_in_leaves_no_session_behind(server: str, key: Authenticator) -> None:
    with signed_in(server, key) as here:
        assert comes_in(here, key).status_code == 302
        assert others(here) == []


def test_that_it_is_in_use_is_noted_once_in_a_while_and_to_the_minute(server: str, patient: Resident) -> None:
    session_key = proven(patient.actor)
    devices.describe(session_key, browser="Firefox", system="Linux", way=Way.PROVIDER, passkey_id=None)
    with at(server, session_key) as client:
        client.get("/accueil")
        (first,) = devices.of(patient.actor, "", quiet=timedelta(minutes=30))
        assert (first.seen.second, first.seen.microsecond) == (0, 0)
        with database.connect(config.load(), "owner") as owner:
            long_ago = "update app.people_signed_in set seen = now() - interval '20 minutes' where actor_id = %s"
            owner.execute(long_ago, (patient.actor.id,))
        client.get("/accueil")
        (second,) = devices.of(patient.actor, "", quiet=timedelta(minutes=30))
        assert second.seen < first.seen, "not with each request"


def test_a_new_key_and_a_new_device_are_told_and_a_known_one_is_not(
    server: str, patient: Resident, key: Authenticator
) -> None:
    def told() -> int:
        return Notice.objects.filter(person_id=patient.actor.id, kind="security").count()

    assert told() == 1, "the key"
    with signed_in(server, key) as here:
        assert told() == 1, "the first browser of all is no new one"
        token_of = here.cookies["carnet_device"]
        here.get("/accueil")
        here.post("/deconnexion", data={"csrfmiddlewaretoken": token(here.get("/accueil").text)})
        assert comes_in(here, key).status_code == 302
        assert here.cookies["carnet_device"] == token_of
    assert told() == 1
    with signed_in(server, key):
        pass
    assert told() == 2
    with database.connect(config.load(), "owner") as owner:
        kept = str(owner.execute("select row_to_json(d)::text from app.people_known_device d").fetchall())
    assert token_of not in kept


def test_who_has_closed_their_record_still_sees_their_devices(server: str) -> None:
    from carnet.records.rules import RecordState

    closed = people.a_patient(state=RecordState.CLOSED)
    with at(server, proven(closed.actor)) as client:
        assert client.get(PAGE).status_code == 200
    with at(server, proven(people.a_person())) as client:
        assert client.get(PAGE).status_code == 200
        assert client.get(f"{PAGE}/cles/ajouter").status_code == 200
