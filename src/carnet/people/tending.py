"""Work that can wait and has failed, for the support: tried again or given up."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from carnet.kernel import jobs
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER
from carnet.kernel.jobs import Count, Failure
from carnet.kernel.jobs.registry import discover
from carnet.people.operators import note, support_only


def work(actor: Actor, *, limit: int = 50) -> tuple[list[Failure], list[Count]]:
    """What has failed lately, so many at most, and how much waits of each task. Types of errors, never their text nor
    whom a job is about."""
    support_only(actor)
    note(actor, "jobs-read", "job")
    return jobs.recent_failures(limit), [
        count for count in jobs.counts() if count.due or count.failed or not _periodic(count)
    ]


def _periodic(count: Count) -> bool:
    """Its next time always waits, which says nothing."""
    known = discover().get(count.task)
    return known is not None and known.every is not None


def try_again(actor: Actor, job_id: UUID) -> bool:
    """False when there is no such job, or a worker has it in hand."""
    return _act(actor, job_id, jobs.hurry, "job-tried-again")


def give_up(actor: Actor, job_id: UUID) -> bool:
    """It will not be done, and nothing brings it back."""
    return _act(actor, job_id, jobs.give_up, "job-given-up")


def _act(actor: Actor, job_id: UUID, act: Callable[[UUID], str | None], action: str) -> bool:
    support_only(actor)
    with transaction.atomic(using=WRITER):
        task = act(job_id)
        if task:
            note(actor, action, "job", job_id, task)
    return task is not None
