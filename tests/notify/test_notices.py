"""Who is told by e-mail, of what, in which words, and never twice: through a real mail server."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from email.header import decode_header, make_header
from email.message import Message
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler

from carnet.consent import actions as consent
from carnet.consent.declaring import declare
from carnet.consent.emergency import break_glass
from carnet.kernel import clock, jobs
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.notify import contacts, sending
from carnet.notify.contacts import BadAddress
from carnet.notify.models import Contact, Notice
from carnet.notify.rules import Kind, is_address
from carnet.people import actions as people_actions
from tests import people
from tests.conftest import free_port
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")

MEDICAL = ("urgence vitale", "cardio", "cancer", "analyse", "ordonnance", "clinique", "hôpital", "laboratoire")


class Box(Handler):
    """What arrived; `refusing`: the server takes nothing for now."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Message] = []
        self.refusing = False

    def handle_message(self, message: Message) -> None:
        self.mails.append(message)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.refusing:
            return "451 Greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def to(self, address: str) -> list[Message]:
        return [mail for mail in self.mails if mail["To"] == address]


@pytest.fixture
def box() -> Iterator[Box]:
    found = Box()
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    os.environ["CARNET_SMTP_URL"] = f"smtp://127.0.0.1:{controller.port}"
    yield found
    del os.environ["CARNET_SMTP_URL"]
    controller.stop()


def worked() -> None:
    """As a worker would; another one, which knows of no mail server, may have taken a job before."""
    while jobs.run_pending():
        pass
    for notice in Notice.objects.filter(claimed_at=None):
        with suppress(sending.NotSent):
            sending.send(notice.id)


def body(mail: Message) -> str:
    data = mail.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data.decode()


def listening(box: Box, actor: Actor, *kinds: Kind) -> str:
    """An address that has confirmed itself."""
    address = f"{actor.id.hex}@exemple.fr"
    contacts.choose(actor, address=address, kinds=kinds or list(Kind))
    worked()
    if not box.to(address):
        sending.send_confirmation(actor.id)
    (mail,) = box.to(address)
    token = re.search(r"jeton=(\S+)", body(mail))
    assert token
    assert contacts.confirm(actor, token[1])
    assert not contacts.confirm(actor, token[1]), "a link serves once"
    box.mails.clear()
    return address


def subjects(box: Box, address: str) -> list[str]:
    worked()
    return [str(make_header(decode_header(mail["Subject"]))) for mail in box.to(address)]


def test_nothing_goes_to_an_address_that_has_not_said_yes(box: Box) -> None:
    patient = people.a_patient()
    address = f"{patient.actor.id.hex}@exemple.fr"
    contacts.choose(patient.actor, address=address, kinds=list(Kind))
    people.deposited(people.software(), patient)
    sending.send_confirmation(patient.actor.id)
    assert set(subjects(box, address)) == {"Confirmez votre adresse"}
    known = contacts.of(patient.actor)
    assert known
    assert not known.verified
    stored = Contact.objects.get(person_id=patient.actor.id)
    assert address.encode() not in bytes(stored.sealed)


def test_of_ten_documents_one_mail_and_it_says_nothing_of_them(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor)
    for _ in range(10):
        people.deposited(people.software(), patient, of=people.entry(title="Biopsie du foie"))
    assert subjects(box, address) == ["Du nouveau dans votre carnet"]
    (mail,) = box.to(address)
    text = body(mail)
    assert "Biopsie" not in text
    assert not [word for word in MEDICAL if word in text.lower()]
    assert patient.ins not in text
    assert "/accueil" in text


RIGHTS_AND_EMERGENCY = ["Un droit d'accès à votre carnet a changé", "Votre carnet a été ouvert en urgence"]


def test_what_is_withheld_and_what_is_secret_is_told_to_nobody_who_must_not_know(box: Box) -> None:
    child = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
    parent = people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    hers, theirs = listening(box, child.actor), listening(box, parent)
    software = people.software()
    people.deposited(software, child, of=people.entry(labels=frozenset({"INVISIBLE_PATIENT"})))
    assert (subjects(box, hers), subjects(box, theirs)) == ([], [])
    people.deposited(software, child, of=people.entry(labels=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})))
    assert (subjects(box, hers), subjects(box, theirs)) == (["Du nouveau dans votre carnet"], [])
    declare(people.a_doctor(), record_id=child.record_id, secret=True)
    reason = "Intoxication, amené par ses amis"
    break_glass(people.a_doctor(), Purpose.EMERGENCY, record_id=child.record_id, reason=reason, secret=True)
    assert subjects(box, theirs) == [], "whom a minor consults is theirs to say"
    assert sorted(subjects(box, hers))[1:] == RIGHTS_AND_EMERGENCY
    declare(people.a_doctor(), record_id=child.record_id)
    assert subjects(box, theirs) == ["Un droit d'accès à votre carnet a changé"]
    people.deposited(software, child)
    assert sorted(subjects(box, theirs)) == ["Du nouveau dans votre carnet", RIGHTS_AND_EMERGENCY[0]]


def test_an_emergency_and_a_changed_right_are_told_but_not_to_who_changed_it(box: Box) -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    address = listening(box, patient.actor)
    consent.authorise(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    assert subjects(box, address) == []
    declare(people.a_doctor(), record_id=patient.record_id)
    break_glass(people.a_doctor(), Purpose.EMERGENCY, record_id=patient.record_id, reason="Arrêt cardiaque")
    assert sorted(subjects(box, address)) == RIGHTS_AND_EMERGENCY
    assert not any("cardiaque" in body(mail) for mail in box.mails)


def test_only_what_was_chosen_is_told_and_nothing_after_the_address_was_erased(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor, Kind.EMERGENCY)
    people.deposited(people.software(), patient)
    assert subjects(box, address) == []
    contacts.forget(patient.actor)
    break_glass(people.a_doctor(), Purpose.EMERGENCY, record_id=patient.record_id, reason="Chute")
    assert subjects(box, address) == []
    assert contacts.of(patient.actor) is None


def the_notice(patient: Resident) -> UUID:
    return Notice.objects.get(person_id=patient.actor.id, kind="document").id


def test_what_the_server_refuses_is_tried_again_and_what_left_is_not_sent_twice(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor)
    box.refusing = True
    people.deposited(people.software(), patient)
    assert subjects(box, address) == []
    notice = the_notice(patient)
    with pytest.raises(sending.NotSent):
        sending.send(notice)
    box.refusing = False
    for _ in range(3):
        sending.send(notice)
    assert len(box.to(address)) == 1
    assert box.to(address)[0]["Message-ID"].startswith(f"<{notice}@")


def test_a_notice_of_which_nobody_knows_whether_it_left_is_not_sent_again(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor)
    people.deposited(people.software(), patient)
    box.refusing = True
    worked()
    box.refusing = False
    notice = the_notice(patient)
    Notice.objects.filter(id=notice).update(claimed_at=clock.now())
    sending.send(notice)
    assert box.to(address) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "@",
        "a@b",
        "a@@b.fr",
        "a b@c.fr",
        "a@b.fr\nBcc: x@y.fr",
        "é@b.fr",
        "<a@b.fr>",
        "a@b..fr",
        "a" * 250 + "@b.fr",
    ],
)
def test_what_is_no_address_is_not_taken(text: str) -> None:
    assert not is_address(text)
    with pytest.raises(BadAddress):
        contacts.choose(people.a_patient().actor, address=text, kinds=[])


def test_only_persons_are_told() -> None:
    with pytest.raises(PermissionError):
        contacts.choose(people.a_doctor(), address="a@b.fr", kinds=[])
