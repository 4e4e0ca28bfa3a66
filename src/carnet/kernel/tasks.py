"""What the kernel does by itself: sealing, partitions, tidying of the queue and of the sessions."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore

from carnet.kernel import throttle
from carnet.kernel.audit import partitions, seal
from carnet.kernel.jobs import status, task
from carnet.kernel.vault import tasks as vault_tasks  # noqa: F401  (registers the sweep)


@task("audit.seal", every=timedelta(seconds=60))
def seal_trail() -> None:
    seal.seal_pending()


@task("audit.partitions", every=timedelta(days=1))
def make_partitions() -> None:
    partitions.ensure()


@task("jobs.purge", every=timedelta(days=1))
def purge_jobs() -> None:
    status.purge()


@task("throttle.purge", every=timedelta(hours=1))
def purge_throttles() -> None:
    throttle.purge()


@task("sessions.purge", every=timedelta(days=1))
def purge_sessions() -> None:
    SessionStore.clear_expired()
