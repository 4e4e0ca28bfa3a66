"""Codes by text message: a real gateway over HTTP, what it gets, and the counter that sends them."""

from __future__ import annotations

import hmac
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import httpx2
import pytest
from django.db import transaction

from carnet.kernel import clock, config, database
from carnet.kernel.config import ConfigError
from carnet.kernel.db import WRITER
from carnet.notify import contacts, texts
from carnet.notify.rules import mobile
from carnet.notify.sending import NotSent
from carnet.notify.wording import LANGUAGES, entry_text, number_text
from carnet.people.models import CodeText
from tests import people, working
from tests.conftest import House
from tests.rights.test_entrance import a_record
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, plain, token
from tests.web.relying import relying

SECRET = "a-secret-that-only-the-gateway-has"


@dataclass
class Gateway:
    """`statuses` are answered one after the other, then 202; what the telephone got is told by id."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    telephone: dict[str, dict[str, Any]] = field(default_factory=dict)

    def takes(self, signature: str, name: str, body: bytes) -> int:
        at, _, given = signature.removeprefix("t=").partition(",v1=")
        expected = hmac.digest(SECRET.encode(), f"{at}.".encode() + body, "sha256").hex()
        if not hmac.compare_digest(given, expected) or abs(time.time() - int(at)) > 300:
            return 401
        self.asked.append(name)
        status = self.statuses.pop(0) if self.statuses else 202
        message = json.loads(body)
        assert message["id"] == name
        if status in {202, 504}:  # the answer may be lost, not the message
            self.telephone.setdefault(name, message)
        return status

    def newest(self, number: str) -> str:
        return str([each["text"] for each in self.telephone.values() if each["to"] == number][-1])


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    found = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = found.takes(self.headers["Carnet-Signature"], self.headers["Idempotency-Key"], body)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_port}/messages"
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def sends(house: House, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """This process as a worker that has the gateway."""
    monkeypatch.setenv("CARNET_SMS_URL", gateway.url)
    monkeypatch.setenv("CARNET_SMS_SECRET", SECRET)
    return gateway


def worked() -> None:
    """As a worker would; another one, which has no gateway, may have taken a job before."""
    working.worked()
    for each in CodeText.objects.filter(sent_at=None).exclude(sealed=b""):
        texts.send(each.id)


def queued(text: str = "Carnet : votre code est 123456.", *, lasts: timedelta = timedelta(minutes=10)) -> UUID:
    with transaction.atomic(using=WRITER):
        return texts.queue("+33612345678", text, until=clock.now() + lasts)


def row(text_id: UUID) -> CodeText:
    return CodeText.objects.using(WRITER).get(id=text_id)


def test_it_is_sent_again_until_it_is_known_to_have_left_and_arrives_once(sends: Gateway) -> None:
    one = queued()
    sends.statuses = [503, 504, 500]
    for _ in range(3):
        with pytest.raises(NotSent):
            texts.send(one)
        assert row(one).sealed
    texts.send(one)
    texts.send(one)
    assert sends.asked.count(str(one)) == 4, "once it is known, it is not asked for again"
    assert sends.telephone[str(one)]["to"] == "+33612345678"
    assert (row(one).sealed, row(one).sent_at is not None) == (b"", True), "number and words are gone"
    again = queued()
    sends.statuses = [409]
    texts.send(again)
    assert row(again).sent_at is not None


def test_what_no_repetition_mends_and_what_is_too_late_is_dropped(sends: Gateway) -> None:
    wrong, late = queued(), queued(lasts=timedelta(seconds=-1))
    sends.statuses = [422]
    texts.send(wrong)
    texts.send(late)
    for each in (wrong, late):
        assert (row(each).sealed, row(each).sent_at) == (b"", None)
    assert str(late) not in sends.asked
    old = queued()
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update app.people_code_text set at = at - interval '8 days' where id = %s", (old,))
        kept = owner.execute("select sealed from app.people_code_text where id = %s", (old,)).fetchall()
        assert b"336" not in bytes(kept[0][0])
    texts.purge()
    assert not CodeText.objects.filter(id=old).exists()


def test_a_gateway_that_is_not_there_or_does_not_know_us(sends: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    one = queued()
    monkeypatch.setenv("CARNET_SMS_SECRET", "b" * 40)
    with pytest.raises(NotSent):
        texts.send(one)
    monkeypatch.setenv("CARNET_SMS_URL", "http://127.0.0.1:9/")
    with pytest.raises(NotSent):
        texts.send(one)


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("07.12.34.56.78", "+33712345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("0692 12 34 56", "+262692123456"),
        ("+32 470 12 34 56", "+32470123456"),
        ("01 42 34 56 78", None),
        ("+33142345678", None),
        ("06 12 34 56 7", None),
        ("0612345678 poste 3", None),
        ("+0612345678", None),
        ("٠٦١٢٣٤٥٦٧٨", None),
        ("", None),
    ],
)
def test_numbers_to_which_a_text_can_be_sent(typed: str, dialled: str | None) -> None:
    assert mobile(typed) == dialled


@pytest.mark.parametrize(
    "environ",
    [
        {"CARNET_SMS_URL": "http://sms.example/", "CARNET_SMS_SECRET": SECRET},
        {"CARNET_SMS_URL": "https://sms.example/"},
        {"CARNET_SMS_URL": "https://sms.example/", "CARNET_SMS_SECRET": "short"},
    ],
    ids=["in clear", "unsigned", "short"],
)
def test_a_gateway_that_is_not_safe_is_none(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        config.load(environ)


def test_from_the_counter_to_the_telephone_to_the_record(house: House, sends: Gateway) -> None:
    _, ins = a_record()
    with (
        relying(house, "http://127.0.0.1:9", CARNET_SMS_URL=sends.url, CARNET_SMS_SECRET=SECRET) as base,
        httpx2.Client(
            base_url=base, cookies={COOKIE: session_of(people.an_operator("support"))}, follow_redirects=True
        ) as client,
    ):
        desk = Browsing(client)
        found = desk.sends("/console/carnets", {"matricule": ins})
        assert "Envoyer le code par SMS" in plain(found.text)
        address = f"{found.url.path}/sms"
        unsure = desk.sends(address, {"acte": "verifier", "numero": "01 42 34 56 78"})
        assert "Cochez la case quand son identité est vérifiée" in plain(unsure.text)
        wrong = desk.sends(address, {"acte": "verifier", "numero": "01 42 34 56 78", "verifiee": "1"})
        assert "Écrivez un numéro de portable" in plain(wrong.text)
        # Both messages are in the language that the person reads.
        asked = desk.sends(address, {"acte": "verifier", "numero": "06 98 76 54 32", "verifiee": "1", "langue": "en"})
        assert "vers le numéro qui finit par 32" in plain(asked.text)
        worked()
        assert sends.newest("+33698765432").startswith("Carnet: your code is ")
        digits = re.findall(r"\d{6}", sends.newest("+33698765432"))[0]
        assert digits not in asked.text
        other = f"{(int(digits) + 1) % 10**6:06d}"
        form = token(asked.text) | {"acte": "envoyer"}
        assert "Ce n'est pas le code envoyé" in plain(client.post(address, data=form | {"code": other}).text)
        done = client.post(address, data=(right := form | {"code": f"{digits[:3]} {digits[3:]}"}))
        assert "Le code part par SMS" in plain(done.text)
        worked()
        for again in (client.get(str(done.url)), client.post(address, data=right)):
            assert "Le code part par SMS" in plain(again.text), "loaded again, or tapped twice"
        text = sends.newest("+33698765432")
        assert "choose I was given a code. Give it to nobody." in text
        code = re.findall(r"([A-Z0-9]{4} [A-Z0-9]{4} [A-Z0-9]{4})", text)[0]
        assert code not in plain(done.text), "the operator does not see it"
        assert len(text) <= 160
        assert not {"ESSAI", "Camille", ins} & set(text.split())
        assert "Le code part" not in plain(client.post(address, data=form | {"code": digits}).text), "once"
        with httpx2.Client(base_url=base, follow_redirects=True) as home:
            fields = token(home.get("/connexion/code").text) | {
                "matricule": ins,
                "naissance": "12 1 1985",
                "code": code,
            }
            came = home.post("/connexion/code", data=fields)
            assert came.url.path == "/bienvenue/identite"
            home.post("/bienvenue/identite", data=token(came.text) | {"reponse": "oui"})
            read = plain(home.get("/acces?qui=tous").text)
            assert "vous a envoyé par SMS un code d'accès à votre carnet" in read
            assert "a vérifié un numéro de portable" in read
        # another record: five wrong codes end the attempt, the right one comes too late
        _, ins = a_record()
        address = f"{desk.sends('/console/carnets', {'matricule': ins}).url.path}/sms"
        asked = desk.sends(address, {"acte": "verifier", "numero": "06 98 76 54 32", "verifiee": "1"})
        worked()
        assert sends.newest("+33698765432").startswith("Carnet : votre code est ")
        digits = re.findall(r"\d{6}", sends.newest("+33698765432"))[0]
        form = token(asked.text) | {"acte": "envoyer"}
        for _ in range(5):
            client.post(address, data=form | {"code": "000000" if digits != "000000" else "111111"})
        assert client.post(address, data=form | {"code": digits}).status_code == 429
        statuses = [
            desk.sends(address, {"acte": "verifier", "numero": "+33 6 98 76 54 32", "verifiee": "1"}).status_code
            for _ in range(5)
        ]
        assert statuses == [200] * 4 + [429], "six a day to one number"
        assert proposed_language(desk) == ["en"]


def proposed_language(desk: Browsing) -> list[str]:
    """To somebody who chose in English what to be told of."""
    english = people.a_patient()
    contacts.choose(english.actor, address=f"{english.ins}@exemple.fr", kinds=[], language="en")
    address = f"{desk.sends('/console/carnets', {'matricule': english.ins}).url.path}/sms"
    return re.findall(r'name="langue" value="(\w\w)" checked', desk.opens(address).text)


def test_every_message_is_one_part_without_accents() -> None:
    day, host = date(2026, 12, 30), "carnet.gouv.fr"
    for language in LANGUAGES:
        for words in (number_text("123456", language), entry_text(("ABCD", "EFGH", "JKLM"), host, day, language)):
            assert words.isascii()
            assert len(words) <= 160, words
    assert "30 Dec" in entry_text(("A", "B", "C"), host, day, "en")
    assert "30/12" in entry_text(("A", "B", "C"), host, day)


def test_without_a_gateway_nothing_is_offered(server: str) -> None:
    _, ins = a_record()
    with httpx2.Client(base_url=server, follow_redirects=True) as client:
        client.cookies.set(COOKIE, session_of(people.an_operator("support")))
        desk = Browsing(client)
        found = desk.sends("/console/carnets", {"matricule": ins})
        assert "SMS" not in plain(found.text)
        assert client.get(f"{found.url.path}/sms").status_code == 404
