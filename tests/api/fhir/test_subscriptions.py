"""Software is told of the changes that it may know of, by whoever it acts for, and of nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from carnet.apps import queries, sending, standing
from carnet.apps.rules import FAILURES
from carnet.consent import actions as consent
from carnet.documents import changing, masking
from carnet.documents.powers import Cause
from carnet.health import stating
from carnet.kernel import config, database
from carnet.kernel.actor import Purpose
from carnet.kernel.db import WRITER, Stale
from carnet.kernel.ids import from_fhir_id, short
from carnet.people import app_consents, clients
from carnet.people.models import Professional
from carnet.records.rules import Act
from carnet.rights import life
from tests import people
from tests.api.caller import FHIR, Caller, refused, token
from tests.api.fhir.receiver import moved, receiving, settled
from tests.api.fhir.subscribing import GUIDE, JSON, SCOPE, Practice, content, ref, show, told, woken
from tests.api.oauth.software import Software, a_doctor_of, acting_for
from tests.health.stated import result
from tests.health.stated import stating as document_stating
from tests.smart.app import Browser
from tests.web.browsing import token as form_token
from tests.web.patient.test_health import peanut


@pytest.fixture
def practice(server: str) -> Iterator[Practice]:
    software = Software(server, SCOPE, acts=True)
    doctor, rpps = a_doctor_of(software)
    with receiving(server) as receiver:
        yield Practice(receiver, software, doctor, rpps)


def test_it_is_told_what_it_may_see_and_nothing_once_the_right_has_ended(practice: Practice) -> None:
    subscription, receiver = practice.subscribe(), practice.receiver
    assert [each.kind for each in receiver.taken] == ["handshake"]
    first = practice.deposited()
    receiver.wait(lambda: receiver.events() == [(1, first)])
    told = receiver.taken[-1]
    assert (told.kind, told.value("status"), told.methods) == ("event-notification", "active", ["POST"])
    assert [set(each) for each in told.bundle["entry"][1:]] == [{"fullUrl", "request", "response"}], "no content"

    hidden = practice.deposited(labels=frozenset({"MASQUE_PS"}))
    second = practice.deposited()
    receiver.wait(lambda: receiver.events() == [(1, first), (2, second)])
    show(practice.patient, hidden)
    receiver.wait(lambda: receiver.events()[2:] == [(3, hidden)])
    assert receiver.taken[-1].methods == ["POST"], "what was hidden is new to them"
    show(practice.patient, second, hide=True)
    settled(subscription)
    assert len(receiver.events()) == 3, "nobody is told of a restriction"

    status = practice.caller.get(f"Subscription/{subscription}/$status").json()
    assert "3" in str(status["entry"][0]["resource"]["parameter"])
    again = practice.caller.get(f"Subscription/{subscription}/$events", {"eventsSinceNumber": "2"}).json()
    parts = [
        each["part"] for each in again["entry"][0]["resource"]["parameter"] if each["name"] == "notification-event"
    ]
    assert [part[0]["valueString"] for part in parts] == ["2", "3"]
    assert [len(part) for part in parts] == [2, 3], "what is hidden by now is a number alone"

    consent.withdraw(
        practice.patient.actor, Purpose.SELF, record_id=practice.patient.record_id, professional_id=practice.doctor.id
    )
    practice.deposited()
    settled(subscription)
    assert len(receiver.events()) == 3
    again = practice.caller.get(f"Subscription/{subscription}/$events").json()
    assert "focus" not in str(again)
    assert practice.caller.get(f"Subscription/{subscription}").json()["status"] == "active", "nothing shows"
    people.authorised(practice.patient, practice.doctor)
    later = practice.deposited()
    receiver.wait(lambda: receiver.events()[3:] == [(4, later)])


def test_each_change_is_told_as_what_it_is_to_who_sees_it(practice: Practice) -> None:
    subscription, receiver, patient = practice.subscribe(), practice.receiver, practice.patient
    house = people.software()
    one, two = people.entry(), people.entry()
    first = people.deposited(house, patient, of=one)
    second = people.deposited(house, patient, of=replace(two, replaces=(one.unique_id,)))
    settled(subscription)
    assert told(receiver) == [("POST", ref(first)), ("POST", ref(second)), ("PUT", ref(first))]

    # By one that they may not see: the old one stands, for them.
    masked = people.entry(replaces=(two.unique_id,), labels=frozenset({"MASQUE_PS"}))
    people.deposited(house, patient, of=masked)
    settled(subscription)
    assert len(told(receiver)) == 3

    # Withdrawn: told of what they saw, not of what had been hidden from them before.
    seen, hidden = (people.deposited(house, patient, of=people.entry()) for _ in range(2))
    show(patient, ref(hidden), hide=True)
    settled(subscription)
    before = len(told(receiver))
    for each in (seen, hidden):
        changing.withdraw(
            house, Purpose.DEPOSIT, record_id=patient.record_id, document_id=each.id, cause=Cause.WRONG_PATIENT
        )
    settled(subscription)
    assert told(receiver)[before:] == [("DELETE", ref(seen))]

    # What a standing mask covers, and does not any more.
    mask = masking.mask(patient.actor, Purpose.SELF, record_id=patient.record_id, rule=masking.of_what_comes())
    covered = people.deposited(house, patient, of=people.entry())
    settled(subscription)
    before = len(told(receiver))
    masking.unmask(patient.actor, Purpose.SELF, record_id=patient.record_id, mask_id=mask)
    settled(subscription)
    assert told(receiver)[before:] == [("POST", ref(covered))]
    numbers = [number for number, _ in receiver.events()]
    assert numbers == list(range(1, len(numbers) + 1)), "no number is left out"


def test_what_read_out_of_a_document_is_told_without_saying_what(practice: Practice) -> None:
    subscription, receiver = practice.subscribe("entries"), practice.receiver
    stating.state(practice.patient.actor, Purpose.SELF, record_id=practice.patient.record_id, entry=peanut())
    receiver.wait(lambda: len(receiver.events()) == 1)
    assert receiver.events() == [(1, f"Patient/{short(practice.patient.record_id)}")]
    assert receiver.taken[-1].methods == ["PUT"]
    assert "rachide" not in str(receiver.taken[-1].bundle)
    settled(subscription)


def test_what_is_struck_taken_back_or_corrected_is_told_too(practice: Practice) -> None:
    subscription, patient, colleague = practice.subscribe("entries"), practice.patient, people.a_doctor()
    record = patient.record_id

    def notes(**more: Any) -> UUID:
        return stating.state(colleague, Purpose.CARE, record_id=record, entry=peanut(), **more).id

    def takes_back(said: UUID) -> None:
        stating.retract(colleague, Purpose.CARE, record_id=record, statement_id=said)

    def heard() -> int:
        """How many events since the last time."""
        settled(subscription)
        events, before = len(practice.receiver.events()), seen[-1]
        seen.append(events)
        assert practice.receiver.taken[-1].methods in ([], ["PUT"], ["PUT", "PUT"])
        return events - before

    seen = [0]
    said = notes()
    assert heard() == 1
    amended = notes(instead_of=said)
    assert heard() == 2, "what was said before is gone, and something is said instead"
    takes_back(amended)
    assert heard() == 1
    takes_back(notes(masked=True))
    assert heard() == 0, "of what is hidden neither that it is there nor that it goes"
    covered = notes()
    assert heard() == 1
    mask = masking.mask(patient.actor, Purpose.SELF, record_id=record, rule=masking.of_everything())
    takes_back(notes())
    assert heard() == 0
    masking.unmask(patient.actor, Purpose.SELF, record_id=record, mask_id=mask)
    assert heard() == 1, "what was hidden is new"
    takes_back(covered)
    assert heard() == 1
    # A laboratory corrects its result, another says it no more, a third takes the document out.
    house = people.software()
    for instead in ((result("2.9"),), ()):
        first = people.entry()
        document_stating(patient, result("9.2"), of=first, by=house)
        assert heard() == 1
        document_stating(patient, *instead, of=people.entry(replaces=(first.unique_id,)), by=house)
        assert heard() >= 1, instead
    wrong = document_stating(patient, result("7.7"), by=house)
    assert heard() == 1
    changing.withdraw(house, Purpose.DEPOSIT, record_id=record, document_id=wrong.id, cause=Cause.WRONG_PATIENT)
    assert heard() == 1


def test_depositing_software_is_told_of_its_own(server: str) -> None:
    software = Software(server, SCOPE)
    with receiving(server) as receiver:
        practice = Practice(receiver, software, people.a_doctor(), "")
        practice.own = True
        subscription = practice.subscribe(_payload=content("empty"))
        mine = people.deposited(people.actor(software.id), practice.patient)
        practice.deposited()
        settled(subscription)
        assert receiver.events() == [(1, "")], "its own alone, and of an empty payload the number alone"
        assert len(receiver.taken[-1].bundle["entry"]) == 1
        show(practice.patient, ref(mine), hide=True)
        settled(subscription)
        assert len(receiver.events()) == 1, "who deposited does not learn that it was masked"


WRONG: dict[str, tuple[int, dict[str, Any]]] = {
    "subscription-topic": (422, {"criteria": "Observation?code=1"}),
    "subscription-filter": (422, {"_criteria": {"extension": []}}),
    "subscription-status": (422, {"status": "off"}),
    "subscription-end": (422, {"end": "2199-01-01T00:00:00Z"}),
    "required": (422, {"reason": None}),
}
WRONG_CHANNEL: dict[str, dict[str, Any]] = {
    "subscription-channel": {"type": "email"},
    "subscription-header": {"header": ["Authorization: Bearer x"]},
    "subscription-payload": {"_payload": content("full-resource")},
    "subscription-endpoint": {"endpoint": "http://127.0.0.1:1/changes"},
    "subscription-number": {"extension": [{"url": f"{GUIDE}backport-heartbeat-period", "valueUnsignedInt": 1}]},
}


def test_what_is_asked_otherwise_is_refused_with_its_reason(practice: Practice) -> None:
    for code, (status, change) in WRONG.items():
        asked = {name: value for name, value in (practice.asked() | change).items() if value is not None}
        refused(practice.caller.post("Subscription", asked), status, code)
    for code, channel in WRONG_CHANNEL.items():
        refused(practice.caller.post("Subscription", practice.asked(**channel)), 422, code)
    # Nobody is told of the record of whom they have no right to.
    stranger = people.a_patient()
    asked = practice.asked()
    asked["_criteria"]["extension"][0]["valueString"] = f"DocumentReference?patient.identifier={token(stranger)}"
    refused(practice.caller.post("Subscription", asked), 403, "forbidden")
    # Nor by a token without software, nor for an emergency.
    refused(Caller.of(practice.software.base, practice.doctor).post("Subscription", practice.asked()), 403)
    emergency = {"X-Carnet-Purpose": "emergency", "X-Carnet-Reason": "Douleur thoracique"}
    refused(practice.caller.post("Subscription", practice.asked(), **emergency), 403)
    assert not practice.receiver.came


def test_what_was_not_taken_comes_again_until_it_is_and_is_given_up_after_a_while(practice: Practice) -> None:
    subscription, receiver = practice.subscribe(), practice.receiver
    down = [500, 302, 500]
    receiver.answer = lambda _: down.pop(0) if down else 200
    first = practice.deposited()
    for tries in range(2, 5):
        receiver.waits_for(tries)
        settled(subscription)
        moved(subscription, "retry_at = now()")
    receiver.wait(lambda: receiver.events() == [(1, first)])
    tried = receiver.came[1:]
    assert len({each.bundle["id"] for each in tried}) == 1, "the same notification"
    assert {each.events[0] for each in tried} == {(1, first)}
    practice.wait(subscription, "active")

    receiver.answer = lambda _: 410
    second = practice.deposited()
    practice.wait(subscription, "error")
    found = practice.caller.get(f"Subscription/{subscription}").json()
    assert "410" in found["error"]
    assert "410" in str(practice.caller.get("Subscription/$status", {"status": "error"}).json())
    receiver.answer = lambda _: 200
    third = practice.deposited()
    settled(subscription)
    assert len(receiver.events()) == 1
    again = practice.caller.send(
        "PUT", f"Subscription/{subscription}", json=practice.asked(), headers={"Content-Type": FHIR}
    )
    assert again.status_code == 200, again.text
    receiver.wait(lambda: receiver.events() == [(1, first), (2, second), (3, third)])
    assert receiver.came[-2].kind == "handshake" or receiver.came[-1].kind == "event-notification"

    moved(subscription, f"failures = {FAILURES - 1}")
    receiver.answer = lambda _: 500
    practice.deposited()
    practice.wait(subscription, "error")
    assert practice.caller.send("DELETE", f"Subscription/{subscription}").status_code == 204
    assert practice.caller.get(f"Subscription/{subscription}").json()["status"] == "off"


def test_a_worker_that_dies_after_sending_sends_the_same_again(practice: Practice) -> None:
    subscription, receiver = practice.subscribe(), practice.receiver
    pair = from_fhir_id(subscription)
    assert pair
    # Nothing is sent by the worker beside us.
    moved(subscription, "retry_at = now() + interval '1 hour'")
    first = practice.deposited()
    settled(subscription)
    moved(subscription, "retry_at = null")
    for _ in range(2):
        with suppress(ZeroDivisionError), transaction.atomic(using=WRITER, durable=True):
            sending.deliver(*pair)
            _ = 1 / 0
    with transaction.atomic(using=WRITER, durable=True):
        sending.deliver(*pair)
    assert [each.events for each in receiver.came[1:]] == [[(1, first)]] * 3
    assert len({each.bundle["id"] for each in receiver.came[1:]}) == 1
    # What was on its way when the right ended takes no number.
    practice.deposited()
    settled(subscription)


def test_nothing_is_lost_when_a_session_of_theirs_ends_while_it_is_being_told(practice: Practice) -> None:
    """An act on the account in between ends no right: what waits is told, as who they are now."""
    subscription, receiver = practice.subscribe(), practice.receiver
    pair = from_fhir_id(subscription)
    assert pair
    moved(subscription, "retry_at = now() + interval '1 hour'")
    first = practice.deposited()
    settled(subscription)
    known = queries.one(practice.doctor, practice.software.id, *pair)
    assert known
    before = standing.actor_now(known.client_id, known.actor_id, known.topic)
    assert before
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute("update app.kernel_actor set epoch = epoch + 1 where id = %s", (practice.doctor.id,))
    with transaction.atomic(using=WRITER, durable=True):
        sending.tell(known, before)
    assert receiver.events() == [(1, first)]


@pytest.mark.parametrize("end", ["block", "close", "scope", "client", "house"])
def test_silent_from_the_moment_on(end: str, practice: Practice) -> None:
    subscription, receiver, patient = practice.subscribe(), practice.receiver, practice.patient
    # Something waits already, for the worker beside us.
    moved(subscription, "retry_at = now() + interval '1 hour'")
    practice.deposited()
    settled(subscription)
    match end:
        case "block":
            consent.block(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=practice.doctor.id)
        case "close":
            life.act(patient.actor, record_id=patient.record_id, act=Act.CLOSE)
        case "scope":
            clients.change(client_id=practice.software.id, scope="user/DocumentReference.rs")
        case "client":
            clients.disable(client_id=practice.software.id)
        case "house":
            Professional.objects.using(WRITER).filter(actor_id=practice.doctor.id).update(organisation=None)
    moved(subscription, "retry_at = null")
    woken(subscription)
    if end != "close":
        practice.deposited()
    settled(subscription)
    assert [each.kind for each in receiver.came] == ["handshake"]


def test_each_sees_their_own_through_the_same_software(practice: Practice, server: str) -> None:
    subscription = practice.subscribe()
    found = practice.caller.found("Subscription", {"status": "active"})
    assert [each["resource"]["id"] for each in found["entry"]] == [subscription]
    assert found["entry"][0]["resource"]["criteria"] == "urn:carnet:fhir:topic:documents"
    _, rpps = a_doctor_of(practice.software)
    for caller in (
        Caller(server, practice.software.token(extensions=acting_for(rpps))),
        Caller(server, practice.software.token()),
    ):
        assert caller.found("Subscription")["total"] == 0
        for method, path in (("GET", ""), ("GET", "/$status"), ("GET", "/$events"), ("DELETE", "")):
            refused(caller.send(method, f"Subscription/{subscription}{path}"), 404, "not-found")


def test_let_in_for_one_patient_it_knows_of_no_other_and_taken_back_it_follows_nobody(
    practice: Practice, server: str
) -> None:
    subscription, software = practice.subscribe(), practice.software
    pair = from_fhir_id(subscription)
    assert pair
    doctor = people.actor(practice.doctor.id)
    for only, many in ((practice.patient.record_id, 1), (people.a_patient().record_id, 0)):
        confined = replace(doctor, only=only)
        listed = queries.own(confined, software.id)
        assert (listed.total, len(listed.found)) == (many, many)
        assert bool(queries.one(confined, software.id, *pair)) == bool(many)
    app_consents.agree(doctor, software.id, "user/Subscription.cruds")
    browser = Browser(server, doctor)
    page = browser.goes("/pro/applications")
    browser.client.post("/pro/applications", data={"application": str(software.id)} | form_token(page.text))
    practice.wait(subscription, "off")
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute("update app.kernel_actor set epoch = epoch + 1 where id = %s", (doctor.id,))
    with pytest.raises(Stale):
        queries.own(doctor, software.id)


def test_it_says_that_it_stands(practice: Practice) -> None:
    beats: JSON = {"extension": [{"url": f"{GUIDE}backport-heartbeat-period", "valueUnsignedInt": 60}]}
    subscription, receiver = practice.subscribe(**beats), practice.receiver
    moved(subscription, "told_at = now() - interval '2 minutes'")
    receiver.wait(lambda: [each.kind for each in receiver.taken] == ["handshake", "heartbeat"])
    assert receiver.taken[-1].value("events-since-subscription-start") == "0"


def test_a_slow_receiver_keeps_no_other_waiting_and_its_signs_of_life_are_given_up(
    practice: Practice, server: str
) -> None:
    beats: JSON = {"extension": [{"url": f"{GUIDE}backport-heartbeat-period", "valueUnsignedInt": 60}]}
    slow, receiver = practice.subscribe(**beats), practice.receiver
    other_software = Software(server, SCOPE, acts=True)
    doctor, rpps = a_doctor_of(other_software)
    with receiving(server) as quick:
        other = Practice(quick, other_software, doctor, rpps)
        subscription = other.subscribe()
        told_meanwhile = threading.Event()
        receiver.held, receiver.answer = 0, lambda _: 200 + told_meanwhile.wait(4)
        for _ in range(3):
            practice.deposited()
        moved(slow, "told_at = now() - interval '2 minutes'")
        receiver.wait(lambda: receiver.held > 0)
        told = other.deposited()
        quick.wait(lambda: quick.events() == [(1, told)])
        assert not receiver.taken[1:], "the slow one is still waited for"
        told_meanwhile.set()
        settled(subscription)
    receiver.wait(lambda: len(receiver.came) > 1)
    receiver.answer = lambda each: slowly(2.5 if each.kind == "heartbeat" else 0)
    receiver.wait(lambda: len(receiver.events()) == 3)
    settled(slow)
    last = f"told_at = now() - interval '2 minutes', failures = {FAILURES - 1}, retry_at = null"
    moved(slow, last, due=sending.BEAT)
    practice.wait(slow, "error")
    assert "signe de vie" in practice.caller.get(f"Subscription/{slow}").json()["error"]


def slowly(seconds: float) -> int:
    time.sleep(seconds)
    return 200
