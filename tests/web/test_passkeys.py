"""Passkeys over real HTTP: what is accepted of an authenticator, and each thing that is not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

import httpx2
import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore

from carnet.kernel import config, database
from carnet.kernel.actor import Actor
from carnet.people import accounts, passkeys, sessions
from carnet.people.accounts import Reason
from carnet.people.rules import assurance_of_passkey
from carnet.web.auth.throttles import PASSKEYS
from tests import people
from tests.sessions import COOKIE, session_of
from tests.web.authenticator import COPIED, COPYABLE, PRESENT, VERIFIED, Authenticator
from tests.web.browsing import plain
from tests.web.patient.browsing import token

ADD, SIGN_IN = "/appareils/cles/ajouter", "/connexion/cle"


def proven(who: Actor, *, ago: int = 0) -> str:
    """The session of somebody who came in by the provider so many seconds ago."""
    key = session_of(who)
    session = SessionStore(key)
    session["opening"] = {"way": "provider", "assurance": "eidas2", "at": int(time.time()) - ago}
    session.save()
    sessions.begin(who.id, key)
    return key


@dataclass
class Enrolled:
    who: Actor
    key: Authenticator
    base: str
    id: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.id = passkeys.of(self.who)[-1].id


_addresses = count(2)


@contextmanager
def at(base: str, cookie: str = "") -> Iterator[httpx2.Client]:
    """A browser at an address of its own: refusals are counted by address."""
    number = next(_addresses)
    there = httpx2.HTTPTransport(local_address=f"127.0.{number // 250}.{number % 250 + 2}")
    cookies = {COOKIE: cookie} if cookie else {}
    with httpx2.Client(base_url=base, timeout=30, cookies=cookies, transport=there) as client:
        yield client


def asks(client: httpx2.Client, page: str, address: str) -> tuple[dict[str, str], dict[str, object]]:
    """The token of the page's form, and what its script is told to ask the authenticator for."""
    form = {"csrfmiddlewaretoken": token(client.get(page).text)}
    return form, json.loads(client.post(address, data=form).text)


def enrols(base: str, who: Actor, key: Authenticator, name: str = "Mon téléphone") -> httpx2.Response:
    session_key = proven(who)
    with at(base, session_key) as client:
        form, asked = asks(client, ADD, f"{ADD}/defi")
        answer = client.post(ADD, data=form | {"nom": name, "reponse": key.makes(asked)})
    sessions.end(session_key)
    return answer


def account_acts(who: Actor) -> list[str]:
    """What the log holds of their account, oldest first."""
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute(
            "select action from trail.line where record_id is null and actor_id = %s order by at", (who.id,)
        ).fetchall()
    return [row[0] for row in found]


def comes_in(client: httpx2.Client, key: Authenticator, change: Callable[[str], str] = str) -> httpx2.Response:
    form, asked = asks(client, "/connexion?raison=requise", f"{SIGN_IN}/defi")
    return client.post(SIGN_IN, data=form | {"reponse": change(key.signs(asked))})


@pytest.fixture
def hers(server: str) -> Enrolled:
    who, key = people.a_patient().actor, Authenticator(server)
    assert enrols(server, who, key).headers["location"] == "/appareils?fait=ajoutee"
    return Enrolled(who, key, server)


def refused(answer: httpx2.Response) -> bool:
    return answer.status_code == 400 and "location" not in answer.headers


def test_a_passkey_opens_what_a_provider_opens(hers: Enrolled) -> None:
    with at(hers.base) as client:
        client.get("/connexion")
        answer = comes_in(client, hers.key)
        assert (answer.status_code, answer.headers["location"]) == (302, "/accueil")
        assert client.get("/accueil").status_code == 200
        page = plain(client.get("/appareils").text)
    assert "C'est l'appareil que vous utilisez." in page
    assert "avec la clé d'accès « Mon téléphone »" in page
    assert account_acts(hers.who) == ["passkey-added", "passkey-sign-in"]


def test_the_session_is_another_one_than_before(hers: Enrolled) -> None:
    with at(hers.base) as client:
        form, asked = asks(client, "/connexion", f"{SIGN_IN}/defi")
        before = client.cookies[COOKIE]
        client.post(SIGN_IN, data=form | {"reponse": hers.key.signs(asked)})
        assert client.cookies[COOKIE] != before


