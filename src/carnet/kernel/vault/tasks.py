"""What the vault does by itself: one part of the store is swept each hour, all of it in a day; contents that pass are
dropped at their end."""

from __future__ import annotations

from datetime import timedelta

from carnet.kernel import clock
from carnet.kernel.jobs import task
from carnet.kernel.vault import passing
from carnet.kernel.vault.store import folders_of
from carnet.kernel.vault.sweep import sweep

_HOURS = 24


@task("vault.sweep", every=timedelta(hours=1))
def sweep_store() -> None:
    now = clock.now()
    sweep(now, folders=folders_of(now.hour, _HOURS))


@task("vault.passing", every=timedelta(minutes=10))
def drop_passing() -> None:
    passing.drop_ended(clock.now())
