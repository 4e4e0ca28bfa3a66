"""Work of the notices: whom to tell, and the mails."""

from __future__ import annotations

from uuid import UUID

from carnet.kernel.jobs import task
from carnet.notify import contacts, sending, telling
from carnet.notify.rules import Kind


@task(telling.TELL)
def tell(record_id: UUID, actor_id: UUID, kind: str, hidden_from: int) -> None:
    telling.tell(record_id, actor_id, Kind(kind), hidden_from)


@task(telling.SEND)
def send(notice_id: UUID) -> None:
    sending.send(notice_id)


@task(contacts.CONFIRM)
def confirm(person_id: UUID) -> None:
    sending.send_confirmation(person_id)
