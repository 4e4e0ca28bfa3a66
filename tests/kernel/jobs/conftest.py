from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import transaction

from carnet.kernel import jobs
from tests.kernel.jobs import tasks_of_tests as tasks
from tests.kernel.own_database import as_owner, emptied, own_database, served_by

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Queue:
    """A queue of one's own, and what its jobs have done."""

    name: str
    owner: psycopg.Connection[Any]

    def ask(self, task: str = tasks.MARK, *, key: str | None = None, mark: int = 1) -> UUID:
        with transaction.atomic():
            return jobs.enqueue(task, {"mark": mark}, key=key)

    def effects(self) -> list[int]:
        return [row[0] for row in self.owner.execute("select mark from app.effect order by mark").fetchall()]

    def states(self) -> list[tuple[str, int, str | None]]:
        return self.owner.execute(
            "select state, attempts, last_error from app.kernel_job where every is null order by created_at, id"
        ).fetchall()

    def hurry(self) -> None:
        """Moves every waiting instant to the present."""
        self.owner.execute("update app.kernel_job set run_at = now() where state = 'waiting'")

    def process(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.kernel.jobs.process", self.name, *arguments], cwd=ROOT, env=os.environ
        )


@pytest.fixture(scope="session")
def queue_database() -> Iterator[str]:
    with own_database(f"carnet_jobs_{os.getpid()}") as name:
        with as_owner(name) as owner:
            owner.execute("create table app.effect (mark integer not null, attempt integer)")
        yield name


@pytest.fixture
def queue(queue_database: str) -> Iterator[Queue]:
    emptied(queue_database)
    with served_by(queue_database), as_owner(queue_database) as owner:
        owner.execute("truncate app.effect")
        yield Queue(queue_database, owner)
