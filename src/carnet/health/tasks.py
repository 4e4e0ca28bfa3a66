"""Work of the structured record that can wait: reading documents into entries."""

from __future__ import annotations

from uuid import UUID

from carnet.health import reading
from carnet.kernel.jobs import enqueue, task


@task(reading.TASK)
def read(record_id: UUID) -> None:
    """What one run leaves comes after the work that is due by now."""
    if reading.read_record(record_id):
        enqueue(reading.TASK, {"record_id": record_id}, key=str(record_id))
