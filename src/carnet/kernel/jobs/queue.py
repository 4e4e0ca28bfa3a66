"""Asking for work, inside the transaction of the fact that needs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections
from psycopg.types.json import Jsonb

from carnet.kernel.db import WRITER, statements
from carnet.kernel.ids import uuid7
from carnet.kernel.jobs import registry
from carnet.kernel.jobs.args import Argument, encode

_SQL = statements("carnet.kernel.jobs", "jobs.sql")


class NotInTransaction(RuntimeError):
    """A job stands or falls with the fact that asks for it: `enqueue` needs the transaction of that fact."""


def enqueue(task: str, args: Mapping[str, Argument], *, key: str | None = None, run_at: datetime | None = None) -> UUID:
    """Due jobs of one task and one key are done by one run, and two runs of a key never overlap. Neither this
    call nor a run ever waits for the other, and no fact that comes during a run is forgotten: its job runs next.
    """
    registry.get(task)
    connection = connections[WRITER]
    if not connection.in_atomic_block:
        raise NotInTransaction(task)
    job_id = uuid7()
    values: dict[str, Any] = {"id": job_id, "task": task, "args": Jsonb(encode(args)), "key": key, "run_at": run_at}
    with connection.cursor() as cursor:
        cursor.execute(_SQL["enqueue"], values)
    return job_id
