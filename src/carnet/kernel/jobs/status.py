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
    """A job whose last attempt failed: it waits for the next one (`run_at`), or was given up (`failed`). `error` is the
    last part of `last_error`; `periodic` work comes again by itself."""

    id: UUID
    task: str
    state: str
    attempts: int
    last_error: str
    run_at: datetime
    periodic: bool = False

    @property
    def error(self) -> str:
        return self.last_error.rpartition(".")[2]


def counts() -> list[Count]:
    return [Count(**row) for row in query(READER, _SQL["counts"], ())]


def recent_failures(limit: int = 50) -> list[Failure]:
    return [Failure(**row) for row in query(READER, _SQL["failures"], {"limit": limit})]


def hurry(job_id: UUID) -> str | None:
    """A job whose last attempt failed is tried again at once, a given-up one from its first attempt. Its task; None
    when there is no such job, or it is being run."""
    return _changed("hurry", job_id)


def give_up(job_id: UUID) -> str | None:
    """A job whose last attempt failed will never be done, and is gone; periodic work is never given up. Its task; None
    when there is no such job, or it is being run."""
    return _changed("give_up", job_id)


def _changed(statement: str, job_id: UUID) -> str | None:
    found = query(WRITER, _SQL[statement], {"id": job_id})
    return str(found[0]["task"]) if found else None


def purge() -> int:
    """Done jobs are kept a week, given-up ones three months."""
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_SQL["purge"])
        removed: int = cursor.rowcount
    return removed
