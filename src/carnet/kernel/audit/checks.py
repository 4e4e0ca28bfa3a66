"""Is the trail sealed in time, and do its partitions stand ready?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import connections

from carnet.kernel import clock
from carnet.kernel.audit import keys, partitions
from carnet.kernel.audit.chain import Log, check_chain, check_log
from carnet.kernel.audit.faults import Report
from carnet.kernel.audit.seal import entries, place
from carnet.kernel.checks import Result, register
from carnet.kernel.config import Config
from carnet.kernel.db import READER, WRITER, query, statements

# Two minutes are normal; so much more says that no worker seals.
_LATE = timedelta(minutes=15)

_SQL = statements("carnet.kernel.audit", "seals.sql")


@register("journal")
def trail(config: Config, deep: bool) -> Iterator[Result]:  # noqa: FBT001 - the shape of a check
    yield _sealed_in_time()
    found = partitions.problems()
    yield from (Result(ok=False, text=text) for text in found)
    if not found:
        yield Result(ok=True, text=f"partitions prêtes pour {partitions.AHEAD} mois")
    if deep:
        yield from _seals(config)


def _sealed_in_time() -> Result:
    (row,) = query(READER, _SQL["unsealed"], ())
    late = row["oldest"] is not None and clock.now() - row["oldest"] > _LATE
    said = f"{row['lines']} lignes attendent leur sceau"
    return Result(ok=not late, text=f"{said} depuis trop longtemps : le worker tourne-t-il ?" if late else said)


def _seals(config: Config) -> Iterator[Result]:
    """The chain and its signatures; `carnet audit verify` compares every line too."""
    where, report = place(config), Report()
    log = Log(where.log)
    trusted = keys.trusted_keys(keys.trusted_file(where.keys))
    with connections[WRITER].cursor() as cursor:
        seals = check_chain(entries(cursor, (0, 0)), trusted, report)
    check_log(log, seals, trusted, report)
    yield from (Result(ok=False, text=str(fault)) for fault in report.faults)
    if report.whole:
        yield Result(ok=True, text=f"{len(seals)} sceaux enchaînés et signés, conformes au fichier")
