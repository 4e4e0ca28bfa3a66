"""Work of the documents that can wait: reading their text, ending drafts, announcing what waits."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from carnet.documents import announcing, drafts, extracting
from carnet.kernel.jobs import enqueue, task


@task(extracting.TASK)
def extract_text(record_id: UUID) -> None:
    """What one run leaves comes after the work that is due by now."""
    if extracting.extract(record_id):
        enqueue(extracting.TASK, {"record_id": record_id}, key=str(record_id))


@task(announcing.NOTICE)
def tell_of_announcement(record_id: UUID, document_id: UUID) -> None:
    announcing.tell(record_id, document_id)


@task(announcing.RELEASE)
def release(record_id: UUID, document_id: UUID) -> None:
    announcing.release(record_id, document_id)


@task("drafts.end", every=timedelta(minutes=10))
def end_drafts() -> None:
    drafts.drop_ended()
