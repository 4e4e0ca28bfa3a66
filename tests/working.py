"""The work that can wait, done by this process and by the workers of the house together."""

from __future__ import annotations

import time

from django.db import connections

from carnet.kernel import jobs
from carnet.kernel.db import WRITER
from carnet.kernel.jobs import registry

_PATIENCE = 20
# What a worker has begun: claimed, and not ended. Its row is locked but for the moment between the two.
_BEGUN = """
select count(*) from app.kernel_job
where state = 'waiting' and every is null and task = any(%(tasks)s) and attempts > 0 and last_error is null
"""
_LEFT = f"select count(*) from ({_BEGUN.replace('count(*)', 'id')} for update skip locked) as found"


def worked() -> None:
    """Until nothing is due and no other worker has anything in hand: one may have taken a job before. What calls
    software of others is left to itself."""
    end = time.monotonic() + _PATIENCE
    while jobs.run_pending() or in_hand():
        assert time.monotonic() < end, "the work does not end"
        time.sleep(0.02)


def in_hand() -> bool:
    """Looked at twice: a worker that has claimed locks a moment later."""
    if _locked():
        return True
    time.sleep(0.02)
    return _locked()


def _locked() -> bool:
    tasks = {"tasks": [each.name for each in registry.discover().values() if not each.outside]}
    with connections[WRITER].cursor() as cursor:
        cursor.execute(_BEGUN, tasks)
        begun = int(cursor.fetchone()[0])
        if not begun:
            return False
        cursor.execute(_LEFT, tasks)
        return int(cursor.fetchone()[0]) < begun
