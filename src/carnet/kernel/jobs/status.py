"""What the operators see of the queue: figures and types of errors, no content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connections

from carnet.kernel.db import READER, WRITER, query, statements

_SQL = statements("carnet.kernel.jobs", "jobs.sql")


@dataclass(frozen=True, slots=True)
class Count:
    """`due` is the part of `waiting` whose time has come; an old `oldest_due` says that no worker is running."""

    task: str
    waiting: int
    due: int
    failed: int
    oldest_due: datetime | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A job whose last attempt failed: it waits for the next one (`run_at`), or was given up (`failed`)."""

    id: UUID
    task: str
    state: str
    attempts: int
    last_error: str
    run_at: datetime


def counts() -> list[Count]:
    return [Count(**row) for row in query(READER, _SQL["counts"], ())]


def recent_failures(limit: int = 50) -> list[Failure]:
    return [Failure(**row) for row in query(READER, _SQL["failures"], {"limit": limit})]


def retry(job_id: UUID) -> bool:
    """Whether there was a given-up job of this number; it waits again from its first attempt."""
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["retry"], {"id": job_id})
        found: int = cursor.rowcount
    return found == 1


def purge() -> int:
    """Done jobs are kept a week, given-up ones three months."""
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["purge"])
        removed: int = cursor.rowcount
    return removed
