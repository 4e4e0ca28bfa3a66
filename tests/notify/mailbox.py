"""A real mail server, and who has their mail there."""

from __future__ import annotations

import re
from contextlib import suppress
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

from aiosmtpd.handlers import Message as Handler

from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.notify import contacts, sending
from carnet.notify.models import Notice
from carnet.notify.rules import Kind
from tests import people, working
from tests.people import Resident

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


def worked() -> None:
    """As a worker would; another one, which knows of no mail server, may have taken a job before."""
    working.worked()
    for notice in Notice.objects.filter(claimed_at=None, at__lte=clock.now()):
        with suppress(sending.NotSent):
            sending.send(notice.id)


def body(mail: Message) -> str:
    data = mail.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data.decode()


def listening(box: Box, actor: Actor, *kinds: Kind, language: str = "fr") -> str:
    """An address that has confirmed itself."""
    address = f"{actor.id.hex}@exemple.fr"
    contacts.choose(actor, address=address, kinds=kinds or list(Kind), language=language)
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


def of_another_hour(patient: Resident) -> None:
    """What was told is long ago, and what was still to come leaves now."""
    told = Notice.objects.filter(record_id=patient.record_id)
    told.filter(at__gt=clock.now()).update(at=clock.now())
    told.exclude(claimed_at=None).update(at=people.long_ago())
