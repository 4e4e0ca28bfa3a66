from __future__ import annotations

from datetime import timedelta

from carnet.documents import drafts
from carnet.kernel.jobs import task


@task("drafts.end", every=timedelta(minutes=10))
def end_drafts() -> None:
    drafts.drop_ended()
