"""Who let apps in is reminded of it every ninety days, without a word of which."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.notify import apps_let_in
from carnet.notify.models import Notice
from carnet.notify.rules import Kind
from carnet.people import app_consents
from carnet.people.app_models import AppConsent
from tests import people
from tests.notify.mailbox import Box, body, listening, subjects

pytestmark = pytest.mark.usefixtures("house")

REMINDER = "Les applications que vous avez laissées entrer"


def letting_in(actor: Actor, days: int) -> UUID:
    """An app let in so many days ago."""
    app = people.software().id
    app_consents.agree(actor, app, "patient/*.rs")
    AppConsent.objects.filter(actor_id=actor.id).update(given_at=clock.now() - timedelta(days=days))
    return app


def reminded(box: Box, address: str) -> list[str]:
    apps_let_in.tell()
    return subjects(box, address)


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARNET_APPS_REMINDER_DAYS", "0")


def test_a_reminder_comes_after_ninety_days_and_again_after_ninety_more(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor)
    letting_in(patient.actor, 89)
    assert reminded(box, address) == []
    AppConsent.objects.filter(actor_id=patient.actor.id).update(given_at=clock.now() - timedelta(days=91))
    assert reminded(box, address) == [REMINDER]
    assert reminded(box, address) == [REMINDER], "once in ninety days"
    (mail,) = box.to(address)
    assert people.software().name not in body(mail)
    assert "/applications" in body(mail)
    Notice.objects.filter(person_id=patient.actor.id).update(at=clock.now() - timedelta(days=91))
    assert reminded(box, address) == [REMINDER] * 2


def test_who_put_the_app_out_or_chose_no_reminder_gets_none(box: Box) -> None:
    patient, other = people.a_patient(), people.a_patient()
    address, theirs = listening(box, patient.actor), listening(box, other.actor, Kind.DOCUMENT)
    app_consents.withdraw(patient.actor, letting_in(patient.actor, 200))
    letting_in(other.actor, 200)
    assert reminded(box, address) == []
    assert reminded(box, theirs) == []


def test_an_app_that_was_put_out_while_the_mail_waited_is_no_mail(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor)
    app = letting_in(patient.actor, 91)
    box.refusing = True
    assert reminded(box, address) == []
    app_consents.withdraw(patient.actor, app)
    box.refusing = False
    assert reminded(box, address) == []


@pytest.mark.usefixtures("never")
def test_an_installation_may_send_none(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor)
    letting_in(patient.actor, 400)
    assert reminded(box, address) == []
