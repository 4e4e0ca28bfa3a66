"""Work that can wait: a queue in PostgreSQL.

A job is asked for in the transaction of the fact that needs it, and done in a transaction that holds both its
effects and its end: a worker that dies in any step loses and doubles nothing. An effect outside the database
(a mail, a file) is not in that transaction and must bear being repeated.
"""

from __future__ import annotations

from carnet.kernel.jobs.args import BadArguments
from carnet.kernel.jobs.queue import NotInTransaction, enqueue
from carnet.kernel.jobs.registry import Backoff, UnknownTask, task
from carnet.kernel.jobs.status import Count, Failure, counts, give_up, hurry, recent_failures
from carnet.kernel.jobs.worker import run_pending, work

__all__ = [
    "Backoff",
    "BadArguments",
    "Count",
    "Failure",
    "NotInTransaction",
    "UnknownTask",
    "counts",
    "enqueue",
    "give_up",
    "hurry",
    "recent_failures",
    "run_pending",
    "task",
    "work",
]
