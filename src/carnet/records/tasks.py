from __future__ import annotations

from uuid import UUID

from carnet.kernel.jobs import task
from carnet.records import letters


@task(letters.OPEN_TASK)
def open_record(record_id: UUID) -> None:
    letters.open_due(record_id)