def test_one_comes_back_to_the_page_that_was_asked_for_and_never_to_another_site(hers: Enrolled) -> None:
    for wanted, there in (("/acces?qui=tous", "/acces?qui=tous"), ("//evil.example", "/accueil")):
        with at(hers.base) as client:
            form, asked = asks(client, "/connexion", f"{SIGN_IN}/defi")
            answer = client.post(SIGN_IN, data=form | {"reponse": hers.key.signs(asked), "suite": wanted})
            assert answer.headers["location"] == there


def test_what_is_asked_for(server: str) -> None:
    who = people.a_patient().actor
    with at(server, proven(who)) as client:
        _, asked = asks(client, ADD, f"{ADD}/defi")
        chosen = asked["authenticatorSelection"]
        assert isinstance(chosen, dict)
        assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
        assert asked["attestation"] == "none"
        assert asked["rp"] == {"name": "Carnet", "id": "localhost"}
        assert str(who.id) not in json.dumps(asked)
    with at(server) as client:
        _, asked = asks(client, "/connexion", f"{SIGN_IN}/defi")
        assert asked["userVerification"] == "required"
        assert asked["allowCredentials"] == [], "nobody is told which keys somebody has"


def test_a_challenge_is_answered_once(hers: Enrolled) -> None:
    with at(hers.base) as client:
        form, asked = asks(client, "/connexion", f"{SIGN_IN}/defi")
        sent = form | {"reponse": hers.key.signs(asked)}
        before = dict(client.cookies)
        assert client.post(SIGN_IN, data=sent).status_code == 302
    with at(hers.base) as thief:
        thief.cookies.update(before)
        assert refused(thief.post(SIGN_IN, data=sent))


def test_a_challenge_is_answered_once_in_all_processes() -> None:
    """Two requests that read the session before either has changed it."""
    assert passkeys.spend(b"one challenge")
    assert not passkeys.spend(b"one challenge")


def test_of_the_same_answer_sent_many_times_at_once_one_opens(server: str) -> None:
    who, key = people.a_patient().actor, Uncounted(server)
    enrols(server, who, key)
    with at(server) as client:
        form, asked = asks(client, "/connexion", f"{SIGN_IN}/defi")
        cookies, sent = dict(client.cookies), form | {"reponse": key.signs(asked)}

    def posts(_: int) -> int:
        with at(server) as one:
            one.cookies.update(cookies)
            return one.post(SIGN_IN, data=sent).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(posts, range(6))) == [302, *[400] * 5]


def test_a_challenge_of_another_browser_and_an_old_one_are_worth_nothing(hers: Enrolled) -> None:
    with at(hers.base) as hers_own, at(hers.base) as other:
        _, asked = asks(hers_own, "/connexion", f"{SIGN_IN}/defi")
        form, _ = asks(other, "/connexion", f"{SIGN_IN}/defi")
        assert refused(other.post(SIGN_IN, data=form | {"reponse": hers.key.signs(asked)}))
        form, asked = asks(other, "/connexion", f"{SIGN_IN}/defi")
        session = SessionStore(other.cookies[COOKIE])
        session["passkey_challenges"]["sign-in"]["at"] -= 301
        session.save()
        assert refused(other.post(SIGN_IN, data=form | {"reponse": hers.key.signs(asked)}))


def test_another_origin_another_site_and_a_holder_who_is_not_there(hers: Enrolled) -> None:
    """Each alone; the same key opens as soon as it is as it should be."""
    wrong = ({"origin": "https://carnet.evil.example"}, {"rp_id": "evil.example"}, {"flags": PRESENT}, {"flags": 0})
    with at(hers.base) as client:
        for each in wrong:
            right = {name: getattr(hers.key, name) for name in each}
            for name, value in each.items():
                setattr(hers.key, name, value)
            assert refused(comes_in(client, hers.key)), each
            for name, value in right.items():
                setattr(hers.key, name, value)
        assert comes_in(client, hers.key).status_code == 302


