"""An invitation to help, or to represent a child too, by mail: it names the given name of who invites, and no health
datum. It leaves once; what it needs is sealed until then, and gone afterwards."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction

from carnet.consent import inviting, parents
from carnet.consent.inviting import Asked, Channel
from carnet.documents.sealing import seal, unseal
from carnet.kernel import clock, config, database, jobs
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER, statements
from carnet.notify.contacts import BadAddress
from carnet.notify.rules import is_address
from carnet.notify.sending import NotSent, hand_over
from carnet.notify.wording import FRENCH, LANGUAGES, Words, invitation, parent_invitation
from carnet.people.models import CareMail

_SQL = statements("carnet.notify")
SEND: Final = "notify.carer"
_USE: Final = "notify.carer"


def invite(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    asked: Asked,
    address: str,
    language: str = FRENCH,
) -> None:
    """As `consent.inviting.invite`, which raises too; `BadAddress`."""
    if not is_address(address):
        raise BadAddress
    with transaction.atomic(using=WRITER):
        invited, code = inviting.invite(actor, purpose, record_id=record_id, asked=asked, channel=Channel.MAIL)
        _post(invited, {"address": address, "code": code, "by": _given_name(actor.name)}, language)


def invite_parent(
    actor: Actor,
    purpose: Purpose,
    *,
    record_id: UUID,
    name: str,
    why: str = "",
    address: str,
    language: str = FRENCH,
) -> None:
    """As `consent.parents.invite`, which raises too; `BadAddress`."""
    if not is_address(address):
        raise BadAddress
    with transaction.atomic(using=WRITER):
        invited, code = parents.invite(actor, purpose, record_id=record_id, name=name, why=why, channel=Channel.MAIL)
        held = {"address": address, "code": code, "by": _given_name(actor.name), "asks": inviting.PARENT}
        _post(invited, held, language)


def _post(invited: UUID, held: dict[str, str], language: str) -> None:
    CareMail.objects.using(WRITER).create(
        id=invited, sealed=seal(_USE, invited, held), language=language if language in LANGUAGES else FRENCH
    )
    jobs.enqueue(SEND, {"invitation_id": invited}, key=str(invited))


def _said(held: dict[str, str], public_url: str, language: str) -> Words:
    if held.get("asks") == inviting.PARENT:
        return parent_invitation(held["by"], f"{public_url}/parents/repondre?code={held['code']}", language)
    return invitation(held["by"], f"{public_url}/aidants/repondre?code={held['code']}", language)


def _given_name(name: str) -> str:
    """Of « Marie Claire DUPONT » all but the family name; where nothing tells which it is, the first word."""
    words = name.split()
    given = [word for word in words if not word.isupper()]
    return " ".join(given if len(given) < len(words) else given[:1])


def send(invitation_id: UUID) -> None:
    """Raises `NotSent` when it may be tried again."""
    settings = config.load()
    if settings.smtp_url is None:
        return
    with database.connect(settings, "writer", autocommit=True) as own:
        row = own.execute(_SQL["claim_invitation"].encode(), {"id": invitation_id}).fetchone()
    if row is None:
        return
    held = unseal(_USE, invitation_id, bytes(row[0]))
    said = _said(held, settings.public_url, row[1])
    try:
        hand_over(settings, held["address"], said, f"carer-{invitation_id}")
    except NotSent:
        with database.connect(settings, "writer", autocommit=True) as own:
            own.execute(_SQL["release_invitation"].encode(), {"id": invitation_id})
        raise
    CareMail.objects.using(WRITER).filter(id=invitation_id).update(sent_at=clock.now(), sealed=b"")
