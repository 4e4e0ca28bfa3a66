from __future__ import annotations

from datetime import timedelta

from carnet.kernel.jobs import task
from carnet.people import clients


@task("assertions.purge", every=timedelta(days=1))
def purge() -> None:
    clients.purge_assertions()
    clients.purge_tokens()
