"""Work of the notices: the mails."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from carnet.kernel.jobs import task
from carnet.notify import apps_let_in, caring, contacts, first_access, growing, inviting, sending, telling, texts


@task(telling.SEND)
def send(notice_id: UUID) -> None:
    sending.send(notice_id)


@task(contacts.CONFIRM)
def confirm(person_id: UUID) -> None:
    sending.send_confirmation(person_id)


@task(inviting.SEND)
def send_invitation(invitation_id: UUID) -> None:
    inviting.send(invitation_id)


@task(texts.SEND)
def send_text(text_id: UUID) -> None:
    texts.send(text_id)


@task(texts.PURGE, every=timedelta(days=1))
def purge_texts() -> None:
    texts.purge()


@task(caring.TELL)
def tell_who_helps(record_id: UUID, document_id: UUID, person_id: UUID) -> None:
    caring.tell(record_id, document_id, person_id)


@task(growing.TELL)
def tell_of_growing_up(record_id: UUID) -> None:
    growing.tell(record_id)


@task(apps_let_in.TELL, every=timedelta(hours=1))
def remind_of_apps() -> None:
    apps_let_in.tell()


@task(first_access.TELL, every=timedelta(minutes=1))
def tell_of_first_accesses() -> None:
    first_access.tell()
