"""An app that a professional launched lets itself be told of that patient's changes, for as long as it may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from carnet.apps import receivers
from carnet.consent import actions as consent
from carnet.kernel import clock, config, database
from carnet.kernel.actor import Actor, Purpose
from carnet.people import clients, sessions
from carnet.people import granting as grants
from tests import people
from tests.api.caller import Caller, refused
from tests.api.fhir.receiver import moved, receiving, settled
from tests.api.fhir.subscribing import ref, subscription_for, woken
from tests.people import Resident
from tests.smart.app import App, Browser, doctor_of

SCOPE = (
    "launch/patient openid fhirUser online_access offline_access"
    " patient/DocumentReference.rs patient/Subscription.cruds"
)


def asks_for(app: App, browser: Browser, patient: Resident, scope: str) -> dict[str, Any]:
    address = app.asks(scope=scope)
    browser.sends(browser.goes(address), acte="choisir", par="ins", ins=patient.ins)
    answer = app.changes(browser.code(address))
    assert answer.status_code == 200, answer.text
    given: dict[str, Any] = answer.json()
    return given


def deposited(patient: Resident) -> str:
    return ref(people.deposited(people.software(), patient))


def test_told_of_the_patient_of_the_launch_until_what_it_was_granted_ends(server: str) -> None:
    patient, other = people.a_patient(), people.a_patient()
    doctor = people.authorised(other, doctor_of(patient))
    app, browser = App(server, scope=SCOPE), Browser(server, doctor)
    page = browser.goes(app.asks(scope=SCOPE))
    browser.sends(page, acte="choisir", par="ins", ins=patient.ins)
    assert "elle en est avertie" in browser.goes(app.asks(scope=SCOPE)).text, "the doctor is told what they let in"
    with receiving(server) as receiver:
        receivers.add(client_id=app.id, address=receiver.address)
        given = asks_for(app, browser, patient, SCOPE)
        caller = Caller(server, given["access_token"])
        made = caller.post("Subscription", subscription_for(patient, receiver.address))
        assert made.status_code == 201, made.text
        subscription = made.json()["id"]
        in_two_months = clock.now() + timedelta(days=60)
        assert made.json()["end"] < in_two_months.isoformat(), "no longer than granted"
        first = deposited(patient)
        receiver.wait(lambda: receiver.events() == [(1, first)])
        # Of nobody else, whatever the doctor may read; nor does it see what it asked in another launch.
        refused(caller.post("Subscription", subscription_for(other, receiver.address)), 404, "patient-unknown")
        elsewhere = Caller(server, asks_for(app, browser, other, SCOPE)["access_token"])
        refused(elsewhere.get(f"Subscription/{subscription}"), 404, "not-found")
        assert elsewhere.found("Subscription")["total"] == 0
        assert caller.found("Subscription")["total"] == 1
        # Silent while the doctor has no right, and heard again when there is one.
        consent.withdraw(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
        deposited(patient)
        settled(subscription)
        people.authorised(patient, doctor)
        second = deposited(patient)
        receiver.wait(lambda: receiver.events() == [(1, first), (2, second)])
        assert app.renews(given["refresh_token"]).status_code == 200
        third = deposited(patient)
        receiver.wait(lambda: len(receiver.events()) == 3)
        assert receiver.events()[-1] == (3, third)
        # Whatever waits when the family ends is not told any more.
        moved(subscription, "retry_at = now() + interval '1 hour'")
        deposited(patient)
        grants.end_of(client_id=app.id, actor_id=doctor.id)
        moved(subscription, "retry_at = null")
        woken(subscription)
        settled(subscription)
        assert len(receiver.events()) == 3
        again = Caller(server, asks_for(app, browser, patient, SCOPE)["access_token"])
        assert again.get(f"Subscription/{subscription}").json()["status"] == "off", "known to who it was granted to"


_LATER = ("rest", "token", "scope", "other client")
_ENDS = ("session", *(pytest.param(each, marks=pytest.mark.long) for each in _LATER))


@pytest.mark.parametrize("end", _ENDS)
def test_it_ends_with_the_family(end: str, server: str) -> None:
    patient = people.a_patient()
    doctor = doctor_of(patient)
    scope = SCOPE.replace(" offline_access", "")
    if end == "token":
        scope = scope.replace(" online_access", "")
    app, browser = App(server, scope=scope), Browser(server, doctor)
    with receiving(server) as receiver:
        receivers.add(client_id=app.id, address=receiver.address)
        given = asks_for(app, browser, patient, scope)
        made = Caller(server, given["access_token"]).post("Subscription", subscription_for(patient, receiver.address))
        assert made.status_code == 201, made.text
        subscription = made.json()["id"]
        first = deposited(patient)
        receiver.wait(lambda: receiver.events() == [(1, first)])
        _ends(end, app, doctor)
        deposited(patient)
        settled(subscription)
        assert receiver.events() == [(1, first)]


def _ends(how: str, app: App, doctor: Actor) -> None:
    match how:
        case "session":
            sessions.end_all(doctor.id)
        case "scope":
            clients.change(client_id=app.id, scope="launch/patient patient/DocumentReference.rs")
        case "other client":
            clients.disable(client_id=app.id)
        case "rest" | "token":
            past = "update app.people_token set expires_at = now() - interval '1 second' where actor_id = %s"
            rests = "update app.people_app_grant set used_at = now() - interval '9 hours' where actor_id = %s"
            idle = (
                "update app.people_signed_in set since = since - interval '9 hours', seen = seen - interval '9 hours'"
                " where actor_id = %s"
            )
            with database.connect(config.load(), "owner") as owner:
                for sql in (past, rests, idle) if how == "rest" else (past,):
                    owner.execute(sql, (doctor.id,))


def test_without_a_patient_or_the_scope_an_app_does_not_subscribe(server: str) -> None:
    patient = people.a_patient()
    doctor = doctor_of(patient)
    wide = "openid user/DocumentReference.rs user/Subscription.cruds"
    app, browser = App(server, scope=f"{SCOPE} {wide}"), Browser(server, doctor)
    receivers.add(client_id=app.id, address="http://127.0.0.1:9/changes")
    asked = subscription_for(patient, "http://127.0.0.1:9/changes")
    given = app.changes(browser.code(app.asks(scope=wide))).json()
    refused(Caller(server, given["access_token"]).post("Subscription", asked), 403, "subscription-actor")
    less = asks_for(app, browser, patient, "launch/patient patient/DocumentReference.rs")
    refused(Caller(server, less["access_token"]).post("Subscription", asked), 403, "scope-insufficient")
    # Who is told of what they could not read is told of nothing.
    blind = asks_for(app, browser, patient, "launch/patient patient/Subscription.cruds")
    refused(Caller(server, blind["access_token"]).post("Subscription", asked), 403, "subscription-actor")
