"""Work that waits for receivers of others: done beside all other work."""

from __future__ import annotations

from uuid import UUID

from carnet.apps import sending
from carnet.kernel.jobs import task


@task(sending.DELIVER, outside=True)
def deliver(record_id: UUID, subscription_id: UUID) -> None:
    sending.deliver(record_id, subscription_id)


@task(sending.BEAT, outside=True)
def beat(record_id: UUID, subscription_id: UUID, version: int) -> None:
    sending.beat(record_id, subscription_id, version)
