"""Work of the notices: the mails."""

from __future__ import annotations

from uuid import UUID

from carnet.kernel.jobs import task
from carnet.notify import contacts, sending, telling


@task(telling.SEND)
def send(notice_id: UUID) -> None:
    sending.send(notice_id)


@task(contacts.CONFIRM)
def confirm(person_id: UUID) -> None:
    sending.send_confirmation(person_id)
