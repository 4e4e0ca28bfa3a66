"""What is forgotten, and turned, each day."""

from __future__ import annotations

from datetime import timedelta

from carnet.kernel.jobs import task
from carnet.people import (
    appointments,
    clients,
    day_list,
    devices,
    disowning,
    granting,
    id_keys,
    identity_cases,
    launching,
    passkeys,
    provider_sessions,
    refusals,
    sessions,
)


@task("assertions.purge", every=timedelta(days=1))
def purge() -> None:
    clients.purge_assertions()
    clients.purge_tokens()


@task("people.purge", every=timedelta(days=1))
def purge_what_has_passed() -> None:
    refusals.purge()
    sessions.purge()
    passkeys.purge()
    day_list.purge()
    appointments.purge()
    devices.purge()
    provider_sessions.purge()
    identity_cases.purge()
    disowning.purge()
    launching.purge()
    granting.purge()
    id_keys.turn()
