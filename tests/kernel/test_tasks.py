"""What the kernel does by itself, on the suite's database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from carnet.kernel.db import WRITER
from carnet.kernel.jobs import registry
from tests.conftest import House


def _session(lasts: timedelta) -> str:
    session = SessionStore()
    session["a"] = 1
    session.set_expiry(lasts)
    session.create()
    assert session.session_key
    return session.session_key


def test_sessions_that_have_ended_are_cleared_every_day(house: House) -> None:
    ended, lasting = _session(timedelta(seconds=-1)), _session(timedelta(hours=1))
    task = registry.discover()["sessions.purge"]
    assert task.every == timedelta(days=1)
    with transaction.atomic(using=WRITER):
        registry.call("sessions.purge", {})
    sessions = SessionStore.get_model_class().objects.using(WRITER)
    assert not sessions.filter(session_key=ended).exists()
    assert sessions.filter(session_key=lasting).exists()


@pytest.mark.parametrize("name", ["audit.seal", "audit.partitions", "jobs.purge", "vault.sweep", "sessions.purge"])
def test_every_periodic_task_is_found(name: str) -> None:
    assert registry.discover()[name].every
