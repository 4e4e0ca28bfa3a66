"""Failures that are counted for all processes."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections

from carnet.kernel import config, database, throttle
from carnet.kernel.throttle import Throttle

pytestmark = pytest.mark.usefixtures("house")
MINUTE = Throttle("test", 20, timedelta(minutes=1))
# A process of its own, as a second web process is.
_FAILS = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "carnet.settings"
django.setup()
from datetime import timedelta
from carnet.kernel.throttle import Throttle
for _ in range(10):
    Throttle("test", 20, timedelta(minutes=1)).failed(sys.argv[1], "203.0.113.5")
"""


@pytest.mark.long
def test_failures_of_several_processes_and_threads_at_once_are_all_counted() -> None:
    whom = f"client-{uuid4()}"
    others = [subprocess.Popen([sys.executable, "-c", _FAILS, whom]) for _ in range(2)]

    def fails(_: int) -> int:
        try:
            return MINUTE.failed(whom, "203.0.113.5")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(fails, range(40)))
    assert [each.wait(60) for each in others] == [0, 0]
    assert len(set(counts)) == 40, "no two were the same one"
    assert MINUTE.failed(whom, "203.0.113.5") == 40 + 20 + 1
    assert 0 < MINUTE.wait(whom, "203.0.113.5") <= 60
    assert MINUTE.wait(whom, "203.0.113.6") == MINUTE.wait(f"{whom}x", "203.0.113.5") == 0
    assert Throttle("other", 20, MINUTE.window).wait(whom, "203.0.113.5") == 0, "each use counts its own"


def test_the_last_one_that_is_let_through_and_the_end_of_the_wait() -> None:
    whom = str(uuid4())
    for count in range(1, MINUTE.most + 1):
        assert MINUTE.wait(whom) == 0
        assert MINUTE.failed(whom) == count
    assert MINUTE.wait(whom) > 0
    with database.connect(config.load(), "owner") as owner:
        kept = str(owner.execute("select row_to_json(t)::text from app.kernel_throttle t").fetchall())
        owner.execute("update app.kernel_throttle set until = now() - interval '1 second'")
    assert whom not in kept
    assert MINUTE.wait(whom) == 0
    assert MINUTE.failed(whom) == 1, "it begins anew"
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update app.kernel_throttle set until = now() - interval '1 second'")
    throttle.purge()
    with database.connect(config.load(), "owner") as owner:
        assert owner.execute("select count(*) from app.kernel_throttle").fetchone() == (0,)
