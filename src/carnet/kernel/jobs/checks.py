"""Is the work that can wait being done?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from carnet.kernel import clock
from carnet.kernel.checks import Result, register
from carnet.kernel.config import Config
from carnet.kernel.jobs.status import counts

_LATE = timedelta(minutes=15)


@register("tâches")
def queue(_config: Config, _deep: bool) -> Iterator[Result]:  # noqa: FBT001 - the shape of a check
    well = True
    found = counts()
    for count in found:
        if count.failed:
            well = False
            yield Result(ok=False, text=f"{count.task} : {count.failed} abandonnées après tous les essais")
        if count.oldest_due and clock.now() - count.oldest_due > _LATE:
            well = False
            yield Result(ok=False, text=f"{count.task} : {count.due} en retard, le worker tourne-t-il ?")
    if well:
        yield Result(ok=True, text=f"{sum(count.due for count in found)} à faire")
