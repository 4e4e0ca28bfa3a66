"""Mails leave by the mail server of the settings. A notice is claimed and committed before it is handed over: one that
the server refused is tried again, one of which nobody knows whether it left is not."""

from __future__ import annotations

from smtplib import SMTPException, SMTPServerDisconnected
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import structlog
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from carnet.consent import alerts, parents
from carnet.kernel import clock, config, database
from carnet.kernel.actor import ActorKind
from carnet.kernel.config import Config
from carnet.kernel.db import WRITER, statements
from carnet.notify import caring, news
from carnet.notify.contacts import address_of, fresh_token
from carnet.notify.models import Contact, Notice
from carnet.notify.rules import ALWAYS, Kind
from carnet.notify.wording import CHOICES, PROFESSIONAL_CHOICES, Words, confirmation, words
from carnet.people import app_consents
from carnet.people import queries as people

_SQL = statements("carnet.notify")
_TIMEOUT = 20
_log = structlog.get_logger("carnet.notify")


class NotSent(Exception):
    """The mail server did not take it: it is tried again later."""


def send(notice_id: UUID) -> None:
    """Raises `NotSent` when it may be tried again."""
    settings = config.load()
    if settings.smtp_url is None:
        return
    claimed = _claim(settings, notice_id)
    if claimed is None:
        return
    contact = Contact.objects.using(WRITER).filter(person_id=claimed["person_id"], verified_at__isnull=False).first()
    if contact is None or not _wanted(claimed["kind"], contact) or not _still_theirs(claimed):
        return
    if not news.still_there(claimed):
        # As if it had never been: the page of their records would show that there was something.
        Notice.objects.using(WRITER).filter(id=notice_id).delete()
        return
    try:
        own = people.person_of(claimed["record_id"]) == claimed["person_id"]
        said = words(Kind(claimed["kind"]), settings.public_url, contact.language, own=own)
        hand_over(settings, address_of(contact), said, str(notice_id))
    except NotSent:
        _release(settings, notice_id)
        raise
    Notice.objects.using(WRITER).filter(id=notice_id).update(sent_at=clock.now())


def _wanted(kind: str, contact: Contact) -> bool:
    return kind in contact.kinds or kind in ALWAYS


def _still_theirs(claimed: dict[str, Any]) -> bool:
    """Their own record, or that of somebody whom they represent still: a mail may have waited for its server. Of a
    professional, that something waits still: they may have seen it meanwhile, or treat that patient no more."""
    actor = people.actor_by_id(claimed["person_id"])
    record_id = claimed["record_id"]
    if claimed["kind"] == Kind.CARED:
        return caring.still_helps(claimed["person_id"], record_id)
    if actor is None:
        return False
    if claimed["kind"] == Kind.ALERT:
        return alerts.waits(actor)
    if claimed["kind"] == Kind.APPS:
        return any(app.given_at for app in app_consents.apps(actor))
    if claimed["kind"] == Kind.ANSWER and any(each.record_id == record_id for each in parents.own(actor)):
        return True  # the answer to their own request, whatever it is
    return people.record_of(actor) == record_id or record_id in people.represented(actor)


def send_confirmation(person_id: UUID) -> None:
    settings = config.load()
    row = Contact.objects.using(WRITER).filter(person_id=person_id, verified_at=None).first()
    if settings.smtp_url is None or row is None or not address_of(row):
        return
    actor = people.actor_by_id(person_id)
    if actor is None:
        return
    choices = PROFESSIONAL_CHOICES if actor.kind is ActorKind.PROFESSIONAL else CHOICES
    link = f"{settings.public_url}{choices}/confirmer?jeton={fresh_token(row)}"
    hand_over(settings, address_of(row), confirmation(link, row.language), f"confirm-{person_id}")


def hand_over(settings: Config, address: str, said: Words, name: str) -> None:
    """What the server did not take was not sent. A line that broke after the text had gone leaves that open: it counts
    as sent."""
    host = urlsplit(settings.public_url).hostname or "localhost"
    message = EmailMessage(
        said.subject,
        said.text,
        f"Carnet <ne-pas-repondre@{host}>",
        [address],
        headers={"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=_server(settings.smtp_url or ""),
    )
    try:
        message.send()
    except SMTPServerDisconnected:
        _log.warning("a mail may have been sent", reason="disconnected")
    except (SMTPException, OSError) as error:
        _log.warning("a mail was not taken", error=type(error).__name__)
        raise NotSent from None


def _server(url: str) -> EmailBackend:
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    return EmailBackend(
        host=parts.hostname or "localhost",
        port=parts.port or (465 if secure else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_ssl=secure,
        # A name and a password leave over an encrypted line only.
        use_tls=bool(parts.username) and not secure,
        timeout=_TIMEOUT,
    )


def _claim(settings: Config, notice_id: UUID) -> dict[str, Any] | None:
    with database.connect(settings, "writer", autocommit=True) as own:
        row = own.execute(_SQL["claim"].encode(), {"id": notice_id}).fetchone()
    return {"person_id": row[0], "kind": row[1], "record_id": row[2], "since": row[3]} if row else None


def _release(settings: Config, notice_id: UUID) -> None:
    with database.connect(settings, "writer", autocommit=True) as own:
        own.execute(_SQL["release"].encode(), {"id": notice_id})