@pytest.mark.parametrize("part", ["signature", "authenticatorData", "clientDataJSON", "userHandle"])
def test_one_changed_letter_is_refused(part: str, hers: Enrolled) -> None:
    def tampered(answer: str) -> str:
        said = json.loads(answer)
        text = said["response"][part]
        middle = len(text) // 2
        said["response"][part] = text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :]
        return json.dumps(said)

    with at(hers.base) as client:
        assert refused(comes_in(client, hers.key, tampered))


def test_nonsense_is_refused_and_breaks_nothing(hers: Enrolled) -> None:
    def without_handle(answer: str) -> str:
        said = json.loads(answer)
        del said["response"]["userHandle"]
        return json.dumps(said)

    nonsense: tuple[Callable[[str], str], ...] = (
        lambda _: "",
        lambda _: "{",
        lambda _: "[1]",
        lambda _: '{"id": 5, "response": 3}',
        lambda _: "x" * 20_000,
        lambda answer: answer.replace("public-key", "password"),
        without_handle,
    )
    with at(hers.base) as client:
        for change in nonsense:
            assert refused(comes_in(client, hers.key, change))


class Uncounted(Authenticator):
    """As most that copy their keys: it says 0 each time."""

    def signs(self, asked: dict[str, object]) -> str:
        self.count = -1
        return super().signs(asked)


def test_a_copy_that_counts_less_is_refused(hers: Enrolled) -> None:
    with at(hers.base) as client:
        assert comes_in(client, hers.key).status_code == 302
    hers.key.count = 0
    with at(hers.base) as client:
        assert refused(comes_in(client, hers.key)), "it says 1 a second time"
    assert not passkeys.used(hers.id, sign_count=1, is_copied=False), "nor when two came at the same time"
    assert not passkeys.used(hers.id, sign_count=0, is_copied=False)


def test_a_key_that_does_not_count_opens_again_and_again(server: str) -> None:
    who, key = people.a_patient().actor, Uncounted(server, flags=PRESENT | VERIFIED | COPYABLE | COPIED)
    enrols(server, who, key)
    for _ in range(2):
        with at(server) as client:
            assert comes_in(client, key).status_code == 302
    (kept,) = passkeys.of(who)
    assert (kept.may_be_copied, kept.is_copied) == (True, True)


def test_a_key_in_the_name_of_another_account(hers: Enrolled) -> None:
    other = people.a_patient().actor
    hers.key.handle = passkeys.handle(other.id)
    with at(hers.base) as client:
        assert refused(comes_in(client, hers.key))


def test_a_key_that_nobody_knows(server: str) -> None:
    with at(server) as client:
        assert refused(comes_in(client, Authenticator(server, handle=b"h" * 32)))


def test_a_revoked_key_opens_nothing(hers: Enrolled) -> None:
    assert passkeys.revoke(hers.who, hers.id)
    with at(hers.base) as client:
        answer = comes_in(client, hers.key)
        assert refused(answer)
        assert "Cette clé d'accès n'ouvre pas Carnet" in plain(answer.text)


def test_nobody_revokes_names_or_sees_the_key_of_another(hers: Enrolled) -> None:
    other = people.a_patient().actor
    assert not passkeys.revoke(other, hers.id)
    assert not passkeys.rename(other, hers.id, "à moi")
    with at(hers.base, proven(other)) as client:
        assert client.get(f"/appareils/cles/{hers.id}").status_code == 404
    assert [key.name for key in passkeys.of(hers.who)] == ["Mon téléphone"]


def test_the_support_ends_passkeys_with_the_sessions(hers: Enrolled) -> None:
    accounts.end_sessions(people.an_operator("support"), hers.who.id, Reason.LOST)
    assert passkeys.of(hers.who) == []
    with at(hers.base) as client:
        assert refused(comes_in(client, hers.key))


def test_a_deactivated_account_stays_shut(hers: Enrolled) -> None:
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update app.kernel_actor set active = false where id = %s", (hers.who.id,))
    with at(hers.base) as client:
        assert refused(comes_in(client, hers.key))


