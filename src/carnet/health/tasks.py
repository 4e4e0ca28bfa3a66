"""Work of the structured record that can wait: reading documents into entries, ending drafts of summaries."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from carnet.health import reading, synthesis_drafts
from carnet.kernel.jobs import enqueue, task


@task(reading.TASK)
def read(record_id: UUID) -> None:
    """What one run leaves comes after the work that is due by now."""
    if reading.read_record(record_id):
        enqueue(reading.TASK, {"record_id": record_id}, key=str(record_id))


@task("synthesis.end", every=timedelta(hours=1))
def end_drafts() -> None:
    synthesis_drafts.drop_ended()
