"""Work on whole records: copies, erasing, and proofs that have waited too long."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from carnet.kernel.jobs import task
from carnet.rights import actions, erasing, joining, pairs, parents


@task(actions.TASK)
def export(export_id: UUID) -> None:
    actions.make(export_id)


@task("rights.end", every=timedelta(minutes=10))
def end_exports() -> None:
    actions.drop_ended()


@task(parents.END, every=timedelta(hours=1))
def end_proofs() -> None:
    parents.end_overdue()
    pairs.purge()


@task(erasing.TASK)
def erase(record_id: UUID) -> None:
    erasing.carry_out(record_id)


@task(joining.TASK)
def join(case_id: UUID) -> None:
    joining.carry_out(case_id)