def test_a_key_is_added_only_after_a_recent_sign_in_by_the_provider(hers: Enrolled) -> None:
    late = proven(hers.who, ago=601)
    with at(hers.base, late) as client:
        page = client.get(ADD)
        assert 'href="/connexion/patient?suite=/appareils/cles/ajouter"' in page.text
        form = {"csrfmiddlewaretoken": token(page.text)}
        assert client.post(f"{ADD}/defi", data=form).status_code == 403
        client.post(ADD, data=form | {"nom": "x", "reponse": "{}"})
    with at(hers.base) as client:
        comes_in(client, hers.key)
        page = client.get(ADD)
        assert "D'abord, confirmez que c'est vous" in plain(page.text)
        assert client.post(f"{ADD}/defi", data={"csrfmiddlewaretoken": token(page.text)}).status_code == 403
    assert len(passkeys.of(hers.who)) == 1


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://evil.example"}, {"rp_id": "evil.example"}, {"flags": PRESENT}], ids=str
)
def test_a_new_key_that_does_not_hold_is_not_kept(wrong: dict[str, object], server: str) -> None:
    who = people.a_patient().actor
    answer = enrols(server, who, Authenticator(**{"origin": server} | wrong))  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert "La clé n'a pas été ajoutée." in plain(answer.text)
    assert passkeys.of(who) == []


def test_a_key_is_one_persons_and_has_a_name(hers: Enrolled) -> None:
    other = people.a_patient().actor
    assert enrols(hers.base, other, hers.key).status_code == 422
    answer = enrols(hers.base, other, Authenticator(hers.base), name=" ")
    assert answer.status_code == 422
    assert "Donnez un nom à cette clé" in plain(answer.text)
    assert passkeys.of(other) == []


def test_ten_keys_at_most(server: str) -> None:
    who = people.a_patient().actor
    for _ in range(passkeys.MOST):
        enrols(server, who, Authenticator(server))
    assert enrols(server, who, Authenticator(server)).status_code == 422
    assert len(passkeys.of(who)) == passkeys.MOST


def test_a_professional_has_none(server: str) -> None:
    doctor = people.a_doctor()
    with at(server, proven(doctor)) as client:
        assert client.get(ADD).status_code == 403
    with pytest.raises(PermissionError):
        passkeys.add(doctor, passkeys.New(b"i", b"k" * 32, 0, False, False), name="x", assurance="eidas2")  # noqa: FBT003


def test_a_session_counts_as_the_enrolment_and_as_substantial_at_most() -> None:
    assert [assurance_of_passkey(level) for level in ("eidas1", "eidas2", "eidas3")] == ["eidas1", "eidas2", "eidas2"]


def test_neither_form_is_sent_from_elsewhere(server: str) -> None:
    with at(server) as client:
        assert client.post(SIGN_IN, data={"reponse": "{}"}).status_code == 403
        assert client.post(f"{SIGN_IN}/defi").status_code == 403


def test_what_is_public_of_a_key_is_never_changed_nor_forgotten(hers: Enrolled) -> None:
    forbidden = (
        "update app.people_passkey set public_key = 'x'",
        "update app.people_passkey set actor_id = actor_id",
        "update app.people_passkey set assurance = 'eidas3'",
        "delete from app.people_passkey",
        "update app.people_spent_challenge set until = now()",
    )
    with database.connect(config.load(), "writer", autocommit=True) as writer:
        for statement in forbidden:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                writer.execute(statement.encode())
    with database.connect(config.load(), "reader", autocommit=True) as reader:
        kept = reader.execute("select row_to_json(k)::text from app.people_passkey k").fetchall()
    private = hers.key.key.private_numbers().private_value.to_bytes(32, "big").hex()
    assert kept
    assert private not in str(kept)


def test_too_many_refused_ones_wait_while_other_ways_and_places_stay_open(hers: Enrolled) -> None:
    with at(hers.base) as client:
        form, _ = asks(client, "/connexion", f"{SIGN_IN}/defi")
        refusals = [client.post(SIGN_IN, data=form | {"reponse": "{}"}) for _ in range(PASSKEYS.most + 1)]
        assert {answer.status_code for answer in refusals[:-1]} == {400}
        assert refusals[-1].status_code == 429
        assert "Attendez une minute" in plain(refusals[-1].text)
        assert client.post(f"{SIGN_IN}/defi", data=form).status_code == 429
        assert client.get("/connexion/patient").status_code == 302
    with at(hers.base) as elsewhere:
        assert comes_in(elsewhere, hers.key).status_code == 302
